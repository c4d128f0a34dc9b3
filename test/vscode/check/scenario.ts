import { docsfyWorkspace } from '../../support/docsfy-workspace.ts';
import { database } from '../../support/sqlite.ts';
import { writeTree } from '../../support/tree.ts';
import type { Scenario } from '../../support/vscode-scenario.ts';

const uploads = Array.from({ length: 30 }, (_, index) => `photo-${index + 1}.jpg`);

/** Two data directories: docsfy, whose rules are known, and one whose rule has to be found: most of its rows fit. */
export const scenario: Scenario = {
  // A deletion here is to be noticed, not to be saved before.
  settings: { 'savepoint.guard.explorerDelete': false },
  async prepare({ dir }) {
    const rows = uploads.map((name, index) => `(${index + 1}, '${name}')`).join(', ');
    await writeTree(dir, {
      ...docsfyWorkspace(),
      'storage/app.db': database(
        `CREATE TABLE uploads (id INTEGER PRIMARY KEY, path TEXT); INSERT INTO uploads VALUES ${rows};`,
      ),
      ...Object.fromEntries(
        uploads.slice(0, 28).map((name) => [`storage/files/${name}`, `picture ${name}`]),
      ),
    });
    return dir;
  },
};
