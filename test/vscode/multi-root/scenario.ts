import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { database } from '../../support/sqlite.ts';
import { docsfyWorkspace } from '../../support/docsfy-workspace.ts';
import { writeTree } from '../../support/tree.ts';
import type { Scenario } from '../../support/vscode-scenario.ts';

/** Three folders: two with data, one without. */
export const scenario: Scenario = {
  async prepare({ dir }) {
    await writeTree(dir, {
      docs: docsfyWorkspace(),
      shop: { 'storage/shop.db': database('CREATE TABLE orders(id INTEGER PRIMARY KEY)') },
      tools: { 'main.ts': 'export {};\n' },
    });
    const file = join(dir, 'all.code-workspace');
    const folders = ['docs', 'shop', 'tools'].map((path) => ({ path }));
    await writeFile(file, JSON.stringify({ folders }));
    return file;
  },
};
