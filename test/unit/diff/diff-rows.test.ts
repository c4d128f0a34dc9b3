import { createHash } from 'node:crypto';
import { deepStrictEqual, ok, rejects, strictEqual } from 'node:assert/strict';
import { changedCopy, describeRows, diff, image, type Content } from '../../support/images.ts';

/** The differences of the only table that differs, after checking that the counts fit. */
async function checkRows(
  before: Content,
  after: Content,
  expected: readonly string[],
): Promise<void> {
  const old = await image(before);
  const now = await changedCopy(old, after);
  await checkImages(old, now, expected);
}

async function checkImages(old: string, now: string, expected: readonly string[]): Promise<void> {
  const { tables, problem } = await diff(old, now);
  deepStrictEqual(
    { rows: tables.flatMap(({ rows }) => describeRows(rows)), problem },
    {
      rows: expected,
      problem: null,
    },
  );
  const ops = expected.map((line) => line.slice(0, line.indexOf(' ')));
  const count = (op: string): number => ops.filter((one) => one === op).length;
  for (const rows of [0, 1, 100]) {
    const capped = await diff(old, now, { rows });
    deepStrictEqual(
      capped.tables.map(({ added, removed, changed }) => ({ added, removed, changed })),
      [{ added: count('add'), removed: count('remove'), changed: count('change') }],
    );
    deepStrictEqual(describeRows(capped.tables[0]?.rows ?? []), expected.slice(0, rows));
  }
}

describe('diffDatabases', () => {
  describe('rows', () => {
    it('are paired by an integer key, in its order', () =>
      checkRows(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (-5,'m'),(1,'x'),(2,'y'),(3,'z')",
        "UPDATE t SET a='X' WHERE id=1; DELETE FROM t WHERE id IN (-5,3); INSERT INTO t VALUES (0,'n'),(9,'w')",
        [
          'remove {"id":-5} {"id":-5,"a":"m"}',
          'add {"id":0} {"id":0,"a":"n"}',
          'change {"id":1} {"id":1,"a":"x"} -> {"id":1,"a":"X"}',
          'remove {"id":3} {"id":3,"a":"z"}',
          'add {"id":9} {"id":9,"a":"w"}',
        ],
      ));

    it('are paired by a text key wherever they moved to, in the order of the key', () =>
      checkRows(
        "CREATE TABLE t(k TEXT PRIMARY KEY, a); INSERT INTO t VALUES ('b',1),('a',2),('c',3),('e',5)",
        "REPLACE INTO t VALUES ('b',1); REPLACE INTO t VALUES ('c',4); DELETE FROM t WHERE k='a'; INSERT INTO t VALUES ('d',9)",
        [
          'remove {"k":"a"} {"k":"a","a":2}',
          'change {"k":"c"} {"k":"c","a":3} -> {"k":"c","a":4}',
          'add {"k":"d"} {"k":"d","a":9}',
        ],
      ));

    it('are paired by a key of several columns in the order of the key', () =>
      checkRows(
        "CREATE TABLE t(v, b INT, a TEXT, PRIMARY KEY(a, b)); INSERT INTO t VALUES (1,1,'x'),(2,2,'x'),(3,1,'y')",
        "UPDATE t SET v=0 WHERE b=1; INSERT INTO t VALUES (7,0,'y')",
        [
          'change {"a":"x","b":1} {"v":1,"b":1,"a":"x"} -> {"v":0,"b":1,"a":"x"}',
          'add {"a":"y","b":0} {"v":7,"b":0,"a":"y"}',
          'change {"a":"y","b":1} {"v":3,"b":1,"a":"y"} -> {"v":0,"b":1,"a":"y"}',
        ],
      ));

    it('of a table WITHOUT ROWID are paired by its key, whatever its directions and collations', () =>
      checkRows(
        `CREATE TABLE t(a TEXT, b INT, v, PRIMARY KEY(b DESC, a COLLATE NOCASE)) WITHOUT ROWID;
         INSERT INTO t VALUES ('a',1,1),('B',1,2),('c',2,3),('d',3,4)`,
        "UPDATE t SET v=0 WHERE a='c'; UPDATE t SET a='b' WHERE a='B'; DELETE FROM t WHERE a='a'; INSERT INTO t VALUES ('e',2,5)",
        [
          'remove {"b":1,"a":"a"} {"a":"a","b":1,"v":1}',
          'change {"b":1,"a":"B"} {"a":"B","b":1,"v":2} -> {"a":"b","b":1,"v":2}',
          'change {"b":2,"a":"c"} {"a":"c","b":2,"v":3} -> {"a":"c","b":2,"v":0}',
          'add {"b":2,"a":"e"} {"a":"e","b":2,"v":5}',
        ],
      ));

    it('without a key are paired by rowid', () =>
      checkRows(
        "CREATE TABLE t(a); INSERT INTO t VALUES ('x'),('x'),('y')",
        "UPDATE t SET a='z' WHERE rowid=2; INSERT INTO t VALUES ('x'); DELETE FROM t WHERE a='y'",
        // The new row is the one that was changed away: told as the least that differs.
        ['add {"rowid":2} {"a":"z"}', 'remove {"rowid":3} {"a":"y"}'],
      ));

    it('without a key that changed in place are one change', () =>
      checkRows(
        "CREATE TABLE t(a, b); INSERT INTO t VALUES ('x',1),('y',2)",
        "UPDATE t SET b=3 WHERE a='y'",
        ['change {"rowid":2} {"a":"y","b":2} -> {"a":"y","b":3}'],
      ));

    it('without a key match wherever VACUUM moved them to', () =>
      checkRows(
        "CREATE TABLE t(a); INSERT INTO t VALUES ('a'),('b'),('c'),('c'),('d')",
        'DELETE FROM t WHERE rowid IN (1, 3); VACUUM',
        ['remove {"rowid":1} {"a":"a"}', 'remove {"rowid":4} {"a":"c"}'],
      ));

    it('without a key and without a name for the rowid are counted by content', () =>
      checkRows(
        'CREATE TABLE t(rowid, oid, _rowid_); INSERT INTO t VALUES (1,2,3),(1,2,3),(4,5,6)',
        'DELETE FROM t; INSERT INTO t VALUES (1,2,3),(7,7,7),(7,7,7)',
        [
          'remove {} {"rowid":1,"oid":2,"_rowid_":3}',
          'remove {} {"rowid":4,"oid":5,"_rowid_":6}',
          'add {} {"rowid":7,"oid":7,"_rowid_":7}',
          'add {} {"rowid":7,"oid":7,"_rowid_":7}',
        ],
      ));

    it('with a column named rowid are reached by another name of it', () =>
      checkRows(
        "CREATE TABLE t(rowid TEXT, a); INSERT INTO t VALUES ('r1',1),('r2',2)",
        'UPDATE t SET a=3 WHERE a=2',
        ['change {"rowid":2} {"rowid":"r2","a":2} -> {"rowid":"r2","a":3}'],
      ));

    it('with NULL in the key do not match each other by it', () =>
      checkRows(
        `CREATE TABLE t(k TEXT, n INT, a, PRIMARY KEY(k, n));
         INSERT INTO t VALUES (NULL,1,'x'),(NULL,1,'x'),(NULL,1,'y'),('k',NULL,'p'),('k',1,'q')`,
        `DELETE FROM t WHERE rowid=1; UPDATE t SET a='z' WHERE a='y'; UPDATE t SET a='Q' WHERE a='q';
         INSERT INTO t VALUES (NULL,NULL,'new'),('k',NULL,'p')`,
        [
          'add {"k":null,"n":null} {"k":null,"n":null,"a":"new"}',
          'remove {"k":null,"n":1} {"k":null,"n":1,"a":"x"}',
          'change {"k":null,"n":1} {"k":null,"n":1,"a":"y"} -> {"k":null,"n":1,"a":"z"}',
          'add {"k":"k","n":null} {"k":"k","n":null,"a":"p"}',
          'change {"k":"k","n":1} {"k":"k","n":1,"a":"q"} -> {"k":"k","n":1,"a":"Q"}',
        ],
      ));

    it('of a key that is no rowid though it is called INTEGER are paired by it', () =>
      checkRows(
        "CREATE TABLE t(id INTEGER PRIMARY KEY DESC, a); INSERT INTO t VALUES (5,'a'),(NULL,'b'),(7,'c')",
        "REPLACE INTO t VALUES (5,'A')",
        ['change {"id":5} {"id":5,"a":"a"} -> {"id":5,"a":"A"}'],
      ));

    it('keep 64-bit integers, infinities, blobs and odd text exact', () =>
      checkRows(
        (db) => {
          db.exec('CREATE TABLE t(id INTEGER PRIMARY KEY, a)');
          const add = db.prepare('INSERT INTO t(a) VALUES (?)');
          for (const value of [
            9223372036854775807n,
            -9223372036854775808n,
            2n ** 53n,
            1,
            2,
            'x',
            'ab',
          ]) {
            add.run(value);
          }
          db.exec("UPDATE t SET a = CAST(x'6100ff62' AS TEXT) WHERE id = 7");
          add.run(Buffer.from('x'));
        },
        `UPDATE t SET a = a - 1 WHERE id = 1; UPDATE t SET a = a + 1 WHERE id IN (2, 3);
         UPDATE t SET a = 9e999 WHERE id = 4; UPDATE t SET a = -9e999 WHERE id = 5;
         UPDATE t SET a = x'78' WHERE id = 6; UPDATE t SET a = CAST(x'6100fe62' AS TEXT) WHERE id = 7;
         UPDATE t SET a = NULL WHERE id = 8`,
        [
          'change {"id":1} {"id":1,"a":{"int":"9223372036854775807"}} -> {"id":1,"a":{"int":"9223372036854775806"}}',
          'change {"id":2} {"id":2,"a":{"int":"-9223372036854775808"}} -> {"id":2,"a":{"int":"-9223372036854775807"}}',
          'change {"id":3} {"id":3,"a":9007199254740992} -> {"id":3,"a":{"int":"9007199254740993"}}',
          'change {"id":4} {"id":4,"a":1} -> {"id":4,"a":{"real":"Infinity"}}',
          'change {"id":5} {"id":5,"a":2} -> {"id":5,"a":{"real":"-Infinity"}}',
          'change {"id":6} {"id":6,"a":"x"} -> {"id":6,"a":{"blob":"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881","bytes":1}}',
          String.raw`change {"id":7} {"id":7,"a":"a\u0000\udcffb"} -> {"id":7,"a":"a\u0000\udcfeb"}`,
          'change {"id":8} {"id":8,"a":{"blob":"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881","bytes":1}} -> {"id":8,"a":null}',
        ],
      ));

    it('with the extremes of 64 bits as rowids are all found', () =>
      checkRows(
        'CREATE TABLE t(id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (-9223372036854775808, 1), (9223372036854775807, 1)',
        'UPDATE t SET a = 2',
        [
          'change {"id":{"int":"-9223372036854775808"}} {"id":{"int":"-9223372036854775808"},"a":1} -> {"id":{"int":"-9223372036854775808"},"a":2}',
          'change {"id":{"int":"9223372036854775807"}} {"id":{"int":"9223372036854775807"},"a":1} -> {"id":{"int":"9223372036854775807"},"a":2}',
        ],
      ));

    it('tell an integer from the same real, and text from what looks like it', () =>
      checkRows(
        "CREATE TABLE t(id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (1, 1), (2, 2.0), (3, 'A'), (4, '1')",
        "UPDATE t SET a = 1.0 WHERE id = 1; UPDATE t SET a = 2 WHERE id = 2; UPDATE t SET a = 'a' WHERE id = 3; UPDATE t SET a = 1 WHERE id = 4",
        [
          'change {"id":1} {"id":1,"a":1} -> {"id":1,"a":{"real":"1.0"}}',
          'change {"id":2} {"id":2,"a":{"real":"2.0"}} -> {"id":2,"a":2}',
          'change {"id":3} {"id":3,"a":"A"} -> {"id":3,"a":"a"}',
          'change {"id":4} {"id":4,"a":"1"} -> {"id":4,"a":1}',
        ],
      ));

    it('are cut where they are to be shown, with length and hash, and reals are told from integers', async () => {
      const long = `${'x'.repeat(1999)}🙂 and more`;
      const old = await image((db) => {
        db.exec('CREATE TABLE t(id TEXT PRIMARY KEY, a, b)');
        db.prepare('INSERT INTO t VALUES (?, ?, ?)').run(long, 1.5, 'y'.repeat(2000));
      });
      const now = await changedCopy(old, "UPDATE t SET a = 2.0, b = b || 'z'");
      const { tables } = await diff(old, now, { cells: 'shown' });
      const id = {
        text: 'x'.repeat(1999),
        characters: long.length,
        sha256: sha256Of(long),
      };
      const b = {
        text: 'y'.repeat(2000),
        characters: 2001,
        sha256: sha256Of(`${'y'.repeat(2000)}z`),
      };
      deepStrictEqual(tables[0]?.rows, [
        {
          op: 'change',
          key: { id: long },
          before: { id, a: 1.5, b: 'y'.repeat(2000) },
          after: { id, a: { real: '2.0' }, b },
        },
      ]);
    });

    it('differ in letters that a collation takes for the same', () =>
      checkRows(
        "CREATE TABLE t(k TEXT PRIMARY KEY COLLATE NOCASE, a TEXT COLLATE RTRIM); INSERT INTO t VALUES ('key', 'a'), ('b', 'b')",
        "UPDATE t SET k = 'KEY' WHERE k = 'key'; UPDATE t SET a = 'b ' WHERE k = 'b'",
        [
          'change {"k":"b"} {"k":"b","a":"b"} -> {"k":"b","a":"b "}',
          'change {"k":"key"} {"k":"key","a":"a"} -> {"k":"KEY","a":"a"}',
        ],
      ));

    it('show generated columns, and compare what they come from', () =>
      checkRows(
        'CREATE TABLE t(id INTEGER PRIMARY KEY, n INT, v AS (n * 2), s INT AS (n + 1) STORED); INSERT INTO t(id, n) VALUES (1, 1), (2, 2)',
        'UPDATE t SET n = 5 WHERE id = 2',
        ['change {"id":2} {"id":2,"n":2,"v":4,"s":3} -> {"id":2,"n":5,"v":10,"s":6}'],
      ));

    it('leave out a generated column that needs a function of the application', () =>
      checkRows(
        (db) => {
          db.function('secret', { deterministic: true }, (n) => n);
          db.exec(
            'CREATE TABLE t(id INTEGER PRIMARY KEY, n INT, v AS (secret(n))); INSERT INTO t(id, n) VALUES (1, 1)',
          );
        },
        (db) => {
          db.function('secret', { deterministic: true }, (n) => n);
          db.exec('UPDATE t SET n = 2');
        },
        ['change {"id":1} {"id":1,"n":1} -> {"id":1,"n":2}'],
      ));

    it('of a full-text table are its own content, not its shadow tables', () =>
      checkRows(
        "CREATE VIRTUAL TABLE docs USING fts5(title, body); INSERT INTO docs VALUES ('a','one'),('b','two')",
        "UPDATE docs SET body='three' WHERE title='b'; INSERT INTO docs(rowid, title, body) VALUES (10,'c','x'); DELETE FROM docs WHERE title='a'",
        [
          'remove {"rowid":1} {"title":"a","body":"one"}',
          'change {"rowid":2} {"title":"b","body":"two"} -> {"title":"b","body":"three"}',
          'add {"rowid":10} {"title":"c","body":"x"}',
        ],
      ));

    it('of an older full-text table are its own content', () =>
      checkRows(
        "CREATE VIRTUAL TABLE [docs using x] USING fts4(title); INSERT INTO [docs using x] VALUES ('a')",
        "UPDATE [docs using x] SET title = 'b'",
        ['change {"rowid":1} {"title":"a"} -> {"title":"b"}'],
      ));

    it('of an rtree are its own content, auxiliary columns too', () =>
      checkRows(
        "CREATE VIRTUAL TABLE r USING rtree(id, x1, x2, +name); INSERT INTO r VALUES (1,0,1,'a'),(2,2,3,'b'),(9,2,3,'c')",
        "UPDATE r SET x2=4 WHERE id=2; UPDATE r SET name='C' WHERE id=9; DELETE FROM r WHERE id=1",
        [
          'remove {"rowid":1} {"id":1,"x1":0,"x2":1,"name":"a"}',
          'change {"rowid":2} {"id":2,"x1":2,"x2":3,"name":"b"} -> {"id":2,"x1":2,"x2":4,"name":"b"}',
          'change {"rowid":9} {"id":9,"x1":2,"x2":3,"name":"c"} -> {"id":9,"x1":2,"x2":3,"name":"C"}',
        ],
      ));

    it('of a table that a full-text index serves are told once', () =>
      checkRows(
        `CREATE TABLE t(id INTEGER PRIMARY KEY, a); CREATE VIRTUAL TABLE f USING fts5(a, content='t', content_rowid='id');
         CREATE TRIGGER i AFTER INSERT ON t BEGIN INSERT INTO f(rowid, a) VALUES (new.id, new.a); END`,
        "INSERT INTO t VALUES (1, 'x')",
        ['add {"id":1} {"id":1,"a":"x"}'],
      ));

    it('of a full-text index that keeps no text are told by what is behind it', async () => {
      const old = await image(
        "CREATE VIRTUAL TABLE f USING fts5(a, content=''); INSERT INTO f(rowid, a) VALUES (1, 'x')",
      );
      const now = await changedCopy(old, "INSERT INTO f(rowid, a) VALUES (2, 'y')");
      const { tables, problem } = await diff(old, now);
      strictEqual(problem, null);
      ok(tables.some(({ name, added }) => name === 'f_docsize' && added === 1));
      ok(tables.every(({ name }) => name !== 'f'));
    });

    it('with names of all kinds are told by those names', () =>
      checkRows(
        (db) => {
          db.exec(
            'CREATE TABLE "odd ""\'\n[table]" ("__proto__" TEXT PRIMARY KEY, "a.b" INT, "\u{1F600}" INT, "" INT)',
          );
          db.exec('INSERT INTO "odd ""\'\n[table]" VALUES (\'k\', 1, 2, 3)');
        },
        'UPDATE "odd ""\'\n[table]" SET "\u{1F600}" = 5',
        [
          'change {"__proto__":"k"} {"__proto__":"k","a.b":1,"\u{1F600}":2,"":3} -> {"__proto__":"k","a.b":1,"\u{1F600}":5,"":3}',
        ],
      ));

    it('of a table nearly as wide as SQLite allows are compared', async () => {
      const columns = Array.from({ length: 1998 }, (_, i) => `c${i}`);
      const old = await image(
        `CREATE TABLE t(id INTEGER PRIMARY KEY, ${columns.join(', ')}); INSERT INTO t(id, c1997) VALUES (1, 1)`,
      );
      const now = await changedCopy(old, 'UPDATE t SET c1997 = 2');
      const { tables, problem } = await diff(old, now, { rows: 0 });
      deepStrictEqual({ problem, changed: tables[0]?.changed }, { problem: null, changed: 1 });
    });

    it('of a key with a collation of the application are paired letter by letter', async () => {
      const collated: Content = (db) => {
        // The driver cannot define collations, so the schema is made to name one afterwards.
        db.exec(
          "CREATE TABLE t(k TEXT PRIMARY KEY, a); INSERT INTO t VALUES ('a', 1), ('b', 2), ('c', 3)",
        );
        db.pragma('writable_schema = ON');
        db.exec(
          "UPDATE sqlite_schema SET sql = replace(sql, 'k TEXT', 'k TEXT COLLATE own') WHERE name = 't'",
        );
      };
      const old = await image(collated);
      const now = await image(collated, (db) => {
        db.pragma('writable_schema = RESET');
        db.exec('UPDATE t NOT INDEXED SET a = 9 WHERE rowid = 2');
      });
      await checkImages(old, now, ['change {"k":"b"} {"k":"b","a":2} -> {"k":"b","a":9}']);
    });

    describe('that all moved', () => {
      const rows = 60_000;
      const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows}) INSERT INTO t`;
      const cases = {
        'by their key': [
          `CREATE TABLE t(k TEXT PRIMARY KEY, a); ${numbers} SELECT 'key ' || i, i % 5 FROM n`,
          "UPDATE t SET rowid = rowid + 100000; UPDATE t SET a = 9 WHERE k = 'key 77'",
          [0, 0, 1],
        ],
        'by their content': [
          `CREATE TABLE t(a, b); ${numbers} SELECT i % 1000, printf('%.*c', i % 90, 'x') FROM n`,
          'UPDATE t SET rowid = rowid + 100000; UPDATE t SET a = -1 WHERE rowid = 100077',
          [1, 1, 0],
        ],
        'as a multiset': [
          `CREATE TABLE t(a, b, rowid, oid, _rowid_); ${numbers}(a, b) SELECT i % 1000, printf('%.*c', i % 90, 'x') FROM n`,
          "UPDATE t SET a = -1 WHERE a = 77 AND b = ''",
          undefined,
        ],
      } as const;

      for (const [name, [first, then, expected]] of Object.entries(cases))
        it(`are paired ${name} part by part, so that it can be cancelled in between`, async () => {
          const old = await image(first);
          const now = await changedCopy(old, then);
          const { signal } = new AbortController();
          let turns = 0;
          signal.throwIfAborted = () => {
            turns += 1;
          };
          const [table] = (await diff(old, now, { rows: 3, signal })).tables;
          if (expected !== undefined)
            deepStrictEqual([table?.added, table?.removed, table?.changed], expected);
          // Each window of the scan is a turn, too: by far not so many.
          const needed = name === 'as a multiset' ? 2 : 12;
          ok(turns >= needed, `${turns} turns`);
          for (const last of [1, Math.floor(turns / 2), turns]) {
            let turn = 0;
            signal.throwIfAborted = () => {
              turn += 1;
              if (turn === last) throw new DOMException('Cancelled', 'AbortError');
            };
            await rejects(diff(old, now, { rows: 3, signal }), { name: 'AbortError' });
            strictEqual(turn, last);
          }
        });
    });

    it('of tables of many windows are counted exactly', async () => {
      const old =
        await image(`CREATE TABLE t(id INTEGER PRIMARY KEY, a); CREATE TABLE u(k TEXT PRIMARY KEY, a) WITHOUT ROWID; CREATE TABLE v(a);
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) INSERT INTO t SELECT i, i % 7 FROM n;
        INSERT INTO u SELECT 'k' || id, a FROM t; INSERT INTO v SELECT id FROM t`);
      const now = await changedCopy(
        old,
        ...['t', 'u', 'v'].map(
          (name) =>
            `UPDATE ${name} SET a = -a - 1 WHERE ${name === 'v' ? 'rowid' : name === 't' ? 'id' : 'CAST(substr(k, 2) AS INT)'} % 50 = 0`,
        ),
        'DELETE FROM t WHERE id > 20000 AND id % 2 = 0 AND id % 50 <> 0; INSERT INTO t SELECT id + 200000, a FROM t',
        "DELETE FROM u WHERE a = 3; INSERT INTO u SELECT 'n' || id, 1 FROM t WHERE id < 150000",
        'DELETE FROM v WHERE rowid % 3 = 0; VACUUM',
      );
      const { tables, problem } = await diff(old, now, { rows: 3 });
      deepStrictEqual(
        {
          problem,
          tables: tables.map(({ name, added, removed, changed, rows }) => [
            name,
            added,
            removed,
            changed,
            rows.length,
          ]),
        },
        {
          problem: null,
          tables: [
            ['t', 61600, 38400, 2000, 3],
            ['u', 61600, 14000, 2000, 3],
            ['v', 1334, 34667, 0, 3],
          ],
        },
      );
    });
  });
});

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
