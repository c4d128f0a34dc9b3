// Rows paired by their key where no rowid helps (WITHOUT ROWID): SQLite walks one side in the order
// of the key and looks each key up in the other. The two lists of what it finds are in key order
// and SQLite merges them, so nothing is sorted and memory stays constant. Some equal rows come
// along by chance, only to give the event loop its turn.

import { foldName } from '../../core/sqlite-names.ts';
import { pause } from './pause.ts';
import type { CellValue } from '../sqlite/cells.ts';
import {
  columnSql,
  commonColumns,
  differsSql,
  indexedTableSql,
  keyNamesOf,
  readableColumns,
  rowColumns,
  toRowChange,
  toRowOf,
  type RowsDiff,
  type TablePair,
} from './row-sql.ts';
import type { RowChange } from '../../core/documents/documents.ts';
import type { KeyColumn } from '../sqlite/table-shape.ts';

/** Both sides have the same key, with collations that are there. */
export async function compareByKey(pair: TablePair): Promise<RowsDiff> {
  const listed = pair.limit > 0 ? await listByKey(pair) : [];
  // A list that is not full has told all there is.
  if (pair.limit > 0 && listed.length < pair.limit) {
    const count = (op: RowChange['op']): number => listed.filter((row) => row.op === op).length;
    return {
      added: count('add'),
      removed: count('remove'),
      changed: count('change'),
      rows: listed,
    };
  }
  const counts = [0, 0, 0, 0];
  const { older, newer } = keyedSelects(pair, '', '');
  for (const sql of [older, newer]) {
    for (const op of pair.db.prepare<number>(sql).pluck().iterate()) {
      counts[op] = (counts[op] ?? 0) + 1;
      if (op === OPS.none) await pause(pair.signal);
    }
  }
  return {
    added: counts[OPS.add] ?? 0,
    removed: counts[OPS.remove] ?? 0,
    changed: counts[OPS.change] ?? 0,
    rows: listed,
  };
}

const OPS = { none: 0, add: 1, remove: 2, change: 3 } as const;

/** One in so many equal rows comes along. */
const PAUSE_SQL = 'random() & 8191 = 0';

async function listByKey(pair: TablePair): Promise<readonly RowChange[]> {
  const { db, before, after, encoding } = pair;
  const names = { before: readableColumns(db, before), after: readableColumns(db, after) };
  const keys = keyPairs(pair);
  const nulls = (count: number): string => ', NULL'.repeat(count);
  const keyOf = (alias: 'A' | 'B'): string =>
    keys.map((key) => columnSql(alias, alias === 'A' ? key.before : key.after)).join(', ');
  const rowOf = { A: rowColumns(names.before, 'A'), B: rowColumns(names.after, 'B') };
  const { older, newer } = keyedSelects(
    pair,
    `, ${keyOf('A')}, ${rowOf.A}, ${rowOf.B}`,
    `, ${keyOf('B')}${nulls(names.before.length + 1)}, ${rowOf.B}`,
  );
  const order = keys.map(({ collation }, i) => `${i + 2} COLLATE ${collation}`).join(', ');
  const statement = db
    .prepare<[bigint, ...CellValue[]]>(`${older} UNION ALL ${newer} ORDER BY ${order}`)
    .raw()
    .safeIntegers();
  const beforeAt = 1 + keys.length;
  const afterAt = beforeAt + names.before.length + 1;
  const listed: RowChange[] = [];
  for (const values of statement.iterate()) {
    const op = opNames[Number(values[0])];
    if (op === undefined) {
      await pause(pair.signal);
      continue;
    }
    const row = {
      before: op === 'add' ? null : toRowOf(names.before, values.slice(beforeAt), encoding),
      after: op === 'remove' ? null : toRowOf(names.after, values.slice(afterAt), encoding),
    };
    listed.push(toRowChange({ op, ...row }, keyNamesOf(pair.after.shape), pair.cells));
    if (listed.length === pair.limit) break;
  }
  return listed;
}

const opNames: readonly (RowChange['op'] | undefined)[] = [undefined, 'add', 'remove', 'change'];

interface KeyPair extends KeyColumn {
  readonly before: string;
  readonly after: string;
}

/** The key's columns as each side names them, in the order of the newer side. */
function keyPairs({ before, after }: TablePair): readonly KeyPair[] {
  const left = new Map(before.shape.key.map((key) => [foldName(key.name), key.name]));
  return after.shape.key.map((key) => ({
    ...key,
    before: left.get(foldName(key.name)) ?? key.name,
    after: key.name,
  }));
}

/** What the older side has and the newer has not or has otherwise, and what only the newer has; each with a number of `OPS` in front. */
function keyedSelects(
  pair: TablePair,
  olderColumns: string,
  newerColumns: string,
): { readonly older: string; readonly newer: string } {
  const { before, after } = pair;
  const keys = keyPairs(pair);
  const on = keys
    .map(
      (key) =>
        `${columnSql('A', key.before)} = ${columnSql('B', key.after)} COLLATE ${key.collation}`,
    )
    .join(' AND ');
  // A key that was found is not NULL: NULL equals nothing.
  const first = keys[0] ?? { before: '', after: '' };
  const noB = `${columnSql('B', first.after)} IS NULL`;
  const noA = `${columnSql('A', first.before)} IS NULL`;
  const differs = differsSql(commonColumns(before.shape, after.shape));
  const a = indexedTableSql(before, 'A');
  const b = indexedTableSql(after, 'B');
  return {
    older: `SELECT CASE WHEN ${noB} THEN ${OPS.remove} WHEN ${differs} THEN ${OPS.change} ELSE ${OPS.none} END${olderColumns}
      FROM ${a} LEFT JOIN ${b} ON ${on} WHERE ${noB} OR ${differs} OR ${PAUSE_SQL}`,
    newer: `SELECT CASE WHEN ${noA} THEN ${OPS.add} ELSE ${OPS.none} END${newerColumns}
      FROM ${b} LEFT JOIN ${a} ON ${on} WHERE ${noA} OR ${PAUSE_SQL}`,
  };
}
