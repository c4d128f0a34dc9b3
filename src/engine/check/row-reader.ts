// Reads the rows of a table for a rule: its key, the columns that templates need, and the rule's own
// SQL expressions. The database is a private copy, opened read-only and without trust in its schema.

import { createHash } from 'node:crypto';
import { foldName, quoteName } from '../../core/sqlite-names.ts';
import type { CellDocument, RowDocument } from '../../core/documents/documents.ts';
import { expressionProblem } from '../../core/check/sql-expression.ts';
import { sqlProblem } from '../../core/check/sql-problem.ts';
import type { ColumnValue } from '../../core/check/column-value.ts';
import type { Join } from '../../core/check/rule.ts';
import { integerCell } from '../sqlite/cells.ts';
import { readTables, type Tables } from '../sqlite/table-shape.ts';
import { columnNames, JoinProblem, rowSource, type RowSource } from './row-source.ts';
import { sqliteCode, type Database, type Statement } from '../sqlite/sqlite-driver.ts';

/** A rule that cannot run: `key` is the key of its reference that is wrong. */
export class RuleProblem extends Error {
  readonly key: string;

  constructor(message: string, key: string) {
    super(message);
    this.key = key;
  }
}

export interface RowRequest {
  readonly table: string;
  readonly joins: readonly Join[];
  /** For messages: the database as people know it. */
  readonly databaseName: string;
  /** Columns, each with the key of the reference that names it: `path`, `grace`, … */
  readonly columns: ReadonlyMap<string, string>;
  /** SQL over a row by the key of the reference that it comes from: `where`, `size`, … */
  readonly expressions: Readonly<Record<string, string | null>>;
}

export interface RowReader {
  rows(): IterableIterator<RowView>;
}

/** The row that the reader stands at: valid until the next one. */
export interface RowView {
  column(name: string): ColumnValue;
  /** Null also where the rule has no such expression. */
  expression(key: string): ColumnValue;
  /** `{column: value}` of the primary key, `{rowid: n}` without one; null where there is neither. */
  key(): RowDocument | null;
}

/** @throws RuleProblem where the table, a column or an expression is not sound */
export function openRows(db: Database, request: RowRequest): RowReader {
  const { table, databaseName } = request;
  if (columnNames(db, table).size === 0) {
    throw new RuleProblem(`no table "${table}" in ${databaseName}`, 'table');
  }
  const source = sourceOf(db, request);
  const selected = new Map<string, number>();
  const sql: string[] = [];
  const keyColumns = keyOf(db, table);
  for (const column of keyColumns.columns) sql.push(column.sql);
  for (const [column, key] of request.columns) {
    const own = source.column(column);
    if (own === undefined) {
      throw new RuleProblem(`no column "${column}" in table "${table}" of ${databaseName}`, key);
    }
    selected.set(column, sql.length);
    sql.push(own);
  }
  const expressions = new Map<string, number>();
  for (const [key, text] of Object.entries(request.expressions)) {
    if (text === null) continue;
    checkExpression(db, request, key, text);
    expressions.set(key, sql.length);
    sql.push(key === 'where' ? `((${text}) IS TRUE)` : `(${text})`);
  }
  const list = sql.length === 0 ? '1' : sql.join(', ');
  const statement = db
    .prepare<readonly ColumnValue[]>(`SELECT ${list} FROM ${source.from}`)
    .raw()
    .safeIntegers();
  const rows = { keyColumns, selected, expressions };
  return { rows: () => eachRow(statement, rows, (error) => failure(db, request, error)) };
}

function sourceOf(db: Database, request: RowRequest): RowSource {
  try {
    return rowSource(db, request);
  } catch (error) {
    if (!(error instanceof JoinProblem)) throw error;
    throw new RuleProblem(`${error.message} in ${request.databaseName}`, 'join');
  }
}

interface KeyColumns {
  readonly columns: readonly { readonly name: string; readonly sql: string }[];
}

function keyOf(db: Database, table: string): KeyColumns {
  const shape = tablesOf(db).shapes.get(foldName(table));
  const qualifier = quoteName(table);
  const key =
    shape?.key.map(({ name }) => ({ name, sql: `${qualifier}.${quoteName(name)}` })) ?? [];
  if (key.length > 0 || shape === undefined || shape.rowid === null) return { columns: key };
  return { columns: [{ name: 'rowid', sql: `${qualifier}.${shape.rowid}` }] };
}

/** The schema of an image does not change, and many rules ask for it. */
const knownTables = new WeakMap<Database, Tables>();

function tablesOf(db: Database): Tables {
  const tables = knownTables.get(db) ?? readTables(db, 'main');
  knownTables.set(db, tables);
  return tables;
}

/** Alone in a condition SQLite refuses what would not be a value of each row, such as `count(*)`. */
function checkExpression(db: Database, request: RowRequest, key: string, text: string): void {
  const problem = expressionProblem(text);
  if (problem !== undefined) throw new RuleProblem(`"${key}" ${problem}`, key);
  try {
    db.prepare(`SELECT 1 FROM ${quoteName(request.table)} WHERE (${text})`);
  } catch (error) {
    throw expressionError(request, key, error);
  }
}

function expressionError(
  { table, databaseName }: RowRequest,
  key: string,
  error: unknown,
): RuleProblem {
  const words = error instanceof Error ? error.message : String(error);
  return new RuleProblem(`"${key}": ${sqlProblem(words, table, databaseName)}`, key);
}

/** What only shows at some row, such as JSON that is none, as the problem of the expression that fails alone, too. */
function failure(db: Database, request: RowRequest, error: unknown): unknown {
  if (/^SQLITE_(?:CORRUPT|NOTADB|IOERR)/.test(sqliteCode(error) ?? '')) return error;
  for (const [key, text] of Object.entries(request.expressions)) {
    if (text === null) continue;
    try {
      db.prepare(`SELECT total((${text}) IS NULL) FROM ${quoteName(request.table)}`).get();
    } catch (own) {
      return expressionError(request, key, own);
    }
  }
  return error;
}

interface Selected {
  readonly keyColumns: KeyColumns;
  readonly selected: ReadonlyMap<string, number>;
  readonly expressions: ReadonlyMap<string, number>;
}

function* eachRow(
  statement: Statement<readonly ColumnValue[]>,
  { keyColumns: { columns: keyColumns }, selected, expressions }: Selected,
  asProblem: (error: unknown) => unknown,
): IterableIterator<RowView> {
  let values: readonly ColumnValue[] = [];
  const view: RowView = {
    column: (name) => values[selected.get(name) ?? -1] ?? null,
    expression: (key) => values[expressions.get(key) ?? -1] ?? null,
    key: () =>
      keyColumns.length === 0
        ? null
        : Object.fromEntries(keyColumns.map(({ name }, i) => [name, keyCell(values[i] ?? null)])),
  };
  try {
    for (const row of statement.iterate()) {
      values = row;
      yield view;
    }
  } catch (error) {
    throw asProblem(error);
  }
}

function keyCell(value: ColumnValue): CellDocument {
  if (typeof value === 'bigint') return integerCell(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : { real: String(value) };
  if (value === null || typeof value === 'string') return value;
  return { blob: createHash('sha256').update(value).digest('hex'), bytes: value.byteLength };
}
