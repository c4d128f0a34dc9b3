// Rows of tables whose rowid is not their key. What lies unchanged under one rowid on both sides is
// set aside first, which is nearly all; the rest is noted in temporary tables (on disk where they
// grow) and matched there:
// - by the key, with the key's own collation, wherever a row moved to;
// - without a key, or with NULL in it: equal rows match wherever they lie, because VACUUM gives out
//   new rowids; of what is left, rows under one rowid are one that changed, unless so many moved
//   that rowids say nothing.

import { foldName } from '../../core/sqlite-names.ts';
import { MAX_ROWID, MIN_ROWID } from './btree-pages.ts';
import { pause } from './pause.ts';
import {
  bucketRanges,
  bucketSql,
  columnSql,
  commonColumns,
  readRowChanges,
  differsSql,
  keyNamesOf,
  rowidSql,
  tableSql,
  type RowOp,
  type RowsDiff,
  type TablePair,
} from './row-sql.ts';
import { scanByRowid } from './rows-by-rowid.ts';

/** Both sides have rowids, and the same key or none. */
export async function compareRematched(pair: TablePair): Promise<RowsDiff> {
  createTables(pair);
  try {
    await noteDifferences(pair);
    const keyed = pair.after.shape.key.length > 0;
    if (keyed) await matchByKey(pair);
    if (!keyed || hasKeylessRows(pair)) {
      await matchByContent(pair);
      pair.db.exec(sayRowidsAnything(pair) ? pairUnmatchedSql : separateUnmatchedSql);
    }
    return readChanges(pair);
  } finally {
    pair.db.exec(dropTables);
  }
}

const dropTables = ['old_rows', 'new_rows', 'unmatched', 'changes']
  .map((name) => `DROP TABLE IF EXISTS temp.${name};`)
  .join('');

/** Rows that are matched in one statement: nothing can interrupt it. */
const BATCH_ROWS = 16_384;

/** `old_rows` and `new_rows` hold what differs under its rowid, with the key under `k0`, `k1` … or else a bucket of its content. */
function createTables(pair: TablePair): void {
  const keys = pair.after.shape.key.map(
    ({ collation }, i) => `, k${i} COLLATE ${collation ?? 'BINARY'}`,
  );
  pair.db.exec(`${dropTables}
    CREATE TEMP TABLE old_rows (id INTEGER PRIMARY KEY, bucket INTEGER${keys.join('')});
    CREATE TEMP TABLE new_rows (id INTEGER PRIMARY KEY, bucket INTEGER${keys.join('')});
    CREATE TEMP TABLE unmatched (side INTEGER, id INTEGER, PRIMARY KEY (side, id)) WITHOUT ROWID;
    CREATE TEMP TABLE changes (op TEXT, old_id INTEGER, new_id INTEGER);`);
}

async function noteDifferences(pair: TablePair): Promise<void> {
  const older = prepareNote(pair, 'before');
  const newer = prepareNote(pair, 'after');
  for await (const differences of scanByRowid(pair)) {
    if (differences.length === 0) continue;
    pair.db.transaction('deferred', () => {
      for (const { rowid, op } of differences) {
        if (op !== 'add') older(rowid);
        if (op !== 'remove') newer(rowid);
      }
    });
  }
}

function prepareNote(pair: TablePair, which: 'before' | 'after'): (rowid: bigint) => void {
  const side = pair[which];
  const [alias, into] =
    which === 'before' ? (['A', 'old_rows'] as const) : (['B', 'new_rows'] as const);
  const names = new Map(side.shape.columns.map(({ name }) => [foldName(name), name]));
  const keys = keyNamesOf(pair.after.shape).map(
    (name) => `, ${columnSql(alias, names.get(foldName(name)) ?? name)}`,
  );
  const rowid = rowidSql(side, alias);
  // With a key only rows with NULL in it are matched by content, which are few.
  const bucket = keys.length === 0 ? bucketSql(pair, alias) : '0';
  const statement = pair.db.prepare(
    `INSERT INTO temp.${into} SELECT ${rowid}, ${bucket}${keys.join('')} FROM ${tableSql(side, alias)} WHERE ${rowid} = ?`,
  );
  return (id) => {
    statement.run(id);
  };
}

/** Uses the indexes of keys that it makes: those of the tables may be of an unknown collation. */
async function matchByKey(pair: TablePair): Promise<void> {
  const keys = pair.after.shape.key.map((_, i) => `k${i}`);
  pair.db.exec(`CREATE INDEX temp.old_keys ON old_rows (${keys.join(', ')})`);
  await pause(pair.signal);
  pair.db.exec(`CREATE INDEX temp.new_keys ON new_rows (${keys.join(', ')})`);
  await inBatches(pair, 'old_rows', [changedByKeySql(pair), missingByKeySql(pair, 'remove')]);
  await inBatches(pair, 'new_rows', [missingByKeySql(pair, 'add')]);
}

function changedByKeySql(pair: TablePair): string {
  return `INSERT INTO temp.changes SELECT 'change', r.id, n.id FROM temp.old_rows AS r
    CROSS JOIN temp.new_rows AS n ON ${sameKeySql(pair)}
    CROSS JOIN ${tableSql(pair.before, 'A')} ON ${rowidSql(pair.before, 'A')} = r.id
    CROSS JOIN ${tableSql(pair.after, 'B')} ON ${rowidSql(pair.after, 'B')} = n.id
    WHERE r.id BETWEEN ? AND ? AND (${differsSql(commonColumns(pair.before.shape, pair.after.shape))})`;
}

/** Rows with a whole key that the other side has not. */
function missingByKeySql(pair: TablePair, op: 'remove' | 'add'): string {
  const [table, other] = op === 'remove' ? ['old_rows', 'new_rows'] : ['new_rows', 'old_rows'];
  const ids = op === 'remove' ? 'r.id, NULL' : 'NULL, r.id';
  const whole = pair.after.shape.key.map((_, i) => `r.k${i} NOT NULL`).join(' AND ');
  return `INSERT INTO temp.changes SELECT '${op}', ${ids} FROM temp.${table} AS r
    WHERE r.id BETWEEN ? AND ? AND ${whole}
      AND NOT EXISTS (SELECT 1 FROM temp.${other} AS n WHERE ${sameKeySql(pair)})`;
}

function sameKeySql({ after }: TablePair): string {
  return after.shape.key.map((_, i) => `r.k${i} = n.k${i}`).join(' AND ');
}

/** Runs the statements, which take the first and the last id, on some rows of the temporary table after the other. */
async function inBatches(
  { db, signal }: TablePair,
  table: string,
  sql: readonly string[],
): Promise<void> {
  const statements = sql.map((one) => db.prepare(one));
  const lastOfBatch = db
    .prepare<bigint>(
      `SELECT id FROM temp.${table} WHERE id >= ? ORDER BY id LIMIT 1 OFFSET ${BATCH_ROWS - 1}`,
    )
    .pluck()
    .safeIntegers();
  for (let from = MIN_ROWID; ;) {
    await pause(signal);
    const to = lastOfBatch.get(from) ?? MAX_ROWID;
    for (const statement of statements) statement.run(from, to);
    if (to === MAX_ROWID) return;
    from = to + 1n;
  }
}

function hasKeylessRows({ db, after }: TablePair): boolean {
  const keyless = keylessSql(after.shape.key.length);
  const sql = `SELECT EXISTS (SELECT 1 FROM temp.old_rows AS o WHERE ${keyless})
    OR EXISTS (SELECT 1 FROM temp.new_rows AS o WHERE ${keyless})`;
  return db.prepare<number>(sql).pluck().get() === 1;
}

function keylessSql(keys: number): string {
  if (keys === 0) return '1';
  return `(${Array.from({ length: keys }, (_, i) => `o.k${i} IS NULL`).join(' OR ')})`;
}

/**
 * Rows of one content are numbered through, the older side's first: as many of the one side as the
 * other has too are matched, the rest goes into `unmatched`.
 */
async function matchByContent(pair: TablePair): Promise<void> {
  const { db } = pair;
  const count = (table: string): number =>
    db.prepare<number>(`SELECT count(*) FROM temp.${table}`).pluck().get() ?? 0;
  const rows = count('old_rows') + count('new_rows');
  const statement = db.prepare(matchByContentSql(pair));
  for (const range of bucketRanges(rows, BATCH_ROWS)) {
    await pause(pair.signal);
    statement.run(range);
  }
}

function matchByContentSql(pair: TablePair): string {
  const { before, after } = pair;
  const columns = commonColumns(before.shape, after.shape);
  const keyless = keylessSql(after.shape.key.length);
  const select = (side: number, table: string, from: string, id: string, names: string[]): string =>
    `SELECT ${side} AS side, o.id AS id${names.map((name, i) => `, ${name} AS c${i}`).join('')}
     FROM temp.${table} AS o CROSS JOIN ${from} ON ${id} = o.id
     WHERE o.bucket BETWEEN :from AND :to AND ${keyless}`;
  const content = columns.flatMap(({ typeMatters }, i) => [
    `c${i} COLLATE BINARY`,
    ...(typeMatters ? [`typeof(c${i})`] : []),
  ]);
  const partition = content.length === 0 ? '' : `PARTITION BY ${content.join(', ')}`;
  const oldNames = columns.map((column) => columnSql('A', column.before.name));
  const newNames = columns.map((column) => columnSql('B', column.after.name));
  return `
    INSERT INTO temp.unmatched SELECT side, id FROM (
      SELECT side, id, row_number() OVER (${partition} ORDER BY side, id) AS number,
        sum(side = 0) OVER (${partition}) AS older, sum(side = 1) OVER (${partition}) AS newer
      FROM (${select(0, 'old_rows', tableSql(before, 'A'), rowidSql(before, 'A'), oldNames)}
        UNION ALL ${select(1, 'new_rows', tableSql(after, 'B'), rowidSql(after, 'B'), newNames)}))
      WHERE number - side * older > min(older, newer)`;
}

/**
 * False where more rows moved than there are to pair: the table got new rowids. What lies unchanged
 * under its rowid was set aside before, so every match was between two rowids.
 */
function sayRowidsAnything({ db, after }: TablePair): boolean {
  const count = (sql: string): number =>
    db.prepare<number>(`SELECT count(*) FROM ${sql}`).pluck().get() ?? 0;
  const old = count(`temp.old_rows AS o WHERE ${keylessSql(after.shape.key.length)}`);
  const unmatched = count('temp.unmatched AS u WHERE side = 0');
  const pairs = count(`temp.unmatched AS u WHERE side = 0 AND ${otherSide(1)}`);
  return old - unmatched <= pairs;
}

const separateUnmatchedSql = `
  INSERT INTO temp.changes SELECT 'remove', id, NULL FROM temp.unmatched WHERE side = 0;
  INSERT INTO temp.changes SELECT 'add', NULL, id FROM temp.unmatched WHERE side = 1;`;

const otherSide = (side: number): string =>
  `EXISTS (SELECT 1 FROM temp.unmatched AS other WHERE other.side = ${side} AND other.id = u.id)`;

const pairUnmatchedSql = `
  INSERT INTO temp.changes SELECT 'change', id, id FROM temp.unmatched AS u
    WHERE side = 0 AND ${otherSide(1)};
  INSERT INTO temp.changes SELECT 'remove', id, NULL FROM temp.unmatched AS u
    WHERE side = 0 AND NOT ${otherSide(1)};
  INSERT INTO temp.changes SELECT 'add', NULL, id FROM temp.unmatched AS u
    WHERE side = 1 AND NOT ${otherSide(0)};`;

function readChanges(pair: TablePair): RowsDiff {
  const { db, after, limit } = pair;
  const counts = new Map(
    db.prepare<[RowOp, number]>('SELECT op, count(*) FROM temp.changes GROUP BY op').raw().all(),
  );
  const order = after.shape.key.map(
    ({ collation }, i) =>
      `CASE c.op WHEN 'add' THEN n.k${i} ELSE o.k${i} END COLLATE ${collation ?? 'BINARY'}, `,
  );
  const listed = db
    .prepare<[RowOp, bigint | null, bigint | null]>(
      `SELECT c.op, c.old_id, c.new_id FROM temp.changes AS c
       LEFT JOIN temp.old_rows AS o ON o.id = c.old_id LEFT JOIN temp.new_rows AS n ON n.id = c.new_id
       ORDER BY ${order.join('')} coalesce(c.old_id, c.new_id), c.op LIMIT ?`,
    )
    .raw()
    .safeIntegers()
    .all(limit);
  const rows = readRowChanges(
    pair,
    listed.map(([op, oldId, newId]) => ({ op, before: oldId, after: newId })),
  );
  return {
    added: counts.get('add') ?? 0,
    removed: counts.get('remove') ?? 0,
    changed: counts.get('change') ?? 0,
    rows,
  };
}
