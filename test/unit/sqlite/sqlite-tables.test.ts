import { deepStrictEqual, equal, match, ok, rejects } from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TableChoice } from '../../../src/core/restore/selection.ts';
import type { EngineError } from '../../../src/core/errors.ts';
import { proveTables, restoreTables } from '../../../src/engine/sources/sqlite/sqlite-tables.ts';
import { startApplication } from '../../support/application.ts';
import { captureContext, captureOne, liveAt, targetAt } from '../../support/live-databases.ts';
import { rows, sqlite, type DatabaseFacts } from '../../support/sqlite.ts';
import { tree } from '../../support/tree.ts';

describe('restoreTables', () => {
  for (const journalMode of ['wal', 'delete', 'truncate', 'persist'] as const) {
    it(`brings one table back under a connection that stays open, and no other (${journalMode})`, async () => {
      const it = await scene(
        `CREATE TABLE t(id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (1, 'x'), (2, 'y');
         CREATE TABLE u(id INTEGER PRIMARY KEY, a); INSERT INTO u VALUES (1, 'x')`,
        { journalMode },
      );
      const application = await startApplication(it.path);
      await application.run(`UPDATE t SET a = 'z' WHERE id = 1`);
      await application.run('DELETE FROM t WHERE id = 2');
      await application.run('INSERT INTO t VALUES (3, 3)');
      await application.run(`UPDATE u SET a = 'stays'`);
      await restore(it, { only: ['T'] });
      deepStrictEqual(await application.run('SELECT id, a FROM t'), [
        { id: 1, a: 'x' },
        { id: 2, a: 'y' },
      ]);
      deepStrictEqual(await application.run('SELECT a FROM u'), [{ a: 'stays' }]);
      await application.run('INSERT INTO t VALUES (4, 4)');
      await application.close();
      deepStrictEqual(rows(it.path, 'PRAGMA integrity_check'), [{ integrity_check: 'ok' }]);
      deepStrictEqual(leftBeside(it.folder), []);
    });
  }

  const shapes: readonly {
    readonly name: string;
    readonly sql: string;
    readonly change: string;
  }[] = [
    {
      name: 'a table without any key, with rowids',
      sql: `CREATE TABLE t(a, b); INSERT INTO t(rowid, a, b) VALUES (5, 1, NULL), (7, 1, NULL), (9, x'00', 'x')`,
      change: `DELETE FROM t WHERE rowid = 7; INSERT INTO t VALUES (1, NULL); UPDATE t SET b = 'X' WHERE rowid = 9`,
    },
    {
      name: 'values that only their type or their case tells apart',
      sql: `CREATE TABLE t(id INTEGER PRIMARY KEY, a, b TEXT COLLATE NOCASE, c REAL);
            INSERT INTO t VALUES (1, 1, 'a', 1), (2, '1', 'b', 2), (3, x'31', 'c', NULL)`,
      change: `UPDATE t SET a = CASE id WHEN 1 THEN 1.0 WHEN 2 THEN 1 ELSE '1' END, b = upper(b)`,
    },
    {
      name: 'a table without rowids whose key has no case',
      sql: `CREATE TABLE t(k TEXT COLLATE NOCASE, n, a, PRIMARY KEY (k, n)) WITHOUT ROWID;
            INSERT INTO t VALUES ('a', 1, 1), ('b', 1, 2)`,
      change: `UPDATE t SET k = 'A' WHERE k = 'a'; DELETE FROM t WHERE k = 'b'; INSERT INTO t VALUES ('c', 1, 1)`,
    },
    {
      name: 'unique values that changed places',
      sql: `CREATE TABLE t(id INTEGER PRIMARY KEY, a UNIQUE); INSERT INTO t VALUES (1, 'x'), (2, 'y'), (3, 'z')`,
      change: `UPDATE t SET a = NULL; UPDATE t SET a = 'y' WHERE id = 1; UPDATE t SET a = 'x' WHERE id = 2;
               INSERT INTO t VALUES (4, 'z')`,
    },
    {
      name: 'unique values where the table says to ignore a clash',
      sql: `CREATE TABLE t(id INTEGER PRIMARY KEY, a UNIQUE ON CONFLICT IGNORE); INSERT INTO t VALUES (1, 'x'), (2, 'y')`,
      change: `UPDATE t SET a = a || a; UPDATE t SET a = 'x' WHERE id = 2`,
    },
    {
      name: 'generated columns',
      sql: `CREATE TABLE t(id INTEGER PRIMARY KEY, a, b AS (a * 2) STORED, c AS (a * 3), d);
            INSERT INTO t(id, a, d) VALUES (1, 1, 1), (2, 2, 2)`,
      change: `UPDATE t SET a = 10 WHERE id = 1; UPDATE t SET d = 0 WHERE id = 2`,
    },
    {
      name: 'rows that a constraint of today would refuse',
      sql: `CREATE TABLE t(id INTEGER PRIMARY KEY, a CHECK (a > 0)); PRAGMA ignore_check_constraints = ON;
            INSERT INTO t VALUES (1, -1)`,
      change: 'DELETE FROM t',
    },
    {
      name: 'indexes on expressions and parts',
      sql: `CREATE TABLE t(id INTEGER PRIMARY KEY, a); CREATE UNIQUE INDEX i ON t(lower(a)) WHERE a NOT NULL;
            INSERT INTO t VALUES (1, 'A'), (2, NULL)`,
      change: `DELETE FROM t; INSERT INTO t VALUES (9, 'a')`,
    },
    {
      name: 'a table whose columns have the names of the rowid',
      sql: `CREATE TABLE t(rowid TEXT, _rowid_, a); INSERT INTO t VALUES ('x', 1, 1), ('y', 2, 2)`,
      change: `UPDATE t SET a = 3 WHERE _rowid_ = 1`,
    },
    {
      name: 'a name that needs quotes and a table of 300 columns',
      sql: `CREATE TABLE "t"(${Array.from({ length: 300 }, (_, i) => `"c ""${i}"`).join(', ')});
            INSERT INTO t("c ""7") VALUES (1)`,
      change: `UPDATE t SET "c ""299" = 4`,
    },
  ];
  for (const { name, sql, change } of shapes) {
    it(`brings back ${name}`, async () => {
      const it = await scene(sql);
      const dump = `SELECT rowid AS "#", *, typeof(${sql.includes('c ""') ? '"c ""7"' : 'a'}) AS "type" FROM t`;
      const query = /WITHOUT ROWID|rowid TEXT/.test(sql) ? 'SELECT * FROM t' : dump;
      const check = 'PRAGMA integrity_check';
      const before = [rows(it.path, query), rows(it.path, check)];
      sqlite(it.path, change);
      await restore(it, { only: ['t'] });
      deepStrictEqual([rows(it.path, query), rows(it.path, check)], before);
      equal(await prove(it, { only: ['t'] }), 'equal');
    });
  }

  it('counts on from where AUTOINCREMENT was', async () => {
    const it = await scene(
      `CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, a); CREATE TABLE u(id INTEGER PRIMARY KEY AUTOINCREMENT);
       INSERT INTO t(a) VALUES (1), (2), (3); DELETE FROM t WHERE id = 3; INSERT INTO u VALUES (7)`,
    );
    sqlite(
      it.path,
      'INSERT INTO t(a) VALUES (4); INSERT INTO u VALUES (8); DELETE FROM t WHERE id = 1',
    );
    await restore(it, { only: ['t'] });
    deepStrictEqual(rows(it.path, 'SELECT name, seq FROM sqlite_sequence ORDER BY 1'), [
      { name: 't', seq: 3 },
      { name: 'u', seq: 8 },
    ]);
  });

  it('lets no trigger fire and leaves all of them exactly as they were', async () => {
    const it = await scene(
      `CREATE TABLE t(id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (1, 1);
       CREATE TABLE log(what);
       CREATE TRIGGER b AFTER INSERT ON t BEGIN INSERT INTO log VALUES ('b'); END;
       CREATE  TRIGGER IF NOT EXISTS main.a BEFORE DELETE /* why */ ON t
         WHEN old.id > 0 BEGIN SELECT unknown_function(1); END;
       CREATE TRIGGER c AFTER UPDATE ON log BEGIN SELECT 1; END`,
    );
    const triggers = `SELECT name, tbl_name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 't' ORDER BY rowid`;
    const before = rows(it.path, triggers);
    sqlite(it.path, `UPDATE t SET a = 2; INSERT INTO t VALUES (2, 2); DELETE FROM log`);
    await restore(it, { only: ['t'] });
    deepStrictEqual(rows(it.path, 'SELECT * FROM t'), [{ id: 1, a: 1 }]);
    deepStrictEqual(rows(it.path, 'SELECT * FROM log'), []);
    deepStrictEqual(rows(it.path, triggers), before);
    sqlite(it.path, 'INSERT INTO t VALUES (3, 3)');
    deepStrictEqual(rows(it.path, 'SELECT * FROM log'), [{ what: 'b' }]);
  });

  it('brings a full-text index back with the table that it indexes', async () => {
    const it = await scene(
      `CREATE TABLE posts(id INTEGER PRIMARY KEY, title);
       CREATE VIRTUAL TABLE posts_fts USING fts5(title, content='posts', content_rowid='id');
       CREATE TRIGGER ai AFTER INSERT ON posts BEGIN INSERT INTO posts_fts(rowid, title) VALUES (new.id, new.title); END;
       CREATE TRIGGER ad AFTER DELETE ON posts BEGIN
         INSERT INTO posts_fts(posts_fts, rowid, title) VALUES ('delete', old.id, old.title); END;
       CREATE TABLE other(a);
       INSERT INTO posts VALUES (1, 'red apple'), (2, 'green pear')`,
    );
    sqlite(
      it.path,
      `DELETE FROM posts WHERE id = 2; INSERT INTO posts VALUES (3, 'blue plum'); INSERT INTO other VALUES (1)`,
    );
    const found = (word: string): unknown[] =>
      rows(it.path, `SELECT rowid FROM posts_fts('${word}')`);
    await restore(it, { except: ['posts'] });
    deepStrictEqual([found('pear'), found('plum')], [[], [{ rowid: 3 }]]);
    await restore(it, { only: ['posts'] });
    deepStrictEqual([found('pear'), found('plum')], [[{ rowid: 2 }], []]);
    sqlite(it.path, `INSERT INTO posts_fts(posts_fts, rank) VALUES ('integrity-check', 1)`);
  });

  for (const { name, sql, change, query } of [
    {
      name: 'full text with rows of its own',
      sql: `CREATE VIRTUAL TABLE v USING fts5(a, b); INSERT INTO v VALUES ('red', 'x'), ('green', 'y')`,
      change: `DELETE FROM v WHERE v MATCH 'red'; INSERT INTO v VALUES ('blue', 'z')`,
      query: `SELECT rowid, * FROM v('red OR blue')`,
    },
    {
      name: 'old full text',
      sql: `CREATE VIRTUAL TABLE v USING fts4(a); INSERT INTO v VALUES ('red'), ('green')`,
      change: `DELETE FROM v WHERE v MATCH 'red'; INSERT INTO v VALUES ('blue')`,
      query: `SELECT rowid, * FROM v WHERE v MATCH 'red OR blue'`,
    },
    {
      name: 'an R-tree',
      sql: `CREATE VIRTUAL TABLE v USING rtree(id, a, b, +note); INSERT INTO v VALUES (1, 0, 1, 'x'), (2, 5, 6, 'y')`,
      change: `DELETE FROM v WHERE id = 1; UPDATE v SET a = 2 WHERE id = 2; INSERT INTO v VALUES (3, 1, 1, 'z')`,
      query: 'SELECT * FROM v WHERE a < 6 ORDER BY id',
    },
  ]) {
    it(`brings ${name} back under a connection that uses it`, async () => {
      const it = await scene(sql, { journalMode: 'wal' });
      const application = await startApplication(it.path);
      const before = await application.run(query);
      for (const statement of change.split('; ')) await application.run(statement);
      ok(JSON.stringify(await application.run(query)) !== JSON.stringify(before));
      await restore(it, { only: ['v'] });
      deepStrictEqual(await application.run(query), before);
      await application.close();
      deepStrictEqual(rows(it.path, 'PRAGMA integrity_check'), [{ integrity_check: 'ok' }]);
    });
  }

  it('refuses what would break a foreign key, names the rows and changes nothing', async () => {
    const it = await scene(keys);
    sqlite(
      it.path,
      `DELETE FROM access; DELETE FROM users WHERE id = 2; INSERT INTO users VALUES (3)`,
    );
    const before = rows(it.path, 'SELECT * FROM users');
    await rejects(restore(it, { only: ['access'] }), (error: EngineError) => {
      equal(error.code, 'RESTORE_BLOCKED');
      match(error.message, /2 rows of "access" would have no row in "users"/);
      return true;
    });
    deepStrictEqual(rows(it.path, 'SELECT * FROM users'), before);
    deepStrictEqual(rows(it.path, 'SELECT * FROM access'), []);
    await restore(it, { only: ['access', 'users'] });
    deepStrictEqual(rows(it.path, 'SELECT count(*) AS n FROM access'), [{ n: 3 }]);
  });

  it('lets keys be broken that were broken before, here or there', async () => {
    const it = await scene(`${keys}; PRAGMA foreign_keys = OFF; INSERT INTO access VALUES (9, 99)`);
    sqlite(
      it.path,
      `PRAGMA foreign_keys = OFF; INSERT INTO access VALUES (8, 98); DELETE FROM access WHERE id = 9`,
    );
    await restore(it, { only: ['users'] });
    await restore(it, { only: ['access'] });
    deepStrictEqual(rows(it.path, 'SELECT id FROM access WHERE user > 90'), [{ id: 9 }]);
  });

  it('refuses a database of another schema', async () => {
    const it = await scene('CREATE TABLE t(a); CREATE TABLE u(a)');
    sqlite(it.path, 'ALTER TABLE u ADD COLUMN b; INSERT INTO t VALUES (1)');
    await rejects(
      restore(it, { only: ['t'] }),
      /restored whole or not at all, because the schema differs/,
    );
    deepStrictEqual(rows(it.path, 'SELECT a FROM t'), [{ a: 1 }]);
  });

  it('hands over what is there under the lock, and changes nothing where that fails', async () => {
    for (const journalMode of ['wal', 'delete'] as const) {
      const it = await scene('CREATE TABLE t(a); INSERT INTO t VALUES (1)', { journalMode });
      const application = await startApplication(it.path);
      await application.run('INSERT INTO t VALUES (2)');
      const { tempDir } = await captureContext();
      const restoring = restore(it, { only: ['t'] }, async (copyCurrent) => {
        await rejects(application.run('INSERT INTO t VALUES (3)'), /SQLITE_BUSY/);
        const copy = await copyCurrent(tempDir);
        deepStrictEqual(rows(copy?.imagePath ?? '', 'SELECT a FROM t'), [{ a: 1 }, { a: 2 }]);
        throw new Error('no room');
      });
      await rejects(restoring, /no room/);
      deepStrictEqual(await application.run('SELECT a FROM t'), [{ a: 1 }, { a: 2 }]);
      await application.run('INSERT INTO t VALUES (3)');
      await application.close();
    }
  });

  it('names who keeps the database locked, and changes nothing', async () => {
    const it = await scene('CREATE TABLE t(a); INSERT INTO t VALUES (1)');
    const application = await startApplication(it.path);
    await application.run('BEGIN IMMEDIATE');
    await application.run('INSERT INTO t VALUES (2)');
    await rejects(restore(it, { only: ['t'] }), (error: EngineError) => {
      equal(error.code, 'DATABASE_BUSY');
      match(error.message, /locked by node \(\d+\)/);
      return true;
    });
    await application.run('COMMIT');
    deepStrictEqual(await application.run('SELECT a FROM t'), [{ a: 1 }, { a: 2 }]);
    await application.close();
  });

  it('waits for a reader of a rollback database before it commits, and gives up with nothing changed', async () => {
    const it = await scene('CREATE TABLE t(a); INSERT INTO t VALUES (1)');
    sqlite(it.path, 'INSERT INTO t VALUES (2)');
    const application = await startApplication(it.path);
    await application.run('BEGIN');
    await application.run('SELECT a FROM t');
    await rejects(restore(it, { only: ['t'] }), /is locked by node/);
    await application.run('COMMIT');
    deepStrictEqual(await application.run('SELECT a FROM t'), [{ a: 1 }, { a: 2 }]);
    await restore(it, { only: ['t'] });
    deepStrictEqual(await application.run('SELECT a FROM t'), [{ a: 1 }]);
    await application.close();
  });
});

const keys = `CREATE TABLE users(id INTEGER PRIMARY KEY); CREATE TABLE access(id INTEGER PRIMARY KEY, user REFERENCES users);
  INSERT INTO users VALUES (1), (2); INSERT INTO access VALUES (1, 1), (2, 2), (3, 2)`;

interface Scene {
  readonly folder: string;
  readonly path: string;
  readonly imagePath: string;
}

/** A database and its image; what the test changes then comes after the image. */
async function scene(sql: string, facts: DatabaseFacts = {}): Promise<Scene> {
  const folder = await tree();
  const path = join(folder, 'app.db');
  sqlite(path, sql, facts);
  const { imagePath } = await captureOne(path);
  return { folder, path, imagePath: imagePath! };
}

type BeforeWrite = Parameters<typeof restoreTables>[0]['beforeWrite'];

async function restore(
  it: Scene,
  choice: TableChoice,
  beforeWrite: BeforeWrite = async () => undefined,
): Promise<string> {
  const { path, imagePath } = it;
  return await restoreTables(
    { imagePath, ...targetAt(path), beforeWrite, choice, timeoutMs: 300 },
    await captureContext(),
  );
}

async function prove({ path, imagePath }: Scene, choice: TableChoice): Promise<string> {
  return await proveTables(imagePath, liveAt(path), choice, '', await captureContext());
}

function leftBeside(folder: string): string[] {
  return readdirSync(folder).filter((name) => !/^app\.db(-journal)?$/.test(name));
}
