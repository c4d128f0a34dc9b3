import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { interruptedRestore } from '../../support/interrupted-restore.ts';
import type { Scenario } from '../../support/vscode-scenario.ts';

/** Two folders whose restore was killed in the middle. */
export const scenario: Scenario = {
  async prepare({ dir, store }) {
    for (const name of ['finish', 'undo']) await interruptedRestore(join(dir, name), store);
    const file = join(dir, 'all.code-workspace');
    await writeFile(file, JSON.stringify({ folders: [{ path: 'finish' }, { path: 'undo' }] }));
    return file;
  },
};
