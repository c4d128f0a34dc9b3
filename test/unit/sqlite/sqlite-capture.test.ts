import { deepStrictEqual, match, ok, rejects, strictEqual } from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { captureDatabases } from '../../../src/engine/sources/sqlite/sqlite-capture.ts';
import { openDatabase } from '../../../src/engine/sqlite/sqlite-driver.ts';
import { databaseSignature } from '../../../src/engine/sqlite/sqlite-file.ts';
import { startApplication } from '../../support/application.ts';
import {
  captureContext,
  captureOne,
  imageRows,
  liveAt,
  traceOf,
  withNodeSqlite,
} from '../../support/live-databases.ts';
import { database } from '../../support/sqlite.ts';
import { tree } from '../../support/tree.ts';

const manyRows = `
  CREATE TABLE t(id INTEGER PRIMARY KEY, a);
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
    INSERT INTO t SELECT i, zeroblob(200) FROM n`;

describe('captureDatabases', () => {
  it('makes one file of a database in each journal mode', async () => {
    for (const journalMode of ['wal', 'delete', 'truncate', 'persist'] as const) {
      const root = await tree({
        'app.db': database(
          'CREATE TABLE t(a); INSERT INTO t VALUES (1), (2); CREATE TABLE "odd ""name"(b)',
          { journalMode },
        ),
      });
      const path = join(root, 'app.db');
      const trace = traceOf(root);
      const { imagePath, signature, ...facts } = await captureOne(path);
      deepStrictEqual(facts, {
        key: 'app.db',
        path,
        state: 'ok',
        detail: null,
        writeVersion: journalMode === 'wal' ? 2 : 1,
        groupFiles: [],
        journalMode: journalMode === 'wal' ? 'wal' : 'rollback',
        pageSize: 4096,
        bytes: statSync(path).size,
        tables: { 'odd "name': 0, t: 2 },
        consistent: true,
        method: 'raw',
      });
      const header = readFileSync(imagePath!);
      deepStrictEqual([header[18], header[19]], [1, 1]);
      strictEqual(signature, databaseSignature(path));
      deepStrictEqual(traceOf(root), trace);
    }
  });

  it('keeps what lies in the log of an application that has the database open', async () => {
    const root = await tree({ 'app.db': database('CREATE TABLE t(a)', { journalMode: 'wal' }) });
    const path = join(root, 'app.db');
    const application = await startApplication(path);
    await application.run('INSERT INTO t VALUES (1)');
    await application.run('BEGIN');
    await application.run('INSERT INTO t VALUES (2)');
    const trace = traceOf(root);
    const captured = await captureOne(path);
    deepStrictEqual(traceOf(root), trace);
    deepStrictEqual(captured.tables, { t: 1 });
    await application.run('COMMIT');
    await application.close();
    deepStrictEqual(
      readdirSync(root),
      ['app.db'],
      'the application closed as if we had not been there',
    );
  });

  it('keeps what lies in the log that a killed application left, and leaves the log', async () => {
    const root = await tree({ 'app.db': database('CREATE TABLE t(a)', { journalMode: 'wal' }) });
    const path = join(root, 'app.db');
    const application = await startApplication(path);
    await application.run('INSERT INTO t VALUES (1), (2)');
    await application.kill();
    const trace = traceOf(root);
    const captured = await captureOne(path);
    deepStrictEqual(traceOf(root), trace);
    deepStrictEqual(readdirSync(root), ['app.db', 'app.db-shm', 'app.db-wal']);
    deepStrictEqual(imageRows(captured, 'SELECT a FROM t'), [{ a: 1 }, { a: 2 }]);
    deepStrictEqual([captured.journalMode, captured.writeVersion], ['wal', 2]);
  });

  it('rolls back the hot journal that a killed application left, and leaves the journal', async () => {
    const root = await tree({ 'app.db': database(manyRows) });
    const path = join(root, 'app.db');
    const application = await startApplication(path);
    await application.run('BEGIN');
    await application.run('UPDATE t SET a = randomblob(200)');
    await application.kill();
    const trace = traceOf(root);
    const captured = await captureOne(path);
    deepStrictEqual(traceOf(root), trace);
    deepStrictEqual(readdirSync(root), ['app.db', 'app.db-journal']);
    deepStrictEqual([captured.state, captured.tables], ['ok', { t: 3000 }]);
    deepStrictEqual(imageRows(captured, 'SELECT DISTINCT a FROM t'), [{ a: Buffer.alloc(200) }]);
  });

  it('leaves the decision about a transaction over two databases to its super-journal', async () => {
    const root = await tree({ 'app.db': database(manyRows), 'other.db': database(manyRows) });
    const path = join(root, 'app.db');
    const application = await startApplication(path);
    await application.run('BEGIN');
    await application.run('UPDATE t SET a = randomblob(200)');
    await application.kill();
    const journal = readFileSync(`${path}-journal`);
    for (const exists of [true, false]) {
      // What SQLite appends before it commits: https://sqlite.org/fileformat2.html#the_rollback_journal
      const name = Buffer.from(`${join(root, 'app.db')}-mj0123456789`);
      writeFileSync(`${path}-journal`, Buffer.concat([journal, superJournalTail(name)]));
      if (exists) writeFileSync(name, `${path}-journal\0${join(root, 'other.db')}-journal\0`);
      const trace = traceOf(root);
      const captured = await captureOne(path);
      deepStrictEqual(traceOf(root), trace);
      strictEqual(captured.groupFiles.length, 0);
      if (exists) {
        deepStrictEqual(imageRows(captured, 'SELECT DISTINCT a FROM t'), [
          { a: Buffer.alloc(200) },
        ]);
        rmSync(name);
      } else {
        // Committed as far as the super-journal says: what the transaction wrote counts.
        ok(readFileSync(captured.imagePath!).equals(readFileSync(path)));
      }
    }
  });

  it('reads a database that its application has locked for itself', async () => {
    const root = await tree({
      'app.db': database(),
      'wal.db': database('CREATE TABLE t(a)', { journalMode: 'wal' }),
    });
    for (const name of ['app.db', 'wal.db']) {
      const application = await startApplication(join(root, name));
      await application.run('PRAGMA locking_mode = EXCLUSIVE');
      await application.run('INSERT INTO t VALUES (7)');
      const trace = traceOf(root);
      const captured = await captureOne(join(root, name));
      deepStrictEqual(traceOf(root), trace);
      strictEqual(captured.state, 'ok');
      ok(imageRows(captured, 'SELECT a FROM t').some((row) => (row as { a: number }).a === 7));
      await application.close();
    }
  });

  it('captures empty databases: no byte, only a header, a first transaction that never ended', async () => {
    const root = await tree({
      'zero.db': '',
      'header.db': database('CREATE TABLE t(a); DROP TABLE t; VACUUM'),
    });
    const zero = await captureOne(join(root, 'zero.db'));
    deepStrictEqual(
      [zero.state, zero.imagePath, zero.groupFiles.map(({ bytes }) => bytes)],
      ['empty', null, [0]],
    );
    const header = await captureOne(join(root, 'header.db'));
    deepStrictEqual([header.state, header.tables, header.bytes], ['ok', {}, 4096]);
    const path = join(root, 'first.db');
    const application = await startApplication(path);
    await application.run('BEGIN');
    await application.run(manyRows);
    await application.kill();
    ok(lstatSync(path).size > 0);
    const first = await captureOne(path);
    deepStrictEqual([first.state, first.bytes, first.tables], ['empty', 0, {}]);
  });

  it('keeps an encrypted database and what lies beside it as one group of files', async () => {
    const files = {
      'app.db': randomBytes(8192),
      'app.db-wal': Buffer.concat([walHeader(), randomBytes(4120)]),
    };
    const root = await tree(files);
    const captured = await captureOne(join(root, 'app.db'));
    deepStrictEqual(
      [captured.state, captured.imagePath, captured.journalMode, captured.bytes],
      ['encrypted', null, 'wal', 8192 + 4152],
    );
    deepStrictEqual(
      captured.groupFiles.map(({ suffix, copyPath }) => [
        `app.db${suffix}`,
        readFileSync(copyPath),
      ]),
      Object.entries(files),
    );
  });

  it('knows an encrypted database with a plain header', async () => {
    const root = await tree({ 'app.db': database() });
    const path = join(root, 'app.db');
    writeFileSync(path, Buffer.concat([readFileSync(path).subarray(0, 100), randomBytes(8092)]));
    const captured = await captureOne(path);
    deepStrictEqual([captured.state, captured.groupFiles.length], ['encrypted', 1]);
  });

  it('keeps a database without a header as the files it is', async () => {
    const root = await tree({ 'app.db': Buffer.alloc(8192, 1), 'app.db-wal': walHeader() });
    const captured = await captureOne(join(root, 'app.db'));
    deepStrictEqual(
      [captured.state, captured.detail],
      ['damaged', 'its header is not one of SQLite'],
    );
    deepStrictEqual(
      captured.groupFiles.map(({ suffix }) => suffix),
      ['', '-wal'],
    );
  });

  it('takes a file that only has such a name beside it for no database', async () => {
    const root = await tree({ notes: 'text', 'notes-wal': 'more text' });
    const captured = await captureOne(join(root, 'notes'));
    deepStrictEqual([captured.state, captured.groupFiles.length], ['unchecked', 2]);
  });

  it('captures a damaged database as it is and says what is wrong', async () => {
    const root = await tree({ 'app.db': database(manyRows), 'cut.db': database(manyRows) });
    const bytes = readFileSync(join(root, 'app.db'));
    bytes.fill(0x55, 3 * 4096, 5 * 4096);
    writeFileSync(join(root, 'app.db'), bytes);
    truncateSync(join(root, 'cut.db'), 5000);
    const pages = await captureOne(join(root, 'app.db'));
    strictEqual(pages.state, 'damaged');
    match(pages.detail ?? '', /\S/);
    ok(readFileSync(pages.imagePath!).equals(bytes));
    const cut = await captureOne(join(root, 'cut.db'));
    strictEqual(cut.state, 'damaged');
    const copy = cut.imagePath ?? cut.groupFiles[0]!.copyPath;
    ok(readFileSync(copy).equals(readFileSync(join(root, 'cut.db'))));
  });

  it('tells what it cannot read, and captures the rest', async () => {
    const root = await tree({ 'app.db': database(), 'folder.db/': {} });
    const names = ['missing.db', 'folder.db', 'app.db'];
    const live = names.map((key) => liveAt(join(root, key), key));
    const { databases, consistent } = await captureDatabases(live, await captureContext());
    deepStrictEqual(
      databases.map(({ key, state, method }) => [key, state, method]),
      [
        ['missing.db', 'unreadable', null],
        ['folder.db', 'unreadable', null],
        ['app.db', 'ok', 'raw'],
      ],
    );
    strictEqual(consistent, false);
  });

  it('reads a database whose name or folder is not UTF-8 or ends in white space', async () => {
    const root = await tree({ 'd\udcff/': {} });
    for (const [i, name] of ['x\udcfe.db', 'x\udcfe.db '].entries()) {
      const db = openDatabase(join(root, 'd\udcff', name), { mustExist: false });
      db.exec(`CREATE TABLE t(a); INSERT INTO t VALUES (${i})`);
      db.close();
    }
    const captured = await captureOne(join(root, 'd\udcff', 'x\udcfe.db '));
    deepStrictEqual(imageRows(captured, 'SELECT a FROM t'), [{ a: 1 }]);
  });

  it('reads from a folder that may not be written', async () => {
    const root = await tree({
      'app.db': database('CREATE TABLE t(a)', { leftInWal: 'INSERT INTO t VALUES (1)' }),
    });
    chmodSync(join(root, 'app.db'), 0o444);
    chmodSync(root, 0o555);
    const captured = await captureOne(join(root, 'app.db'));
    deepStrictEqual(captured.tables, { t: 1 });
    strictEqual(statSync(captured.imagePath!).mode & 0o777, 0o600);
  });

  it('captures with the other driver', async () => {
    const root = await tree({
      'app.db': database('CREATE TABLE t(a)', { leftInWal: 'INSERT INTO t VALUES (1)' }),
    });
    await withNodeSqlite(async (options) => {
      const live = [liveAt(join(root, 'app.db'))];
      const { databases } = await captureDatabases(live, { ...(await captureContext()), options });
      deepStrictEqual(
        databases.map(({ state, tables }) => [state, tables]),
        [['ok', { t: 1 }]],
      );
    });
  });

  it('leaves nothing behind when it is cancelled', async () => {
    const root = await tree({ 'app.db': database(manyRows) });
    const context = await captureContext({}, AbortSignal.abort());
    const live = [liveAt(join(root, 'app.db'))];
    await rejects(captureDatabases(live, context), { name: 'AbortError' });
    deepStrictEqual(readdirSync(context.tempDir), []);
  });

  it('does not trust the signature of what was written a moment ago', async () => {
    const root = await tree({ 'app.db': database('CREATE TABLE t(a)', { journalMode: 'wal' }) });
    const path = join(root, 'app.db');
    const application = await startApplication(path);
    await application.run('INSERT INTO t VALUES (1)');
    const writtenMs = lstatSync(`${path}-wal`).mtimeMs;
    const signatureAfter = async (ms: number) =>
      (await captureOne(path, { now: () => writtenMs + ms })).signature;
    strictEqual(await signatureAfter(5), `${databaseSignature(path)}~`);
    strictEqual(await signatureAfter(1_000), databaseSignature(path));
    await application.close();
  });
});

function walHeader(): Buffer {
  const header = Buffer.alloc(32);
  header.writeUInt32BE(0x377f0682, 0);
  return header;
}

function superJournalTail(name: Buffer): Buffer {
  const tail = Buffer.alloc(4 + name.length + 16);
  name.copy(tail, 4);
  tail.writeUInt32BE(name.length, 4 + name.length);
  tail.writeUInt32BE(
    name.reduce((sum, byte) => sum + byte, 0),
    8 + name.length,
  );
  Buffer.from('d9d505f920a163d7', 'hex').copy(tail, 12 + name.length);
  return tail;
}
