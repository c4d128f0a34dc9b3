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
const beforeReplacing: readonly FaultPoint[] = ['restore:intent-written'];

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
      if (!hasBegun) deepStrictEqual(stateOf(dir), broken);
      equal((await project.snapshot({}, quietCall)).skipped.length, 0);

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
