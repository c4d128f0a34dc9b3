import { deepStrictEqual, equal, match, ok, rejects } from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startAppender, startWriter } from '../../support/application.ts';
import { bankState, makeBank, soundBank } from '../../support/live-databases.ts';
import { quietCall, testProject, type TestProject } from '../../support/project.ts';
import { database, rows, sqlite } from '../../support/sqlite.ts';
import { writeTree } from '../../support/tree.ts';
import { until } from '../../support/until.ts';

const notes = `CREATE TABLE notes(id INTEGER PRIMARY KEY, text);
  CREATE TABLE tags(id INTEGER PRIMARY KEY); INSERT INTO notes VALUES (1, 'a'), (2, 'b')`;

/** A file and a table differ from the snapshot `good`. */
async function broken(): Promise<TestProject> {
  const test = await testProject({
    '.env': 'DATA_DIR=data',
    'data/notes.db': database(notes),
    'data/uploads/one.png': 'one',
    'data/uploads/two.png': 'two',
  });
  await test.project.snapshot({ label: 'good' }, quietCall);
  sqlite(join(test.dir, 'data/notes.db'), 'DELETE FROM notes WHERE id = 1');
  await writeTree(test.dir, {
    'data/uploads/one.png': 'changed',
    'data/uploads/made.png': 'made since',
  });
  return test;
}

const asShown = { snapshot: 'good', underWrites: true };

describe('a restore under an application that writes', () => {
  for (const everyMs of [0, 100]) {
    it(`is what was shown, and so is its undo, with a commit ${everyMs === 0 ? 'at any moment' : `every ${everyMs} ms`}`, async () => {
      const { project, dir } = await testProject({ '.env': 'DATA_DIR=data', 'data/a.txt': 'a' });
      const bank = join(dir, 'data/bank.db');
      makeBank(bank, 'wal', 0.1);
      const writer = await startWriter(bank, 'wal', 3, everyMs);
      await project.snapshot({ label: 'good' }, quietCall);
      await writeTree(dir, { 'data/a.txt': 'broken' });
      const plan = await until('a commit', async () => {
        const next = await project.planRestore({ snapshot: 'good' }, quietCall);
        return next.databases.length > 0 && next;
      });
      const done = await project.applyRestore(asShown, plan.token, quietCall);
      deepStrictEqual(done.files, { written: 1, deleted: 0, unchanged: 0 });
      const undo = await project.undoOptions();
      const back = await project.planRestore(undo, quietCall);
      await project.applyRestore({ ...undo, underWrites: true }, back.token, quietCall);
      deepStrictEqual((await writer.stop()).errors, []);
      deepStrictEqual(bankState(bank), soundBank);
      deepStrictEqual(await project.readFile('live', 'data/a.txt'), Buffer.from('broken'));
    });
  }

  it('keeps a plan current that leaves out what is written', async () => {
    const { project, dir } = await testProject({ '.env': 'DATA_DIR=data', 'data/a.txt': 'a' });
    const bank = join(dir, 'data/bank.db');
    makeBank(bank, 'wal', 0.1);
    await project.snapshot({ label: 'good' }, quietCall);
    await writeTree(dir, { 'data/a.txt': 'broken' });
    const writer = await startWriter(bank, 'wal');
    const plan = await project.planRestore({ snapshot: 'good' }, quietCall);
    const ticked = await project.planRestore(
      { snapshot: 'good', except: ['data/bank.db'], basedOn: plan.token },
      quietCall,
    );
    await writer.stop();
    equal(await project.isPlanCurrent(plan.token), false);
    equal(await project.isPlanCurrent(ticked.token), true);
  });

  it('tells the numbers of what it did, not of what was shown', async () => {
    const { project, dir } = await broken();
    const { token } = await project.planRestore({ snapshot: 'good' }, quietCall);
    sqlite(
      join(dir, 'data/notes.db'),
      `INSERT INTO tags VALUES (7), (8); INSERT INTO notes VALUES (9, 'late')`,
    );
    const done = await project.applyRestore(asShown, token, quietCall);
    deepStrictEqual(done.rows, { added: 1, removed: 3, changed: 0 });
    deepStrictEqual(rows(join(dir, 'data/notes.db'), 'SELECT id FROM notes'), [
      { id: 1 },
      { id: 2 },
    ]);
  });

  it('takes over a file that is written all the time, and its newest lines are in the undo', async () => {
    const { project, dir } = await broken();
    const application = await startAppender(join(dir, 'data/uploads/one.png'));
    const { token } = await project.planRestore({ snapshot: 'good' }, quietCall);
    await application.append(' and again');
    await rejects(project.applyRestore({ snapshot: 'good' }, token, quietCall), {
      code: 'PLAN_STALE',
    });
    await project.applyRestore(asShown, token, quietCall);
    equal(String(await project.readFile('live', 'data/uploads/one.png')), 'one');
    await project.applyRestore(await project.undoOptions(), undefined, quietCall);
    match(String(await project.readFile('live', 'data/uploads/one.png')), / and again/);
  });

  it('keeps what was made since it was shown, and says so', async () => {
    const { project, dir } = await broken();
    const { token } = await project.planRestore({ snapshot: 'good' }, quietCall);
    await writeTree(dir, { 'data/uploads/late.png': 'late', 'data/later/folder/x': 'x' });
    const done = await project.applyRestore(asShown, token, quietCall);
    const kept = [
      'data/later',
      'data/later/folder',
      'data/later/folder/x',
      'data/uploads/late.png',
    ];
    deepStrictEqual([...done.madeSince].toSorted(), kept);
    ok(
      done.warnings.some((warning) =>
        warning.startsWith('made since the plan was shown, and kept: '),
      ),
    );
    deepStrictEqual(readdirSync(join(dir, 'data/uploads')).toSorted(), [
      'late.png',
      'one.png',
      'two.png',
    ]);
    deepStrictEqual(readdirSync(join(dir, 'data/later/folder')), ['x']);
  });

  it('does not mind that what it would delete, or what was left out, is gone already', async () => {
    const { project, dir } = await broken();
    await writeTree(dir, { 'data/uploads/left-out.tmp': 'x' });
    const options = { snapshot: 'good', except: ['data/uploads/left-out.tmp'] };
    const { token } = await project.planRestore(options, quietCall);
    rmSync(join(dir, 'data/uploads/made.png'));
    rmSync(join(dir, 'data/uploads/left-out.tmp'));
    const done = await project.applyRestore({ ...options, ...asShown }, token, quietCall);
    deepStrictEqual(done.files, { written: 1, deleted: 0, unchanged: 1 });
  });

  const refused: Readonly<Record<string, (dir: string) => Promise<void> | void>> = {
    'another schema': (dir) =>
      sqlite(join(dir, 'data/notes.db'), 'ALTER TABLE notes ADD COLUMN late'),
    'another file to write': async (dir) => writeTree(dir, { 'data/uploads/two.png': 'changed' }),
    'another database': async (dir) => rmSync(join(dir, 'data/notes.db')),
  };
  for (const [name, change] of Object.entries(refused)) {
    it(`is refused where it would be ${name} than was shown`, async () => {
      const { project, dir } = await broken();
      const { token } = await project.planRestore({ snapshot: 'good' }, quietCall);
      await change(dir);
      await rejects(project.applyRestore(asShown, token, quietCall), { code: 'PLAN_STALE' });
      equal((await project.list()).length, 1);
      equal(String(await project.readFile('live', 'data/uploads/one.png')), 'changed');
    });
  }
});
