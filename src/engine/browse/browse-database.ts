// What is inside an image of a database: its tables, its schema as text, the first rows of a table.

import { byName } from '../../core/compare-text.ts';
import { foldName } from '../../core/sqlite-names.ts';
import type { TableInfo } from '../../core/documents/browse.ts';
import type { RowDocument } from '../../core/documents/documents.ts';
import { EngineError } from '../../core/errors.ts';
import { readEncoding, toRow } from '../sqlite/cells.ts';
import { openImage } from '../sqlite/open-images.ts';
import { countRows, readRows } from '../diff/rows-of-one-side.ts';
import { readObjects } from '../diff/schema-diff.ts';
import { readTables, type TableShape } from '../sqlite/table-shape.ts';
import { sqliteCode, type Database } from '../sqlite/sqlite-driver.ts';

/**
 * The tables with exact row counts, in name order; not SQLite's own, nor the shadow tables behind virtual ones.
 * @throws EngineError IO where the image is no readable database
 */
export function listTables(image: string): readonly TableInfo[] {
  return withImage(image, (db) => {
    const { shapes, shadows } = readTables(db, 'main');
    return [...shapes]
      .filter(([key]) => !shadows.has(key))
      .map(([, shape]) => ({
        name: shape.name,
        rows: countRows(db, { schema: 'main', shape }),
        columns: shape.columns.map(({ name, type }) => ({ name, type, key: isKey(shape, name) })),
      }));
  });
}

/**
 * The statements that made the schema, by type (tables, indexes, views, triggers) and name, each
 * ended with `;` and parted by an empty line; empty for an empty database.
 * @throws EngineError IO where the image is no readable database
 */
export function schemaText(image: string): string {
  return withImage(image, (db) => {
    const order = ['table', 'index', 'view', 'trigger'];
    return readObjects(db, 'main', readTables(db, 'main').shadows)
      .toSorted((a, b) => order.indexOf(a.type) - order.indexOf(b.type) || byName(a, b))
      .map(({ sql }) => `${sql.trimEnd()};\n`)
      .join('\n');
  });
}

/**
 * The first `limit` rows in the order of the key, else of the rowid, and how many there are.
 * @param key only rows that have these values; blobs in it are not looked at
 * @throws EngineError PATH_NOT_IN_SNAPSHOT where there is no such table; IO
 */
export function firstRows(
  image: string,
  table: string,
  limit: number,
  key?: RowDocument,
): { readonly rows: readonly RowDocument[]; readonly total: number } {
  return withImage(image, (db) => {
    const shape = readTables(db, 'main').shapes.get(foldName(table));
    if (shape === undefined) {
      throw new EngineError('PATH_NOT_IN_SNAPSHOT', `no such table: "${table}"`, { path: table });
    }
    const side = { schema: 'main', shape };
    const rows = readRows({ db, side, encoding: readEncoding(db), limit, key });
    return {
      rows: rows.map(({ names, cells }) => toRow(names, cells)),
      total: key === undefined ? countRows(db, side) : rows.length,
    };
  });
}

function isKey(shape: TableShape, name: string): boolean {
  return shape.key.some((column) => foldName(column.name) === foldName(name));
}

function withImage<T>(image: string, use: (db: Database) => T): T {
  let db: Database | undefined;
  try {
    db = openImage(image);
    return use(db);
  } catch (error) {
    if (sqliteCode(error) === undefined || !(error instanceof Error)) throw error;
    throw new EngineError('IO', `the database cannot be read: ${error.message}`, { cause: error });
  } finally {
    db?.close();
  }
}
