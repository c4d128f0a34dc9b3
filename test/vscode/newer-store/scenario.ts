import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from '../../support/cli.ts';
import { docsfyWorkspace } from '../../support/docsfy-workspace.ts';
import { sqlite } from '../../support/sqlite.ts';
import { writeTree } from '../../support/tree.ts';
import type { Scenario } from '../../support/vscode-scenario.ts';

/** The snapshots were written by a version of Savepoint that is yet to come. */
export const scenario: Scenario = {
  async prepare({ dir, store }) {
    await writeTree(dir, docsfyWorkspace());
    const { code, stderr } = runCli(['snapshot'], { cwd: dir, env: { SAVEPOINT_STORE: store } });
    if (code !== 0) throw new Error(stderr);
    const project = readdirSync(store).find((name) => existsSync(join(store, name, 'catalog.db')));
    const catalog = join(store, project ?? '', 'catalog.db');
    sqlite(
      catalog,
      "UPDATE meta SET value = '999' WHERE key IN ('readable_from', 'writable_from')",
    );
    return dir;
  },
};
