import { deepStrictEqual, equal, match, rejects } from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { startApplication } from '../../support/application.ts';
import { quietCall, tempFolder, testProject, type TestProject } from '../../support/project.ts';
import { database, rows, sqlite } from '../../support/sqlite.ts';
import { hardlink } from '../../support/tree.ts';

const notes = 'CREATE TABLE note(id INTEGER PRIMARY KEY); INSERT INTO note VALUES (1)';

describe('a database with several names', () => {
  it('is taken by the name that its log lies beside, and the others hold the same', async () => {
    const { test, application } = await withLogBesideTheSecond();
    const taken = await test.project.snapshot({ label: 'both' }, quietCall);
    deepStrictEqual(
      [taken.consistent, taken.databases.map(({ path }) => path)],
      [true, ['data/b/notes.db']],
    );
    const to = join(tempFolder(), 'copy');
    await test.project.applyRestore({ snapshot: 'both', to }, undefined, quietCall);
    for (const name of ['data/a/old-name.db', 'data/b/notes.db'])
      deepStrictEqual(rows(join(to, name), 'SELECT id FROM note'), [{ id: 1 }, { id: 2 }]);
    equal(inodeOf(to, 'data/a/old-name.db'), inodeOf(to, 'data/b/notes.db'));
    equal((await test.project.snapshot({}, quietCall)).unchanged, true);
    await application.close();
  });

  it('is not written under whoever has it open by any of them', async () => {
    const { test, application } = await withLogBesideTheSecond();
    await test.project.snapshot({ label: 'both' }, quietCall);
    await application.run('DELETE FROM note');
    await rejects(test.project.applyRestore({ snapshot: 'both' }, undefined, quietCall), {
      code: 'DATABASE_IN_USE',
    });
    deepStrictEqual(await application.run('SELECT id FROM note'), []);
    await application.close();
  });

  it('comes back with all of them, changed or gone, and so does an undo', async () => {
    const { test, application } = await withLogBesideTheSecond();
    await test.project.snapshot({ label: 'both' }, quietCall);
    await application.run('DELETE FROM note WHERE id = 1');
    await application.close();
    for (const damage of [
      () => undefined,
      () => fs.rmSync(join(test.dir, 'data/a'), { recursive: true }),
      () => fs.rmSync(join(test.dir, 'data'), { recursive: true }),
    ]) {
      damage();
      await test.project.applyRestore({ snapshot: 'both' }, undefined, quietCall);
      deepStrictEqual(idsOf(test, 'data/b/notes.db'), [1, 2]);
      equal(inodeOf(test.dir, 'data/a/old-name.db'), inodeOf(test.dir, 'data/b/notes.db'));
      equal((await test.project.planRestore({ snapshot: 'both' }, quietCall)).empty, true);
      await undo(test);
      await undo(test);
      deepStrictEqual(idsOf(test, 'data/a/old-name.db'), [1, 2]);
    }
  });

  it('is told and left out where each of two names has a log', async () => {
    const test = await testProject({
      '.env': 'DATA_DIR=data',
      'data/file.txt': 'x',
      'data/a.db': database(notes),
      'data/b.db': hardlink('a.db'),
      'data/a.db-wal': 'a log',
      'data/b.db-wal': 'another log',
    });
    const snapshot = await test.project.snapshot({}, quietCall);
    deepStrictEqual(
      [snapshot.databases, snapshot.skipped.map(({ path }) => path)],
      [[], ['data/a.db', 'data/b.db']],
    );
    match(snapshot.skipped[0]?.reason ?? '', /"data\/a\.db" and "data\/b\.db" each have a log/);
  });

  it('is told where a name is outside of the data, and that one stays as it is', async () => {
    const test = await testProject({
      '.env': 'DATA_DIR=data',
      'data/app.db': database(notes),
    });
    const elsewhere = join(tempFolder(), 'app.db');
    fs.linkSync(join(test.dir, 'data/app.db'), elsewhere);
    const snapshot = await test.project.snapshot({ label: 'good' }, quietCall);
    match(
      JSON.stringify(snapshot.notCovered),
      /"data\/app\.db".*further name.*outside of the data/,
    );
    sqlite(join(test.dir, 'data/app.db'), 'DELETE FROM note');
    await test.project.applyRestore({ snapshot: 'good' }, undefined, quietCall);
    deepStrictEqual([idsOf(test, 'data/app.db'), rows(elsewhere, 'SELECT * FROM note')], [[1], []]);
  });
});

/** `data/b/notes.db` is open in an application, with a row in its log; `data/a/old-name.db` is another name of it. */
async function withLogBesideTheSecond(): Promise<{
  readonly test: TestProject;
  readonly application: Awaited<ReturnType<typeof startApplication>>;
}> {
  const test = await testProject({
    '.env': 'DATA_DIR=data',
    'data/b/notes.db': database(notes, { journalMode: 'wal' }),
    'data/a/old-name.db': hardlink('../b/notes.db'),
  });
  const application = await startApplication(join(test.dir, 'data/b/notes.db'));
  await application.run('INSERT INTO note VALUES (2)');
  return { test, application };
}

async function undo({ project }: TestProject): Promise<void> {
  await project.applyRestore(await project.undoOptions(), undefined, quietCall);
}

function idsOf({ dir }: TestProject, path: string): unknown[] {
  return rows(join(dir, path), 'SELECT id FROM note').map((row) => (row as { id: number }).id);
}

function inodeOf(dir: string, path: string): number {
  return fs.statSync(join(dir, path)).ino;
}
