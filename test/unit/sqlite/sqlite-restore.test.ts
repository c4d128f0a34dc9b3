import { deepStrictEqual, match, ok, rejects, strictEqual } from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { proveDatabase } from '../../../src/engine/sources/sqlite/sqlite-prove.ts';
import { replaceDatabase } from '../../../src/engine/sources/sqlite/sqlite-replace.ts';
import { restoreThroughSqlite } from '../../../src/engine/sources/sqlite/sqlite-restore.ts';
import { openDatabase } from '../../../src/engine/sqlite/sqlite-driver.ts';
import { startApplication } from '../../support/application.ts';
import {
  captureContext,
  captureOne,
  imageRows,
  liveAt,
  targetAt,
  withNodeSqlite,
} from '../../support/live-databases.ts';
import { database, rows, sqlite, type DatabaseFacts } from '../../support/sqlite.ts';
import { tree } from '../../support/tree.ts';
import type { CapturedDatabase } from '../../../src/engine/sources/source.ts';
import type { SqliteRestoreRequest } from '../../../src/engine/sources/sqlite/sqlite-restore.ts';

const old = 'CREATE TABLE t(a); INSERT INTO t VALUES (1), (2)';
const destroy = 'DELETE FROM t; CREATE TABLE later(x)';
const oldRows = [{ a: 1 }, { a: 2 }];

interface Scene {
  readonly folder: string;
  readonly path: string;
  readonly captured: CapturedDatabase;
}

/** A database with the old rows, captured. */
async function scene(facts: DatabaseFacts = {}): Promise<Scene> {
  const folder = await tree({ 'app.db': database(old, facts) });
  const path = join(folder, 'app.db');
  return { folder, path, captured: await captureOne(path) };
}

async function restore(
  { path, captured }: Pick<Scene, 'path' | 'captured'>,
  changes: Partial<SqliteRestoreRequest> = {},
) {
  const { options, call } = await captureContext();
  const request = {
    imagePath: captured.imagePath!,
    ...targetAt(path, 'data/app.db'),
    writeVersion: captured.writeVersion,
    beforeWrite: async () => undefined,
    ...changes,
  };
  return await restoreThroughSqlite(request, { options, call });
}

async function isProven({ path, captured }: Pick<Scene, 'path' | 'captured'>): Promise<boolean> {
  const live = liveAt(path, 'data/app.db');
  return (await proveDatabase(captured.imagePath!, live, await captureContext())).equal;
}

describe('restoreThroughSqlite', () => {
  for (const journalMode of ['wal', 'delete', 'truncate', 'persist'] as const) {
    it(`brings the old rows back to a connection that stays open (${journalMode})`, async () => {
      const it = await scene({ journalMode });
      const application = await startApplication(it.path);
      await application.run(`PRAGMA journal_mode = ${journalMode}`);
      await application.run(destroy);
      deepStrictEqual(await application.run('SELECT a FROM t'), []);
      const mode = journalMode === 'wal' ? 'wal' : 'rollback';
      deepStrictEqual(await restore(it), { method: 'live', journalMode: mode });
      ok(await isProven(it));
      deepStrictEqual(await application.run('SELECT a FROM t'), oldRows);
      await application.run('INSERT INTO t VALUES (3)');
      await application.close();
      deepStrictEqual(rows(it.path, 'SELECT count(*) AS n FROM t'), [{ n: 3 }]);
    });
  }

  it('leaves one file where nobody has it open', async () => {
    for (const journalMode of ['wal', 'delete'] as const) {
      const it = await scene({ journalMode });
      sqlite(it.path, destroy);
      const inode = lstatSync(it.path).ino;
      await restore(it);
      ok(await isProven(it));
      deepStrictEqual([readdirSync(it.folder), lstatSync(it.path).ino], [['app.db'], inode]);
    }
  });

  it('hands over what is there under the lock, so that no commit is lost', async () => {
    for (const journalMode of ['wal', 'delete'] as const) {
      const it = await scene({ journalMode });
      const application = await startApplication(it.path);
      await application.run('INSERT INTO t VALUES (3)');
      const tempDir = await tree();
      let current: CapturedDatabase | null = null;
      await restore(it, {
        beforeWrite: async (copyCurrent, signature) => {
          await rejects(application.run('INSERT INTO t VALUES (4)'), /SQLITE_BUSY/);
          current = await copyCurrent(tempDir);
          strictEqual(current?.signature.replace('~', ''), signature);
        },
      });
      deepStrictEqual(imageRows(current!, 'SELECT max(a) AS a FROM t'), [{ a: 3 }]);
      deepStrictEqual(await application.run('SELECT a FROM t'), oldRows);
      await application.close();
    }
  });

  it('changes nothing and lets go when what comes before fails', async () => {
    const it = await scene({ journalMode: 'wal' });
    const application = await startApplication(it.path);
    await application.run(destroy);
    const beforeWrite = async (): Promise<never> => {
      throw new Error('no room for the safety snapshot');
    };
    await rejects(restore(it, { beforeWrite }), /^Error: no room for the safety snapshot$/);
    deepStrictEqual(await application.run('SELECT a FROM t'), []);
    await application.run('INSERT INTO t VALUES (9)');
    await application.close();
    deepStrictEqual(readdirSync(it.folder), ['app.db']);
  });

  it('gives the file its journal mode back where nobody is in the way', async () => {
    for (const [was, is] of [
      ['wal', 'delete'],
      ['delete', 'wal'],
    ] as const) {
      const it = await scene({ journalMode: was });
      sqlite(it.path, destroy, { journalMode: is });
      const { journalMode } = await restore(it);
      strictEqual(journalMode, was === 'wal' ? 'wal' : 'rollback');
      ok(await isProven(it));
      deepStrictEqual(readdirSync(it.folder), ['app.db']);
    }
  });

  it('keeps the mode that an open connection works in', async () => {
    const it = await scene({ journalMode: 'delete' });
    sqlite(it.path, destroy, { journalMode: 'wal' });
    const application = await startApplication(it.path);
    await application.run('SELECT a FROM t');
    deepStrictEqual(await restore(it), { method: 'live', journalMode: 'wal' });
    deepStrictEqual(await application.run('SELECT a FROM t'), oldRows);
    ok(await isProven(it));
    await application.close();
  });

  it('brings another page size back', async () => {
    for (const journalMode of ['wal', 'delete'] as const) {
      for (const pageSize of [512, 65536]) {
        const it = await scene({ journalMode, pageSize });
        rmSync(it.path);
        sqlite(it.path, 'CREATE TABLE t(b)', { journalMode });
        const { method } = await restore(it);
        deepStrictEqual([method, rows(it.path, 'SELECT a FROM t')], ['live', oldRows]);
        ok(await isProven(it));
      }
    }
  });

  it('names who keeps the database locked, and changes nothing', async () => {
    const scenes = [
      ['wal', 'BEGIN IMMEDIATE'],
      ['delete', 'BEGIN EXCLUSIVE'],
    ] as const;
    for (const [journalMode, sql] of scenes) {
      const it = await scene({ journalMode });
      const application = await startApplication(it.path);
      await application.run(sql);
      await rejects(restore(it, { timeoutMs: 50 }), {
        code: 'DATABASE_BUSY',
        message: `"data/app.db" is locked by node (${application.pid})`,
      });
      await application.close();
    }
  });

  it('waits for a reader of a rollback database, and for a writer', async () => {
    const it = await scene({ journalMode: 'delete' });
    const application = await startApplication(it.path);
    await application.run(destroy);
    await application.run('BEGIN');
    await application.run('SELECT a FROM t');
    const restored = restore(it);
    await application.run('COMMIT');
    strictEqual((await restored).method, 'live');
    deepStrictEqual(await application.run('SELECT a FROM t'), oldRows);
    await application.close();
  });

  it('stops waiting when the call is cancelled', async () => {
    const it = await scene({ journalMode: 'wal' });
    const application = await startApplication(it.path);
    await application.run('BEGIN IMMEDIATE');
    const abort = new AbortController();
    const { options, call } = await captureContext({}, abort.signal);
    const { imagePath, writeVersion } = it.captured;
    const request = {
      imagePath: imagePath!,
      ...targetAt(it.path),
      writeVersion,
      beforeWrite: async () => undefined,
    };
    const restored = restoreThroughSqlite(request, { options, call });
    abort.abort();
    await rejects(restored, { name: 'AbortError' });
    await application.close();
  });

  it('makes a file that is gone', async () => {
    for (const journalMode of ['wal', 'delete'] as const) {
      const it = await scene({ journalMode });
      const inodes = lstatSync(it.path);
      rmSync(it.path);
      let current: CapturedDatabase | null | undefined;
      const restored = await restore(it, {
        ownership: { mode: 0o640, uid: inodes.uid, gid: inodes.gid },
        beforeWrite: async (copyCurrent) => {
          current = await copyCurrent(await tree());
        },
      });
      deepStrictEqual([restored.method, current], ['replace', null]);
      strictEqual(lstatSync(it.path).mode & 0o777, 0o640);
      strictEqual(readFileSync(it.path)[18], journalMode === 'wal' ? 2 : 1);
      ok(await isProven(it));
      deepStrictEqual(readdirSync(it.folder), ['app.db']);
    }
  });

  it('replaces what is no database any more, with what lay beside it', async () => {
    const it = await scene({ journalMode: 'wal' });
    writeFileSync(it.path, randomBytes(5000));
    const stale = await tree({
      'app.db': database(old, { leftInWal: 'INSERT INTO t VALUES (666)' }),
    });
    writeFileSync(`${it.path}-wal`, readFileSync(join(stale, 'app.db-wal')));
    const kept: (string | undefined)[] = [];
    const restored = await restore(it, {
      beforeWrite: async (copyCurrent) => {
        const current = await copyCurrent(await tree());
        kept.push(current?.state, ...(current?.groupFiles ?? []).map(({ suffix }) => suffix));
      },
    });
    deepStrictEqual([restored.method, kept], ['replace', ['encrypted', '', '-wal']]);
    deepStrictEqual(rows(it.path, 'SELECT a FROM t'), oldRows);
    deepStrictEqual(readdirSync(it.folder), ['app.db']);
  });

  it('replaces a database that SQLite finds damaged only when it opens it', async () => {
    const it = await scene();
    const bytes = readFileSync(it.path).fill(0xff, 100, 4096);
    bytes.writeUInt16BE(3, 16);
    writeFileSync(it.path, bytes);
    strictEqual((await restore(it)).method, 'replace');
    ok(await isProven(it));
  });

  it('restores through SQLite into an empty file', async () => {
    const it = await scene();
    writeFileSync(it.path, '');
    strictEqual((await restore(it)).method, 'live');
    ok(await isProven(it));
  });

  it('does not replace a file that somebody has open, and names him', async () => {
    const it = await scene();
    const application = await startApplication(it.path);
    await application.run('SELECT a FROM t');
    writeFileSync(it.path, Buffer.alloc(4096, 1));
    await rejects(restore(it), {
      code: 'DATABASE_IN_USE',
      message: `"data/app.db" is open in node (${application.pid}) and has to be replaced`,
    });
    ok(readFileSync(it.path).equals(Buffer.alloc(4096, 1)));
    deepStrictEqual(readdirSync(it.folder), ['app.db']);
    await application.close();
  });

  it('restores a database whose name ends in white space or is not UTF-8, and no other', async () => {
    const folder = await tree({ 'x.db': database('CREATE TABLE other(a)') });
    for (const name of ['x.db ', 'x\udcff.db']) {
      const path = join(folder, name);
      const write = (sql: string): void => {
        const db = openDatabase(path, { mustExist: false });
        db.exec(sql);
        db.close();
      };
      write(old);
      const it = { path, captured: await captureOne(path) };
      write(destroy);
      strictEqual((await restore(it)).method, 'live');
      ok(await isProven(it));
      deepStrictEqual(rows(join(folder, 'x.db'), 'SELECT name FROM sqlite_schema'), [
        { name: 'other' },
      ]);
    }
  });

  it('restores with the other driver', async () => {
    const it = await scene({ journalMode: 'wal' });
    const application = await startApplication(it.path);
    await application.run(destroy);
    const { call } = await captureContext();
    const { imagePath, writeVersion } = it.captured;
    let asked = 0;
    const request = { imagePath: imagePath!, ...targetAt(it.path), writeVersion };
    const beforeWrite = async (): Promise<void> => {
      asked += 1;
      await rejects(application.run('INSERT INTO t VALUES (4)'), /SQLITE_BUSY/);
    };
    await withNodeSqlite(async (options) => {
      await restoreThroughSqlite({ ...request, beforeWrite }, { options, call });
    });
    strictEqual(asked, 1);
    deepStrictEqual(await application.run('SELECT a FROM t'), oldRows);
    ok(await isProven(it));
    await application.close();
  });

  it('says in one line why a database cannot be written', async () => {
    const it = await scene();
    const error: unknown = await restore({
      ...it,
      path: join(it.folder, 'no folder', 'app.db'),
    }).catch((e: unknown) => e);
    match(String(error), /^[^\n]+$/);
  });
});

describe('replaceDatabase', () => {
  it('puts a group of files in the place of another', async () => {
    const folder = await tree({
      'app.db': 'new',
      'app.db-wal': 'new log',
      'app.db-shm': 'index',
      'app.db-journal': 'x',
    });
    const group = await tree({ db: 'old', wal: 'old log' });
    await replaceDatabase({
      files: [
        { suffix: '', copyPath: join(group, 'db') },
        { suffix: '-wal', copyPath: join(group, 'wal') },
      ],
      target: join(folder, 'app.db'),
      key: 'app.db',
    });
    const found = readdirSync(folder).map((name) => [
      name,
      readFileSync(join(folder, name), 'utf8'),
    ]);
    deepStrictEqual(found, [
      ['app.db', 'old'],
      ['app.db-wal', 'old log'],
    ]);
  });
});
