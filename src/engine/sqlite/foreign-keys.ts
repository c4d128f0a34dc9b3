// Foreign keys that a choice of tables would break. Nothing enforces them while rows are replaced:
// a table may come back whose rows name others that do not.

import { foldName, quoteName } from '../../core/sqlite-names.ts';
import type { BrokenForeignKey } from '../../core/documents/documents.ts';
import { sqliteCode, type Database } from './sqlite-driver.ts';

/** One foreign key of a table, on `parent`'s columns. */
export interface ForeignKey {
  readonly table: string;
  readonly parent: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** Every foreign key of `schema` whose two tables are there. */
export function readForeignKeys(db: Database, schema: string): readonly ForeignKey[] {
  const tables = db
    .prepare<string>(`SELECT name FROM ${schema}.sqlite_schema WHERE type = 'table'`)
    .pluck()
    .all();
  const spelled = new Map(tables.map((name) => [foldName(name), name]));
  return tables.flatMap((table) =>
    foreignKeysOf(db, schema, table).flatMap((key) => {
      const parent = spelled.get(foldName(key.parent));
      if (parent === undefined) return [];
      const to = key.to.length > 0 ? key.to : primaryKey(db, schema, parent);
      return to.length === key.from.length ? [{ ...key, parent, to }] : [];
    }),
  );
}

type ListRow = [number, number, string, string, string | null];

function foreignKeysOf(db: Database, schema: string, table: string): readonly ForeignKey[] {
  const keys = new Map<number, { parent: string; from: string[]; to: string[] }>();
  const rows = db
    .prepare<ListRow>(`PRAGMA ${schema}.foreign_key_list(${quoteName(table)})`)
    .raw()
    .all()
    .toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
  for (const [id, , parent, from, to] of rows) {
    const key = keys.get(id) ?? { parent, from: [], to: [] };
    keys.set(id, key);
    key.from.push(from);
    if (to !== null) key.to.push(to);
  }
  return [...keys.values()].map((key) => ({ table, ...key }));
}

function primaryKey(db: Database, schema: string, table: string): readonly string[] {
  return db
    .prepare<[number, string, string, number, string | null, number]>(
      `PRAGMA ${schema}.table_info(${quoteName(table)})`,
    )
    .raw()
    .all()
    .filter((row) => row[5] > 0)
    .toSorted((a, b) => a[5] - b[5])
    .map((row) => row[1]);
}

/**
 * Rows of the key's table in `childSchema` that have their row there and would have none in
 * `parentSchema`, where the same row does not lie without one already. Reads, changes nothing.
 */
export function countLostParents(
  db: Database,
  key: ForeignKey,
  childSchema: string,
  parentSchema: string,
): number {
  const match = key.from
    .map((from, i) => `P.${quoteName(key.to[i] ?? '')} = C.${quoteName(from)}`)
    .join(' AND ');
  const has = (schema: string): string =>
    `EXISTS (SELECT 1 FROM ${schema}.${quoteName(key.parent)} AS P WHERE ${match})`;
  const identity = rowIdentity(db, parentSchema, key.table);
  const same = [...identity, ...key.from.map(quoteName)]
    .map((name) => `L.${name} IS C.${name}`)
    .join(' AND ');
  const table = quoteName(key.table);
  const sql = `SELECT count(*) FROM ${childSchema}.${table} AS C
    WHERE NOT ${has(parentSchema)} AND ${has(childSchema)}
    AND NOT EXISTS (SELECT 1 FROM ${parentSchema}.${table} AS L WHERE ${same})`;
  return db.prepare<number>(sql).pluck().get() ?? 0;
}

/** What tells a row from the others of its table: a rowid that no column hides, or its key. */
function rowIdentity(db: Database, schema: string, table: string): readonly string[] {
  const key = primaryKey(db, schema, table);
  return key.length > 0 ? key.map(quoteName) : ['rowid'];
}

/**
 * Runs `change` in a transaction that is open; where it breaks foreign keys that hold now and hold
 * in the attached image, answers them: the caller has to roll back.
 * @param parts the tables whose rows change
 */
export function brokenBy(
  db: Database,
  imageSchema: string,
  parts: readonly string[],
  change: () => void,
): readonly Omit<BrokenForeignKey, 'database'>[] {
  const changing = new Set(parts.map(foldName));
  const concerned = readForeignKeys(db, 'main').filter(
    ({ table, parent }) => changing.has(foldName(table)) || changing.has(foldName(parent)),
  );
  const tables = [...new Set(concerned.map(({ table }) => table))];
  db.exec('SAVEPOINT tables');
  change();
  const after = tables.flatMap((table) => violations(db, 'main', table));
  if (after.length === 0) {
    db.exec('RELEASE tables');
    return [];
  }
  // Seldom: what was broken before counts for nothing, and nobody looks twice for what is not there.
  db.exec('ROLLBACK TO tables');
  const known = new Set(
    ['main', imageSchema].flatMap((schema) =>
      tables.flatMap((table) => violations(db, schema, table).map(({ id }) => id)),
    ),
  );
  const broken = after.filter(({ id }) => !known.has(id));
  if (broken.length === 0) change();
  db.exec('RELEASE tables');
  return sumUp(broken);
}

interface Violation {
  readonly id: string;
  readonly table: string;
  readonly parent: string;
}

function violations(db: Database, schema: string, table: string): readonly Violation[] {
  try {
    const counts = new Map<string, number>();
    return db
      .prepare<[string, bigint | null, string, bigint]>(
        `PRAGMA ${schema}.foreign_key_check(${quoteName(table)})`,
      )
      .raw()
      .safeIntegers()
      .all()
      .map(([table, rowid, parent, key]) => {
        // Rows without a rowid are told apart by their number alone.
        const name = `${table} ${parent} ${key} ${rowid ?? ''}`;
        const count = (counts.get(name) ?? 0) + 1;
        counts.set(name, count);
        return { id: `${name} ${count}`, table, parent };
      });
  } catch (error) {
    // A key on columns that are not unique: SQLite cannot check it, for the application either.
    if (sqliteCode(error) === 'SQLITE_ERROR') return [];
    throw error;
  }
}

function sumUp(broken: readonly Violation[]): readonly Omit<BrokenForeignKey, 'database'>[] {
  const sums = new Map<string, { table: string; parent: string; rows: number }>();
  for (const { table, parent } of broken) {
    const key = JSON.stringify([table, parent]);
    const sum = sums.get(key) ?? { table, parent, rows: 0 };
    sum.rows += 1;
    sums.set(key, sum);
  }
  return [...sums.values()];
}
