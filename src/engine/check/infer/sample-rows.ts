// Rows of a table to guess from: a bounded number, spread over the table, without long values. What
// a guess is worth is counted over all rows later.

import { quoteName } from '../../../core/sqlite-names.ts';
import type { ColumnValue } from '../../../core/check/column-value.ts';
import type { Join } from '../../../core/check/rule.ts';
import { readTables, type TableShape } from '../../sqlite/table-shape.ts';
import type { Database } from '../../sqlite/sqlite-driver.ts';
import { rowSource } from '../row-source.ts';
import { joinedTables, type JoinedTables } from './joined-tables.ts';

export interface SampledTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly joins: readonly Join[];
  /** Columns of `joins`, as `TABLE.COLUMN`. */
  readonly joined: readonly string[];
  /** The column that alone is the primary key. */
  readonly key: string | undefined;
  /** Columns that refer to rows of other tables. */
  readonly foreign: ReadonlySet<string>;
  /** Values in the order of `columns` and `joined`; NULL where one is too long to be a name, or a number with a fraction. */
  readonly rows: readonly (readonly ColumnValue[])[];
}

const maxTables = 300;
const maxColumns = 80;
const spreadRows = 160;
const newestRows = 16;
/** Rows looked for where a column is empty in nearly all. */
const sparseRows = 40;
const maxLength = 16_384;
const maxNameBytes = 1024;

/**
 * Tables that cannot be read are left out.
 * @param isJoined with what the rows refer to beside them
 */
export function sampleTables(db: Database, isJoined = false): SampledTable[] {
  const all = readTables(db, 'main').shapes;
  const shapes = [...all.values()].filter(
    ({ isVirtual, isIndexOnly, columns }) =>
      !isVirtual && !isIndexOnly && columns.length <= maxColumns,
  );
  return shapes.slice(0, maxTables).flatMap((shape) => {
    try {
      return [sampleTable(db, shape, isJoined ? joinedTables(db, shape, all) : undefined)];
    } catch {
      // A generated column may call what only the application has; damage shows elsewhere.
      return [];
    }
  });
}

/** @throws what SQLite answers for a table that cannot be read */
export function sampleTable(
  db: Database,
  shape: TableShape,
  { joins, columns: joined }: JoinedTables = { joins: [], columns: [] },
): SampledTable {
  const columns = shape.columns.map(({ name }) => name);
  const table = toSample(db, shape, joins, [...columns, ...joined]);
  const { rows: spread, isWhole } = spreadOver(db, table);
  const [only] = shape.key;
  return {
    name: shape.name,
    columns,
    joins,
    joined,
    key: shape.key.length === 1 ? only?.name : undefined,
    foreign: foreignColumns(db, shape.name),
    rows: isWhole ? spread : [...spread, ...newest(db, table), ...sparse(db, table, spread)],
  };
}

interface TableToSample {
  readonly shape: TableShape;
  readonly select: string;
  /** Null of a table without one. */
  readonly rowid: string | null;
}

function toSample(
  db: Database,
  shape: TableShape,
  joins: readonly Join[],
  columns: readonly string[],
): TableToSample {
  const source = rowSource(db, { table: shape.name, joins });
  const list = columns.map((name) => {
    const column = source.column(name) ?? 'NULL';
    return `CASE typeof(${column}) WHEN 'text' THEN CASE WHEN length(${column}) <= ${maxLength} THEN ${column} END WHEN 'blob' THEN CASE WHEN length(${column}) <= ${maxNameBytes} THEN ${column} END WHEN 'integer' THEN ${column} END`;
  });
  return {
    shape,
    select: `SELECT ${list.join(', ')} FROM ${source.from}`,
    rowid: shape.rowid === null ? null : `${quoteName(shape.name)}.${shape.rowid}`,
  };
}

type Row = readonly ColumnValue[];

function all(db: Database, sql: string): Row[] {
  return db.prepare<Row>(sql).raw().safeIntegers().all();
}

/** By rowid one at a time: the rows between two of the sample are never read. */
function spreadOver(
  db: Database,
  { shape, select, rowid }: TableToSample,
): { readonly rows: readonly Row[]; readonly isWhole: boolean } {
  const [first, last] = rowid === null ? [null, null] : rowidBounds(db, shape.name, rowid);
  if (rowid === null || first === null || last === null || last - first < 4 * spreadRows) {
    const rows = all(db, `${select} LIMIT ${4 * spreadRows}`);
    return { rows, isWhole: rows.length < 4 * spreadRows };
  }
  const from = db
    .prepare<Row>(`${select} WHERE ${rowid} >= ? AND ${rowid} < ? ORDER BY ${rowid} LIMIT 1`)
    .raw()
    .safeIntegers();
  const step = (last - first) / spreadRows;
  const rows = Array.from({ length: spreadRows }, (_, index) => {
    const start = Math.round(first + index * step);
    const end = index === spreadRows - 1 ? last + 1 : Math.round(first + (index + 1) * step);
    return from.get(start, end);
  }).filter((row) => row !== undefined);
  return { rows, isWhole: false };
}

/** The last rows that came: their files may lie in a folder of their own. */
function newest(db: Database, { select, rowid }: TableToSample): Row[] {
  if (rowid === null) return [];
  return all(db, `${select} ORDER BY ${rowid} DESC LIMIT ${newestRows}`);
}

function rowidBounds(db: Database, table: string, rowid: string): [number | null, number | null] {
  const bound = (name: 'min' | 'max') =>
    db
      .prepare<number | null>(`SELECT ${name}(${rowid}) FROM ${quoteName(table)}`)
      .pluck()
      .get() ?? null;
  return [bound('min'), bound('max')];
}

/** Further rows for columns that the sample found empty as good as everywhere. */
function sparse(db: Database, { shape, select }: TableToSample, spread: readonly Row[]): Row[] {
  return shape.columns.flatMap(({ name, type }, index) => {
    if (/INT|REAL|FLOA|DOUB|BLOB|BOOL|DATE|TIME/i.test(type)) return [];
    const filled = spread.filter((row) => row[index] !== null && row[index] !== '').length;
    if (filled >= sparseRows / 4) return [];
    return all(db, `${select} WHERE ${quoteName(name)} > '' LIMIT ${sparseRows}`);
  });
}

function foreignColumns(db: Database, table: string): ReadonlySet<string> {
  const names = db
    .prepare<string>('SELECT "from" FROM pragma_foreign_key_list(?)')
    .pluck()
    .all(table);
  return new Set(names.filter((name) => name !== null));
}
