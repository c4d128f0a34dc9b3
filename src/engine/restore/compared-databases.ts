// The databases of a plan, live data beside the snapshot: what differs in them, and what a choice of
// their tables would break. A preview asks again at each tick, so every answer is kept.

import { foldName, quoteName } from '../../core/sqlite-names.ts';
import type { BrokenForeignKey, CellForm, DatabaseDiff } from '../../core/documents/documents.ts';
import { isStoreDamaged } from '../../core/errors.ts';
import { isChosen, type TableChoice } from '../../core/restore/selection.ts';
import { diffDatabasePair, type DiffSide } from '../diff/diff-snapshots.ts';
import type { DatabasePair } from '../diff/diff-trees.ts';
import { openImagePair, type ImagePair } from '../sqlite/open-images.ts';
import { sqliteCode, type Database } from '../sqlite/sqlite-driver.ts';
import { countLostParents, readForeignKeys, type ForeignKey } from '../sqlite/foreign-keys.ts';
import { chosenTables, type ChosenTables } from '../sqlite/table-parts.ts';

export interface ComparedSides {
  /** The data as it is now, and the snapshot. */
  readonly before: DiffSide;
  readonly after: DiffSide;
}

/** What is listed beside the counts, which are always whole. */
export interface RowListing {
  /** Rows per table. */
  readonly rows: number;
  readonly cells?: CellForm | undefined;
}

export interface FoundTable {
  readonly isThere: boolean;
  /** False for a virtual table whose rows are in tables that SQLite does not know to be its own. */
  readonly hasRows: boolean;
  readonly all: readonly string[];
}

/** Both images of one database in one connection. */
interface OpenPair extends ImagePair {
  readonly foreignKeys: readonly ForeignKey[];
  /** Rows that lose their row in another table, by key and by which side the rows are on. */
  readonly lost: Map<string, number>;
}

export class ComparedDatabases {
  readonly sides: ComparedSides;
  readonly #diffs = new Map<string, { readonly rows: number; readonly diff: DatabaseDiff }>();
  readonly #pairs = new Map<string, OpenPair>();

  constructor(sides: ComparedSides) {
    this.sides = sides;
  }

  async diff(
    pair: DatabasePair,
    { rows, cells }: RowListing,
    signal: AbortSignal,
  ): Promise<DatabaseDiff> {
    const key = `${cells ?? ''} ${pair.path}`;
    const known = this.#diffs.get(key);
    if (known !== undefined && known.rows >= rows) return withRows(known.diff, rows);
    const { before, after } = this.sides;
    const options = { rows, cells, signal };
    const diff = await diffDatabasePair(pair, before, after, options);
    this.#diffs.set(key, { rows, diff });
    return diff;
  }

  /** The tables that a choice has. @throws where one of the two images is not there */
  async tables(path: string, choice: TableChoice): Promise<ChosenTables> {
    const { db, before } = await this.#open(path);
    return chosenTables(db, before, choice);
  }

  /** True where the snapshot's database is damaged in the store. */
  async isDamaged(path: string): Promise<boolean> {
    try {
      await this.sides.after.databaseImage(path);
      return false;
    } catch (error) {
      if (!isStoreDamaged(error)) throw error;
      return true;
    }
  }

  /**
   * Looks for a table on both sides: whether it is there, whether it has rows of its own, and the
   * names of all that are there. Null where nothing can be read.
   */
  async findTable(path: string, table: string): Promise<FoundTable | null> {
    try {
      const { db, before, after } = await this.#open(path);
      const sides = [before, after];
      const found = sides.map((side) => chosenTables(db, side, { only: [table] }));
      const all = sides.flatMap((side) => chosenTables(db, side, { except: [] }).names);
      return {
        isThere: found.some(({ names, parts }) => names.length + parts.length > 0),
        hasRows: found.some(({ parts }) => parts.length > 0),
        all: [...new Set(all)],
      };
    } catch (error) {
      // What is damaged is told where the databases are compared.
      if (sqliteCode(error) === undefined && !isStoreDamaged(error)) throw error;
      return null;
    }
  }

  /** Why the rows of the chosen tables can be written by their application alone, in words; null where they can. */
  async obstacle(path: string, choice: TableChoice): Promise<string | null> {
    const { db, before } = await this.#open(path);
    for (const part of chosenTables(db, before, choice).parts) {
      const why = whyNotWritten(db, before, part);
      if (why !== null) return `table "${part}" needs its application (${why})`;
    }
    return null;
  }

  /**
   * Foreign keys that hold now and in the snapshot, and would break where the chosen tables come back
   * and the others stay. A table that does not differ is the same on both sides.
   */
  async foreignKeys(
    path: string,
    choice: TableChoice,
    diff: DatabaseDiff,
  ): Promise<readonly BrokenForeignKey[]> {
    const pair = await this.#open(path);
    const chosen = chosenTables(pair.db, pair.before, choice);
    const comes = new Set(chosen.parts.map(foldName));
    const differs = new Map(diff.tables.map((table) => [foldName(table.name), table]));
    const broken = new Map<string, BrokenForeignKey>();
    for (const key of pair.foreignKeys) {
      const { table, parent } = key;
      const isComing = comes.has(foldName(table));
      const change = differs.get(foldName(parent));
      if (isComing === comes.has(foldName(parent)) || change === undefined) continue;
      const rows = lostRows(pair, key, isComing);
      if (rows === 0) continue;
      const name = JSON.stringify([table, parent]);
      const sum = rows + (broken.get(name)?.rows ?? 0);
      broken.set(name, { database: path, table, parent, rows: sum });
    }
    return [...broken.values()];
  }

  close(): void {
    for (const { db } of this.#pairs.values()) db.close();
    this.#pairs.clear();
  }

  async #open(path: string): Promise<OpenPair> {
    const known = this.#pairs.get(path);
    if (known !== undefined) return known;
    const { before, after } = this.sides;
    const images = [await before.databaseImage(path), await after.databaseImage(path)] as const;
    const opened = openImagePair(images[0], images[1]);
    const foreignKeys = readForeignKeys(opened.db, opened.before);
    const pair = { ...opened, foreignKeys, lost: new Map<string, number>() };
    this.#pairs.set(path, pair);
    return pair;
  }
}

/** Of a whole difference what the chosen tables make. */
export function chosenDiff(diff: DatabaseDiff, { names, parts }: ChosenTables): DatabaseDiff {
  const only = [...names, ...parts];
  const tables = diff.tables.filter(({ name }) => isChosen({ only }, name));
  return { ...diff, schema: [], tables };
}

/** An index may need a function or a collation that only the application has: then it cannot even be prepared. */
function whyNotWritten(db: Database, schema: string, table: string): string | null {
  const indexes = db
    .prepare<[number, string]>(`PRAGMA ${schema}.index_list(${quoteName(table)})`)
    .raw()
    .all();
  try {
    for (const [, index] of indexes) db.prepare(`REINDEX ${schema}.${quoteName(index)}`);
    return null;
  } catch (error) {
    if (sqliteCode(error) === undefined || !(error instanceof Error)) throw error;
    return error.message;
  }
}

function lostRows(pair: OpenPair, key: ForeignKey, isChildComing: boolean): number {
  const name = JSON.stringify([key.table, key.parent, key.from, key.to, isChildComing]);
  const known = pair.lost.get(name);
  if (known !== undefined) return known;
  const [child, parent] = isChildComing ? [pair.after, pair.before] : [pair.before, pair.after];
  const rows = countLostParents(pair.db, key, child, parent);
  pair.lost.set(name, rows);
  return rows;
}

function withRows(diff: DatabaseDiff, rows: number): DatabaseDiff {
  const tables = diff.tables.map((table) => ({ ...table, rows: table.rows.slice(0, rows) }));
  return { ...diff, tables };
}
