import { writeTree } from '../../support/tree.ts';
import type { Scenario } from '../../support/vscode-scenario.ts';
import { scenario as newerStore } from '../newer-store/scenario.ts';

/** No snapshot can be taken, and savepoint.json does not let anything run without one. */
export const scenario: Scenario = {
  settings: { 'savepoint.guard.debug': true },
  async prepare(place) {
    const opened = await newerStore.prepare(place);
    const step = { type: 'savepoint', task: 'snapshot' };
    const wipe = { label: 'wipe', type: 'shell', command: 'rm -rf data/uploads', dependsOn: step };
    const wrapped = { label: 'wrapped', type: 'savepoint', command: 'rm -rf data/uploads' };
    await writeTree(place.dir, {
      'savepoint.json': JSON.stringify({ guard: { onFailure: 'stop' } }),
      'data/uploads/one.txt': 'one',
      'wipe.mjs':
        "import { rmSync } from 'node:fs'; rmSync('data/uploads', { recursive: true });\n",
      '.vscode/tasks.json': JSON.stringify({ version: '2.0.0', tasks: [wipe, wrapped] }),
    });
    return opened;
  },
};
