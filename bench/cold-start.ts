// What the command line costs before it does anything: a project with a store, and commands that only
// answer.

import { join } from 'node:path';
import { measureAboveNode } from './above-node.ts';
import { run, type Command } from './measure.ts';
import type { Results } from './results.ts';
import { makeProject } from './sample-data.ts';
import { savepoint } from './tools/savepoint.ts';

export function measureStart(cli: string, folder: string, column: string, results: Results): void {
  const project = join(folder, 'project');
  const store = join(folder, 'store');
  const call = (...args: string[]): Command => ({
    argv: savepoint(cli, project, store, ...args),
    env: { HOME: folder },
  });
  makeProject(project, 0.01);
  run(call('snapshot'));
  const commands = [
    ['start', [call('--version')]],
    ['start-list', [call('list')]],
  ] as const;
  measureAboveNode(commands, column, results);
}
