import { database } from '../../support/sqlite.ts';
import { writeTree } from '../../support/tree.ts';
import type { Scenario } from '../../support/vscode-scenario.ts';

/** A database whose rows name pictures in a folder that savepoint.json does not list, and a place that is not there. */
export const scenario: Scenario = {
  async prepare({ dir }) {
    const names = Array.from({ length: 40 }, (_, index) => `cat-${index * 7}.jpg`);
    const values = names.map((name) => `('pictures/${name}')`).join();
    await writeTree(dir, {
      'savepoint.json': '{ "dataDirs": [{ "path": "site.sqlite3" }] }',
      'site.sqlite3': database(
        `CREATE TABLE animal(id INTEGER PRIMARY KEY, photo TEXT); INSERT INTO animal(photo) VALUES ${values}`,
      ),
      'media/pictures': Object.fromEntries(names.map((name) => [name, name])),
    });
    return dir;
  },
};
