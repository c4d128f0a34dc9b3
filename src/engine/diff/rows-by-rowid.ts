// Rows paired by rowid, in windows of rowids that both sides are counted in: within one, the newer
// table is only searched for rows of its own where the counts leave room for any. A window is a few
// milliseconds of work, and the event loop gets its turn between two.

import { foldName } from '../../core/sqlite-names.ts';
import { MAX_ROWID, MIN_ROWID } from './btree-pages.ts';
import type { Statement } from '../sqlite/sqlite-driver.ts';
import { pause } from './pause.ts';
import {
  commonColumns,
  differsSql,
  readRowChanges,
  rowidSql,
  tableSql,
  type Alias,
  type RowOp,
  type RowsDiff,
  type TablePair,
  type TableSide,
} from './row-sql.ts';
import type { RowidRange } from './dirty-rowids.ts';

export interface RowidDifference {
  readonly rowid: bigint;
  readonly op: RowOp;
}

/** For tables whose rowid is the key, and for virtual ones. */
export async function compareByRowid(pair: TablePair): Promise<RowsDiff> {
  const counts = { add: 0, remove: 0, change: 0 };
  const listed: RowidDifference[] = [];
  for await (const differences of scanByRowid(pair)) {
    for (const difference of differences) {
      counts[difference.op] += 1;
      if (listed.length < pair.limit) listed.push(difference);
    }
  }
  const rows = readRowChanges(
    pair,
    listed.map(({ rowid, op }) => ({
      op,
      before: op === 'add' ? null : rowid,
      after: op === 'remove' ? null : rowid,
    })),
  );
  return { added: counts.add, removed: counts.remove, changed: counts.change, rows };
}

/** Rowids whose rows differ, in order, window by window. */
export async function* scanByRowid(
  pair: TablePair,
): AsyncGenerator<readonly RowidDifference[], void, undefined> {
  if (pair.ranges !== undefined) {
    yield* scanRanges(pair, pair.ranges);
    return;
  }
  const window = pair.before.shape.isVirtual ? wholeTable(pair) : rowidWindows(pair);
  const statements = prepareScan(pair);
  for (const { from, to, before, after } of window) {
    await pause(pair.signal);
    yield differencesIn(statements, from, to, before, after);
  }
}

/** @param before rows of that side in the window, as `after` of the other */
function differencesIn(
  statements: ScanStatements,
  from: bigint,
  to: bigint,
  before: number,
  after: number,
): readonly RowidDifference[] {
  const differences = statements.older.all(from, to).map(([rowid, isGone]): RowidDifference => ({
    rowid,
    op: isGone === 1n ? 'remove' : 'change',
  }));
  const removed = differences.filter(({ op }) => op === 'remove').length;
  // Each row that is still there has its partner in this window: what is beyond them is new.
  if (after > before - removed) {
    for (const rowid of statements.newer.all(from, to)) differences.push({ rowid, op: 'add' });
    differences.sort((a, b) => (a.rowid < b.rowid ? -1 : 1));
  }
  return differences;
}

/** Ranges of so many leaves together are searched at once. */
const MAX_BATCH_LEAVES = 256;

/** Many small ranges are one statement: each by itself would take longer to begin than to search. */
async function* scanRanges(
  pair: TablePair,
  ranges: readonly RowidRange[],
): AsyncGenerator<readonly RowidDifference[], void, undefined> {
  if (ranges.length === 0) return;
  const { db } = pair;
  db.exec(`DROP TABLE IF EXISTS temp.dirty_rowids;
    CREATE TEMP TABLE dirty_rowids (id INTEGER PRIMARY KEY, first INTEGER, last INTEGER);`);
  const insert = db.prepare('INSERT INTO temp.dirty_rowids VALUES (?, ?, ?)');
  db.transaction('deferred', () => {
    for (const [i, { from, to }] of ranges.entries()) insert.run(i, from, to);
  });
  const statements = prepareScan(pair, true);
  const counts = [pair.before, pair.after].map((side) => prepareCount(pair, side));
  for (let from = 0; from < ranges.length;) {
    await pause(pair.signal);
    let to = from;
    for (let leaves = 0; to < ranges.length && leaves < MAX_BATCH_LEAVES; to++)
      leaves += ranges[to]?.leaves ?? 1;
    const [before = 0, after = 0] = counts.map((count) => count.get(from, to - 1) ?? 0);
    yield differencesIn(statements, BigInt(from), BigInt(to - 1), before, after);
    from = to;
  }
  db.exec('DROP TABLE temp.dirty_rowids');
}

interface RowidWindow {
  readonly from: bigint;
  readonly to: bigint;
  /** Rows of each side in it. */
  readonly before: number;
  readonly after: number;
}

/** Rows of a window: about 10 ms of work. */
const WINDOW_ROWS = 16_384;
/** A window that holds more of the newer side is cut by the newer side. */
const MAX_WINDOW_ROWS = 4 * WINDOW_ROWS;

/** Searching a range of rowids in a virtual table may read all of it, so it is one window. */
function* wholeTable(pair: TablePair): IterableIterator<RowidWindow> {
  const count = (side: TableSide): number =>
    pair.db
      .prepare<number>(`SELECT count(*) FROM ${tableSql(side, 'A')}`)
      .pluck()
      .get() ?? 0;
  yield {
    from: MIN_ROWID,
    to: MAX_ROWID,
    before: count(pair.before),
    after: count(pair.after),
  };
}

function* rowidWindows(pair: TablePair): IterableIterator<RowidWindow> {
  const before = prepareWindow(pair, pair.before);
  const after = prepareWindow(pair, pair.after);
  for (let from = MIN_ROWID; ;) {
    let to = before.last.get(from);
    let older = to === undefined ? before.count.get(from, MAX_ROWID) : WINDOW_ROWS;
    to ??= MAX_ROWID;
    let newer = after.count.get(from, to);
    if (newer === MAX_WINDOW_ROWS) {
      to = after.last.get(from) ?? to;
      older = before.count.get(from, to);
      newer = WINDOW_ROWS;
    }
    yield { from, to, before: older ?? 0, after: newer ?? 0 };
    if (to === MAX_ROWID) return;
    from = to + 1n;
  }
}

interface WindowStatements {
  /** The last rowid of a full window. */
  readonly last: Statement<bigint>;
  /** At most MAX_WINDOW_ROWS. */
  readonly count: Statement<number>;
}

function prepareWindow(pair: TablePair, side: TableSide): WindowStatements {
  const rowid = rowidSql(side, 'A');
  const table = tableSql(side, 'A');
  return {
    last: pair.db
      .prepare<bigint>(
        `SELECT ${rowid} FROM ${table} WHERE ${rowid} >= ? ORDER BY ${rowid} LIMIT 1 OFFSET ${WINDOW_ROWS - 1}`,
      )
      .pluck()
      .safeIntegers(),
    count: pair.db
      .prepare<number>(
        `SELECT count(*) FROM (SELECT 1 FROM ${table} WHERE ${rowid} BETWEEN ? AND ? LIMIT ${MAX_WINDOW_ROWS})`,
      )
      .pluck(),
  };
}

interface ScanStatements {
  /** Rowid, and 1 where the newer side has no such row. */
  readonly older: Statement<[bigint, bigint]>;
  readonly newer: Statement<bigint>;
}

/** @param ofRanges the parameters are ids in `temp.dirty_rowids` instead of rowids */
function prepareScan(pair: TablePair, ofRanges = false): ScanStatements {
  const { db, before, after } = pair;
  const a = rowidSql(before, 'A');
  const b = rowidSql(after, 'B');
  const differs = differsSql(
    commonColumns(before.shape, after.shape).filter(
      (column) => !isRowid(before, column.before.name) || !isRowid(after, column.after.name),
    ),
  );
  const from = (side: TableSide, alias: Alias, rowid: string): string =>
    ofRanges ? rangesSql(side, alias, rowid) : tableSql(side, alias);
  const range = (rowid: string): string => `${ofRanges ? 'd.id' : rowid} BETWEEN ? AND ?`;
  const missing = (side: TableSide, alias: Alias, on: string): string =>
    `NOT EXISTS (SELECT 1 FROM ${tableSql(side, alias)} WHERE ${on})`;
  return {
    older: db
      .prepare<[bigint, bigint]>(
        `SELECT ${a}, ${b} IS NULL FROM ${from(before, 'A', a)} LEFT JOIN ${tableSql(after, 'B')} ON ${b} = ${a}
         WHERE ${range(a)} AND (${b} IS NULL OR ${differs}) ORDER BY ${a}`,
      )
      .raw()
      .safeIntegers(),
    newer: db
      .prepare<bigint>(
        `SELECT ${b} FROM ${from(after, 'B', b)}
         WHERE ${range(b)} AND ${missing(before, 'A', `${a} = ${b}`)} ORDER BY ${b}`,
      )
      .pluck()
      .safeIntegers(),
  };
}

function prepareCount({ db }: TablePair, side: TableSide): Statement<number> {
  const from = rangesSql(side, 'A', rowidSql(side, 'A'));
  return db.prepare<number>(`SELECT count(*) FROM ${from} WHERE d.id BETWEEN ? AND ?`).pluck();
}

function rangesSql(side: TableSide, alias: Alias, rowid: string): string {
  return `temp.dirty_rowids AS d CROSS JOIN ${tableSql(side, alias)} ON ${rowid} BETWEEN d.first AND d.last`;
}

function isRowid({ shape }: TableSide, name: string): boolean {
  return shape.rowid !== null && foldName(shape.rowid) === foldName(name);
}
