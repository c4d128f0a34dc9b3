import { docsfyWorkspace } from '../../support/docsfy-workspace.ts';
import { database } from '../../support/sqlite.ts';
import { writeTree } from '../../support/tree.ts';
import type { Scenario } from '../../support/vscode-scenario.ts';

/** A project with data, scripts, tasks and a Makefile that destroy it. */
export const scenario: Scenario = {
  needs: ['fish', 'zsh'],
  async prepare({ dir }) {
    await writeTree(dir, {
      ...docsfyWorkspace(),
      'data/uploads/one.txt': 'one',
      'package.json': JSON.stringify(
        {
          name: 'app',
          scripts: { build: 'tsc', 'db:reset': 'rm -r data/uploads', all: 'npm run db:reset' },
        },
        null,
        2,
      ),
      Makefile:
        'UPLOADS = data/uploads\n\nbuild:\n\tcc app.c\n\nwipe: build\n\t@rm -rf $(UPLOADS)\n',
      '.vscode/tasks.json': `// Ours.
{
  "version": "2.0.0",
  "tasks": [
    // Deletes the uploads.
    { "label": "wipe", "type": "shell", "command": "rm -rf data/uploads" },
    { "label": "guarded", "type": "savepoint", "command": "sh -c 'rm -rf data/uploads; exit 7'" }
  ]
}
`,
      'data/other.db': database('CREATE TABLE t (a); INSERT INTO t VALUES (1);'),
    });
    return dir;
  },
};
