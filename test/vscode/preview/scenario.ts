import { docsfyWorkspace } from '../../support/docsfy-workspace.ts';
import { writeTree } from '../../support/tree.ts';
import type { Scenario } from '../../support/vscode-scenario.ts';

/** One folder with data, for the third view. */
export const scenario: Scenario = {
  async prepare({ dir }) {
    await writeTree(dir, docsfyWorkspace());
    return dir;
  },
};
