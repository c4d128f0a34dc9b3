// What a comparison or a look inside has to know of a table: its columns, its key, how a row of it
// is named. Read from SQLite's own pragmas; nothing here parses SQL but the module's name.

import { compareText } from '../../core/compare-text.ts';
import { foldName, quoteName } from '../../core/sqlite-names.ts';
import { sqliteCode, type Database } from './sqlite-driver.ts';

/** The collation that every connection has; others belong to the application and are not there. */
export type Collation = 'BINARY' | 'NOCASE' | 'RTRIM';

export interface Column {
  readonly name: string;
  /** As declared; may be empty. */
  readonly type: string;
  readonly notNull: boolean;
  /** SQL of the default; null for none. */
  readonly defaultSql: string | null;
  /** `virtual` is computed at each read, perhaps by a function that only the application has. */
  readonly generated: 'no' | 'virtual' | 'stored';
}

export interface KeyColumn {
  readonly name: string;
  /** Undefined for a collation that only the application has. */
  readonly collation: Collation | undefined;
}

export interface TableShape {
  readonly name: string;
  readonly isVirtual: boolean;
  readonly isStrict: boolean;
  /** Hidden columns of virtual tables left out. */
  readonly columns: readonly Column[];
  /** The PRIMARY KEY's columns in its order; empty where there is none. */
  readonly key: readonly KeyColumn[];
  /** The name under which a row's rowid can be had; null where there is none, or all its names are taken by columns. */
  readonly rowid: string | null;
  /** True where the key is the rowid itself (`INTEGER PRIMARY KEY`). */
  readonly rowidIsKey: boolean;
  /** True for an index in the form of a table: full text over another table's rows, or without their text. */
  readonly isIndexOnly: boolean;
}

export interface Tables {
  /** By `foldName` of their names, in order of names. */
  readonly shapes: ReadonlyMap<string, TableShape>;
  /** Names of all shadow tables, folded: parts of a virtual table, never its user's business. */
  readonly shadows: ReadonlySet<string>;
}

/**
 * The tables of `schema`: ordinary ones, and virtual ones that keep content and can be opened. Their
 * shadow tables, SQLite's own and views are not among them. The shadow tables of a virtual table
 * that does not open (its tokenizer is the application's, say), and of a full-text index that keeps
 * no text, are, as nothing else tells of them; of a module that is not there they are ordinary tables.
 */
export function readTables(db: Database, schema: string): Tables {
  const listed = listTables(db, schema);
  const opened: [string, TableShape][] = [];
  const opaque: string[] = [];
  for (const table of listed.filter(({ type }) => type !== 'shadow')) {
    const shape = readShape(db, schema, table);
    if (shape !== undefined) opened.push([foldName(table.name), shape]);
    if (shape === undefined || table.index === 'contentless') opaque.push(`${table.name}_`);
  }
  const shadows = listed.filter(({ type }) => type === 'shadow');
  for (const table of shadows) {
    const isAllThereIs = opaque.some((prefix) => table.name.startsWith(prefix));
    const shape = isAllThereIs ? readShape(db, schema, table) : undefined;
    if (shape !== undefined) opened.push([foldName(table.name), shape]);
  }
  return {
    shapes: new Map(opened.toSorted(([a], [b]) => compareText(a, b))),
    shadows: new Set(shadows.map(({ name }) => foldName(name))),
  };
}

export type Affinity = 'INTEGER' | 'TEXT' | 'BLOB' | 'REAL' | 'NUMERIC';

/** https://sqlite.org/datatype3.html §3.1; `strict` tables give `ANY` none at all. */
export function affinityOf(type: string, strict: boolean): Affinity {
  if (/INT/i.test(type)) return 'INTEGER';
  if (/CHAR|CLOB|TEXT/i.test(type)) return 'TEXT';
  if (type === '' || /BLOB/i.test(type) || (strict && /^ANY$/i.test(type))) return 'BLOB';
  return /REAL|FLOA|DOUB/i.test(type) ? 'REAL' : 'NUMERIC';
}

interface ListedTable {
  readonly name: string;
  readonly type: 'table' | 'virtual' | 'shadow';
  readonly withoutRowid: boolean;
  readonly strict: boolean;
  readonly index: 'contentless' | 'external' | undefined;
}

/** Those that keep rows of their own; others (fts5vocab, dbstat …) only compute theirs. */
const storingModules = new Set(['fts3', 'fts4', 'fts5', 'rtree', 'rtree_i32', 'geopoly']);

function listTables(db: Database, schema: string): readonly ListedTable[] {
  const sqlOf = new Map(
    db
      .prepare<[string, string]>(`SELECT name, sql FROM ${schema}.sqlite_schema WHERE sql NOT NULL`)
      .raw()
      .all(),
  );
  const rows = db
    .prepare<[string, string, string, number, number, number]>(`PRAGMA ${schema}.table_list`)
    .raw()
    .all()
    .toSorted((a, b) => (a[1] < b[1] ? -1 : 1));
  const names = new Set(rows.map((row) => row[1]));
  const tables: ListedTable[] = [];
  for (const [, name, type, , withoutRowid, strict] of rows) {
    if (/^sqlite_/i.test(name) || type === 'view') continue;
    const sql = sqlOf.get(name) ?? '';
    const module = type === 'virtual' ? moduleOf(sql) : '';
    if (type === 'virtual' && !storingModules.has(module)) continue;
    const keepsText = !module.startsWith('fts') || names.has(`${name}_content`);
    tables.push({
      name,
      type: type as ListedTable['type'],
      withoutRowid: withoutRowid === 1,
      strict: strict === 1,
      index: keepsText ? undefined : indexKind(sql),
    });
  }
  return tables;
}

/** The text behind `USING`; SQLite normalises all of the statement up to the name. */
function moduleOf(sql: string): string {
  const match =
    /^CREATE VIRTUAL TABLE\s+(?:"(?:[^"]|"")*"|`(?:[^`]|``)*`|'(?:[^']|'')*'|\[[^\]]*\]|[^\s(]+)\s+USING\s+["'`[]?(\w+)/i.exec(
      sql,
    );
  return match?.[1]?.toLowerCase() ?? '';
}

function indexKind(sql: string): 'contentless' | 'external' {
  return /\bcontent\s*=\s*["'`[]?[^\s"'`,)]/i.test(sql) ? 'external' : 'contentless';
}

/** Undefined for a virtual table that does not open. */
function readShape(db: Database, schema: string, table: ListedTable): TableShape | undefined {
  const info = readInfo(db, schema, table);
  if (info === undefined) return undefined;
  const columns = info.filter((row) => row[6] !== 1).map(toColumn);
  const keyNames = info
    .filter((row) => row[5] > 0)
    .toSorted((a, b) => a[5] - b[5])
    .map((row) => row[1]);
  const collations = keyCollations(db, schema, table.name);
  const rowidIsKey = keyNames.length > 0 && collations === undefined;
  return {
    name: table.name,
    isVirtual: table.type === 'virtual',
    isStrict: table.strict,
    columns,
    key: keyNames.map((name) => ({
      name,
      collation: collations === undefined ? 'BINARY' : knownCollation(collations.get(name)),
    })),
    rowid: rowidName(table.withoutRowid, columns, rowidIsKey ? keyNames[0] : undefined),
    rowidIsKey,
    isIndexOnly: table.index !== undefined,
  };
}

function readInfo(
  db: Database,
  schema: string,
  { name, type }: ListedTable,
): readonly InfoRow[] | undefined {
  try {
    return db
      .prepare<InfoRow>(`PRAGMA ${schema}.table_xinfo(${quoteName(name)})`)
      .raw()
      .all();
  } catch (error) {
    if (type !== 'virtual' || sqliteCode(error) === undefined) throw error;
    return undefined;
  }
}

type InfoRow = [number, string, string, number, string | null, number, number];

function toColumn([, name, type, notNull, defaultSql, , hidden]: InfoRow): Column {
  const generated = hidden === 2 ? 'virtual' : hidden === 3 ? 'stored' : 'no';
  return { name, type, notNull: notNull === 1, defaultSql, generated };
}

/** Collations of the PRIMARY KEY's own index; undefined where there is no such index. */
function keyCollations(
  db: Database,
  schema: string,
  table: string,
): ReadonlyMap<string, string> | undefined {
  const index = db
    .prepare<[number, string, number, string, number]>(
      `PRAGMA ${schema}.index_list(${quoteName(table)})`,
    )
    .raw()
    .all()
    .find((row) => row[3] === 'pk');
  if (index === undefined) return undefined;
  const columns = db
    .prepare<[number, number, string, number, string, number]>(
      `PRAGMA ${schema}.index_xinfo(${quoteName(index[1])})`,
    )
    .raw()
    .all();
  return new Map(columns.filter((row) => row[5] === 1).map((row) => [row[2], row[4]]));
}

function knownCollation(name: string | undefined): Collation | undefined {
  const upper = (name ?? 'BINARY').toUpperCase();
  return upper === 'BINARY' || upper === 'NOCASE' || upper === 'RTRIM' ? upper : undefined;
}

function rowidName(
  withoutRowid: boolean,
  columns: readonly Column[],
  alias: string | undefined,
): string | null {
  if (withoutRowid) return null;
  if (alias !== undefined) return alias;
  const taken = new Set(columns.map((column) => foldName(column.name)));
  return ['rowid', '_rowid_', 'oid'].find((name) => !taken.has(name)) ?? null;
}
