// What the guard costs at its worst: lines made to be slow, and a store that somebody else has locked.

import Database from 'better-sqlite3';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measureAboveNode } from './above-node.ts';
import { measure, run, type Command } from './measure.ts';
import type { Results } from './results.ts';
import { makeProject } from './sample-data.ts';

const slowLines = [
  `rm ${'{a,b}'.repeat(40)} /elsewhere/${'{a,b}'.repeat(40)}`,
  `rm ${'{a,'.repeat(2_000)} /elsewhere/${'{a,'.repeat(2_000)}`,
  `rm /elsewhere/${'*'.repeat(60)} /elsewhere/${'*?'.repeat(40)}`,
  `${'echo a; '.repeat(8_000)}rm -rf elsewhere`,
];

export function measureGuard(cli: string, folder: string, column: string, results: Results): void {
  const project = join(folder, 'project');
  const store = join(folder, 'store');
  makeProject(project, 0.01);
  const call = (...args: readonly string[]): Command => ({
    argv: [process.execPath, cli, ...args],
    cwd: project,
    env: { HOME: folder, SAVEPOINT_STORE: store },
  });
  run(call('snapshot'));
  const slow = slowLines.map((line) => call('guard', '--shell', 'bash', '--line', line));
  measureAboveNode([['guard-line', slow]], column, results);
  measureLocked(cli, folder, project, store, column, results);
}

/** Adds seconds of a hook that may wait for one second. */
function measureLocked(
  cli: string,
  folder: string,
  project: string,
  store: string,
  column: string,
  results: Results,
): void {
  const name = readdirSync(store).find((one) => existsSync(join(store, one, 'lock.db'))) ?? '';
  const lock = new Database(join(store, name, 'lock.db'));
  lock.exec('BEGIN EXCLUSIVE');
  writeFileSync(join(project, 'data/new.txt'), 'new');
  const event = join(folder, 'event.json');
  const input = { command: 'rm -rf data' };
  writeFileSync(event, JSON.stringify({ tool_name: 'Bash', cwd: project, tool_input: input }));
  const hook = `exec "$0" "$1" agent-hook claude-code --timeout 1 <"$2"`;
  const command: Command = {
    argv: ['sh', '-c', hook, process.execPath, cli, event],
    cwd: project,
    env: { HOME: folder, SAVEPOINT_STORE: store },
  };
  try {
    for (let i = 0; i < 5; i += 1) results.add('hook-limit', column, measure(command).seconds);
  } finally {
    lock.close();
  }
}
