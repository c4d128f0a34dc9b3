// What differs between two schemas: tables with their columns, indexes, views, triggers, and the
// settings that a database file carries itself.

import { byName } from '../../core/compare-text.ts';
import { foldName } from '../../core/sqlite-names.ts';
import type { SchemaChange } from '../../core/documents/documents.ts';
import type { Database } from '../sqlite/sqlite-driver.ts';
import type { ImagePair } from '../sqlite/open-images.ts';
import { type Column, type TableShape, type Tables } from '../sqlite/table-shape.ts';

/**
 * Kept in the file and part of what an application sees. The journal mode is not: it is told by
 * the manifest, and an application switches it without a change to its data.
 */
const settings = ['user_version', 'application_id', 'page_size', 'auto_vacuum'];

const typeOrder = ['pragma', 'table', 'column', 'index', 'view', 'trigger'];

/** Sorted by type (settings, tables, columns, indexes, views, triggers) and name; of an absent side no settings. */
export function diffSchemas(
  pair: ImagePair,
  before: Tables,
  after: Tables,
  compareSettings: boolean,
): readonly SchemaChange[] {
  const changes = [
    ...(compareSettings ? diffSettings(pair) : []),
    ...diffObjects(
      readObjects(pair.db, pair.before, before.shadows),
      readObjects(pair.db, pair.after, after.shadows),
    ),
    ...diffColumns(before.shapes, after.shapes),
  ];
  return changes.toSorted(
    (a, b) => typeOrder.indexOf(a.type) - typeOrder.indexOf(b.type) || byName(a, b),
  );
}

export interface SchemaObject {
  readonly type: string;
  readonly name: string;
  readonly sql: string;
}

/** What `CREATE` made in `schema`, shadow tables and SQLite's own left out. */
export function readObjects(
  db: Database,
  schema: string,
  shadows: ReadonlySet<string>,
): readonly SchemaObject[] {
  return db
    .prepare<[string, string, string, string]>(
      `SELECT type, name, tbl_name, sql FROM ${schema}.sqlite_schema WHERE sql NOT NULL`,
    )
    .raw()
    .all()
    .filter(([, name, table]) => !/^sqlite_/i.test(name) && !shadows.has(foldName(table)))
    .map(([type, name, , sql]) => ({ type, name, sql }));
}

function diffSettings({ db, before, after }: ImagePair): readonly SchemaChange[] {
  return settings.flatMap((name): SchemaChange[] => {
    const was = String(db.pragma(`${before}.${name}`));
    const is = String(db.pragma(`${after}.${name}`));
    return was === is ? [] : [{ op: 'change', type: 'pragma', name, before: was, after: is }];
  });
}

function diffObjects(
  before: readonly SchemaObject[],
  after: readonly SchemaObject[],
): readonly SchemaChange[] {
  const keyOf = ({ type, name }: SchemaObject): string => `${type} ${foldName(name)}`;
  const left = new Map(before.map((object) => [keyOf(object), object]));
  const changes: SchemaChange[] = [];
  for (const { type, name, sql } of after) {
    const was = left.get(keyOf({ type, name, sql }));
    left.delete(keyOf({ type, name, sql }));
    if (was === undefined) changes.push({ op: 'add', type, name, before: null, after: sql });
    else if (was.sql !== sql) {
      changes.push({ op: 'change', type, name, before: was.sql, after: sql });
    }
  }
  for (const { type, name, sql } of left.values()) {
    changes.push({ op: 'remove', type, name, before: sql, after: null });
  }
  return changes;
}

/** Columns of tables that both sides have; those of a table that came or went go without saying. */
function diffColumns(
  before: ReadonlyMap<string, TableShape>,
  after: ReadonlyMap<string, TableShape>,
): readonly SchemaChange[] {
  const changes: SchemaChange[] = [];
  for (const [key, table] of after) {
    const old = before.get(key);
    if (old === undefined) continue;
    const left = new Map(old.columns.map((column) => [foldName(column.name), column]));
    for (const column of table.columns) {
      const was = left.get(foldName(column.name));
      left.delete(foldName(column.name));
      changes.push(...columnChange(table.name, was, column));
    }
    for (const column of left.values()) {
      changes.push(...columnChange(table.name, column, undefined));
    }
  }
  return changes;
}

function columnChange(
  table: string,
  was: Column | undefined,
  is: Column | undefined,
): readonly SchemaChange[] {
  const before = was === undefined ? null : columnSql(was);
  const after = is === undefined ? null : columnSql(is);
  if (before === after) return [];
  const op = before === null ? 'add' : after === null ? 'remove' : 'change';
  const name = `${table}.${(is ?? was)?.name ?? ''}`;
  return [{ op, type: 'column', name, before, after }];
}

/** What the pragmas tell of a column; the expression of a generated one is in the table's SQL. */
function columnSql(column: Column): string {
  const parts = [
    column.name,
    column.type,
    column.notNull ? 'NOT NULL' : '',
    column.defaultSql === null ? '' : `DEFAULT ${column.defaultSql}`,
    column.generated === 'no' ? '' : `GENERATED ${column.generated.toUpperCase()}`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}
