// Databases among the files of rows: they are captured as what they are, and are no files without a row.

import { deepStrictEqual } from 'node:assert/strict';
import { files, insert, numbers, uuid } from '../../support/app-data/app-data.ts';
import { quietCall, testProject } from '../../support/project.ts';
import { database } from '../../support/sqlite.ts';
import type { Tree } from '../../support/tree.ts';

const rows = numbers(12).map((id) => ({ id, key: uuid(`k ${id}`) }));
const accounts = database(
  `CREATE TABLE files (id INTEGER PRIMARY KEY, key TEXT);${insert('files', rows)}`,
);

function synced(groups: number, more: Tree = {}): Tree {
  return {
    'data/accounts.sqlite': accounts,
    ...files(rows.map(({ key }) => `data/user-files/${key}.blob`)),
    ...Object.fromEntries(
      numbers(groups).map((id) => [`data/user-files/group-${uuid(`g ${id}`)}.sqlite`, database()]),
    ),
    ...more,
  };
}

describe('a database beside the files of rows', () => {
  for (const groups of [1, 2, 9]) {
    it(`needs no row: ${groups} of them, live, in a snapshot, and what lies beside it is told`, async () => {
      const { project } = await testProject(synced(groups, { 'data/user-files/stray.blob': 'x' }));
      const live = await project.check('live', {}, quietCall);
      deepStrictEqual(
        [live.rules.map(({ covers }) => covers), live.mismatches.map(({ path }) => path)],
        [['user-files/*'], ['data/user-files/stray.blob']],
      );
      const { id, mismatches } = await project.snapshot({}, quietCall);
      deepStrictEqual(mismatches, 1);
      const saved = await project.check(id, {}, quietCall);
      deepStrictEqual(
        saved.mismatches.map(({ path }) => path),
        ['data/user-files/stray.blob'],
      );
      await project.close();
    });
  }

  it('needs none by a rule of savepoint.json either; a file that only has the name does', async () => {
    const reference = {
      dataDir: 'data',
      database: 'accounts.sqlite',
      table: 'files',
      path: 'user-files/{key}.blob',
      covers: 'user-files/*',
    };
    const { project } = await testProject({
      ...synced(2, { 'data/user-files/text.sqlite': 'no database' }),
      'savepoint.json': JSON.stringify({ references: [reference] }),
    });
    const { mismatches } = await project.check('live', {}, quietCall);
    deepStrictEqual(
      mismatches.map(({ path }) => path),
      ['data/user-files/text.sqlite'],
    );
    await project.close();
  });
});
