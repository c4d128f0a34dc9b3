import { deepStrictEqual, match, ok, rejects, strictEqual } from 'node:assert/strict';
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nameToBytes } from '../../../src/core/names.ts';
import { listTables } from '../../../src/engine/browse/browse-database.ts';
import { isEmptyDiff } from '../../../src/engine/diff/diff-databases.ts';
import { changedCopy, describeRows, diff, image, type Content } from '../../support/images.ts';
import { tree } from '../../support/tree.ts';

async function checkEqual(before: Content, ...after: readonly Content[]): Promise<void> {
  const old = await image(before);
  const now = await changedCopy(old, ...after);
  ok(!readFileSync(old).equals(readFileSync(now)), 'the files should differ');
  const result = await diff(old, now);
  const { schema, tables, problem } = result;
  deepStrictEqual({ schema, tables, problem }, { schema: [], tables: [], problem: null });
  ok(isEmptyDiff(result));
}

async function checkSchema(
  before: Content,
  after: Content,
  expected: readonly string[],
): Promise<void> {
  const old = await image(before);
  const { schema, problem } = await diff(old, await changedCopy(old, after));
  strictEqual(problem, null);
  deepStrictEqual(
    schema.map(({ op, type, name, before, after }) =>
      [op, type, name, before, after].map(String).join(' | '),
    ),
    expected,
  );
}

const rowsOf100 = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)`;

describe('diffDatabases', () => {
  it('finds nothing where only counters, free pages or the order in the file differ', async () => {
    const sql = `CREATE TABLE t(id INTEGER PRIMARY KEY, a); CREATE TABLE keyless(a); CREATE TABLE k(a TEXT PRIMARY KEY);
      CREATE TABLE w(a TEXT PRIMARY KEY) WITHOUT ROWID; CREATE VIRTUAL TABLE f USING fts5(a);
      ${rowsOf100} INSERT INTO t SELECT i, i % 3 FROM n; INSERT INTO keyless SELECT a FROM t;
      INSERT INTO k SELECT id FROM t; INSERT INTO w SELECT id FROM t; INSERT INTO f SELECT id FROM t;
      INSERT INTO f VALUES ('x'); DELETE FROM t WHERE id < 50; DELETE FROM keyless WHERE rowid < 50; DELETE FROM k WHERE rowid < 50`;
    await checkEqual(sql, 'VACUUM');
    await checkEqual(sql, 'CREATE TABLE gone(a); DROP TABLE gone');
    await checkEqual(sql, "INSERT INTO f(f) VALUES ('optimize')");
    await checkEqual(sql, 'ANALYZE');
    await checkEqual(sql, 'PRAGMA user_version = 5', 'PRAGMA user_version = 0');
  });

  it('leaves out the counters behind AUTOINCREMENT', () =>
    checkEqual(
      "CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, a); INSERT INTO t(a) VALUES ('x')",
      "INSERT INTO t(a) VALUES ('y'); DELETE FROM t WHERE a = 'y'",
    ));

  it('tells tables, columns, indexes, views, triggers and settings that differ', () =>
    checkSchema(
      `CREATE TABLE a(id INTEGER PRIMARY KEY, x TEXT, y INT); CREATE TABLE gone(a); CREATE INDEX i ON a(x);
       CREATE VIEW v AS SELECT 1; CREATE TRIGGER r AFTER INSERT ON a BEGIN SELECT 1; END`,
      `ALTER TABLE a ADD COLUMN z TEXT NOT NULL DEFAULT 'q'; ALTER TABLE a DROP COLUMN y; DROP TABLE gone;
       CREATE TABLE come(a); DROP INDEX i; CREATE INDEX j ON a(x) WHERE x > 1; DROP VIEW v; CREATE VIEW v AS SELECT 2;
       DROP TRIGGER r; PRAGMA user_version = 7; PRAGMA application_id = 9`,
      [
        'change | pragma | application_id | 0 | 9',
        'change | pragma | user_version | 0 | 7',
        "change | table | a | CREATE TABLE a(id INTEGER PRIMARY KEY, x TEXT, y INT) | CREATE TABLE a(id INTEGER PRIMARY KEY, x TEXT, z TEXT NOT NULL DEFAULT 'q')",
        'add | table | come | null | CREATE TABLE come(a)',
        'remove | table | gone | CREATE TABLE gone(a) | null',
        'remove | column | a.y | y INT | null',
        "add | column | a.z | null | z TEXT NOT NULL DEFAULT 'q'",
        'remove | index | i | CREATE INDEX i ON a(x) | null',
        'add | index | j | null | CREATE INDEX j ON a(x) WHERE x > 1',
        'change | view | v | CREATE VIEW v AS SELECT 1 | CREATE VIEW v AS SELECT 2',
        'remove | trigger | r | CREATE TRIGGER r AFTER INSERT ON a BEGIN SELECT 1; END | null',
      ],
    ));

  it('tells another page size, and of virtual tables not what is behind them', () =>
    checkSchema(
      'CREATE TABLE t(a)',
      (db) => {
        db.pragma('page_size = 1024');
        db.exec('VACUUM; CREATE VIRTUAL TABLE f USING fts5(a)');
      },
      [
        'change | pragma | page_size | 4096 | 1024',
        'add | table | f | null | CREATE VIRTUAL TABLE f USING fts5(a)',
      ],
    ));

  it('tells all rows of a table that came or went, in the order of its key', async () => {
    const old = await image(
      "CREATE TABLE gone(k TEXT PRIMARY KEY); INSERT INTO gone VALUES ('b'),('a'); CREATE TABLE void(a)",
    );
    const now = await changedCopy(
      old,
      'DROP TABLE gone; DROP TABLE void; CREATE TABLE come(a); INSERT INTO come VALUES (1),(2),(3)',
    );
    const { tables } = await diff(old, now, { rows: 2 });
    deepStrictEqual(
      tables.map((table) => ({ ...table, rows: describeRows(table.rows) })),
      [
        {
          name: 'come',
          added: 3,
          removed: 0,
          changed: 0,
          rows: ['add {"rowid":1} {"a":1}', 'add {"rowid":2} {"a":2}'],
        },
        {
          name: 'gone',
          added: 0,
          removed: 2,
          changed: 0,
          rows: ['remove {"k":"a"} {"k":"a"}', 'remove {"k":"b"} {"k":"b"}'],
        },
      ],
    );
  });

  it('tells a database that came or went as a whole', async () => {
    const path = await image(
      'CREATE TABLE t(a); INSERT INTO t VALUES (1); PRAGMA user_version = 3',
    );
    const schema = { type: 'table', name: 't' };
    const table = { name: 't', added: 0, removed: 0, changed: 0 };
    const row = { key: { rowid: 1 }, before: null, after: null };
    deepStrictEqual(await diff(null, path), {
      path: 'app.db',
      state: 'added',
      schema: [{ ...schema, op: 'add', before: null, after: 'CREATE TABLE t(a)' }],
      tables: [{ ...table, added: 1, rows: [{ ...row, op: 'add', after: { a: 1 } }] }],
      problem: null,
    });
    deepStrictEqual(await diff(path, null), {
      path: 'app.db',
      state: 'removed',
      schema: [{ ...schema, op: 'remove', before: 'CREATE TABLE t(a)', after: null }],
      tables: [{ ...table, removed: 1, rows: [{ ...row, op: 'remove', before: { a: 1 } }] }],
      problem: null,
    });
  });

  it('compares rows on the columns that both sides have', async () => {
    const old = await image(
      "CREATE TABLE t(id INTEGER PRIMARY KEY, a, old); INSERT INTO t VALUES (1,'x','o'),(2,'y','o')",
    );
    const now = await changedCopy(
      old,
      "ALTER TABLE t DROP COLUMN old; ALTER TABLE t ADD COLUMN new DEFAULT 'n'; UPDATE t SET a='Y' WHERE id=2",
    );
    const { tables } = await diff(old, now);
    deepStrictEqual(describeRows(tables[0]?.rows ?? []), [
      'change {"id":2} {"id":2,"a":"y","old":"o"} -> {"id":2,"a":"Y","new":"n"}',
    ]);
    deepStrictEqual(tables[0]?.columns, { onlyBefore: ['old'], onlyAfter: ['new'], compared: 2 });
  });

  it('takes a column whose name changed its letters alone for the same', async () => {
    const old = await image(
      'CREATE TABLE t(id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (1,1)',
    );
    const now = await changedCopy(old, 'ALTER TABLE t RENAME a TO A; UPDATE t SET A = 2');
    const { tables } = await diff(old, now);
    deepStrictEqual(describeRows(tables[0]?.rows ?? []), [
      'change {"id":1} {"id":1,"a":1} -> {"id":1,"A":2}',
    ]);
    strictEqual(tables[0]?.columns, undefined);
  });

  it('does not take rows for changed that a migration only copied under another key', async () => {
    const old = await image(
      "CREATE TABLE t(id INTEGER, a); INSERT INTO t VALUES (7,'x'),(8,'y'),(9,'y')",
    );
    const now = await changedCopy(
      old,
      `CREATE TABLE n(id INTEGER PRIMARY KEY, a); INSERT INTO n SELECT * FROM t;
      DROP TABLE t; ALTER TABLE n RENAME TO t; UPDATE t SET a = 'z' WHERE id = 9`,
    );
    const { tables } = await diff(old, now);
    deepStrictEqual(describeRows(tables[0]?.rows ?? []), [
      'remove {} {"id":9,"a":"y"}',
      'add {"id":9} {"id":9,"a":"z"}',
    ]);
  });

  it('compares a table that lost its rowid by its key', async () => {
    const old = await image(
      "CREATE TABLE t(k TEXT PRIMARY KEY NOT NULL, a); INSERT INTO t VALUES ('b',1),('a',2)",
    );
    const now = await image(
      "CREATE TABLE t(k TEXT PRIMARY KEY NOT NULL, a) WITHOUT ROWID; INSERT INTO t VALUES ('b',1),('a',3)",
    );
    const { tables } = await diff(old, now);
    deepStrictEqual(describeRows(tables[0]?.rows ?? []), [
      'change {"k":"a"} {"k":"a","a":2} -> {"k":"a","a":3}',
    ]);
  });

  it('takes a table whose columns are all others for replaced', async () => {
    const old = await image('CREATE TABLE t(a); INSERT INTO t VALUES (1),(2)');
    const now = await image('CREATE TABLE t(b PRIMARY KEY); INSERT INTO t VALUES (1)');
    const { tables } = await diff(old, now);
    deepStrictEqual(describeRows(tables[0]?.rows ?? []), [
      'remove {"rowid":1} {"a":1}',
      'remove {"rowid":2} {"a":2}',
      'add {"b":1} {"b":1}',
    ]);
  });

  it('compares UTF-16 as it does UTF-8, and says so where it cannot compare the one with the other', async () => {
    const make =
      (encoding: string): Content =>
      (db) => {
        db.pragma(`encoding = '${encoding}'`);
        db.exec(
          "CREATE TABLE t(id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (1, 'ä\u{1F600}')",
        );
      };
    const change = "UPDATE t SET a = 'ö' || char(0) || 'x'";
    for (const encoding of ['UTF-16le', 'UTF-16be']) {
      const old = await image(make(encoding));
      const { tables } = await diff(old, await changedCopy(old, change));
      deepStrictEqual(describeRows(tables[0]?.rows ?? []), [
        'change {"id":1} {"id":1,"a":"ä\u{1F600}"} -> {"id":1,"a":"ö\\u0000x"}',
      ]);
    }
    const { schema, tables, problem } = await diff(
      await image(make('UTF-8')),
      await image(make('UTF-16le')),
    );
    deepStrictEqual(
      { schema, tables, problem },
      {
        schema: [
          { op: 'change', type: 'pragma', name: 'encoding', before: 'UTF-8', after: 'UTF-16le' },
        ],
        tables: [],
        problem: 'UTF-16le text took the place of UTF-8: rows were not compared',
      },
    );
  });

  it('takes an empty file for a database without tables', async () => {
    const empty = join(await tree({ 'empty.db': '' }), 'empty.db');
    const { schema, tables, problem } = await diff(
      empty,
      await image('CREATE TABLE t(a); INSERT INTO t VALUES (1)'),
    );
    deepStrictEqual(
      [schema.filter(({ type }) => type === 'table').length, tables[0]?.added, problem],
      [1, 1, null],
    );
  });

  it('compares what is behind a virtual table whose module is not there', async () => {
    const missing: Content = (db) => {
      db.exec(
        'CREATE TABLE vec_rows(id INTEGER PRIMARY KEY, v); INSERT INTO vec_rows VALUES (1, 1)',
      );
      db.pragma('writable_schema = ON');
      db.exec(
        "INSERT INTO sqlite_schema VALUES ('table', 'vec', 'vec', 0, 'CREATE VIRTUAL TABLE vec USING vec0(v float[3])')",
      );
    };
    const old = await image(missing);
    const { tables, problem } = await diff(
      old,
      await changedCopy(old, 'UPDATE vec_rows SET v = 2'),
    );
    deepStrictEqual([tables.map(({ name }) => name), problem], [['vec_rows'], null]);
  });

  it('compares what is behind a full-text table whose tokenizer only the application has', async () => {
    const ownTokenizer: Content = (db) => {
      db.pragma('writable_schema = ON');
      db.exec("UPDATE sqlite_schema SET sql = replace(sql, 'porter', 'own') WHERE name = 'f'");
    };
    const sql = "CREATE VIRTUAL TABLE f USING fts4(a, tokenize=porter); INSERT INTO f VALUES ('x')";
    const old = await image(sql, ownTokenizer);
    const now = await image(sql, "INSERT INTO f VALUES ('y')", ownTokenizer);
    const { tables, problem, schema } = await diff(old, now);
    deepStrictEqual([problem, schema], [null, []]);
    ok(tables.some(({ name, added }) => name === 'f_content' && added === 1));
    deepStrictEqual(listTables(now), []);
  });

  it('opens neither views nor triggers, however they are made', () =>
    checkSchema(
      "CREATE TABLE t(a); CREATE VIEW bad AS SELECT load_extension('x') FROM nowhere",
      'CREATE VIEW worse AS SELECT "text" FROM bad',
      ['add | view | worse | null | CREATE VIEW worse AS SELECT "text" FROM bad'],
    ));

  it('says why a table cannot be read, and compares the others', async () => {
    const old = await image(`CREATE TABLE big(id INTEGER PRIMARY KEY, a); CREATE TABLE small(a);
      ${rowsOf100} INSERT INTO big SELECT i, printf('%.500c', 'x') FROM n; INSERT INTO small VALUES (1)`);
    const now = await changedCopy(old, 'UPDATE small SET a = 2');
    const bytes = readFileSync(now);
    // Page 5 is the first leaf of `big`.
    bytes.fill(0xff, 4 * 4096, 5 * 4096);
    writeFileSync(now, bytes);
    const { tables, problem } = await diff(old, now);
    deepStrictEqual(
      tables.map(({ name, changed }) => [name, changed]),
      [['small', 1]],
    );
    match(problem ?? '', /^table "big": .*malformed/);
  });

  it('says so where a file is no database at all', async () => {
    const garbage = join(await tree({ x: `SQLite format 3\0${'garbage '.repeat(1000)}` }), 'x');
    const sound = await image('CREATE TABLE t(a)');
    for (const [before, after] of [
      [garbage, sound],
      [sound, garbage],
      [garbage, null],
    ] as const) {
      const { schema, tables, problem } = await diff(before, after);
      deepStrictEqual([schema, tables], [[], []]);
      match(problem ?? '', /not a database|malformed/);
    }
  });

  it('leaves the images as they are and nothing beside them', async () => {
    const root = await tree();
    const old = await image('CREATE TABLE t(a); INSERT INTO t VALUES (1)');
    const copies = ['a', 'b'].map((name) => join(root, name));
    for (const path of copies) writeFileSync(path, readFileSync(old));
    await diff(copies[0] ?? '', copies[1] ?? '');
    deepStrictEqual(
      copies.map((path) => readFileSync(path).equals(readFileSync(old))),
      [true, true],
    );
    deepStrictEqual(readdirSync(root).toSorted(), ['a', 'b']);
  });

  it('opens images in folders whose names are not UTF-8, quoted or blank', async () => {
    const old = await image('CREATE TABLE t(a)');
    const now = await changedCopy(old, 'INSERT INTO t VALUES (1)');
    const odd = join(await tree(), "a'b\udcff ");
    renameSync(now, Buffer.from(nameToBytes(odd)));
    strictEqual((await diff(old, odd)).tables[0]?.added, 1);
    strictEqual((await diff(odd, old)).tables[0]?.removed, 1);
  });

  it('ends soon where it is cancelled', async () => {
    const old =
      await image(`CREATE TABLE t(id INTEGER PRIMARY KEY, a); CREATE TABLE w(k TEXT PRIMARY KEY, a) WITHOUT ROWID;
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) INSERT INTO w SELECT i, i FROM n`);
    const now = await changedCopy(old, 'UPDATE w SET a = 0 WHERE a = 99999; VACUUM');
    const controller = new AbortController();
    setImmediate(() => {
      controller.abort();
    });
    await rejects(diff(old, now, { signal: controller.signal }), { name: 'AbortError' });
  });
});
