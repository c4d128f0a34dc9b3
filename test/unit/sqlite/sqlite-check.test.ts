import { deepStrictEqual, match, rejects, strictEqual } from 'node:assert/strict';
import Database from 'better-sqlite3';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkImage } from '../../../src/engine/sources/sqlite/sqlite-check.ts';
import { haveEqualPages } from '../../../src/engine/sources/sqlite/sqlite-prove.ts';
import { captureContext } from '../../support/live-databases.ts';
import { database, sqlite } from '../../support/sqlite.ts';
import { tree } from '../../support/tree.ts';

/** Changes what the schema says of `name`, as another SQLite or an extension would have written it. */
function rewriteSchema(path: string, name: string, sql: string): void {
  const db = new Database(path);
  db.unsafeMode();
  db.pragma('writable_schema = 1');
  db.prepare('UPDATE sqlite_schema SET sql = ? WHERE name = ?').run(sql, name);
  db.close();
}

async function check(sql: string, rewrite?: readonly [name: string, sql: string]) {
  const root = await tree({ 'image.db': database(sql) });
  const path = join(root, 'image.db');
  if (rewrite !== undefined) rewriteSchema(path, ...rewrite);
  return await checkImage(path, { deep: false }, await captureContext());
}

describe('checkImage', () => {
  it('counts the rows of ordinary tables, and of nothing that belongs to SQLite or a module', async () => {
    const found = await check(`
      CREATE TABLE plain(a); INSERT INTO plain VALUES (1), (2);
      CREATE TABLE keyed(k TEXT PRIMARY KEY) WITHOUT ROWID; INSERT INTO keyed VALUES ('a');
      CREATE TABLE counted(id INTEGER PRIMARY KEY AUTOINCREMENT);
      CREATE TABLE "__proto__"(a); CREATE TABLE "sqlite-like"(a);
      CREATE VIRTUAL TABLE words USING fts5(text); INSERT INTO words VALUES ('x');
      CREATE VIRTUAL TABLE boxes USING rtree(id, a, b);
      CREATE VIEW both AS SELECT * FROM plain;
    `);
    deepStrictEqual([found.state, found.detail], ['ok', null]);
    deepStrictEqual(Object.entries(found.tables), [
      ['__proto__', 0],
      ['counted', 0],
      ['keyed', 1],
      ['plain', 2],
      ['sqlite-like', 0],
    ]);
  });

  it('is content with what the values say', async () => {
    const table = 'CREATE TABLE t(a); INSERT INTO t VALUES (NULL), (1)';
    const rewrites = [
      'CREATE TABLE t(a NOT NULL)',
      'CREATE TABLE t(a CHECK (a > 5))',
      'CREATE TABLE t(a TEXT) STRICT',
    ];
    for (const sql of rewrites) {
      deepStrictEqual((await check(table, ['t', sql])).state, 'ok', sql);
    }
    const unsafe = await check(
      'CREATE TABLE t(a, b AS (upper(a))); CREATE INDEX i ON t(length(a)); INSERT INTO t VALUES (1)',
    );
    strictEqual(unsafe.state, 'ok');
  });

  it('calls what needs its application unchecked, and counts what it can', async () => {
    const found = await check(
      'CREATE TABLE a(x); INSERT INTO a VALUES (1); CREATE TABLE t(a TEXT); CREATE INDEX i ON t(a); INSERT INTO t VALUES (1)',
      ['i', 'CREATE INDEX i ON t(a COLLATE theirs)'],
    );
    deepStrictEqual(
      [found.state, found.detail, found.tables],
      ['unchecked', 'no such collation sequence: theirs', { a: 1, t: 1 }],
    );
    const tokenizer = await check(
      'CREATE VIRTUAL TABLE t USING fts5(a); INSERT INTO t VALUES (1); CREATE TABLE ok(x)',
      ['t', "CREATE VIRTUAL TABLE t USING fts5(a, tokenize = 'theirs')"],
    );
    deepStrictEqual([tokenizer.state, tokenizer.tables], ['unchecked', { ok: 0 }]);
    const module = await check('CREATE VIRTUAL TABLE t USING rtree(a, b, c); CREATE TABLE ok(x)', [
      't',
      'CREATE VIRTUAL TABLE t USING theirs(a)',
    ]);
    deepStrictEqual(module.tables['ok'], 0);
  });

  it('finds damage in a page, in an index only when it looks deep, and in the schema', async () => {
    const context = await captureContext();
    const root = await tree({
      'page.db': database('CREATE TABLE t(a); INSERT INTO t VALUES (zeroblob(9000))'),
      'index.db': database(
        'CREATE TABLE t(a, b); CREATE INDEX i ON t(a); INSERT INTO t VALUES (1, 2)',
      ),
    });
    const page = readFileSync(join(root, 'page.db')).fill(0x7f, 4096, 4196);
    writeFileSync(join(root, 'page.db'), page);
    rewriteSchema(join(root, 'index.db'), 'i', 'CREATE INDEX i ON t(b)');
    const found = await checkImage(join(root, 'page.db'), { deep: false }, context);
    strictEqual(found.state, 'damaged');
    match(found.detail ?? '', /^\S[^\n]*$/);
    strictEqual((await checkImage(join(root, 'index.db'), { deep: false }, context)).state, 'ok');
    strictEqual(
      (await checkImage(join(root, 'index.db'), { deep: true }, context)).state,
      'damaged',
    );
    const schema = await check('CREATE TABLE t(a)', ['t', 'CREATE TABLE t(((']);
    deepStrictEqual(schema.state, 'damaged');
    match(schema.detail ?? '', /malformed database schema/);
  });

  it('comes to an end where pages name each other without one', async () => {
    const root = await tree({
      'image.db': database('CREATE TABLE ok(a); INSERT INTO ok VALUES (1); CREATE TABLE t(a)'),
    });
    const path = join(root, 'image.db');
    writeFileSync(path, withEndlessTree(readFileSync(path), 3));
    const found = await checkImage(path, { deep: true }, await captureContext());
    deepStrictEqual([found.state, found.tables], ['damaged', { ok: 1 }]);
  });

  it('takes an image as the live file was, with a log mode in its header', async () => {
    const root = await tree({ 'image.db': database('CREATE TABLE t(a)', { journalMode: 'wal' }) });
    const found = await checkImage(join(root, 'image.db'), { deep: false }, await captureContext());
    deepStrictEqual([found.state, found.writeVersion], ['ok', 2]);
    deepStrictEqual(readdirSync(root), ['image.db']);
  });

  it('says that something is no database', async () => {
    const root = await tree({ 'image.db': 'text '.repeat(2000) });
    const found = await checkImage(join(root, 'image.db'), { deep: false }, await captureContext());
    deepStrictEqual([found.state, found.detail], ['damaged', 'file is not a database']);
  });

  it('checks a large image in a thread, and stops when the call is cancelled', async () => {
    const root = await tree({
      'image.db': database('CREATE TABLE t(a); INSERT INTO t VALUES (zeroblob(20000000))'),
    });
    const path = join(root, 'image.db');
    const context = await captureContext();
    deepStrictEqual((await checkImage(path, { deep: false }, context)).tables, { t: 1 });
    const abort = new AbortController();
    const cancelled = checkImage(path, { deep: false }, await captureContext({}, abort.signal));
    abort.abort();
    await rejects(cancelled, { name: 'AbortError' });
  });
});

describe('haveEqualPages', () => {
  it('sees a changed, missing or added page, and no counters', async () => {
    const root = await tree({
      'a.db': database('CREATE TABLE t(a); INSERT INTO t VALUES (51)'),
      'same.db': database('CREATE TABLE t(a); INSERT INTO t VALUES (51)'),
      'other.db': database('CREATE TABLE t(a); INSERT INTO t VALUES (52)'),
      'more.db': database('CREATE TABLE t(a); INSERT INTO t VALUES (51)'),
    });
    sqlite(
      join(root, 'same.db'),
      'UPDATE t SET a = 52; UPDATE t SET a = 51; PRAGMA journal_mode = wal',
    );
    writeFileSync(
      join(root, 'more.db'),
      Buffer.concat([readFileSync(join(root, 'a.db')), Buffer.alloc(4096)]),
    );
    const { signal } = new AbortController();
    const equal: string[] = [];
    for (const name of ['a.db', 'same.db', 'other.db', 'more.db']) {
      if (await haveEqualPages(join(root, 'a.db'), join(root, name), signal)) equal.push(name);
    }
    deepStrictEqual(equal, ['a.db', 'same.db']);
  });
});

/** Makes the page a tree of 100 to the power of 12 leaves, all of which are one page. */
function withEndlessTree(file: Buffer, root: number): Buffer {
  const pageBytes = 4096;
  const pages = file.length / pageBytes;
  const levels = 12;
  const whole = Buffer.concat([file, Buffer.alloc(levels * pageBytes)]);
  const leaf = file.subarray((root - 1) * pageBytes, root * pageBytes);
  for (let level = 0; level < levels; level += 1) {
    const number = level === 0 ? root : pages + level;
    const page = whole.subarray((number - 1) * pageBytes, number * pageBytes).fill(0);
    let at = pageBytes;
    for (let cell = 0; cell < 100; cell += 1) {
      at -= 5;
      page.writeUInt32BE(pages + level + 1, at);
      page[at + 4] = cell + 1;
      page.writeUInt16BE(at, 12 + 2 * cell);
    }
    page[0] = 5;
    page.writeUInt16BE(100, 3);
    page.writeUInt16BE(at, 5);
    page.writeUInt32BE(pages + level + 1, 8);
  }
  leaf.copy(whole, (pages + levels - 1) * pageBytes);
  whole.writeUInt32BE(pages + levels, 28);
  return whole;
}
