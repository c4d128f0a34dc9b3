import { docsfyWorkspace } from '../../support/docsfy-workspace.ts';
import { writeTree } from '../../support/tree.ts';
import type { Scenario } from '../../support/vscode-scenario.ts';

/** A project with data, for what agents may do in the editor. */
export const scenario: Scenario = {
  settings: { 'chat.disableAIFeatures': false },
  async prepare({ dir }) {
    await writeTree(dir, docsfyWorkspace());
    return dir;
  },
};
