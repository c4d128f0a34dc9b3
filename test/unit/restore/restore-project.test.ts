import { deepStrictEqual, equal } from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { comparable, flatTree } from '../../support/flat-tree.ts';
import { quietCall, testProject } from '../../support/project.ts';
import { database, rows, sqlite } from '../../support/sqlite.ts';
import { writeTree } from '../../support/tree.ts';

const people = 'CREATE TABLE t(id INTEGER PRIMARY KEY, name); INSERT INTO t VALUES (1, 1), (2, 2)';

describe('applyRestore', () => {
  it('brings back changed, deleted and added files and rows, and undo takes it back twice', async () => {
    const { project, dir } = await testProject({
      'data/app.db': database(people, { journalMode: 'wal' }),
      'data/files/a.txt': 'one',
      'data/files/b.txt': 'two',
      '.env': 'DATA_DIR=data',
    });
    await project.snapshot({ label: 'good' }, quietCall);
    const good = flatTree(dir, 'data/files');
    sqlite(join(dir, 'data/app.db'), 'DELETE FROM t WHERE id = 1; INSERT INTO t VALUES (3, 3)');
    await writeTree(dir, { 'data/files/a.txt': 'broken', 'data/files/new.txt': 'new' });
    fs.rmSync(join(dir, 'data/files/b.txt'));
    const broken = flatTree(dir, 'data/files');

    const plan = await project.planRestore({ snapshot: 'good' }, quietCall);
    deepStrictEqual(
      plan.fileChanges.map(({ op, path }) => `${op} ${path}`),
      ['change data/files/a.txt', 'add data/files/b.txt', 'remove data/files/new.txt'],
    );
    const done = await project.applyRestore({ snapshot: 'good' }, plan.token, quietCall);
    deepStrictEqual(done.files, { written: 2, deleted: 1, unchanged: 0 });
    deepStrictEqual(done.rows, { added: 1, removed: 1, changed: 0 });
    deepStrictEqual(done.databases, [{ path: 'data/app.db', method: 'live', ok: true }]);
    deepStrictEqual(comparable(flatTree(dir, 'data/files')), comparable(good));
    deepStrictEqual(ids(dir), [1, 2]);

    await project.applyRestore(await project.undoOptions(), undefined, quietCall);
    deepStrictEqual(comparable(flatTree(dir, 'data/files')), comparable(broken));
    deepStrictEqual(ids(dir), [2, 3]);
    await project.applyRestore(await project.undoOptions(), undefined, quietCall);
    deepStrictEqual(comparable(flatTree(dir, 'data/files')), comparable(good));
    deepStrictEqual(ids(dir), [1, 2]);
    equal((await project.planRestore({ snapshot: 'good' }, quietCall)).empty, true);
  });
});

function ids(dir: string): unknown[] {
  const found = rows(join(dir, 'data/app.db'), 'SELECT id FROM t ORDER BY id') as { id: number }[];
  return found.map(({ id }) => id);
}
