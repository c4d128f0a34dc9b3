// What the command line costs before it does anything: a project with a store, and commands that only
// answer, beside a Node that does nothing.

import { join } from 'node:path';
import { measure, run, type Command } from './measure.ts';
import { medianOf, type Results } from './results.ts';
import { makeProject } from './sample-data.ts';
import { savepoint } from './tools/savepoint.ts';

/** In turn, so many times each. */
const runs = 15;

/** Adds milliseconds above Node's own median, one sample a run. */
export function measureStart(cli: string, folder: string, column: string, results: Results): void {
  const project = join(folder, 'project');
  const store = join(folder, 'store');
  const call = (...args: string[]): Command => ({
    argv: savepoint(cli, project, store, ...args),
    env: { HOME: folder },
  });
  makeProject(project, 0.01);
  run(call('snapshot'));
  const nothing: Command = { argv: [process.execPath, '-e', '0'], env: { HOME: folder } };
  const commands = [nothing, call('--version'), call('list')] as const;
  const times = commands.map((): number[] => []);
  for (let i = 0; i < runs; i += 1)
    for (const [at, command] of commands.entries())
      times[at]?.push(measure(command).seconds * 1000);
  const [node = [], version = [], list = []] = times;
  const base = medianOf(node);
  for (const ms of version) results.add('start', column, ms - base);
  for (const ms of list) results.add('start-list', column, ms - base);
}
