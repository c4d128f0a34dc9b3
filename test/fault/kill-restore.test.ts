import { deepStrictEqual, equal } from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { faultPoints, type FaultPoint } from '../../src/engine/options.ts';
import { comparable, flatTree } from '../support/flat-tree.ts';
import { killedAt } from '../support/killed-at.ts';
import { quietCall, testProject, type TestProject } from '../support/project.ts';
import { database, rows, sqlite } from '../support/sqlite.ts';
import { directory, file, writeTree } from '../support/tree.ts';

const isLong = process.env['SAVEPOINT_LONG'] !== undefined;
const points = faultPoints.filter((point) => point.startsWith('restore:'));
/** Until then nothing but staging folders was made. */
const beforeReplacing: readonly FaultPoint[] = ['restore:intent-written', 'restore:prepared'];

describe('a restore that is killed', function () {
  this.timeout(120_000);

  for (const point of points) {
    it(`loses nothing at ${point}: finishing and then undoing give both states whole`, async () => {
      const test = await brokenProject();
      const { project, dir } = test;
      const broken = stateOf(dir);
      equal(await killRestore(test, point), true);

      const hasBegun = !beforeReplacing.includes(point);
      const pending = await project.pendingRestore();
      equal(pending !== null, hasBegun);
      equal((await project.snapshot({}, quietCall)).skipped.length, 0);
      if (!hasBegun) deepStrictEqual([stateOf(dir), leftovers(dir)], [broken, []]);

      await project.applyRestore({ snapshot: 'good' }, undefined, quietCall);
      equal(await project.pendingRestore(), null);
      deepStrictEqual(stateOf(dir), test.good);
      deepStrictEqual(leftovers(dir), []);

      await project.applyRestore(await project.undoOptions(), undefined, quietCall);
      deepStrictEqual(stateOf(dir), broken);
      equal((await project.verify([], { deep: true }, quietCall)).damaged.length, 0);
    });
  }

  const undone: readonly FaultPoint[] = isLong
    ? points.filter((point) => !beforeReplacing.includes(point))
    : ['restore:half-files', 'restore:before-clear'];
  for (const point of undone) {
    it(`is taken back by undo at ${point}, and undo again does it whole`, async () => {
      const test = await brokenProject();
      const { project, dir } = test;
      const broken = stateOf(dir);
      equal(await killRestore(test, point), true);

      await project.applyRestore(await project.undoOptions(), undefined, quietCall);
      deepStrictEqual(stateOf(dir), broken);
      deepStrictEqual(leftovers(dir), []);
      equal(await project.pendingRestore(), null);
      await project.applyRestore(await project.undoOptions(), undefined, quietCall);
      deepStrictEqual(stateOf(dir), test.good);
    });
  }

  it('goes on from the first state when it is killed again while it is finished', async () => {
    const test = await brokenProject();
    const { project, dir } = test;
    const broken = stateOf(dir);
    equal(await killRestore(test, 'restore:half-files'), true);
    equal(await killRestore(test, 'restore:before-deletions'), true);
    equal(await killRestore(test, 'restore:intent-written'), true);
    await project.applyRestore(await project.undoOptions(), undefined, quietCall);
    deepStrictEqual(stateOf(dir), broken);
  });
});

describe('a restore of a part that is killed', function () {
  this.timeout(120_000);

  const partPoints: readonly FaultPoint[] = isLong
    ? points
    : ['restore:staged', 'restore:in-database', 'restore:before-proof', 'restore:before-clear'];
  for (const point of partPoints) {
    it(`is offered with its scope at ${point}: finished, undone, and nothing else touched`, async () => {
      const test = await partlyBrokenProject();
      const { project, dir } = test;
      const broken = partsOf(dir);
      equal(await killPartialRestore(test, point), true);
      // What other programs see: all rows of the table are old, or all are new.
      const now = partsOf(dir);
      equal([broken.t, 'good,good'].includes(now.t), true, now.t);

      const pending = await project.pendingRestore();
      deepStrictEqual(pending?.selection ?? partial, { ...partial, keepNew: false });
      const { snapshot = 'good', selection = partial } = pending ?? {};
      await project.applyRestore({ snapshot, ...selection }, undefined, quietCall);
      equal(await project.pendingRestore(), null);
      deepStrictEqual(partsOf(dir), { ...broken, t: 'good,good', a: 'good' });
      deepStrictEqual(leftovers(dir), []);

      await project.applyRestore(await project.undoOptions(), undefined, quietCall);
      deepStrictEqual(partsOf(dir), broken);
    });
  }

  it('is where undo goes after a restore of something else, which says how it is taken back', async () => {
    const test = await partlyBrokenProject();
    const { project, dir } = test;
    const broken = partsOf(dir);
    equal(await killPartialRestore(test, 'restore:before-proof'), true);
    const other = { snapshot: 'good', only: ['data/b.txt'] };
    const { warnings, safetySnapshot } = await project.applyRestore(other, undefined, quietCall);
    const command = `savepoint restore ${safetySnapshot?.slice(-4)} --only data/b.txt`;
    deepStrictEqual(warnings, [
      `an interrupted restore is left, which savepoint undo takes back; this one: ${command}`,
    ]);
    await project.applyRestore(await project.undoOptions(), undefined, quietCall);
    deepStrictEqual(partsOf(dir), { ...broken, b: 'good' });
    const back = { snapshot: safetySnapshot ?? '', only: ['data/b.txt'] };
    deepStrictEqual((await project.applyRestore(back, undefined, quietCall)).warnings, []);
    deepStrictEqual(partsOf(dir), broken);
  });

  it('is taken back by undo, which touches no more than it did', async () => {
    const test = await partlyBrokenProject();
    const { project, dir } = test;
    const broken = partsOf(dir);
    equal(await killPartialRestore(test, 'restore:before-proof'), true);
    sqlite(join(dir, 'data/app.db'), `UPDATE u SET a = 'later'`);
    await writeTree(dir, { 'data/b.txt': 'later' });
    await project.applyRestore(await project.undoOptions(), undefined, quietCall);
    deepStrictEqual(partsOf(dir), { ...broken, u: 'later', b: 'later' });
    equal(await project.pendingRestore(), null);
  });
});

const partial = {
  only: ['data/a.txt'],
  except: [],
  table: ['data/app.db:t'],
  exceptTable: [],
  keepNew: false,
};

async function partlyBrokenProject(): Promise<TestProject> {
  const test = await testProject({
    '.env': 'DATA_DIR=data',
    'data/app.db': database(
      `CREATE TABLE t(a); CREATE TABLE u(a); INSERT INTO t VALUES ('good'), ('good'); INSERT INTO u VALUES ('good')`,
    ),
    'data/a.txt': 'good',
    'data/b.txt': 'good',
  });
  await test.project.snapshot({ label: 'good' }, quietCall);
  sqlite(join(test.dir, 'data/app.db'), `UPDATE t SET a = 'bad'; UPDATE u SET a = 'bad'`);
  await writeTree(test.dir, { 'data/a.txt': 'bad', 'data/b.txt': 'bad' });
  return test;
}

async function killPartialRestore(
  { dir, storeDir }: TestProject,
  point: FaultPoint,
): Promise<boolean> {
  const method = 'applyRestore';
  const options = { snapshot: 'good', ...partial };
  return await killedAt({ dir, storeDir, point, method, arguments: [options] });
}

function partsOf(dir: string): Record<'t' | 'u' | 'a' | 'b', string> {
  const column = (table: string): string =>
    rows(join(dir, 'data/app.db'), `SELECT a FROM ${table}`)
      .map((row) => (row as { a: string }).a)
      .join();
  const text = (name: string): string => fs.readFileSync(join(dir, 'data', name), 'utf8');
  return { t: column('t'), u: column('u'), a: text('a.txt'), b: text('b.txt') };
}

interface BrokenProject extends TestProject {
  readonly good: unknown;
}

/** Everything that a restore does happens on the way back to the snapshot "good". */
async function brokenProject(): Promise<BrokenProject> {
  const test = await testProject({
    '.env': 'DATA_DIR=data',
    'data/app.db': database('CREATE TABLE t(a); INSERT INTO t VALUES (1)', { journalMode: 'wal' }),
    'data/gone.db': database('CREATE TABLE t(a); INSERT INTO t VALUES (2)'),
    'data/a.txt': 'a',
    'data/b.txt': 'b',
    'data/c': 'a file',
    'data/d': directory({ 'e.txt': 'e' }, { mode: 0o755, mtimeMs: 86_400_000 }),
    'data/f': file('f', { mode: 0o640, mtimeMs: 1_000_000_000_123 }),
  });
  const { project, dir } = test;
  await project.snapshot({ label: 'good' }, quietCall);
  const good = stateOf(dir);
  sqlite(join(dir, 'data/app.db'), 'UPDATE t SET a = 10; CREATE TABLE more(b)');
  for (const name of ['gone.db', 'c', 'd/e.txt']) fs.rmSync(join(dir, 'data', name));
  await writeTree(dir, {
    'data/a.txt': 'other',
    'data/c/now/a/folder.txt': 'x',
    'data/new.txt': 'new',
    'data/new.db': database('CREATE TABLE t(a); INSERT INTO t VALUES (3)'),
  });
  fs.chmodSync(join(dir, 'data/f'), 0o600);
  return { ...test, good };
}

async function killRestore(test: BrokenProject, point: FaultPoint): Promise<boolean> {
  const { dir, storeDir } = test;
  const method = 'applyRestore';
  return await killedAt({ dir, storeDir, point, method, arguments: [{ snapshot: 'good' }] });
}

/** Files exactly, databases by their rows: SQLite counts every write in the file. */
function stateOf(dir: string): unknown {
  const { entries, content } = flatTree(dir, 'data');
  const plain = entries.filter(({ path }) => !/\.db(-wal|-shm|-journal)?$/.test(path));
  const names = entries.map(({ path }) => path).filter((path) => path.endsWith('.db'));
  const tables = names.map((path) => [
    path,
    rows(join(dir, path), 'SELECT name FROM sqlite_schema ORDER BY 1'),
    rows(join(dir, path), 'SELECT * FROM t'),
  ]);
  // The times of folders with databases move with SQLite's own files.
  const others = plain.filter(({ path }) => path !== 'data');
  return [comparable({ entries: others, content }), tables];
}

function leftovers(dir: string): string[] {
  const found = fs.readdirSync(dir, { recursive: true, encoding: 'utf8' });
  return found.filter((name) => name.includes('.savepoint-'));
}
