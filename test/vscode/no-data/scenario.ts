import { database } from '../../support/sqlite.ts';
import { writeTree } from '../../support/tree.ts';
import type { Scenario } from '../../support/vscode-scenario.ts';

/** A project that keeps no data where anybody would look. */
export const scenario: Scenario = {
  async prepare({ dir }) {
    await writeTree(dir, {
      'src/index.ts': 'export {};\n',
      'package.json': '{}\n',
      'node_modules/x/data/cache.db': database(),
      'lib/things/state.bin': 'x',
    });
    return dir;
  },
};
