// A project whose restore was killed in the middle.

import { rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runCli } from './cli.ts';
import { docsfyWorkspace } from './docsfy-workspace.ts';
import { killedAt } from './killed-at.ts';
import { writeTree } from './tree.ts';

/** Makes it in `dir`, which must not exist: snapshot "Sound", all sites deleted, half of them written again. */
export async function interruptedRestore(dir: string, store: string): Promise<void> {
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
