// Which data directory, which rows, which store.

import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import type {
  DataDirDocument,
  DiffDocument,
  RestorePlanDocument,
  SnapshotDocument,
  StatusDocument,
} from '../../src/core/documents/documents.ts';
import { join } from 'node:path';
import { cliProject, runCli } from '../support/cli.ts';
import { database, sqlite } from '../support/sqlite.ts';
import { tree } from '../support/tree.ts';

const twoDataDirs = {
  'savepoint.json': '{ "dataDirs": [{ "path": "one" }, { "path": "two" }] }',
  'one/app.db': database(),
  'two/app.db': database(),
};

const refusal = 'error: no data directory "three": there is one, two\n';

describe('--data', () => {
  it('names the data directories that are meant; without it all are', async () => {
    const { json } = await cliProject(twoDataDirs);
    const paths = (...args: readonly string[]): unknown =>
      (json(0, 'detect', ...args) as DataDirDocument[]).map(({ path }) => path);
    deepStrictEqual(paths(), ['one', 'two']);
    deepStrictEqual(paths('--data', 'two'), ['two']);
    deepStrictEqual(paths('--data', './one/', '--data', 'two'), ['one', 'two']);
    const taken = json(0, 'snapshot', '--data', 'two') as SnapshotDocument;
    deepStrictEqual(taken.dataDirs, ['two']);
  });

  it('compares these data directories alone', async () => {
    const { json, dir } = await cliProject(twoDataDirs);
    json(0, 'snapshot', '-m', 'good');
    const tell = (code: number, ...args: readonly string[]): unknown => {
      const { databases, files, mismatches } = json(code, 'diff', 'good', ...args) as DiffDocument;
      return [databases.map(({ path }) => path), files.added, mismatches];
    };
    sqlite(join(dir, 'one/app.db'), 'CREATE TABLE more(a)');
    writeFileSync(join(dir, 'one/new.txt'), 'new');
    const unknown = { before: null, after: null };
    deepStrictEqual(tell(1, '--data', 'one'), [['one/app.db'], ['one/new.txt'], unknown]);
    deepStrictEqual(tell(0, '--data', 'two'), [[], [], unknown]);
    deepStrictEqual(tell(1, '--data', 'two', '--data', 'one'), tell(1));
  });

  it('restores these data directories alone', async () => {
    const { json, savepoint, dir } = await cliProject(twoDataDirs);
    json(0, 'snapshot', '-m', 'good');
    for (const name of ['one', 'two']) sqlite(join(dir, name, 'app.db'), 'CREATE TABLE more(a)');
    const plan = json(0, 'restore', 'good', '--data', 'two/', '--dry-run') as RestorePlanDocument;
    deepStrictEqual(
      plan.databases.map(({ path }) => path),
      ['two/app.db'],
    );
    deepStrictEqual(savepoint('restore', 'good', '--data', 'three', '--dry-run').stderr, refusal);
  });

  it('refuses a name that fits none, and tells which there are', async () => {
    const { savepoint } = await cliProject(twoDataDirs);
    deepStrictEqual(savepoint('detect', '--data', 'three'), {
      code: 2,
      stdout: '',
      stderr: refusal,
    });
    strictEqual(savepoint('snapshot', '--data', 'three').code, 2);
  });
});

describe('diff', () => {
  it('lists ten rows a table in text, a hundred in JSON, and as many as --rows says', async () => {
    const { dir, json, savepoint } = await cliProject({
      'data/app.db': database('CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER)'),
    });
    json(0, 'snapshot');
    const values = Array.from({ length: 150 }, (_, index) => `(${index}, ${index})`);
    sqlite(join(dir, 'data/app.db'), `INSERT INTO t VALUES ${values.join()}`);
    const listed = (...args: readonly string[]): unknown => {
      const [table] =
        (json(1, 'diff', 'latest', ...args) as DiffDocument).databases[0]?.tables ?? [];
      return [table?.added, table?.rows.length];
    };
    deepStrictEqual(listed(), [150, 100]);
    deepStrictEqual(listed('--rows', '7'), [150, 7]);
    deepStrictEqual(listed('--summary'), [150, 0]);
    const { code, stdout } = savepoint('diff', 'latest');
    strictEqual(code, 1);
    match(stdout, /\n {2}\+ 9 {2}n 9\n {2}\.\.\. 140 more: --rows 150\n\+150 rows\n$/);
    match(savepoint('diff', 'latest', '--summary').stdout, /\+150 rows\n\+150 rows\n$/);
  });
});

describe('the store', () => {
  const storePath = (env: Readonly<Record<string, string>>, cwd: string): string => {
    const { stdout } = runCli(['doctor', '--json'], { cwd, env });
    return (JSON.parse(stdout) as StatusDocument).store.path;
  };

  it("lies in the platform's folder for a user's data, which XDG_DATA_HOME can move", async () => {
    const cwd = await tree({ 'data/app.db': database() });
    const home = await tree();
    const own = storePath({ HOME: home }, cwd);
    strictEqual(own.startsWith(home), true);
    if (process.platform !== 'linux') return;
    match(own.slice(home.length), /^\/\.local\/share\/savepoint\//);
    const moved = storePath({ HOME: home, XDG_DATA_HOME: '/elsewhere' }, cwd);
    match(moved, /^\/elsewhere\/savepoint\//);
  });

  it('is that of the person under sudo, not root', async () => {
    const cwd = await tree({ 'data/app.db': database() });
    const home = await tree();
    const path = storePath({ HOME: home, SUDO_USER: 'daemon', XDG_DATA_HOME: '/root/data' }, cwd);
    if (process.getuid?.() !== 0) return strictEqual(path.startsWith('/root/data'), true);
    const line = readFileSync('/etc/passwd', 'utf8').match(/^daemon:.*$/m)?.[0] ?? '';
    const sudoHome = line.split(':')[5] ?? '';
    strictEqual(path.startsWith(`${sudoHome}/.local/share/savepoint/`), true, path);
  });
});
