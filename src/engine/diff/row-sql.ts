// What the ways of comparing rows share: names in SQL, when two rows differ, rows as documents.

import { foldName, quoteName } from '../../core/sqlite-names.ts';
import type {
  CellDocument,
  CellForm,
  ColumnsDiff,
  RowChange,
  RowDocument,
} from '../../core/documents/documents.ts';
import { sqliteCode, type Database } from '../sqlite/sqlite-driver.ts';
import {
  cellColumns,
  explicitReal,
  integerCell,
  joinBalanced,
  shownCell,
  toCells,
  toRow,
  type CellValue,
  type TextEncoding,
} from '../sqlite/cells.ts';
import type { RowidRange } from './dirty-rowids.ts';
import { affinityOf, type Column, type TableShape } from '../sqlite/table-shape.ts';

/** A table in one of the two databases of a connection. */
export interface TableSide {
  readonly schema: string;
  readonly shape: TableShape;
}

/** A table that both sides have. */
export interface TablePair {
  readonly db: Database;
  readonly before: TableSide;
  readonly after: TableSide;
  readonly encoding: TextEncoding;
  /** Rows to list; the counts are whole. */
  readonly limit: number;
  readonly cells: CellForm;
  readonly signal: AbortSignal;
  /** In order: outside of these rowids both sides are the same. Undefined where nothing is known. */
  readonly ranges?: readonly RowidRange[] | undefined;
}

export interface RowsDiff {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly rows: readonly RowChange[];
}

export type RowOp = RowChange['op'];

/** A column that both sides have and that is not merely computed. */
export interface CommonColumn {
  readonly before: Column;
  readonly after: Column;
  /** False where equal values are always of one type, so that comparing them says it all. */
  readonly typeMatters: boolean;
}

/** One row as it was read: values as cells, and a letter of type for each (cells.ts). */
export interface Row {
  readonly names: readonly string[];
  readonly cells: readonly CellDocument[];
  readonly types: string;
}

/** The alias under which statements here read the older and the newer table. */
export type Alias = 'A' | 'B';

/** `schema.table AS alias`; a table's indexes may need a collation that only its application has, and a scan needs none. */
export function tableSql({ schema, shape }: TableSide, alias: Alias): string {
  const unindexed = shape.isVirtual ? '' : ' NOT INDEXED';
  return `${indexedTableSql({ schema, shape }, alias)}${unindexed}`;
}

export function indexedTableSql({ schema, shape }: TableSide, alias: Alias): string {
  return `${schema}.${quoteName(shape.name)} AS ${alias}`;
}

export function columnSql(alias: Alias, name: string): string {
  return `${alias}.${quoteName(name)}`;
}

/** The rowid of `side`. @throws where its rows have none */
export function rowidSql(side: TableSide, alias: Alias): string {
  if (side.shape.rowid === null) throw new Error(`no rowid: ${side.shape.name}`);
  return columnSql(alias, side.shape.rowid);
}

export function commonColumns(before: TableShape, after: TableShape): readonly CommonColumn[] {
  const left = new Map(before.columns.map((column) => [foldName(column.name), column]));
  return after.columns.flatMap((column) => {
    const was = left.get(foldName(column.name));
    if (was === undefined || was.generated === 'virtual' || column.generated === 'virtual') {
      return [];
    }
    const affinities = [
      affinityOf(was.type, before.isStrict),
      affinityOf(column.type, after.isStrict),
    ];
    const oneType = affinities[0] === affinities[1] && /TEXT|REAL/.test(affinities[0] ?? '');
    const typeMatters = before.isVirtual || after.isVirtual || !oneType;
    return [{ before: was, after: column, typeMatters }];
  });
}

/** What a document says of tables whose columns are not the same; nothing where they are, or one is not there. */
export function columnsDiff(
  before: TableShape | undefined,
  after: TableShape | undefined,
): { readonly columns?: ColumnsDiff } {
  if (before === undefined || after === undefined) return {};
  const onlyIn = (one: TableShape, other: TableShape): readonly string[] => {
    const names = new Set(other.columns.map((column) => foldName(column.name)));
    return one.columns.flatMap(({ name }) => (names.has(foldName(name)) ? [] : [name]));
  };
  const [onlyBefore, onlyAfter] = [onlyIn(before, after), onlyIn(after, before)];
  if (onlyBefore.length + onlyAfter.length === 0) return {};
  return { columns: { onlyBefore, onlyAfter, compared: commonColumns(before, after).length } };
}

/** True in SQL where A and B differ in a column: by bytes of text, and an integer is no real. */
export function differsSql(columns: readonly CommonColumn[]): string {
  const terms = columns.flatMap(({ before, after, typeMatters }) => {
    const a = columnSql('A', before.name);
    const b = columnSql('B', after.name);
    const value = `${a} IS NOT ${b} COLLATE BINARY`;
    return typeMatters ? [value, `typeof(${a}) <> typeof(${b})`] : [value];
  });
  return joinBalanced(terms, ' OR ', '0');
}

/** Buckets are numbered from 0. */
const BUCKETS = 64;

/** A number below `BUCKETS` in SQL, the same for rows of one content: so a large table is matched part by part. */
export function bucketSql(pair: Pick<TablePair, 'before' | 'after'>, alias: Alias): string {
  const lengths = commonColumns(pair.before.shape, pair.after.shape).map((column) => {
    const value = columnSql(alias, (alias === 'A' ? column.before : column.after).name);
    // Zero has two forms that are equal.
    return `CASE typeof(${value}) WHEN 'real' THEN 0 ELSE coalesce(octet_length(${value}), 0) END`;
  });
  return `(${joinBalanced(lengths, ' + ', '0')}) % ${BUCKETS}`;
}

/** Parts of all buckets, as first and last one, where so many rows are matched in parts of so many. */
export function bucketRanges(
  rows: number,
  rowsAtOnce: number,
): readonly { readonly from: number; readonly to: number }[] {
  const parts = Math.min(BUCKETS, Math.max(1, Math.ceil(rows / rowsAtOnce)));
  const width = Math.ceil(BUCKETS / parts);
  return Array.from({ length: Math.ceil(BUCKETS / width) }, (_, i) => ({
    from: i * width,
    to: (i + 1) * width - 1,
  }));
}

/** The columns of a row that can be shown: computed ones are left out where they need what only the application has. */
export function readableColumns(db: Database, side: TableSide): readonly string[] {
  const { columns } = side.shape;
  const all = columns.map((column) => column.name);
  if (!columns.some((column) => column.generated === 'virtual')) return all;
  try {
    db.prepare(`SELECT ${all.map(quoteName).join(', ')} FROM ${tableSql(side, 'A')}`);
    return all;
  } catch (error) {
    if (sqliteCode(error) === undefined) throw error;
    return columns.flatMap(({ name, generated }) => (generated === 'virtual' ? [] : [name]));
  }
}

/** Result columns for `toRowOf`. */
export function rowColumns(names: readonly string[], alias: Alias): string {
  return cellColumns(names.map((name) => columnSql(alias, name))).join(', ');
}

/** The row that `rowColumns` selected, from its first column on. */
export function toRowOf(
  names: readonly string[],
  values: readonly CellValue[],
  encoding: TextEncoding,
): Row {
  const cells = toCells(values, names.length, encoding);
  return { names, cells, types: values[names.length] as string };
}

/** A change by the rowids of its rows, null where a side has none. */
export interface RowidChange {
  readonly op: RowOp;
  readonly before: bigint | null;
  readonly after: bigint | null;
}

/** The documents of these changes; both sides have rowids. */
export function readRowChanges(
  pair: TablePair,
  changes: readonly RowidChange[],
): readonly RowChange[] {
  if (changes.length === 0) return [];
  const readBefore = prepareRowReader(pair, pair.before);
  const readAfter = prepareRowReader(pair, pair.after);
  const keyNames = keyNamesOf(pair.after.shape);
  return changes.map(({ op, before, after }) => {
    const rowid = before ?? after ?? undefined;
    return toRowChange(
      { op, before: readBefore(before), after: readAfter(after), rowid },
      keyNames,
      pair.cells,
    );
  });
}

function prepareRowReader(pair: TablePair, side: TableSide): (rowid: bigint | null) => Row | null {
  const names = readableColumns(pair.db, side);
  const statement = pair.db
    .prepare<CellValue[]>(
      `SELECT ${rowColumns(names, 'A')} FROM ${tableSql(side, 'A')} WHERE ${rowidSql(side, 'A')} = ?`,
    )
    .raw()
    .safeIntegers();
  return (rowid) => {
    const values = rowid === null ? undefined : statement.get(rowid);
    return values === undefined ? null : toRowOf(names, values, pair.encoding);
  };
}

export interface RowFacts {
  readonly op: RowOp;
  readonly before: Row | null;
  readonly after: Row | null;
  /** What the key document is made of where the table has no key; undefined: nothing tells the row from its like. */
  readonly rowid?: bigint | undefined;
}

/** The document of one change; `keyNames` are those of the key's columns, empty for none. */
export function toRowChange(
  facts: RowFacts,
  keyNames: readonly string[],
  form: CellForm,
): RowChange {
  const { op, rowid } = facts;
  const { before, after } = tellRealsApart(facts.before, facts.after);
  const key = keyDocument(document(before ?? after) ?? {}, keyNames, rowid);
  const shown = form === 'whole' ? document : shownDocument;
  return { op, key, before: shown(before), after: shown(after) };
}

/** `keyNames` of a shape, as a side spells them. */
export function keyNamesOf(shape: TableShape): readonly string[] {
  return shape.key.map((column) => column.name);
}

function keyDocument(
  row: RowDocument,
  keyNames: readonly string[],
  rowid: bigint | undefined,
): RowDocument {
  if (keyNames.length === 0) return rowid === undefined ? {} : { rowid: integerCell(rowid) };
  const cells = new Map(Object.entries(row).map(([name, cell]) => [foldName(name), cell]));
  return toRow(
    keyNames,
    keyNames.map((name) => cells.get(foldName(name)) ?? null),
  );
}

function document(row: Row | null): RowDocument | null {
  return row === null ? null : toRow(row.names, row.cells);
}

function shownDocument(row: Row | null): RowDocument | null {
  if (row === null) return null;
  return toRow(
    row.names,
    row.cells.map((cell, i) => shownCell(cell, row.types[i])),
  );
}

/** A cell that changed from 1 to 1.0 would read the same on both sides: JSON has one kind of number. */
function tellRealsApart(
  before: Row | null,
  after: Row | null,
): { readonly before: Row | null; readonly after: Row | null } {
  if (before === null || after === null) return { before, after };
  const explicit = (row: Row, other: Row): Row => {
    const typeOf = new Map(other.names.map((name, i) => [foldName(name), other.types[i]]));
    const cells = row.cells.map((cell, i) => {
      const otherType = typeOf.get(foldName(row.names[i] ?? ''));
      const isTold = row.types[i] !== 'r' || otherType !== 'i';
      return isTold || typeof cell !== 'number' ? cell : explicitReal(cell);
    });
    return { ...row, cells };
  };
  return { before: explicit(before, after), after: explicit(after, before) };
}
