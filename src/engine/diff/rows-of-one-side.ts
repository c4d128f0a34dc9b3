// Rows of one table in the order of its key: all that a table which came or went consists of.

import type {
  CellDocument,
  CellForm,
  RowChange,
  RowDocument,
} from '../../core/documents/documents.ts';
import { sqliteCode, type Database } from '../sqlite/sqlite-driver.ts';
import type { CellValue, TextEncoding } from '../sqlite/cells.ts';
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
  /** Only rows with these values. */
  readonly key?: RowDocument | undefined;
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
  const { where, values } = keyCondition(one.key ?? {});
  return db
    .prepare<[bigint | null, ...CellValue[]]>(
      `SELECT ${rowid}, ${rowColumns(names, 'A')} FROM ${orderedSql(db, side, where)} LIMIT ?`,
    )
    .raw()
    .safeIntegers()
    .all(...values, limit)
    .map(([id, ...values]) => ({ ...toRowOf(names, values, encoding), rowid: id ?? undefined }));
}

interface KeyCondition {
  /** Empty for every row. */
  readonly where: string;
  readonly values: readonly CellValue[];
}

/** A blob is known by its hash alone, so nothing is asked of it. The name of a rowid is one to SQLite, too. */
function keyCondition(key: RowDocument): KeyCondition {
  const known = Object.entries(key).flatMap(([name, cell]) => {
    const value = valueOf(cell);
    return value === undefined ? [] : [{ name, value }];
  });
  // A collation that only the application has could not be asked for.
  const terms = known.map(({ name }) => `${columnSql('A', name)} COLLATE BINARY IS ?`);
  const where = terms.length === 0 ? '' : ` WHERE ${terms.join(' AND ')}`;
  return { where, values: known.map(({ value }) => value) };
}

function valueOf(cell: CellDocument): CellValue | undefined {
  if (cell === null || typeof cell !== 'object') return cell;
  if ('int' in cell) return BigInt(cell.int);
  return 'real' in cell ? Number(cell.real) : undefined;
}

/** Walks the key's index where it can, and sorts where that is of an unknown collation. */
function orderedSql(db: Database, side: TableSide, where: string): string {
  const { key, rowid, rowidIsKey } = side.shape;
  if (key.length > 0 && !rowidIsKey) {
    const order = key.map(
      ({ name, collation }) => `${columnSql('A', name)} COLLATE ${collation ?? 'BINARY'}`,
    );
    const ordered = (table: string): string => `${table}${where} ORDER BY ${order.join(', ')}`;
    const indexed = ordered(indexedTableSql(side, 'A'));
    return canPrepare(db, `SELECT 1 FROM ${indexed}`) ? indexed : ordered(tableSql(side, 'A'));
  }
  const order = rowid === null ? '' : ` ORDER BY ${rowidSql(side, 'A')}`;
  return `${tableSql(side, 'A')}${where}${order}`;
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
