// Whoever looks at live data sees the same of it: a snapshot, a check, a detection, a look into a folder.

import assert from 'node:assert/strict';
import { quietCall, testProject } from '../../support/project.ts';
import { database } from '../../support/sqlite.ts';
import type { Tree } from '../../support/tree.ts';

const everyFileHasARow = {
  'savepoint.json': JSON.stringify({
    dataDirs: [
      {
        path: 'data',
        references: [
          { database: 'app.db', table: 'uploads', path: 'files/{name}', covers: 'files/**' },
        ],
      },
    ],
  }),
  'data/app.db': database(`
    CREATE TABLE uploads (name TEXT PRIMARY KEY);
    INSERT INTO uploads VALUES ('one'), ('notes'), ('notes-journal');`),
  'data/files/one': '1',
  'data/files/notes': 'text',
};

/** What each of them makes of it. */
async function looks(entries: Tree): Promise<Record<string, unknown>> {
  const { project } = await testProject({ ...everyFileHasARow, ...entries });
  const mismatches = async (state: string) =>
    (await project.check(state, {}, quietCall)).mismatches.map(
      ({ kind, path }) => `${kind} ${path}`,
    );
  const live = await mismatches('live');
  const { files } = await project.snapshot({}, quietCall);
  const [dataDir] = (await project.detect(quietCall)).dataDirs;
  const browsed = await project.browse('live', 'data/files');
  return {
    live,
    snapshot: await mismatches('latest'),
    files,
    detected: dataDir?.files,
    browsed: browsed.map(({ name }) => name),
  };
}

describe('a look at live data', () => {
  it('takes nothing that a restore left behind for data, whoever looks', async () => {
    const leftBehind = { 'data/files/.savepoint-restore-abcd/n1': 'half' };
    assert.deepEqual(await looks({ ...leftBehind, 'data/files/notes-journal': 'text' }), {
      live: [],
      snapshot: [],
      files: 3,
      detected: 3,
      browsed: ['notes', 'notes-journal', 'one'],
    });
  });

  it('leaves out no file that is merely named like a part of a database', async () => {
    const named = { 'data/files/notes-journal': 'text', 'data/files/notes-shm': 'text' };
    const { live, snapshot, ...seen } = await looks(named);
    assert.deepEqual([live, snapshot], [['orphan-file data/files/notes-shm'], live]);
    assert.deepEqual(seen, {
      files: 4,
      detected: 4,
      browsed: ['notes', 'notes-journal', 'notes-shm', 'one'],
    });
  });
});
