import { deepStrictEqual, equal, match, ok, rejects } from 'node:assert/strict';
import * as fs from 'node:fs';
import { join, relative } from 'node:path';
import { noProgress } from '../../../src/engine/index.ts';
import type { FaultPoint } from '../../../src/engine/options.ts';
import { startApplication } from '../../support/application.ts';
import { isRoot } from '../../support/as-user.ts';
import { comparable, flatTree } from '../../support/flat-tree.ts';
import { quietCall, tempFolder, testProject, type TestProject } from '../../support/project.ts';
import { database, rows, sqlite } from '../../support/sqlite.ts';
import {
  directory,
  fifo,
  file,
  hardlink,
  sparse,
  symlink,
  tree,
  writeTree,
  type Tree,
} from '../../support/tree.ts';

const people = 'CREATE TABLE t(id INTEGER PRIMARY KEY, name); INSERT INTO t VALUES (1, 1), (2, 2)';
const env = { '.env': 'DATA_DIR=data' };

describe('applyRestore', () => {
  it('brings back changed, deleted and added files and rows; undo takes it back, twice is redo', async () => {
    const { project, dir } = await testProject({
      ...env,
      'data/app.db': database(people, { journalMode: 'wal' }),
      'data/files/a.txt': 'one',
      'data/files/b.txt': 'two',
    });
    await project.snapshot({ label: 'good' }, quietCall);
    const good = flatTree(dir, 'data/files');
    sqlite(join(dir, 'data/app.db'), 'DELETE FROM t WHERE id = 1; INSERT INTO t VALUES (3, 3)');
    await writeTree(dir, { 'data/files/a.txt': 'broken', 'data/files/new.txt': 'new' });
    fs.rmSync(join(dir, 'data/files/b.txt'));
    const broken = flatTree(dir, 'data/files');

    const plan = await project.planRestore({ snapshot: 'good' }, quietCall);
    deepStrictEqual(changesOf(plan), [
      'change data/files/a.txt',
      'add data/files/b.txt',
      'remove data/files/new.txt',
    ]);
    const done = await project.applyRestore({ snapshot: 'good' }, plan.token, quietCall);
    deepStrictEqual(done.files, { written: 2, deleted: 1, unchanged: 0 });
    deepStrictEqual(done.rows, { added: 1, removed: 1, changed: 0 });
    deepStrictEqual(done.databases, [{ path: 'data/app.db', method: 'live', ok: true }]);
    deepStrictEqual(comparable(flatTree(dir, 'data/files')), comparable(good));
    deepStrictEqual(ids(dir), [1, 2]);

    await undo(project);
    deepStrictEqual(comparable(flatTree(dir, 'data/files')), comparable(broken));
    deepStrictEqual(ids(dir), [2, 3]);
    await undo(project);
    deepStrictEqual(comparable(flatTree(dir, 'data/files')), comparable(good));
    deepStrictEqual(ids(dir), [1, 2]);
    equal((await project.planRestore({ snapshot: 'good' }, quietCall)).empty, true);
  });

  it('brings back a data directory that is gone as a whole', async () => {
    const { project, dir } = await testProject({
      '.env': 'DATA_DIR=var/state',
      'var/state': directory(
        { 'app.db': database(people), 'x/y.txt': 'y' },
        { mode: 0o750, mtimeMs: 1e12 },
      ),
    });
    await project.snapshot({ label: 'good' }, quietCall);
    const good = flatTree(dir, 'var/state');
    fs.rmSync(join(dir, 'var'), { recursive: true });
    const done = await project.applyRestore({ snapshot: 'good' }, undefined, quietCall);
    deepStrictEqual(done.databases, [{ path: 'var/state/app.db', method: 'replace', ok: true }]);
    deepStrictEqual(comparable(flatTree(dir, 'var/state')), comparable(good));
    await undo(project);
    equal(fs.existsSync(join(dir, 'var/state')), false);
  });

  it('gives a tree of every odd kind back exactly, and undo as well', async () => {
    const { project, dir } = await testProject({ ...env, data: oddTree, beside: { f: 'stays' } });
    const good = comparable(flatTree(dir, 'data'));
    await project.snapshot({ label: 'good' }, quietCall);
    const beside = comparable(flatTree(dir, 'beside'));
    fs.rmSync(join(dir, 'data'), { recursive: true });
    await writeTree(dir, { data: { modes: 'now a file', 'a link': { folder: {} }, more: 'new' } });
    const broken = comparable(flatTree(dir, 'data'));

    await project.applyRestore({ snapshot: 'good' }, undefined, quietCall);
    deepStrictEqual(comparable(flatTree(dir, 'data')), good);
    ok(fs.statSync(join(dir, 'data/sparse')).blocks < 8000);
    await undo(project);
    deepStrictEqual(comparable(flatTree(dir, 'data')), broken);
    await undo(project);
    deepStrictEqual(comparable(flatTree(dir, 'data')), good);
    deepStrictEqual(comparable(flatTree(dir, 'beside')), beside);
  });

  it('restores under an application, whose open connection sees the old rows at once', async () => {
    const { project, dir } = await goodProject();
    const application = await startApplication(join(dir, 'data/app.db'));
    await application.run('PRAGMA journal_mode = wal');
    await application.run('DELETE FROM t');
    const plan = await project.planRestore({ snapshot: 'good' }, quietCall);
    match(plan.databases[0]?.openIn.join() ?? '', new RegExp(`\\(${application.pid}\\)`));
    await project.applyRestore({ snapshot: 'good' }, plan.token, quietCall);
    deepStrictEqual(await application.run('SELECT id FROM t'), [{ id: 1 }, { id: 2 }]);
    await application.close();
  });

  it('touches only what --only names, and undo only what the restore touched', async () => {
    const { project, dir } = await goodProject({ 'data/a/x': '1', 'data/b/y': '1' });
    sqlite(join(dir, 'data/app.db'), 'DELETE FROM t');
    await writeTree(dir, { 'data/a/x': '2', 'data/a/new': '2', 'data/b/y': '2' });
    await project.applyRestore({ snapshot: 'good', only: ['data/a/'] }, undefined, quietCall);
    deepStrictEqual(filesIn(dir), { 'data/a/x': '1', 'data/b/y': '2' });
    deepStrictEqual(ids(dir), []);
    await writeTree(dir, { 'data/b/y': '3' });
    await undo(project);
    deepStrictEqual(filesIn(dir), { 'data/a/new': '2', 'data/a/x': '2', 'data/b/y': '3' });
    await project.applyRestore({ snapshot: 'good', only: ['data/app.db'] }, undefined, quietCall);
    deepStrictEqual(ids(dir), [1, 2]);
    deepStrictEqual(filesIn(dir), { 'data/a/new': '2', 'data/a/x': '2', 'data/b/y': '3' });
    await rejects(project.planRestore({ snapshot: 'good', only: ['data/nothing'] }, quietCall), {
      code: 'PATH_NOT_IN_SNAPSHOT',
    });
    await rejects(project.planRestore({ snapshot: 'good', only: ['../x'] }, quietCall), {
      code: 'PATH_NOT_IN_SNAPSHOT',
    });
  });

  it('keeps new files and databases where it is told to, and deletes them otherwise', async () => {
    const { project, dir } = await goodProject({ 'data/a': '1' });
    await writeTree(dir, { 'data/a': '2', 'data/new/b': '2', 'data/new.db': database(people) });
    await project.applyRestore({ snapshot: 'good', keepNew: true }, undefined, quietCall);
    deepStrictEqual(filesIn(dir), { 'data/a': '1', 'data/new/b': '2' });
    equal(fs.existsSync(join(dir, 'data/new.db')), true);
    const plan = await project.planRestore({ snapshot: 'good' }, quietCall);
    deepStrictEqual(
      plan.databases.map(({ path, method }) => [path, method]),
      [['data/new.db', 'delete']],
    );
    const done = await project.applyRestore({ snapshot: 'good' }, plan.token, quietCall);
    deepStrictEqual(done.databases, [{ path: 'data/new.db', method: 'delete', ok: true }]);
    deepStrictEqual(fs.readdirSync(join(dir, 'data')), ['a', 'app.db']);
    await undo(project);
    deepStrictEqual(rows(join(dir, 'data/new.db'), 'SELECT count(*) AS n FROM t'), [{ n: 2 }]);
  });

  it('refuses to delete a new database that somebody has open', async () => {
    const { project, dir } = await goodProject({ 'data/a': '1' });
    await writeTree(dir, { 'data/a': '2', 'data/new.db': database(people) });
    const application = await startApplication(join(dir, 'data/new.db'));
    const plan = await project.planRestore({ snapshot: 'good' }, quietCall);
    match(plan.blocked ?? '', /new\.db.*is open in/);
    await rejects(project.applyRestore({ snapshot: 'good' }, plan.token, quietCall), {
      code: 'DATABASE_IN_USE',
    });
    deepStrictEqual(filesIn(dir), { 'data/a': '2' });
    equal((await project.list()).length, 1);
    await application.close();
  });

  it('keeps what the snapshot could not or should not hold', async () => {
    const { project, dir } = await goodProject({
      'data/tmp/cache': 'left out',
      'data/pipe': fifo(),
    });
    await writeTree(dir, {
      'data/tmp/more': 'left out',
      'data/new/pipe': fifo(),
      'data/new/b': 'b',
    });
    await project.applyRestore({ snapshot: 'good' }, undefined, quietCall);
    deepStrictEqual(fs.readdirSync(join(dir, 'data')), ['app.db', 'new', 'pipe', 'tmp']);
    deepStrictEqual(fs.readdirSync(join(dir, 'data/tmp')), ['cache', 'more']);
    deepStrictEqual(fs.readdirSync(join(dir, 'data/new')), ['pipe']);
  });

  it('takes a pipe in the way out of it without opening it', async () => {
    const { project, dir } = await goodProject({ 'data/a': '1', 'data/d/e': '1' });
    fs.rmSync(join(dir, 'data/a'));
    fs.rmSync(join(dir, 'data/d'), { recursive: true });
    await writeTree(dir, { 'data/a': fifo(), 'data/d': fifo() });
    const done = await project.applyRestore({ snapshot: 'good' }, undefined, quietCall);
    deepStrictEqual(filesIn(dir), { 'data/a': '1', 'data/d/e': '1' });
    match(
      done.warnings.join(),
      /a pipe, socket or device is in the way and goes: data\/d, data\/a|data\/a, data\/d/,
    );
  });

  it('never writes through a link that took the place of a folder', async () => {
    const { project, dir } = await testProject({
      '.env': 'DATA_DIR=var/state',
      'var/state/a': '1',
      'var/state/app.db': database(people),
    });
    await project.snapshot({ label: 'good' }, quietCall);
    const elsewhere = await tree({ 'state/a': 'theirs' });
    fs.rmSync(join(dir, 'var'), { recursive: true });
    fs.symlinkSync(elsewhere, join(dir, 'var'));
    const plan = await project.planRestore({ snapshot: 'good' }, quietCall);
    match(plan.blocked ?? '', /"var\/state\/a" cannot be reached: .* is no folder/);
    await rejects(project.applyRestore({ snapshot: 'good' }, undefined, quietCall), {
      code: 'RESTORE_BLOCKED',
    });
    deepStrictEqual(fs.readdirSync(join(elsewhere, 'state')), ['a']);
    equal(fs.readFileSync(join(elsewhere, 'state/a'), 'utf8'), 'theirs');
  });

  it('refuses a plan that no longer fits, and leaves no safety snapshot behind', async () => {
    const { project, dir } = await goodProject({ 'data/a': '1' });
    await writeTree(dir, { 'data/a': '2' });
    const { token } = await project.planRestore({ snapshot: 'good' }, quietCall);
    sqlite(join(dir, 'data/app.db'), 'INSERT INTO t VALUES (9, 9)');
    await rejects(project.applyRestore({ snapshot: 'good' }, token, quietCall), {
      code: 'PLAN_STALE',
    });
    const second = await project.planRestore({ snapshot: 'good' }, quietCall);
    sqlite(join(dir, 'data/app.db'), 'INSERT INTO t VALUES (10, 10)');
    await writeTree(dir, { 'data/a': '3' });
    await rejects(project.applyRestore({ snapshot: 'good' }, second.token, quietCall), {
      code: 'PLAN_STALE',
    });
    deepStrictEqual(filesIn(dir), { 'data/a': '3' });
    equal((await project.list()).length, 1);
  });

  it('does not mind rows that an application writes between plan and restore', async () => {
    const { project, dir } = await goodProject();
    sqlite(join(dir, 'data/app.db'), 'DELETE FROM t');
    const { token } = await project.planRestore({ snapshot: 'good' }, quietCall);
    sqlite(join(dir, 'data/app.db'), 'INSERT INTO t VALUES (9, 9)');
    await project.applyRestore({ snapshot: 'good' }, token, quietCall);
    deepStrictEqual(ids(dir), [1, 2]);
  });

  it('can be cancelled until it begins to replace, and nothing was changed', async () => {
    const { project, dir } = await goodProject({ 'data/a': '1' });
    await writeTree(dir, { 'data/a': '2' });
    const before = comparable(flatTree(dir, 'data'));
    for (const last of ['safety snapshot', 'comparing', 'preparing']) {
      const cancel = new AbortController();
      const progress = {
        ...noProgress,
        phase: (phase: string) => phase === last && cancel.abort(),
      };
      await rejects(
        project.applyRestore({ snapshot: 'good' }, undefined, { signal: cancel.signal, progress }),
        { name: 'AbortError' },
      );
      deepStrictEqual(comparable(flatTree(dir, 'data')), before);
      equal((await project.list()).length, 1);
      equal(await project.pendingRestore(), null);
    }
    await rejects(project.undoOptions(), { code: 'NOTHING_TO_UNDO' });
  });

  it('takes everything back when a late step fails, and says so', async () => {
    for (const point of [
      'restore:half-files',
      'restore:before-databases',
      'restore:before-deletions',
    ] as const) {
      const test = await failingAt(point, () => {
        throw new Error('the disk is gone');
      });
      const { project, dir } = test;
      const before = comparable(flatTree(dir, 'data/files'));
      await rejects(project.applyRestore({ snapshot: 'good' }, undefined, quietCall), {
        code: 'RESTORE_FAILED',
        message: 'restore failed, the data is as it was: the disk is gone',
      });
      deepStrictEqual(comparable(flatTree(dir, 'data/files')), before);
      deepStrictEqual(ids(dir), [2, 3]);
      equal(await project.pendingRestore(), null);
    }
  });

  it('saves what changed after its safety snapshot before it overwrites it', async () => {
    const test = await failingAt('restore:staged', (dir) => {
      fs.writeFileSync(join(dir, 'data/files/a.txt'), 'written in the last moment');
      fs.writeFileSync(join(dir, 'data/files/new.txt'), 'and this');
      sqlite(join(dir, 'data/app.db'), 'INSERT INTO t VALUES (77, 77)');
    });
    const { project, dir } = test;
    await project.applyRestore({ snapshot: 'good' }, undefined, quietCall);
    deepStrictEqual(ids(dir), [1, 2]);
    await undo(project);
    deepStrictEqual(filesIn(join(dir, 'data')), {
      'files/a.txt': 'written in the last moment',
      'files/new.txt': 'and this',
    });
    deepStrictEqual(ids(dir), [2, 3, 77]);
    equal((await project.verify([], { deep: true }, quietCall)).damaged.length, 0);
  });

  it('knows whether the data is still as the restore left it', async () => {
    const { project, dir } = await goodProject({ 'data/a': '1' });
    equal(await project.isUntouchedSinceRestore(quietCall), false);
    await writeTree(dir, { 'data/a': '2' });
    sqlite(join(dir, 'data/app.db'), 'DELETE FROM t');
    await project.applyRestore({ snapshot: 'good' }, undefined, quietCall);
    equal(await project.isUntouchedSinceRestore(quietCall), true);
    await project.snapshot({}, quietCall);
    equal(await project.isUntouchedSinceRestore(quietCall), true);
    sqlite(join(dir, 'data/app.db'), 'DELETE FROM t');
    equal(await project.isUntouchedSinceRestore(quietCall), false);
  });

  it('refuses in a folder that is not trusted', async () => {
    const { project } = await testProject(env, { trusted: false });
    await rejects(project.applyRestore({ snapshot: 'good' }, undefined, quietCall), {
      code: 'UNTRUSTED',
    });
  });
});

describe('a restore into another folder', () => {
  it('writes plain files, databases as one file each, and live data stays', async () => {
    const { project, dir } = await testProject({
      ...env,
      data: { ...oddTree, 'app.db': database(people, { journalMode: 'wal' }) },
    });
    await project.snapshot({ label: 'good' }, quietCall);
    const good = flatTree(dir, 'data');
    const to = join(tempFolder(), 'new/place');
    const plan = await project.planRestore({ snapshot: 'good', to }, quietCall);
    equal(plan.to, to);
    equal(fs.existsSync(to), false);
    const done = await project.applyRestore({ snapshot: 'good', to }, plan.token, quietCall);
    equal(done.safetySnapshot, null);
    deepStrictEqual(comparable(flatTree(to, 'data')), comparable(good));
    equal(fs.readFileSync(join(to, 'data/app.db'))[18], 2);
    deepStrictEqual(rows(join(to, 'data/app.db'), 'SELECT count(*) AS n FROM t'), [{ n: 2 }]);
    equal((await project.list()).length, 1);
  });

  it('takes a part, and refuses a folder that is not empty', async () => {
    const { project, dir } = await goodProject({ 'data/a/b': '1', 'data/c': '1' });
    const to = tempFolder();
    await project.applyRestore({ snapshot: 'good', to, only: ['data/a'] }, undefined, quietCall);
    deepStrictEqual(fs.readdirSync(to, { recursive: true }), ['data', 'data/a', 'data/a/b']);
    await rejects(project.applyRestore({ snapshot: 'good', to }, undefined, quietCall), {
      code: 'TARGET_NOT_EMPTY',
    });
    const into = join(dir, 'data/c');
    await rejects(project.planRestore({ snapshot: 'good', to: into }, quietCall), {
      code: 'TARGET_NOT_EMPTY',
    });
  });

  it('is not copied to where it cannot be or would be captured itself, said in words', async () => {
    const { project, dir, storeDir } = await testProject({
      '.env': 'DATA_DIR=data',
      'data/a': 'a',
      'elsewhere/link': symlink('../data'),
    });
    await project.snapshot({ label: 'good' }, quietCall);
    const refused: [string, string, RegExp][] = [
      ['data/a', 'TARGET_NOT_EMPTY', /is not a folder/],
      ['data/a/b', 'RESTORE_BLOCKED', /a file is on the way to it/],
      ['data/new', 'USAGE', /lies in the data directory "data"/],
      ['elsewhere/link/new', 'USAGE', /lies in the data directory "data"/],
      [relative(dir, join(storeDir, 'new')), 'USAGE', /lies in the store/],
      [
        `elsewhere/${'n'.repeat(300)}`,
        'RESTORE_BLOCKED',
        /cannot be used: cannot be read \(ENAMETOOLONG\)/,
      ],
    ];
    for (const [path, code, message] of refused) {
      const to = join(dir, path);
      await rejects(project.planRestore({ snapshot: 'good', to }, quietCall), { code, message });
      const applied = project.applyRestore({ snapshot: 'good', to }, undefined, quietCall);
      await rejects(applied, { code, message });
    }
    deepStrictEqual(fs.readdirSync(join(dir, 'data')), ['a']);
  });
});

const oddTree = {
  modes: directory(
    {
      none: file('a', { mode: isRoot ? 0o000 : 0o600, mtimeMs: 1_000_000_000_123 }),
      setuid: file('b', { mode: 0o4755 }),
      closed: directory({ inside: 'c' }, { mode: isRoot ? 0o000 : 0o700, mtimeMs: 5_000 }),
      readonly: directory({ inside: 'd' }, { mode: isRoot ? 0o555 : 0o755 }),
    },
    { mode: 0o700, mtimeMs: 1 },
  ),
  empty: {},
  'an empty file': '',
  sparse: sparse(8 * 1024 * 1024),
  large: Buffer.alloc(1_500_000, 'large'),
  'x\n"y" \u{1F980}': 'odd',
  'e\u0301': 'two code points',
  '\u00e9': 'one code point',
  '\udc80\udcff': 'not UTF-8',
  ['n'.repeat(255)]: 'long',
  'a link': symlink('../nowhere/\udc80'),
  loop: symlink('loop'),
  first: 'linked',
  second: hardlink('first'),
  'looks-like-wal': 'x',
  'looks-like-wal-wal': 'an ordinary file',
  '1970': file('old', { mtimeMs: 0 }),
  '1953': file('of a scanner', { mtimeMs: -530_000_000_500 }),
  '1969': file('of a broken tool', { mtimeMs: -1000 }),
};

/** A database and files, all in a snapshot `good`. */
async function goodProject(files: Tree = {}): Promise<TestProject> {
  const test = await testProject({ ...env, 'data/app.db': database(people), ...files });
  await test.project.snapshot({ label: 'good' }, quietCall);
  return test;
}

/** A broken project whose next restore meets `fault` at `point`, once. */
async function failingAt(point: FaultPoint, fault: (dir: string) => void): Promise<TestProject> {
  let isArmed = false;
  const test: TestProject = await testProject(
    {
      ...env,
      'data/app.db': database(people, { journalMode: 'wal' }),
      'data/files/a.txt': 'one',
      'data/files/b.txt': 'two',
    },
    {
      faultPoint: (name) => {
        if (!isArmed || name !== point) return;
        isArmed = false;
        fault(test.dir);
      },
    },
  );
  const { project, dir } = test;
  await project.snapshot({ label: 'good' }, quietCall);
  sqlite(join(dir, 'data/app.db'), 'DELETE FROM t WHERE id = 1; INSERT INTO t VALUES (3, 3)');
  await writeTree(dir, { 'data/files/a.txt': 'broken', 'data/files/new.txt': 'new' });
  fs.rmSync(join(dir, 'data/files/b.txt'));
  isArmed = true;
  return test;
}

async function undo(project: TestProject['project']): Promise<void> {
  await project.applyRestore(await project.undoOptions(), undefined, quietCall);
}

function changesOf(plan: { fileChanges: readonly { op: string; path: string }[] }): string[] {
  return plan.fileChanges.map(({ op, path }) => `${op} ${path}`);
}

function ids(dir: string): unknown[] {
  const found = rows(join(dir, 'data/app.db'), 'SELECT id FROM t ORDER BY id') as { id: number }[];
  return found.map(({ id }) => id);
}

/** Contents by path, without databases. */
function filesIn(dir: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of fs.readdirSync(dir, { recursive: true, encoding: 'utf8' }).toSorted()) {
    const isData = !name.startsWith('.') && !/\.db(-\w+)?$/.test(name);
    if (isData && fs.statSync(join(dir, name)).isFile())
      found[name] = fs.readFileSync(join(dir, name), 'utf8');
  }
  return found;
}
