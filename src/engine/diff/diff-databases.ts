// What differs between two images of a database: schema, then rows. Damage in one table does not
// keep the others from being compared; it is told in `problem`.

import type {
  CellForm,
  DatabaseDiff,
  SchemaChange,
  TableDiff,
} from '../../core/documents/documents.ts';
import { sqliteCode } from '../sqlite/sqlite-driver.ts';
import { readEncoding, type TextEncoding } from '../sqlite/cells.ts';
import { diffTable } from './diff-table.ts';
import type { RowidRange } from './dirty-rowids.ts';
import { imageEncoding, openImagePair, type ImagePair } from '../sqlite/open-images.ts';
import { tellNoRoom } from './no-room.ts';
import { countRows, listRows } from './rows-of-one-side.ts';
import { columnsDiff, type RowsDiff } from './row-sql.ts';
import { diffSchemas } from './schema-diff.ts';
import { readTables, type TableShape } from '../sqlite/table-shape.ts';

export interface DiffDatabasesOptions {
  /** The database's path as the document has it. */
  readonly path: string;
  /** Rows listed per table; the counts are always whole. 0 only counts. */
  readonly rows: number;
  /** Default `whole`. */
  readonly cells?: CellForm | undefined;
  readonly signal: AbortSignal;
  /** By the folded name of a table that both sides have: outside of these rowids they are the same; empty: all of it. */
  readonly ranges?: ReadonlyMap<string, readonly RowidRange[]> | undefined;
}

/**
 * Compares two images, sound single files that need no sidecar; null for a side without one.
 * Rows are paired by primary key, else by rowid, else by content. Where nothing differs `schema`
 * and `tables` are empty and `problem` is null, whatever the bytes of the two files.
 * @throws EngineError NO_SPACE where SQLite had no room for its temporary files
 */
export async function diffDatabases(
  before: string | null,
  after: string | null,
  options: DiffDatabasesOptions,
): Promise<DatabaseDiff> {
  const state = before === null ? 'added' : after === null ? 'removed' : 'changed';
  const document = { path: options.path, state } as const;
  const encodings = diffEncodings(before, after);
  if (encodings !== undefined) {
    const problem = `${encodings.after ?? ''} text took the place of ${encodings.before ?? ''}: rows were not compared`;
    return { ...document, schema: [encodings], tables: [], problem };
  }
  let pair: ImagePair;
  try {
    pair = openImagePair(before, after);
  } catch (error) {
    return { ...document, schema: [], tables: [], problem: reason(error) };
  }
  try {
    return { ...document, ...(await comparePair(pair, state === 'changed', options)) };
  } catch (error) {
    return { ...document, schema: [], tables: [], problem: reason(error) };
  } finally {
    pair.db.close();
  }
}

/** True where `diffDatabases` found nothing: the files differ in counters, free pages or their order alone. */
export function isEmptyDiff(diff: DatabaseDiff): boolean {
  return (
    diff.state === 'changed' &&
    diff.schema.length === 0 &&
    diff.tables.length === 0 &&
    diff.problem === null
  );
}

async function comparePair(
  pair: ImagePair,
  bothThere: boolean,
  options: DiffDatabasesOptions,
): Promise<Pick<DatabaseDiff, 'schema' | 'tables' | 'problem'>> {
  const before = readTables(pair.db, pair.before);
  const after = readTables(pair.db, pair.after);
  const schema = diffSchemas(pair, before, after, bothThere);
  const tables: TableDiff[] = [];
  const problems: string[] = [];
  const encoding = readEncoding(pair.db);
  for (const key of [...new Set([...before.shapes.keys(), ...after.shapes.keys()])].toSorted()) {
    const sides = { before: before.shapes.get(key), after: after.shapes.get(key) };
    const { name, isIndexOnly } = sides.after ?? sides.before ?? { name: key, isIndexOnly: true };
    if (isIndexOnly) continue;
    try {
      const rows = await compareTables(pair, sides, encoding, options, options.ranges?.get(key));
      if (rows.added + rows.removed + rows.changed > 0) {
        tables.push({ name, ...rows, ...columnsDiff(sides.before, sides.after) });
      }
    } catch (error) {
      problems.push(`table "${name}": ${reason(error)}`);
    }
  }
  return { schema, tables, problem: problems.length === 0 ? null : problems.join('; ') };
}

async function compareTables(
  pair: ImagePair,
  sides: { readonly before: TableShape | undefined; readonly after: TableShape | undefined },
  encoding: TextEncoding,
  { rows: limit, cells = 'whole', signal }: DiffDatabasesOptions,
  ranges: readonly RowidRange[] | undefined,
): Promise<RowsDiff> {
  const none = { added: 0, removed: 0, changed: 0, rows: [] };
  if (ranges?.length === 0) return none;
  const { db } = pair;
  const before = sides.before && { schema: pair.before, shape: sides.before };
  const after = sides.after && { schema: pair.after, shape: sides.after };
  if (before !== undefined && after !== undefined) {
    return diffTable({ db, before, after, encoding, limit, cells, signal, ranges });
  }
  if (after !== undefined) {
    const rows = listRows({ db, side: after, encoding, limit, cells }, 'add');
    return { ...none, added: countRows(db, after), rows };
  }
  if (before === undefined) return none;
  const rows = listRows({ db, side: before, encoding, limit, cells }, 'remove');
  return { ...none, removed: countRows(db, before), rows };
}

/** SQLite joins databases of one text encoding only; they differ where somebody made the database anew. */
function diffEncodings(before: string | null, after: string | null): SchemaChange | undefined {
  if (before === null || after === null) return undefined;
  const was = imageEncoding(before);
  const is = imageEncoding(after);
  if (was === null || is === null || was === is) return undefined;
  return { op: 'change', type: 'pragma', name: 'encoding', before: was, after: is };
}

/** SQLite's own words; what is not from SQLite is not swallowed. */
function reason(error: unknown): string {
  const code = sqliteCode(error);
  if (code === undefined || !(error instanceof Error)) throw error;
  if (code === 'SQLITE_FULL') throw tellNoRoom(error);
  return error.message;
}
