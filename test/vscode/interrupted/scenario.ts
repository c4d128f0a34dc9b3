import { rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCli } from '../../support/cli.ts';
import { docsfyWorkspace } from '../../support/docsfy-workspace.ts';
import { killedAt } from '../../support/killed-at.ts';
import { writeTree } from '../../support/tree.ts';
import type { Scenario } from '../../support/vscode-scenario.ts';

/** Two folders whose restore was killed in the middle. */
export const scenario: Scenario = {
  async prepare({ dir, store }) {
    for (const name of ['finish', 'undo']) await interrupt(join(dir, name), store);
    const file = join(dir, 'all.code-workspace');
    await writeFile(file, JSON.stringify({ folders: [{ path: 'finish' }, { path: 'undo' }] }));
    return file;
  },
};

async function interrupt(dir: string, store: string): Promise<void> {
  await mkdir(dir);
  await writeTree(dir, docsfyWorkspace());
  const env = { SAVEPOINT_STORE: store };
  const { code, stderr } = runCli(['snapshot', '-m', 'Sound'], { cwd: dir, env });
  if (code !== 0) throw new Error(stderr);
  rmSync(join(dir, 'data/projects/_default'), { recursive: true });
  const wasKilled = await killedAt({
    dir,
    storeDir: store,
    point: 'restore:half-files',
    method: 'applyRestore',
    arguments: [{ snapshot: 'Sound' }],
  });
  if (!wasKilled) throw new Error('the restore was not killed');
}
