import Database from 'better-sqlite3';
import { deepStrictEqual, equal, match, ok, rejects } from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { startApplication } from '../../support/application.ts';
import { comparable, flatTree } from '../../support/flat-tree.ts';
import { quietCall, tempFolder, testProject, type TestProject } from '../../support/project.ts';
import { database, rows, sqlite } from '../../support/sqlite.ts';
import { fifo, writeTree } from '../../support/tree.ts';

const schema = `CREATE TABLE projects(id INTEGER PRIMARY KEY, status);
  CREATE TABLE users(id INTEGER PRIMARY KEY, name);
  CREATE TABLE access(id INTEGER PRIMARY KEY, user REFERENCES users, project REFERENCES projects);
  INSERT INTO projects VALUES (1, 'ready'), (2, 'ready'); INSERT INTO users VALUES (1, 'ann'), (2, 'bob');
  INSERT INTO access VALUES (1, 1, 1), (2, 2, 1)`;
const breakage = `UPDATE projects SET status = 'error'; UPDATE users SET name = 'eve' WHERE id = 1`;

describe('a restore of tables', () => {
  it('brings one table back and touches nothing else; undo takes back no more', async () => {
    const { project, dir } = await broken();
    const files = flatTree(dir, 'data/files');
    const options = { snapshot: 'good', table: ['data/app.db:projects'] };
    const plan = await project.planRestore(options, quietCall);
    deepStrictEqual(plan.files, { written: 0, deleted: 0, unchanged: 0 });
    const [planned] = plan.databases;
    deepStrictEqual(
      [planned?.method, planned?.tables, planned?.tablesChanged, planned?.wholeBecause],
      ['live', ['projects'], 2, null],
    );
    deepStrictEqual(
      planned?.diff?.tables.map(({ name, changed }) => [name, changed]),
      [['projects', 2]],
    );
    const done = await project.applyRestore(options, plan.token, quietCall);
    deepStrictEqual(done.rows, { added: 0, removed: 0, changed: 2 });
    deepStrictEqual(done.databases, [{ path: 'data/app.db', method: 'live', ok: true }]);
    deepStrictEqual(values(dir), [
      ['ready', 'ready'],
      ['eve', 'bob'],
    ]);
    deepStrictEqual(comparable(flatTree(dir, 'data/files')), comparable(files));

    sqlite(join(dir, 'data/app.db'), `UPDATE users SET name = 'later' WHERE id = 2`);
    await writeTree(dir, { 'data/files/later.txt': 'later' });
    deepStrictEqual(await project.undoOptions(), {
      snapshot: done.safetySnapshot,
      only: [],
      table: ['data/app.db:projects'],
    });
    await project.applyRestore(await project.undoOptions(), undefined, quietCall);
    deepStrictEqual(values(dir), [
      ['error', 'error'],
      ['eve', 'later'],
    ]);
    equal(fs.existsSync(join(dir, 'data/files/later.txt')), true);
    await project.applyRestore(await project.undoOptions(), undefined, quietCall);
    deepStrictEqual(values(dir), [
      ['ready', 'ready'],
      ['eve', 'later'],
    ]);
  });

  it('leaves out tables and paths, and tells the mode of what it left alone nothing', async () => {
    const { project, dir } = await broken();
    fs.chmodSync(join(dir, 'data/app.db'), 0o640);
    const options = {
      snapshot: 'good',
      except: ['data/files/b.txt'],
      exceptTable: ['data/app.db:USERS'],
    };
    const plan = await project.planRestore(options, quietCall);
    deepStrictEqual(
      plan.fileChanges.map(({ path }) => path),
      ['data/files/a.txt'],
    );
    await project.applyRestore(options, plan.token, quietCall);
    deepStrictEqual(values(dir), [
      ['ready', 'ready'],
      ['eve', 'bob'],
    ]);
    equal(fs.readFileSync(join(dir, 'data/files/a.txt'), 'utf8'), 'one');
    equal(fs.readFileSync(join(dir, 'data/files/b.txt'), 'utf8'), 'changed');
    equal(fs.statSync(join(dir, 'data/app.db')).mode & 0o777, 0o640);
  });

  it('brings tables back together with paths', async () => {
    const { project, dir } = await broken();
    const options = {
      snapshot: 'good',
      only: ['data/files/b.txt'],
      table: ['data/app.db:users', 'data/app.db:projects'],
    };
    await project.applyRestore(options, undefined, quietCall);
    deepStrictEqual(values(dir), [
      ['ready', 'ready'],
      ['ann', 'bob'],
    ]);
    equal(fs.readFileSync(join(dir, 'data/files/a.txt'), 'utf8'), 'changed');
    equal(fs.readFileSync(join(dir, 'data/files/b.txt'), 'utf8'), 'two');
  });

  it('finds nothing to do where all that differs is left out', async () => {
    const { project } = await broken();
    const plan = await project.planRestore(
      {
        snapshot: 'good',
        only: ['data/app.db'],
        exceptTable: ['data/app.db:users', 'data/app.db:projects'],
      },
      quietCall,
    );
    equal(plan.empty, true);
    equal(plan.databases[0]?.method, 'none');
  });

  it('works under an application that has the database open', async () => {
    const { project, dir } = await broken();
    const application = await startApplication(join(dir, 'data/app.db'));
    await application.run('SELECT 1');
    const plan = await project.planRestore(
      { snapshot: 'good', table: ['data/app.db:users'] },
      quietCall,
    );
    match(plan.databases[0]?.openIn.join() ?? '', /node/);
    await project.applyRestore(
      { snapshot: 'good', table: ['data/app.db:users'] },
      plan.token,
      quietCall,
    );
    deepStrictEqual(await application.run('SELECT name FROM users WHERE id = 1'), [
      { name: 'ann' },
    ]);
    await application.close();
  });

  it('refuses tables where the schema differs, and says why the database is whole', async () => {
    const { project, dir } = await broken();
    sqlite(join(dir, 'data/app.db'), 'CREATE INDEX i ON users(name)');
    const whole = await project.planRestore({ snapshot: 'good' }, quietCall);
    equal(whole.databases[0]?.wholeBecause, 'the schema differs');
    equal(whole.blocked, null);
    const options = { snapshot: 'good', table: ['data/app.db:users'] };
    const plan = await project.planRestore(options, quietCall);
    const words = /"data\/app.db" is restored whole or not at all, because the schema differs/;
    match(plan.blocked ?? '', words);
    await rejects(project.applyRestore(options, plan.token, quietCall), words);
    await rejects(project.applyRestore(options, undefined, quietCall), words);
    deepStrictEqual(values(dir), [
      ['error', 'error'],
      ['eve', 'bob'],
    ]);
    equal((await project.list()).length, 1);
  });

  it('tells how to go on where an undo of tables meets another schema', async () => {
    const { project, dir } = await broken();
    const options = { snapshot: 'good', table: ['data/app.db:users'] };
    const { safetySnapshot } = await project.applyRestore(options, undefined, quietCall);
    sqlite(join(dir, 'data/app.db'), 'ALTER TABLE users ADD COLUMN more');
    const undo = await project.undoOptions();
    const hint = `savepoint restore ${safetySnapshot?.slice(-4)} --only data/app.db brings all of it back`;
    equal((await project.planRestore(undo, quietCall)).blockedHint, hint);
    await rejects(project.applyRestore(undo, undefined, quietCall), {
      code: 'RESTORE_BLOCKED',
      hint,
    });
  });

  it('knows which tables there are, whatever else keeps the database from being restored in parts', async () => {
    const { project, dir } = await broken();
    const path = join(dir, 'data/app.db');
    const refused = async (table: string): Promise<void> => {
      const options = { snapshot: 'good', table: [`data/app.db:${table}`] };
      const words = {
        code: 'PATH_NOT_IN_SNAPSHOT',
        message: `no table "${table}" in "data/app.db"`,
      };
      await rejects(project.planRestore(options, quietCall), words);
      await rejects(project.applyRestore(options, undefined, quietCall), words);
    };
    await refused('user');
    sqlite(path, 'DROP TABLE access');
    await refused('user');
    const dropped = { snapshot: 'good', table: ['data/app.db:access'] };
    match((await project.planRestore(dropped, quietCall)).blocked ?? '', /the schema differs/);
    fs.rmSync(path);
    await refused('user');
    await project.applyRestore({ snapshot: 'good' }, undefined, quietCall);
    await refused('user');
    await refused('');
    equal((await project.list()).filter(({ reason }) => reason === 'safety').length, 1);
  });

  it('says of a virtual table that only its application knows where its rows are', async () => {
    const virtual = `PRAGMA writable_schema = ON;
      INSERT INTO sqlite_schema VALUES ('table', 'v', 'v', 0, 'CREATE VIRTUAL TABLE v USING own(a)')`;
    const { project, dir } = await testProject({
      '.env': 'DATA_DIR=data',
      'data/app.db': database('CREATE TABLE v_rows(a); INSERT INTO v_rows VALUES (1)'),
    });
    const db = new Database(join(dir, 'data/app.db'));
    db.unsafeMode();
    db.exec(virtual);
    db.close();
    await project.snapshot({ label: 'good' }, quietCall);
    sqlite(join(dir, 'data/app.db'), 'UPDATE v_rows SET a = 2');
    await rejects(project.planRestore({ snapshot: 'good', table: ['data/app.db:v'] }, quietCall), {
      code: 'USAGE',
      message: 'table "v" in "data/app.db" keeps its rows in other tables',
    });
    await project.applyRestore(
      { snapshot: 'good', table: ['data/app.db:v_rows'] },
      undefined,
      quietCall,
    );
    deepStrictEqual(rows(join(dir, 'data/app.db'), 'SELECT a FROM v_rows'), [{ a: 1 }]);
  });

  it('brings back a table whose name is empty', async () => {
    const { project, dir } = await testProject({
      '.env': 'DATA_DIR=data',
      'data/app.db': database('CREATE TABLE ""(a); INSERT INTO "" VALUES (1)'),
    });
    await project.snapshot({ label: 'good' }, quietCall);
    sqlite(join(dir, 'data/app.db'), 'UPDATE "" SET a = 2');
    const options = { snapshot: 'good', table: ['data/app.db:'] };
    await project.applyRestore(options, undefined, quietCall);
    deepStrictEqual(rows(join(dir, 'data/app.db'), 'SELECT a FROM ""'), [{ a: 1 }]);
  });

  it('refuses ticks that would break foreign keys, names the rows, and changes nothing', async () => {
    const { project, dir } = await broken();
    sqlite(join(dir, 'data/app.db'), 'DELETE FROM access; DELETE FROM users WHERE id = 2');
    const options = { snapshot: 'good', exceptTable: ['data/app.db:users'] };
    const plan = await project.planRestore(options, quietCall);
    deepStrictEqual(plan.foreignKeys, [
      { database: 'data/app.db', table: 'access', parent: 'users', rows: 1 },
    ]);
    match(plan.blocked ?? '', /1 row of "access" would have no row in "users"/);
    await rejects(project.applyRestore(options, plan.token, quietCall), {
      code: 'RESTORE_BLOCKED',
    });
    await rejects(project.applyRestore(options, undefined, quietCall), { code: 'RESTORE_BLOCKED' });
    deepStrictEqual(rows(join(dir, 'data/app.db'), 'SELECT * FROM access'), []);
    const all = { snapshot: 'good', basedOn: plan.token };
    equal((await project.planRestore(all, quietCall)).blocked, null);
  });

  it('refuses a table whose index only its application can write', async () => {
    const { project, dir } = await testProject({
      '.env': 'DATA_DIR=data',
      'data/app.db': database('CREATE TABLE t(a); CREATE TABLE u(a)'),
    });
    const db = new Database(join(dir, 'data/app.db'));
    db.function('own', { deterministic: true }, (text: unknown) => text);
    db.exec('CREATE INDEX i ON t(own(a)); INSERT INTO t VALUES (1)');
    await project.snapshot({ label: 'good' }, quietCall);
    db.exec('INSERT INTO t VALUES (2); INSERT INTO u VALUES (2)');
    db.close();
    const options = { snapshot: 'good', table: ['data/app.db:t'] };
    const plan = await project.planRestore(options, quietCall);
    const words =
      /whole or not at all, because table "t" needs its application \(unknown function: own/;
    match(plan.blocked ?? '', words);
    await rejects(project.applyRestore(options, undefined, quietCall), words);
    const whole = { snapshot: 'good', basedOn: plan.token };
    equal((await project.planRestore(whole, quietCall)).blocked, null);
    await project.applyRestore(
      { snapshot: 'good', table: ['data/app.db:u'] },
      undefined,
      quietCall,
    );
    deepStrictEqual(rows(join(dir, 'data/app.db'), 'SELECT a FROM u'), []);
  });

  it('is not kept back by rows that lack their parents already', async () => {
    const { project, dir } = await broken();
    sqlite(
      join(dir, 'data/app.db'),
      'PRAGMA foreign_keys = OFF; DELETE FROM users WHERE id = 2; UPDATE projects SET status = NULL',
    );
    const options = { snapshot: 'good', exceptTable: ['data/app.db:users'] };
    const plan = await project.planRestore(options, quietCall);
    deepStrictEqual([plan.foreignKeys, plan.blocked], [[], null]);
    await project.applyRestore(options, plan.token, quietCall);
  });

  it('restores a table beside an index that only another SQLite can check, which is not called damaged', async () => {
    const { project, dir } = await testProject({ '.env': 'DATA_DIR=data', 'data/x': '' });
    const db = new Database(join(dir, 'data/app.db'));
    db.exec(`CREATE TABLE songs(id INTEGER PRIMARY KEY, vector BLOB); CREATE TABLE lists(name);
      CREATE TABLE empty(vector); CREATE INDEX songs_near ON empty(vector);
      INSERT INTO songs(vector) VALUES (x'00'), (x'01'), (x'02'); INSERT INTO lists VALUES ('one')`);
    db.unsafeMode();
    db.exec(`PRAGMA writable_schema = ON; UPDATE sqlite_schema SET tbl_name = 'songs',
      sql = 'CREATE INDEX songs_near ON songs(near_idx(vector))' WHERE name = 'songs_near'`);
    db.close();
    const { databases } = await project.snapshot({ label: 'good' }, quietCall);
    deepStrictEqual(
      databases.map(({ state, detail, tables }) => ({ state, detail, songs: tables['songs'] })),
      [
        {
          state: 'unchecked',
          detail: 'only its application can check the index songs_near',
          songs: 3,
        },
      ],
    );
    sqlite(join(dir, 'data/app.db'), "INSERT INTO lists VALUES ('two')");
    const options = { snapshot: 'good', table: ['data/app.db:lists'] };
    await project.applyRestore(options, undefined, quietCall);
    deepStrictEqual(rows(join(dir, 'data/app.db'), 'SELECT name FROM lists'), [{ name: 'one' }]);
    equal(await project.pendingRestore(), null);
  });

  it('counts the rows that the other side of a broken key has', async () => {
    const { project, dir } = await broken();
    sqlite(
      join(dir, 'data/app.db'),
      `INSERT INTO users VALUES (7, 'x'); INSERT INTO access VALUES (7, 7, 1), (8, 7, 2), (9, NULL, 1)`,
    );
    const options = { snapshot: 'good', table: ['data/app.db:users'] };
    const { foreignKeys } = await project.planRestore(options, quietCall);
    deepStrictEqual(foreignKeys, [
      { database: 'data/app.db', table: 'access', parent: 'users', rows: 2 },
    ]);
  });

  for (const [name, options, code] of [
    ['a table', { table: ['data/app.db:nobody'] }, 'PATH_NOT_IN_SNAPSHOT'],
    ['a table to leave out', { exceptTable: ['data/app.db:nobody'] }, 'PATH_NOT_IN_SNAPSHOT'],
    ['a database', { table: ['data/no.db:users'] }, 'PATH_NOT_IN_SNAPSHOT'],
    ['a path to leave out', { except: ['data/nothing'] }, 'PATH_NOT_IN_SNAPSHOT'],
    ['a file that is no database', { table: ['data/files/a.txt:users'] }, 'USAGE'],
    ['a folder that is no database', { table: ['data/files:users'] }, 'USAGE'],
    ['text without a table', { table: ['data/app.db'] }, 'USAGE'],
    ['a table with another folder', { table: ['data/app.db:users'], to: '/nowhere/x' }, 'USAGE'],
  ] as const) {
    it(`refuses ${name} that is not there in one line`, async () => {
      const { project } = await broken();
      await rejects(project.planRestore({ snapshot: 'good', ...options }, quietCall), { code });
    });
  }

  it('tells of a copy into another folder what is not in the snapshot', async () => {
    const { project } = await testProject({
      '.env': 'DATA_DIR=data',
      'data/app.db': database(schema),
      'data/calls': fifo(),
    });
    await project.snapshot({ label: 'good' }, quietCall);
    const options = { snapshot: 'good', to: join(tempFolder(), 'copy') };
    const expected = ['not in the snapshot: data/calls (named pipe)'];
    const plan = await project.planRestore(options, quietCall);
    deepStrictEqual(plan.warnings, expected);
    const done = await project.applyRestore(options, plan.token, quietCall);
    deepStrictEqual(done.warnings, expected);
  });

  it('leaves paths out of a copy into another folder', async () => {
    const { project, dir } = await broken();
    const to = join(dir, 'copy');
    await project.applyRestore(
      { snapshot: 'good', except: ['data/app.db'], to },
      undefined,
      quietCall,
    );
    deepStrictEqual(fs.readdirSync(join(to, 'data')), ['files']);
  });
});

describe('a plan that is shown', () => {
  it('answers further ticks on what it looked at, and knows when what is ticked changed', async () => {
    const { project, dir, storeDir } = await broken();
    const first = await project.planRestore({ snapshot: 'good' }, quietCall);
    equal(await project.isPlanCurrent(first.token), true);
    const ticked = await project.planRestore(
      { snapshot: 'good', basedOn: first.token, table: ['data/app.db:users'] },
      quietCall,
    );
    equal(await project.isPlanCurrent(ticked.token), true);
    ok(temporaryFolders(storeDir).length > 0);

    await writeTree(dir, { 'data/files/c.txt': 'new' });
    equal(await project.isPlanCurrent(first.token), false);
    equal(await project.isPlanCurrent(ticked.token), true);
    sqlite(join(dir, 'data/app.db'), 'INSERT INTO access VALUES (3, 1, 1)');
    equal(await project.isPlanCurrent(ticked.token), false);
    const stale = await project.planRestore({ snapshot: 'good', basedOn: ticked.token }, quietCall);
    equal(stale.token, first.token);
    await rejects(project.applyRestore({ snapshot: 'good' }, stale.token, quietCall), {
      code: 'PLAN_STALE',
    });
    const fresh = await project.planRestore({ snapshot: 'good' }, quietCall);
    equal(await project.isPlanCurrent(fresh.token), true);
    equal(await project.isPlanCurrent(ticked.token), false);
    await project.closePlan(ticked.token);
    equal(await project.isPlanCurrent(fresh.token), true);
    await project.closePlan(fresh.token);
    equal(await project.isPlanCurrent(fresh.token), false);
    deepStrictEqual(temporaryFolders(storeDir), []);
  });

  it('is not current any more when a row changed, whoever writes it', async () => {
    for (const journalMode of ['wal', 'delete'] as const) {
      const { project, dir } = await broken();
      sqlite(join(dir, 'data/app.db'), '', { journalMode });
      const application = await startApplication(join(dir, 'data/app.db'));
      await application.run('SELECT 1');
      const plan = await project.planRestore({ snapshot: 'good' }, quietCall);
      await application.run('SELECT count(*) FROM users');
      equal(await project.isPlanCurrent(plan.token), true);
      await application.run(`INSERT INTO users VALUES (50, 'x')`);
      equal(await project.isPlanCurrent(plan.token), false);
      await application.close();
      await project.close();
    }
  });

  it('binds the restore to its ticks', async () => {
    const { project, dir } = await broken();
    const plan = await project.planRestore(
      { snapshot: 'good', table: ['data/app.db:users'] },
      quietCall,
    );
    await rejects(
      project.applyRestore(
        { snapshot: 'good', table: ['data/app.db:projects'] },
        plan.token,
        quietCall,
      ),
      { code: 'PLAN_STALE' },
    );
    deepStrictEqual(values(dir), [
      ['error', 'error'],
      ['eve', 'bob'],
    ]);
  });

  it('lets go of its copies when the project is closed', async () => {
    const { project, storeDir } = await broken();
    await project.planRestore({ snapshot: 'good' }, quietCall);
    await project.close();
    deepStrictEqual(temporaryFolders(storeDir), []);
  });
});

/** A project with the snapshot "good", whose rows and files changed since. */
async function broken(): Promise<TestProject> {
  const test = await testProject({
    '.env': 'DATA_DIR=data',
    'data/app.db': database(schema),
    'data/files/a.txt': 'one',
    'data/files/b.txt': 'two',
  });
  await test.project.snapshot({ label: 'good' }, quietCall);
  sqlite(join(test.dir, 'data/app.db'), breakage);
  await writeTree(test.dir, { 'data/files/a.txt': 'changed', 'data/files/b.txt': 'changed' });
  return test;
}

function values(dir: string): unknown {
  const path = join(dir, 'data/app.db');
  return [
    rows(path, 'SELECT status FROM projects ORDER BY id').map(
      (row) => (row as { status: string }).status,
    ),
    rows(path, 'SELECT name FROM users ORDER BY id').map((row) => (row as { name: string }).name),
  ];
}

function temporaryFolders(storeDir: string): string[] {
  const found = fs.readdirSync(storeDir, { recursive: true, encoding: 'utf8' });
  return found.filter((name) => /tmp\/[^/]+$/.test(name));
}
