// Rows of tables whose rowid is not their key. What lies unchanged under one rowid on both sides is
// set aside first, which is nearly all; the rest is noted in temporary tables (on disk where they
// grow) and matched there:
// - by the key, with the key's own collation, wherever a row moved to;
// - without a key, or with NULL in it: equal rows match wherever they lie, because VACUUM gives out
//   new rowids; of what is left, rows under one rowid are one that changed, unless so many moved
//   that rowids say nothing.

import { pause } from './pause.ts';
import {
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
  type TableSide,
} from './row-sql.ts';
import { scanByRowid } from './rows-by-rowid.ts';
import { foldName } from './table-shape.ts';

/** Both sides have rowids, and the same key or none. */
export async function compareRematched(pair: TablePair): Promise<RowsDiff> {
  createTables(pair);
  try {
    await noteDifferences(pair);
    const keyed = pair.after.shape.key.length > 0;
    if (keyed) {
      pair.db.exec(matchByKeySql(pair));
      await pause(pair.signal);
    }
    if (!keyed || hasKeylessRows(pair)) {
      pair.db.exec(matchByContentSql(pair));
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

/** `old_rows` and `new_rows` hold what differs under its rowid, with the key under `k0`, `k1` … */
function createTables(pair: TablePair): void {
  const keys = pair.after.shape.key.map(
    ({ collation }, i) => `, k${i} COLLATE ${collation ?? 'BINARY'}`,
  );
  pair.db.exec(`${dropTables}
    CREATE TEMP TABLE old_rows (id INTEGER PRIMARY KEY${keys.join('')});
    CREATE TEMP TABLE new_rows (id INTEGER PRIMARY KEY${keys.join('')});
    CREATE TEMP TABLE unmatched (side INTEGER, id INTEGER, PRIMARY KEY (side, id)) WITHOUT ROWID;
    CREATE TEMP TABLE changes (op TEXT, old_id INTEGER, new_id INTEGER);`);
}

async function noteDifferences(pair: TablePair): Promise<void> {
  const older = prepareNote(pair, pair.before, 'old_rows');
  const newer = prepareNote(pair, pair.after, 'new_rows');
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

function prepareNote(pair: TablePair, side: TableSide, into: string): (rowid: bigint) => void {
  const names = new Map(side.shape.columns.map(({ name }) => [foldName(name), name]));
  const keys = keyNamesOf(pair.after.shape).map(
    (name) => `, ${columnSql('A', names.get(foldName(name)) ?? name)}`,
  );
  const rowid = rowidSql(side, 'A');
  const statement = pair.db.prepare(
    `INSERT INTO temp.${into} SELECT ${rowid}${keys.join('')} FROM ${tableSql(side, 'A')} WHERE ${rowid} = ?`,
  );
  return (id) => {
    statement.run(id);
  };
}

/** Uses the indexes of keys that it makes: those of the tables may be of an unknown collation. */
function matchByKeySql(pair: TablePair): string {
  const keys = pair.after.shape.key.map((_, i) => `k${i}`);
  const same = keys.map((key) => `o.${key} = n.${key}`).join(' AND ');
  const whole = (alias: string): string =>
    keys.map((key) => `${alias}.${key} NOT NULL`).join(' AND ');
  const differs = differsSql(commonColumns(pair.before.shape, pair.after.shape));
  return `
    CREATE INDEX temp.old_keys ON old_rows (${keys.join(', ')});
    CREATE INDEX temp.new_keys ON new_rows (${keys.join(', ')});
    INSERT INTO temp.changes SELECT 'change', o.id, n.id FROM temp.old_rows AS o
      CROSS JOIN temp.new_rows AS n ON ${same}
      CROSS JOIN ${tableSql(pair.before, 'A')} ON ${rowidSql(pair.before, 'A')} = o.id
      CROSS JOIN ${tableSql(pair.after, 'B')} ON ${rowidSql(pair.after, 'B')} = n.id
      WHERE ${differs};
    INSERT INTO temp.changes SELECT 'remove', o.id, NULL FROM temp.old_rows AS o
      WHERE ${whole('o')} AND NOT EXISTS (SELECT 1 FROM temp.new_rows AS n WHERE ${same});
    INSERT INTO temp.changes SELECT 'add', NULL, n.id FROM temp.new_rows AS n
      WHERE ${whole('n')} AND NOT EXISTS (SELECT 1 FROM temp.old_rows AS o WHERE ${same});`;
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
function matchByContentSql(pair: TablePair): string {
  const { before, after } = pair;
  const columns = commonColumns(before.shape, after.shape);
  const keyless = keylessSql(after.shape.key.length);
  const select = (side: number, table: string, from: string, id: string, names: string[]): string =>
    `SELECT ${side} AS side, o.id AS id${names.map((name, i) => `, ${name} AS c${i}`).join('')}
     FROM temp.${table} AS o CROSS JOIN ${from} ON ${id} = o.id WHERE ${keyless}`;
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
      WHERE number - side * older > min(older, newer);`;
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
