// Makes the rows of single tables what they are in an image of the same schema: rows that are not
// exactly in the image go, then those that are missing come, so that no unique index is in the way.
// Nothing else happens: no trigger runs, no foreign key acts. Whoever calls it holds the transaction.

import { foldName, quoteName } from '../../../core/sqlite-names.ts';
import { affinityOf } from '../../sqlite/table-shape.ts';
import { joinBalanced } from '../../sqlite/cells.ts';
import type { TableChoice } from '../../../core/restore/selection.ts';
import type { Database } from '../../sqlite/sqlite-driver.ts';
import { chosenTables, readTriggers, type Trigger } from '../../sqlite/table-parts.ts';

/** The name under which the image is attached. */
export const imageSchema = 'snapshot';

export interface ReplacedTables {
  /** Rows deleted and inserted; a changed row is both. */
  readonly rows: number;
  /** The chosen tables, those behind virtual ones by their own names. */
  readonly parts: readonly string[];
}

/** Why the tables of a database cannot be brought back without the rest. */
export class TablesRefused extends Error {}

/**
 * Before a transaction begins: rows come back as they are, so what is checked or follows by itself is off.
 * @param image absolute path, as SQLite takes it
 */
export function prepareConnection(db: Database, image: string): void {
  db.pragma('trusted_schema = OFF');
  db.pragma('foreign_keys = OFF');
  db.pragma('ignore_check_constraints = ON');
  db.prepare(`ATTACH ? AS ${imageSchema}`).run(image);
  // With a journal of its own beside the image, a commit would leave a file beside the database.
  db.pragma(`${imageSchema}.journal_mode = MEMORY`);
}

/**
 * Inside a transaction of `db`, which may write shadow tables.
 * @throws TablesRefused the schema is another one; what SQLite answers
 */
export function replaceTables(db: Database, choice: TableChoice): ReplacedTables {
  assertSameSchema(db);
  const { parts } = chosenTables(db, 'main', choice);
  const triggers = readTriggers(db, 'main');
  let rows = 0;
  for (const part of parts) {
    const own = triggers.filter(({ table }) => foldName(table) === foldName(part));
    // Dropping them makes every connection read the schema again: not for nothing.
    if (own.length > 0 && !isDifferent(db, part)) continue;
    withoutTriggers(db, own, () => (rows += replaceRows(db, part)));
    takeSequence(db, part);
  }
  return { rows, parts };
}

/** True where the chosen tables hold exactly the image's rows. */
export function haveSameRows(db: Database, choice: TableChoice): boolean {
  return chosenTables(db, 'main', choice).parts.every((part) => !isDifferent(db, part));
}

function countRows(db: Database, schema: string, part: string): number {
  const sql = `SELECT count(*) FROM ${schema}.${quoteName(part)}`;
  return db.prepare<number>(sql).pluck().get() ?? 0;
}

function assertSameSchema(db: Database): void {
  if (schemaText(db, 'main') !== schemaText(db, imageSchema)) {
    throw new TablesRefused('the schema differs');
  }
}

/** Indexes that SQLite makes by itself have no text; they follow from their tables. */
function schemaText(db: Database, schema: string): string {
  const rows = db
    .prepare<[string, string, string, string]>(
      `SELECT type, name, tbl_name, sql FROM ${schema}.sqlite_schema
       WHERE sql NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type, name`,
    )
    .raw()
    .all();
  return JSON.stringify(rows);
}

/** Their order among each other stays: SQLite runs the latest first. */
function withoutTriggers(db: Database, triggers: readonly Trigger[], body: () => void): void {
  if (triggers.length === 0) {
    body();
    return;
  }
  const before = schemaText(db, 'main');
  for (const { name } of triggers) db.exec(`DROP TRIGGER main.${quoteName(name)}`);
  body();
  for (const { sql } of triggers) db.exec(sql);
  if (schemaText(db, 'main') !== before) {
    throw new TablesRefused('its triggers could not be put back as they were');
  }
}

interface PartShape {
  /** Columns that hold values of their own. */
  readonly stored: readonly string[];
  readonly compared: readonly { readonly name: string; readonly typeMatters: boolean }[];
  /** What a row is found by: its rowid under a name that is free, or its key. */
  readonly key: readonly string[];
  /** True where the key is a rowid that is no column and is inserted beside the columns. */
  readonly hidesRowid: boolean;
}

type InfoRow = [number, string, string, number, string | null, number, number];

function readPart(db: Database, part: string): PartShape {
  const table = quoteName(part);
  const info = db.prepare<InfoRow>(`PRAGMA main.table_xinfo(${table})`).raw().all();
  const listed = db
    .prepare<[string, string, string, number, number, number]>(`PRAGMA main.table_list(${table})`)
    .raw()
    .all()
    .find((row) => row[0] === 'main');
  const isStrict = listed?.[5] === 1;
  const keyNames = info
    .filter((row) => row[5] > 0)
    .toSorted((a, b) => a[5] - b[5])
    .map((row) => row[1]);
  const rowid = listed?.[4] === 1 ? null : rowidName(db, part, info, keyNames);
  return {
    stored: info.filter((row) => row[6] === 0).map((row) => row[1]),
    compared: info
      .filter((row) => row[6] === 0)
      .map((row) => ({
        name: row[1],
        typeMatters: !['TEXT', 'REAL'].includes(affinityOf(row[2], isStrict)),
      })),
    key: rowid === null ? keyNames : [rowid],
    hidesRowid: rowid !== null && !info.some((row) => foldName(row[1]) === foldName(rowid)),
  };
}

/** An alias of the rowid that is a column, or one of its names that no column took. */
function rowidName(
  db: Database,
  part: string,
  info: readonly InfoRow[],
  keyNames: readonly string[],
): string {
  const indexes = db
    .prepare<[number, string, number, string]>(`PRAGMA main.index_list(${quoteName(part)})`)
    .raw()
    .all();
  const [alias] = keyNames;
  if (alias !== undefined && !indexes.some((row) => row[3] === 'pk')) return alias;
  const taken = new Set(info.map((row) => foldName(row[1])));
  const free = ['rowid', '_rowid_', 'oid'].find((name) => !taken.has(name));
  if (free !== undefined) return free;
  throw new TablesRefused(
    `the rows of "${part}" cannot be told apart, as all names of its rowid are columns`,
  );
}

interface PartSql {
  /** Condition on A that the image has exactly this row. */
  readonly isExact: string;
  readonly live: string;
  readonly image: string;
  /** Condition that A and B are of one key. */
  readonly hasKey: string;
  /** What is inserted into, and what from. */
  readonly columns: string;
  readonly values: string;
}

function sqlOf(db: Database, part: string): PartSql {
  const shape = readPart(db, part);
  const table = quoteName(part);
  const at = (alias: string, name: string): string => `${alias}.${quoteName(name)}`;
  const sameKey = shape.key.map((name) => `${at('B', name)} = ${at('A', name)}`).join(' AND ');
  const same = shape.compared.flatMap(({ name, typeMatters }) => {
    const value = `${at('A', name)} IS ${at('B', name)} COLLATE BINARY`;
    return typeMatters ? [value, `typeof(${at('A', name)}) = typeof(${at('B', name)})`] : [value];
  });
  const names = [...(shape.hidesRowid ? shape.key : []), ...shape.stored];
  return {
    isExact: `${sameKey} AND ${joinBalanced(same, ' AND ', '1')}`,
    live: `main.${table} AS A`,
    image: `${imageSchema}.${table} AS B`,
    hasKey: sameKey,
    columns: names.map(quoteName).join(', '),
    values: names.map((name) => at('B', name)).join(', '),
  };
}

function isDifferent(db: Database, part: string): boolean {
  if (countRows(db, 'main', part) !== countRows(db, imageSchema, part)) return true;
  const { isExact, live, image } = sqlOf(db, part);
  const missing = `NOT EXISTS (SELECT 1 FROM ${image} WHERE ${isExact})`;
  return db.prepare(`SELECT 1 FROM ${live} WHERE ${missing} LIMIT 1`).get() !== undefined;
}

/** Answers how many rows went and came. */
function replaceRows(db: Database, part: string): number {
  const { isExact, live, image, hasKey, columns, values } = sqlOf(db, part);
  const gone = db.prepare(
    `DELETE FROM ${live} WHERE NOT EXISTS (SELECT 1 FROM ${image} WHERE ${isExact})`,
  );
  const { changes: deleted } = gone.run();
  // Those that are left are all in the image: as many as it has is all of them.
  if (countRows(db, 'main', part) === countRows(db, imageSchema, part)) return deleted;
  const come = db.prepare(
    `INSERT OR ABORT INTO main.${quoteName(part)} (${columns}) SELECT ${values} FROM ${image}
     WHERE NOT EXISTS (SELECT 1 FROM ${live} WHERE ${hasKey})`,
  );
  return deleted + come.run().changes;
}

/** What AUTOINCREMENT counts on from. */
function takeSequence(db: Database, part: string): void {
  const isThere = (schema: string): boolean =>
    db.prepare(`SELECT 1 FROM ${schema}.sqlite_schema WHERE name = 'sqlite_sequence'`).get() !==
    undefined;
  if (!isThere('main')) return;
  const read = (schema: string): string =>
    isThere(schema)
      ? JSON.stringify(
          db
            .prepare<[string]>(
              `SELECT quote(seq) FROM ${schema}.sqlite_sequence WHERE name = ? COLLATE NOCASE`,
            )
            .raw()
            .all(part),
        )
      : '[]';
  if (read('main') === read(imageSchema)) return;
  db.prepare('DELETE FROM main.sqlite_sequence WHERE name = ? COLLATE NOCASE').run(part);
  if (!isThere(imageSchema)) return;
  db.prepare(
    `INSERT INTO main.sqlite_sequence SELECT * FROM ${imageSchema}.sqlite_sequence WHERE name = ? COLLATE NOCASE`,
  ).run(part);
}
