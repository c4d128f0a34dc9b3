import { docsfyWorkspace } from '../../support/docsfy-workspace.ts';
import { runCli } from '../../support/cli.ts';
import { writeTree } from '../../support/tree.ts';
import type { Scenario } from '../../support/vscode-scenario.ts';

/** A folder that is not trusted, with a snapshot from the time when it was. */
export const scenario: Scenario = {
  trusted: false,
  async prepare({ dir, store }) {
    await writeTree(dir, docsfyWorkspace());
    const env = { SAVEPOINT_STORE: store };
    const { code, stderr } = runCli(['snapshot', '-m', 'Earlier'], { cwd: dir, env });
    if (code !== 0) throw new Error(stderr);
    return dir;
  },
};
