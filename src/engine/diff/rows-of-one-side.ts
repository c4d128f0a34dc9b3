// Rows of one table in the order of its key: all that a table which came or went consists of.

import type { CellForm, RowChange } from '../../core/documents.ts';
import { sqliteCode, type Database } from '../sqlite-driver.ts';
import type { CellValue, TextEncoding } from './cells.ts';
import {
  columnSql,
  indexedTableSql,
  keyNamesOf,
  readableColumns,
  rowColumns,
  rowidSql,
  tableSql,
  toRowChange,
  toRowOf,
  type Row,
  type TableSide,
} from './row-sql.ts';

export interface OneSide {
  readonly db: Database;
  readonly side: TableSide;
  readonly encoding: TextEncoding;
  readonly limit: number;
}

export interface ListedRow extends Row {
  /** Undefined where the table has none. */
  readonly rowid: bigint | undefined;
}

/** Exact. An index is smaller than its table, but may need a collation that is not there. */
export function countRows(db: Database, side: TableSide): number {
  const count = (table: string): number =>
    db.prepare<number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;
  try {
    return count(indexedTableSql(side, 'A'));
  } catch (error) {
    if (sqliteCode(error) !== 'SQLITE_ERROR') throw error;
    return count(tableSql(side, 'A'));
  }
}

/** The first `limit` rows as changes of one kind. */
export function listRows(
  one: OneSide & { readonly cells: CellForm },
  op: 'add' | 'remove',
): readonly RowChange[] {
  return readRows(one).map((row) =>
    toRowChange(
      {
        op,
        before: op === 'remove' ? row : null,
        after: op === 'add' ? row : null,
        rowid: row.rowid,
      },
      keyNamesOf(one.side.shape),
      one.cells,
    ),
  );
}

/** The first `limit` rows in the order of the key, else of the rowid. */
export function readRows(one: OneSide): readonly ListedRow[] {
  const { db, side, encoding, limit } = one;
  if (limit === 0) return [];
  const names = readableColumns(db, side);
  const rowid = side.shape.rowid === null ? 'NULL' : rowidSql(side, 'A');
  return db
    .prepare<[bigint | null, ...CellValue[]]>(
      `SELECT ${rowid}, ${rowColumns(names, 'A')} FROM ${orderedSql(db, side)} LIMIT ?`,
    )
    .raw()
    .safeIntegers()
    .all(limit)
    .map(([id, ...values]) => ({ ...toRowOf(names, values, encoding), rowid: id ?? undefined }));
}

/** Walks the key's index where it can, and sorts where that is of an unknown collation. */
function orderedSql(db: Database, side: TableSide): string {
  const { key, rowid, rowidIsKey } = side.shape;
  if (key.length > 0 && !rowidIsKey) {
    const order = key.map(
      ({ name, collation }) => `${columnSql('A', name)} COLLATE ${collation ?? 'BINARY'}`,
    );
    const ordered = (table: string): string => `${table} ORDER BY ${order.join(', ')}`;
    const indexed = ordered(indexedTableSql(side, 'A'));
    return canPrepare(db, `SELECT 1 FROM ${indexed}`) ? indexed : ordered(tableSql(side, 'A'));
  }
  const order = rowid === null ? '' : ` ORDER BY ${rowidSql(side, 'A')}`;
  return `${tableSql(side, 'A')}${order}`;
}

function canPrepare(db: Database, sql: string): boolean {
  try {
    db.prepare(sql);
    return true;
  } catch (error) {
    if (sqliteCode(error) === undefined) throw error;
    return false;
  }
}
