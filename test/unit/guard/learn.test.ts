// What the guard learns after a command, and what it does not: real files with times of their own.

import { deepStrictEqual, equal, ok } from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { noProgress, openProject, type Project } from '../../../src/engine/index.ts';
import { readLearned, saveLearned } from '../../../src/engine/store/learned-commands.ts';
import { engineOptions } from '../../support/engine-options.ts';
import { database } from '../../support/sqlite.ts';
import { tree } from '../../support/tree.ts';

const call = { signal: new AbortController().signal, progress: noProgress };
/** Far ahead: what a test makes is older, whatever it does. */
const at = (second: number): Date => new Date(Date.UTC(2036, 10, 20, 14, 0, second));
const [started, ended] = [at(10), at(20)];

describe('the guard after a command', () => {
  let folder: string;
  let dir: string;
  let project: Project;

  /** All of the data is older than the command. */
  beforeEach(async () => {
    folder = await tree({
      project: {
        'data/app.db': database(),
        'data/uploads/a.txt': 'a',
        'package.json': '{"scripts": {"test": "jest", "db:reset": "prisma migrate reset"}}',
      },
    });
    dir = join(folder, 'project');
    project = await openProject(engineOptions({ storeDir: join(folder, 'store') }), dir);
    for (const path of ['data/app.db', 'data/uploads/a.txt', 'data/uploads', 'data'])
      touch(path, at(0));
  });
  afterEach(async () => await project.close());

  const touch = (path: string, time: Date): void => utimesSync(join(dir, path), time, time);
  const learn = async (command: string) =>
    await project.learn(
      {
        command,
        cwd: dir,
        startedMs: started.getTime(),
        endedMs: ended.getTime(),
        settleMs: 0,
      },
      call,
    );
  const isGuarded = async (command: string): Promise<boolean> =>
    (await project.matchCommand({ command, cwd: dir })).destructive;

  it('learns it where data changed while it ran', async () => {
    equal(await isGuarded('npm test'), false);
    touch('data/app.db', at(15));
    deepStrictEqual(await learn('npm test a.spec.ts'), [
      { command: 'npm test', changed: 'app.db', lastAt: at(20).toISOString(), times: 1 },
    ]);
    deepStrictEqual(
      [await isGuarded('npm test b'), await isGuarded('npm run lint')],
      [true, false],
    );
    deepStrictEqual((await project.status(call)).learned?.length, 1);
  });

  it('learns nothing where data is older, was changed later too, or a rule knows the command', async () => {
    deepStrictEqual(await learn('npm test'), []);
    touch('data/app.db', at(15));
    touch('data/uploads/a.txt', at(25));
    deepStrictEqual(await learn('npm test'), []);
    touch('data/uploads/a.txt', at(0));
    deepStrictEqual(await learn('npm run db:reset'), []);
    deepStrictEqual(await learn('ls data'), []);
  });

  it('learns what deleted a file that was watched', async () => {
    equal(await isGuarded('npm test'), false);
    rmSync(join(dir, 'data/uploads/a.txt'));
    touch('data/uploads', at(15));
    equal((await learn('npm test'))[0]?.changed, 'a.txt');
  });

  it('takes what a reader leaves beside a database for no change', async () => {
    writeFileSync(join(dir, 'data/app.db-wal'), '');
    touch('data/app.db-wal', at(15));
    touch('data', at(15));
    deepStrictEqual(await learn('npm test'), []);
  });

  it('takes a second time where it is a server, or somebody has the database open', async () => {
    touch('data/app.db', at(15));
    deepStrictEqual(await learn('npm run dev'), []);
    equal((await learn('npm run dev'))[0]?.times, 2);
    const other = await holdOpen(join(dir, 'data/app.db'));
    try {
      deepStrictEqual(await learn('npm test'), []);
      equal((await learn('npm test'))[0]?.times, 2);
    } finally {
      other.kill();
      await once(other, 'exit');
    }
  });

  it('counts rows and files against the snapshot of just before', async () => {
    const options = engineOptions({ storeDir: join(folder, 'store') });
    const earlier = await openProject({ ...options, now: () => at(9).getTime() }, dir);
    await earlier.guard({ command: 'npm test' }, call);
    const db = new Database(join(dir, 'data/app.db'));
    db.exec('CREATE TABLE more (a); INSERT INTO more VALUES (1), (2), (3)');
    db.close();
    touch('data/app.db', at(15));
    equal((await learn('npm test'))[0]?.changed, '3 rows');
    // Written again with what was in it.
    await earlier.guard({ command: 'npm test' }, call);
    touch('data/app.db', at(16));
    equal((await learn('jest'))[0]?.changed, undefined);
    await earlier.close();
  });

  it('takes a command out for good, whatever is typed behind it', async () => {
    touch('data/app.db', at(15));
    await learn('npm test');
    equal((await project.unlearn('npm test --watch'))[0]?.command, 'npm test');
    equal(await isGuarded('npm test'), false);
    deepStrictEqual(await learn('npm test'), []);
    deepStrictEqual(await project.unlearn('npm test'), []);
  });

  it('keeps no secret, and nothing in the project', async () => {
    const options = engineOptions({ storeDir: join(folder, 'store') });
    const env = { ...options.env, API_KEY: 'pa55phrase' };
    const other = await openProject({ ...options, env }, dir);
    touch('data/app.db', at(15));
    const moments = { startedMs: started.getTime(), endedMs: ended.getTime(), settleMs: 0 };
    await other.learn({ command: 'npm run pa55phrase', cwd: dir, ...moments }, call);
    const text = readFileSync(join(project.storePath, 'learned.json'), 'utf8');
    deepStrictEqual([text.includes('***'), text.includes('pa55phrase')], [true, false]);
    equal(
      (await other.matchCommand({ command: 'npm run pa55phrase', cwd: dir })).destructive,
      true,
    );
    await other.close();
  });

  it('watches what a shell can look at without a program: databases, folders, files', async () => {
    await isGuarded('npm test');
    const name = dir.replaceAll('/', '%');
    const lines = readFileSync(join(folder, 'store/watched', name), 'utf8').split('\n');
    deepStrictEqual(
      lines,
      [
        '',
        dir,
        ...['app.db', 'app.db-wal', '', 'uploads', 'uploads/a.txt'].map((path) =>
          join(dir, 'data', path),
        ),
        '',
      ].map((line) => line.replace(/(?<=.)\/$/, '')),
    );
  });
});

describe('saveLearned', () => {
  it('keeps a hundred, without those that were not seen for longest', async () => {
    const store = await tree({});
    const record = (index: number) => ({
      command: `npm run x${index}`,
      changed: 'app.db',
      lastAt: new Date(Date.UTC(2026, 0, 1, 0, index)).toISOString(),
      times: 1,
      state: 'learned' as const,
    });
    saveLearned(
      store,
      Array.from({ length: 100 }, (_, index) => record(index)),
    );
    saveLearned(store, [{ ...record(0), lastAt: record(200).lastAt }, record(101)]);
    const commands = readLearned(store).map(({ command }) => command);
    equal(commands.length, 100);
    ok(commands.includes('npm run x0') && commands.includes('npm run x101'));
    ok(!commands.includes('npm run x1'));
  });

  it('is read as nothing where it is damaged', async () => {
    const store = await tree({ 'learned.json': '[{"command": 1}, {"comm' });
    deepStrictEqual(readLearned(store), []);
  });
});

/** Another program that has the file open. */
async function holdOpen(path: string): Promise<ChildProcess> {
  const text = `require('fs').openSync(${JSON.stringify(path)}); setInterval(() => {}, 1e6); console.log('open')`;
  const child = spawn(process.execPath, ['-e', text], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return child;
}
