import { runCli } from '../../support/cli.ts';
import { docsfyWorkspace } from '../../support/docsfy-workspace.ts';
import { multiplySnapshots } from '../../support/many-snapshots.ts';
import { writeTree } from '../../support/tree.ts';
import type { Scenario } from '../../support/vscode-scenario.ts';

/** A project with 5,000 snapshots. */
export const scenario: Scenario = {
  async prepare({ dir, store }) {
    const keepAll = '{ "retention": { "keepLast": 100000 } }';
    await writeTree(dir, { ...docsfyWorkspace(), 'savepoint.json': keepAll });
    const { code, stderr } = runCli(['snapshot'], { cwd: dir, env: { SAVEPOINT_STORE: store } });
    if (code !== 0) throw new Error(stderr);
    multiplySnapshots(store, 5_000);
    return dir;
  },
};
