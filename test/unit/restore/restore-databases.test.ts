import { deepStrictEqual, equal, match, rejects } from 'node:assert/strict';
import Database from 'better-sqlite3';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { startApplication, startWriter } from '../../support/application.ts';
import { comparable, flatTree } from '../../support/flat-tree.ts';
import { bankState, makeBank, soundBank } from '../../support/live-databases.ts';
import { quietCall, tempFolder, testProject, type TestProject } from '../../support/project.ts';
import { database, rows, sqlite } from '../../support/sqlite.ts';
import { tree, writeTree } from '../../support/tree.ts';

const env = { '.env': 'DATA_DIR=data' };

/** One byte in every ten thousand of what is stored, but for the first and last of a pack. */
function damagePacks(storeDir: string): void {
  for (const name of fs.readdirSync(storeDir, { recursive: true })) {
    const path = join(storeDir, String(name));
    if (!path.endsWith('.tar')) continue;
    const bytes = fs.readFileSync(path);
    for (let at = 2_000; at < bytes.length - 20_000; at += 10_000) bytes[at] = bytes[at]! ^ 255;
    fs.writeFileSync(path, bytes);
  }
}

/** Every kind of table that restores are known to get wrong elsewhere. */
const everyKind = `
  CREATE TABLE plain(a, b); INSERT INTO plain VALUES (NULL, x'00ff'), (9223372036854775807, -9223372036854775808), (1e308, 'x' || char(0) || 'y');
  CREATE TABLE keyed(k TEXT PRIMARY KEY, v) WITHOUT ROWID; INSERT INTO keyed VALUES ('b', 1), ('a', 2.5);
  CREATE TABLE nullable(k PRIMARY KEY, v); INSERT INTO nullable VALUES (NULL, 1), (NULL, 2), (3, 3);
  CREATE TABLE made(a, twice AS (a * 2) STORED, thrice AS (a * 3)); INSERT INTO made(a) VALUES (7);
  CREATE VIRTUAL TABLE words USING fts5(text); INSERT INTO words VALUES ('some words'), ('more of them');
  CREATE VIRTUAL TABLE boxes USING rtree(id, x0, x1); INSERT INTO boxes VALUES (1, 0, 1), (2, 5, 6);
  CREATE TABLE log(what); CREATE TRIGGER note AFTER INSERT ON plain BEGIN INSERT INTO log VALUES (new.a); END;
  CREATE VIEW both AS SELECT a FROM plain UNION SELECT a FROM made;
  CREATE INDEX by_b ON plain(b); PRAGMA user_version = 42; PRAGMA application_id = 7;
`;
const breakIt = `
  DROP TABLE keyed; DROP TRIGGER note; DELETE FROM plain; INSERT INTO words VALUES ('new');
  UPDATE made SET a = 8; DELETE FROM boxes; CREATE TABLE more(a); PRAGMA user_version = 43;
`;

describe('restoring databases', () => {
  for (const pageSize of [512, 4096, 65_536]) {
    for (const journalMode of ['wal', 'delete'] as const) {
      it(`brings every kind of table back, ${journalMode}, pages of ${pageSize} bytes`, async () => {
        const { project, dir } = await testProject({
          ...env,
          'data/app.db': database(everyKind, { journalMode, pageSize }),
        });
        const path = join(dir, 'data/app.db');
        const good = dump(path);
        await project.snapshot({ label: 'good' }, quietCall);
        sqlite(path, breakIt);
        const broken = dump(path);
        await project.applyRestore({ snapshot: 'good' }, undefined, quietCall);
        deepStrictEqual(dump(path), good);
        deepStrictEqual((await project.diff('good', 'live', {}, quietCall)).databases, []);
        await undo(project);
        deepStrictEqual(dump(path), broken);
      });
    }
  }

  it('brings back what was only in the write-ahead log of a killed application', async () => {
    const { project, dir } = await testProject({
      ...env,
      'data/app.db': database('CREATE TABLE t(a)', { leftInWal: 'INSERT INTO t VALUES (1), (2)' }),
    });
    await project.snapshot({ label: 'good' }, quietCall);
    const path = join(dir, 'data/app.db');
    sqlite(path, 'DELETE FROM t');
    await project.applyRestore({ snapshot: 'good' }, undefined, quietCall);
    deepStrictEqual(rows(path, 'SELECT a FROM t'), [{ a: 1 }, { a: 2 }]);
  });

  it('changes the page size of a database in WAL mode back', async () => {
    const { project, dir } = await testProject({
      ...env,
      'data/app.db': database(everyKind, { journalMode: 'wal', pageSize: 1024 }),
    });
    const path = join(dir, 'data/app.db');
    const good = dump(path);
    await project.snapshot({ label: 'good' }, quietCall);
    sqlite(
      path,
      'PRAGMA journal_mode = delete; PRAGMA page_size = 8192; VACUUM; PRAGMA journal_mode = wal',
    );
    const application = await startApplication(path);
    await application.run('SELECT * FROM plain');
    const plan = await project.planRestore({ snapshot: 'good' }, quietCall);
    match(plan.blocked ?? '', /has another page size and must be replaced: it is open in/);
    await application.close();
    const changed = dump(path);
    await project.applyRestore({ snapshot: 'good' }, undefined, quietCall);
    deepStrictEqual(dump(path), good);
    await undo(project);
    deepStrictEqual(dump(path), changed);
    equal(fs.readFileSync(path)[18], 2, 'in WAL mode');
  });

  it('replaces a damaged database, and undo brings the damaged one back', async () => {
    const { project, dir } = await testProject({ ...env, 'data/app.db': database(everyKind) });
    const path = join(dir, 'data/app.db');
    const good = dump(path);
    await project.snapshot({ label: 'good' }, quietCall);
    const rubbish = Buffer.alloc(20_000, 'rubbish');
    fs.writeFileSync(path, rubbish);
    fs.writeFileSync(`${path}-wal`, 'a stale log');
    await project.applyRestore({ snapshot: 'good' }, undefined, quietCall);
    deepStrictEqual(dump(path), good);
    deepStrictEqual(fs.readdirSync(join(dir, 'data')), ['app.db']);
    await undo(project);
    deepStrictEqual(fs.readFileSync(path), rubbish);
    equal(fs.readFileSync(`${path}-wal`, 'utf8'), 'a stale log');
  });

  it('warns that what comes back was damaged already, and of nothing else', async () => {
    const { project, dir } = await testProject({ ...env, 'data/app.db': database(everyKind) });
    const path = join(dir, 'data/app.db');
    await project.snapshot({ label: 'good' }, quietCall);
    const file = fs.openSync(path, 'r+');
    fs.writeSync(file, Buffer.alloc(9000, 'rubbish'), 0, 9000, 4096);
    fs.closeSync(file);
    const { databases } = await project.snapshot({ label: 'damaged' }, quietCall);
    equal(databases[0]?.state, 'damaged');
    deepStrictEqual((await project.planRestore({ snapshot: 'good' }, quietCall)).warnings, []);
    await project.applyRestore({ snapshot: 'good' }, undefined, quietCall);
    const { warnings } = await project.planRestore({ snapshot: 'damaged' }, quietCall);
    deepStrictEqual(warnings, ['data/app.db was damaged when this snapshot was taken']);
  });

  it('plans around a database that is damaged in the store, names it, and restores the rest', async () => {
    const fill = `WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)
      INSERT INTO t SELECT i, hex(randomblob(40)) FROM n`;
    const { project, dir, storeDir } = await testProject({
      ...env,
      'data/app.db': database(`CREATE TABLE t(id INTEGER PRIMARY KEY, v); ${fill}`),
      'data/note.txt': 'good',
    });
    await project.snapshot({ label: 'good' }, quietCall);
    damagePacks(storeDir);
    sqlite(join(dir, 'data/app.db'), 'UPDATE t SET v = 1 WHERE id < 10');
    await writeTree(dir, { 'data/note.txt': 'changed' });
    const words = '"data/app.db" is damaged in the store; nothing was changed';
    for (const part of [{}, { table: ['data/app.db:t'] }]) {
      const options = { snapshot: 'good', ...part };
      const plan = await project.planRestore(options, quietCall);
      equal(plan.blocked, words);
      match(plan.blockedHint ?? '', /--only restores the rest/);
      match(plan.databases[0]?.diff?.problem ?? '', /its newer version is damaged in the store/);
      for (const token of [plan.token, undefined]) {
        const applied = project.applyRestore(options, token, quietCall);
        await rejects(applied, { code: 'SNAPSHOT_DAMAGED', message: words });
      }
    }
    const rest = { snapshot: 'good', only: ['data/note.txt'] };
    await project.applyRestore(rest, undefined, quietCall);
    equal(fs.readFileSync(join(dir, 'data/note.txt'), 'utf8'), 'good');
  });

  it('takes an encrypted database with its log as one', async () => {
    const { project, dir } = await testProject({
      ...env,
      'data/x.db': Buffer.alloc(8192, 'secret'),
      'data/x.db-wal': 'its log',
      'data/y': '',
    });
    const good = comparable(flatTree(dir, 'data'));
    await project.snapshot({ label: 'good' }, quietCall);
    await writeTree(dir, { 'data/x.db': Buffer.alloc(8192, 'others') });
    fs.rmSync(join(dir, 'data/x.db-wal'));
    await project.applyRestore({ snapshot: 'good' }, undefined, quietCall);
    deepStrictEqual(comparable(flatTree(dir, 'data')), good);
  });

  it('puts a database where a file or a folder is, and the other way round', async () => {
    const { project, dir } = await testProject({
      ...env,
      'data/a': database(everyKind),
      'data/b': database(everyKind),
      'data/c': 'a file',
      'data/d/e': '1',
    });
    const good = dump(join(dir, 'data/a'));
    await project.snapshot({ label: 'good' }, quietCall);
    fs.rmSync(join(dir, 'data'), { recursive: true });
    await writeTree(dir, { 'data/a': 'a file', 'data/b/f': 'a folder' });
    sqlite(join(dir, 'data/c'), 'CREATE TABLE t(a)', { journalMode: 'wal' });
    sqlite(join(dir, 'data/d'), 'CREATE TABLE t(a)');
    const plan = await project.planRestore({ snapshot: 'good' }, quietCall);
    deepStrictEqual(
      plan.databases.flatMap(({ path, method, wholeBecause }) =>
        method === 'replace' ? [[path, wholeBecause]] : [],
      ),
      ['data/a', 'data/b'].map((path) => [path, 'what is there now is no database']),
    );
    await project.applyRestore({ snapshot: 'good' }, undefined, quietCall);
    deepStrictEqual(dump(join(dir, 'data/a')), good);
    deepStrictEqual(dump(join(dir, 'data/b')), good);
    deepStrictEqual(fs.readdirSync(join(dir, 'data'), { recursive: true }), [
      'a',
      'b',
      'c',
      'd',
      'd/e',
    ]);
    await undo(project);
    deepStrictEqual(fs.readdirSync(join(dir, 'data'), { recursive: true }), [
      'a',
      'b',
      'c',
      'd',
      'b/f',
    ]);
    deepStrictEqual(rows(join(dir, 'data/d'), 'SELECT * FROM t'), []);
  });

  for (const mode of ['wal', 'delete']) {
    it(`loses no commit of a writer, ${mode}: each is in the safety snapshot or came after`, async () => {
      const { project, dir } = await testProject({ ...env, 'data/a': 'a' });
      const path = join(dir, 'data/app.db');
      makeBank(path, mode);
      const writer = await startWriter(path, mode);
      await project.snapshot({ label: 'good' }, quietCall);
      const done = await project.applyRestore({ snapshot: 'good' }, undefined, quietCall);
      const { commitTimes, errors } = await writer.stop();
      deepStrictEqual(errors, []);
      deepStrictEqual(bankState(path), soundBank);
      const entriesIn = async (snapshot: string): Promise<number> => {
        const to = tempFolder();
        await project.applyRestore({ snapshot, to }, undefined, quietCall);
        deepStrictEqual(bankState(join(to, 'data/app.db')), soundBank);
        return countEntries(join(to, 'data/app.db'));
      };
      const before = await entriesIn(done.safetySnapshot ?? '');
      const after = countEntries(path) - (await entriesIn('good'));
      equal(before + after, commitTimes.length);
    });
  }

  it('restores a database that lies beside the source code by itself', async () => {
    const { project, dir } = await testProject({
      'savepoint.json': '{ "dataDirs": [{ "path": "dev.db" }] }',
      'main.js': 'code',
      'dev.db': database('CREATE TABLE t(a); INSERT INTO t VALUES (1)', { journalMode: 'wal' }),
    });
    await project.snapshot({ label: 'good' }, quietCall);
    fs.rmSync(join(dir, 'dev.db'));
    await project.applyRestore({ snapshot: 'good' }, undefined, quietCall);
    deepStrictEqual(rows(join(dir, 'dev.db'), 'SELECT a FROM t'), [{ a: 1 }]);
    await undo(project);
    deepStrictEqual(fs.readdirSync(dir), ['main.js', 'savepoint.json']);
  });

  it('restores a data directory outside of the project, and below outside/ with --to', async () => {
    const outside = await tree({
      'app.db': database('CREATE TABLE t(a); INSERT INTO t VALUES (1)'),
      'f/g': '1',
    });
    const config = JSON.stringify({ dataDirs: [{ path: outside }] });
    const { project } = await testProject({ 'savepoint.json': config });
    await project.allow(outside);
    await project.snapshot({ label: 'good' }, quietCall);
    fs.rmSync(join(outside, 'f'), { recursive: true });
    sqlite(join(outside, 'app.db'), 'DELETE FROM t');
    const done = await project.applyRestore(
      { snapshot: 'good', only: [`${outside}/f`] },
      undefined,
      quietCall,
    );
    deepStrictEqual(done.databases, []);
    equal(fs.readFileSync(join(outside, 'f/g'), 'utf8'), '1');
    await project.applyRestore({ snapshot: 'good' }, undefined, quietCall);
    deepStrictEqual(rows(join(outside, 'app.db'), 'SELECT a FROM t'), [{ a: 1 }]);
    const to = tempFolder();
    await project.applyRestore({ snapshot: 'good', to }, undefined, quietCall);
    equal(fs.readFileSync(join(to, 'outside', outside, 'f/g'), 'utf8'), '1');
  });
});

function countEntries(path: string): number {
  return (rows(path, 'SELECT count(*) AS n FROM entries') as { n: number }[])[0]?.n ?? 0;
}

async function undo(project: TestProject['project']): Promise<void> {
  await project.applyRestore(await project.undoOptions(), undefined, quietCall);
}

/** Schema, pragmas and all rows with their types, and that the whole is sound. */
function dump(path: string): unknown {
  const db = new Database(path, { fileMustExist: true });
  try {
    db.defaultSafeIntegers(true);
    deepStrictEqual(db.pragma('integrity_check', { simple: true }), 'ok');
    const schema = db
      .prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name')
      .all() as { type: string; name: string }[];
    const tables = schema
      .filter(({ type }) => type !== 'index' && type !== 'trigger')
      .map(({ name }) => name);
    const content = tables.map((name) => [name, db.prepare(`SELECT * FROM "${name}"`).all()]);
    const pragmas = ['user_version', 'application_id', 'page_size', 'journal_mode'];
    return { schema, content, pragmas: pragmas.map((name) => db.pragma(name, { simple: true })) };
  } finally {
    db.close();
  }
}
