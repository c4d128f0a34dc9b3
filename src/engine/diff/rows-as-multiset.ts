// Rows that nothing names alike on both sides (the key changed, or there is neither key nor rowid):
// how often each content occurs, over the columns that both have.

import { foldName, quoteName } from '../../core/sqlite-names.ts';
import type { RowChange } from '../../core/documents/documents.ts';
import type { Statement } from '../sqlite/sqlite-driver.ts';
import type { CellValue } from '../sqlite/cells.ts';
import { pause } from './pause.ts';
import { countRows, listRows } from './rows-of-one-side.ts';
import {
  bucketRanges,
  bucketSql,
  columnSql,
  commonColumns,
  indexedTableSql,
  keyNamesOf,
  rowColumns,
  toRowChange,
  toRowOf,
  type RowsDiff,
  type TablePair,
} from './row-sql.ts';
import { type TableShape } from '../sqlite/table-shape.ts';

/** Nothing is ever `changed` here: a row that differs is one gone and one come. Sorts both tables. */
export async function compareAsMultiset(pair: TablePair): Promise<RowsDiff> {
  const columns = commonColumns(pair.before.shape, pair.after.shape);
  if (columns.length === 0) return replaceAll(pair);
  const names = columns.map((column) => column.after.name);
  const result = { added: 0, removed: 0, changed: 0, rows: [] as RowChange[] };
  const counts = prepareCounts(pair);
  for await (const [older, newer, ...values] of partByPart(pair, counts)) {
    const op = older > newer ? 'remove' : 'add';
    const times = Math.abs(Number(older - newer));
    if (op === 'add') result.added += times;
    else result.removed += times;
    if (result.rows.length < pair.limit) {
      const row = toRowOf(names, values, pair.encoding);
      const sides = { before: op === 'remove' ? row : null, after: op === 'add' ? row : null };
      const { shape } = op === 'add' ? pair.after : pair.before;
      const change = toRowChange({ op, ...sides }, keyWithin(shape, names), pair.cells);
      const room = Math.min(times, pair.limit - result.rows.length);
      for (let i = 0; i < room; i++) result.rows.push(change);
    }
    if ((result.added + result.removed) % 4096 === 0) await pause(pair.signal);
  }
  return result;
}

/** Rows that are sorted in one statement, which nothing can interrupt before its first answer. */
const SORTED_ROWS = 65_536;

type CountRow = [older: bigint, newer: bigint, ...cells: CellValue[]];

async function* partByPart(
  pair: TablePair,
  counts: Statement<CountRow>,
): AsyncGenerator<CountRow, void, undefined> {
  const rows = countRows(pair.db, pair.before) + countRows(pair.db, pair.after);
  for (const range of bucketRanges(rows, SORTED_ROWS)) {
    await pause(pair.signal);
    yield* counts.iterate(range);
  }
}

function prepareCounts(pair: TablePair): Statement<CountRow> {
  const { db, before, after } = pair;
  const columns = commonColumns(before.shape, after.shape);
  const select = (side: number, from: string, names: readonly string[], bucket: string): string =>
    `SELECT ${side} AS side, ${names.map((name, i) => `${name} AS ${quoteName(columns[i]?.after.name ?? '')}`).join(', ')} FROM ${from} WHERE ${bucket} BETWEEN :from AND :to`;
  const cells = columns.map((column) => column.after.name);
  const content = columns.flatMap(({ after: { name }, typeMatters }) => {
    const sql = columnSql('A', name);
    return [`${sql} COLLATE BINARY`, ...(typeMatters ? [`typeof(${sql})`] : [])];
  });
  const older = columns.map((column) => columnSql('A', column.before.name));
  const newer = columns.map((column) => columnSql('B', column.after.name));
  return db
    .prepare<CountRow>(
      `SELECT sum(A.side = 0) AS older, sum(A.side = 1) AS newer, ${rowColumns(cells, 'A')}
       FROM (${select(0, indexedTableSql(before, 'A'), older, bucketSql(pair, 'A'))}
         UNION ALL ${select(1, indexedTableSql(after, 'B'), newer, bucketSql(pair, 'B'))}) AS A
       GROUP BY ${content.join(', ')} HAVING older <> newer ORDER BY ${content.join(', ')}`,
    )
    .raw()
    .safeIntegers();
}

/** The key of a side, where the common columns hold it. */
function keyWithin(shape: TableShape, names: readonly string[]): readonly string[] {
  const key = keyNamesOf(shape);
  const common = new Set(names.map(foldName));
  return key.every((name) => common.has(foldName(name))) ? key : [];
}

/** Without a column in common no row of the one side is one of the other. */
function replaceAll(pair: TablePair): RowsDiff {
  const { before, after, limit } = pair;
  const removed = listRows({ ...pair, side: before }, 'remove');
  const added = listRows({ ...pair, side: after }, 'add');
  return {
    added: countRows(pair.db, after),
    removed: countRows(pair.db, before),
    changed: 0,
    rows: [...removed, ...added].slice(0, limit),
  };
}
