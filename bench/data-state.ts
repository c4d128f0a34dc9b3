// What the data of a project are, to see whether a restore brought them back: a fast restore that
// restores nothing would win every round.

import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { databasePath, tables } from './sample-data.ts';
import type { Restored } from './tools/tool.ts';

/** Path to size and time for each file, table to count and sums for the database. */
export type DataState = ReadonlyMap<string, string>;

const tablePrefix = 'table ';

export function stateOfData(project: string): DataState {
  const state = new Map<string, string>();
  const options = { withFileTypes: true, recursive: true } as const;
  for (const entry of readdirSync(join(project, 'data', 'sites'), options)) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const { size, mtimeMs } = lstatSync(path);
    state.set(path, `${size} bytes of ${Math.floor(mtimeMs)}`);
  }
  const db = new Database(join(project, databasePath));
  for (const { name } of tables) {
    const [row] = db
      .prepare(`SELECT count(*), sum(updated_at), max(updated_at) FROM ${name}`)
      .all();
    state.set(`${tablePrefix}${name}`, JSON.stringify(row));
  }
  db.close();
  return state;
}

/** @throws where what `restores` promises is not what it was */
export function assertState(project: string, before: DataState, restores: Restored): void {
  const after = stateOfData(project);
  for (const [key, value] of before) {
    if (restores === 'database' && !key.startsWith(tablePrefix)) continue;
    if (after.get(key) !== value)
      throw new Error(`not restored: ${key} is ${after.get(key) ?? 'missing'}, was ${value}`);
  }
  const extra = [...after.keys()].find((key) => !before.has(key));
  if (restores === 'everything' && extra !== undefined)
    throw new Error(`not restored: ${extra} is still there`);
}
