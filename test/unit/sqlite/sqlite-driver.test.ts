import { deepStrictEqual, match, ok, rejects, strictEqual, throws } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  driverInfo,
  openDatabase,
  sqliteCode,
  useDriver,
} from '../../../src/engine/sqlite/sqlite-driver.ts';
import { nameFromBytes } from '../../../src/core/names.ts';
import { tree } from '../../support/tree.ts';

for (const name of ['better-sqlite3', 'node:sqlite'] as const) {
  describe(`openDatabase with ${name}`, () => {
    before(() => useDriver(name));
    after(() => useDriver('better-sqlite3'));

    it('runs on that driver', () => {
      const info = driverInfo();
      strictEqual(info.name, name);
      match(info.sqliteVersion, /^3\.\d+\.\d+$/);
    });

    it('answers rows as objects, arrays, single values and exact integers', () => {
      const db = openDatabase(':memory:');
      db.exec('CREATE TABLE t(a, b)');
      db.prepare('INSERT INTO t VALUES (?, ?)').run(9_007_199_254_740_993n, 'x');
      db.prepare('INSERT INTO t VALUES (:a, :b)').run({ a: 2.5, b: new Uint8Array([7]) });
      const all = db.prepare('SELECT * FROM t').safeIntegers();
      const [first, second] = all.raw().all() as [unknown[], [number, Uint8Array]];
      deepStrictEqual(first, [9_007_199_254_740_993n, 'x']);
      deepStrictEqual([second[0], [...second[1]]], [2.5, [7]]);
      deepStrictEqual(
        [...db.prepare('SELECT b AS c FROM t WHERE a > 3').iterate()].map((row) => ({
          ...(row as object),
        })),
        [{ c: 'x' }],
      );
      strictEqual(db.prepare('SELECT count(*) FROM t').pluck().get(), 2);
      strictEqual(db.prepare('SELECT a FROM t WHERE 0').get(), undefined);
      deepStrictEqual(db.prepare('SELECT a, b AS a FROM t').columnNames(), ['a', 'a']);
      strictEqual(db.pragma('user_version'), 0);
      strictEqual(db.prepare('DELETE FROM t').run().changes, 2);
      db.close();
    });

    it('rolls a transaction back when its body throws', () => {
      const db = openDatabase(':memory:');
      db.exec('CREATE TABLE t(a)');
      const add = db.prepare('INSERT INTO t VALUES (?)');
      strictEqual(
        db.transaction('immediate', () => add.run(1).changes),
        1,
      );
      throws(
        () =>
          db.transaction('deferred', () => {
            add.run(2);
            throw new Error('no');
          }),
        /^Error: no$/,
      );
      deepStrictEqual(db.prepare('SELECT a FROM t').pluck().all(), [1]);
      db.close();
    });

    it('opens exactly the file of a name that others would trim or could not say', async () => {
      const folder = nameFromBytes(
        Buffer.concat([
          Buffer.from(await tree({ 'd\udcff/': {} })),
          Buffer.from('/d'),
          Buffer.from([0xff]),
        ]),
      );
      const links = savepointLinks();
      for (const file of ['x.db', 'x.db ', ' x.db', 'x\udcfe.db', 'x.db\n', ':memory:']) {
        const db = openDatabase(`${folder}/${file}`, { mustExist: false });
        db.exec('CREATE TABLE t(a)');
        db.prepare('INSERT INTO t VALUES (?)').run(Buffer.from(file, 'utf16le').toString('hex'));
        db.close();
      }
      for (const file of ['x.db', 'x.db ', ' x.db', 'x\udcfe.db', 'x.db\n', ':memory:']) {
        const db = openDatabase(`${folder}/${file}`, { readonly: true });
        strictEqual(
          db.prepare('SELECT a FROM t').pluck().get(),
          Buffer.from(file, 'utf16le').toString('hex'),
        );
        db.close();
      }
      deepStrictEqual(savepointLinks(), links, 'no link is left behind');
    });

    it('backs up into exactly that file, and tells what was locked', async () => {
      const folder = await tree({});
      const db = openDatabase(':memory:');
      db.exec('CREATE TABLE t(a); INSERT INTO t VALUES (1)');
      const target = join(folder, 'copy.db ');
      const steps: number[] = [];
      const onProgress = ({ totalPages }: { totalPages: number }): void =>
        void steps.push(totalPages);
      deepStrictEqual(await db.backup(target, { onProgress }), {
        totalPages: 2,
        remainingPages: 0,
      });
      deepStrictEqual(steps, [2]);
      deepStrictEqual(readdirSync(folder), ['copy.db ']);
      const other = openDatabase(target);
      other.exec('BEGIN IMMEDIATE');
      deepStrictEqual(await db.backup(target), { totalPages: 0, remainingPages: 0 });
      throws(
        () => openDatabase(target).exec('BEGIN IMMEDIATE'),
        (error) => sqliteCode(error) === 'SQLITE_BUSY',
      );
      other.close();
      db.close();
    });

    it('ends a backup with what its progress throws, and leaves no file', async () => {
      const folder = await tree({});
      const db = openDatabase(':memory:');
      db.exec('CREATE TABLE t(a); INSERT INTO t VALUES (1)');
      const onProgress = (): never => {
        throw new Error('stop');
      };
      await rejects(db.backup(join(folder, 'copy.db'), { onProgress }), /^Error: stop$/);
      db.close();
    });

    it('refuses a file that is not there, and one that is no database', async () => {
      const folder = await tree({
        'text.db': 'a text that is long enough to be looked at'.repeat(20),
      });
      throws(
        () => openDatabase(join(folder, 'missing.db')),
        (error) => sqliteCode(error) === 'SQLITE_CANTOPEN',
      );
      ok(!existsSync(join(folder, 'missing.db')));
      throws(
        () => openDatabase(join(folder, 'text.db')).pragma('user_version'),
        (error) => sqliteCode(error) === 'SQLITE_NOTADB',
      );
    });
  });
}

describe('openDatabase where better-sqlite3 cannot be loaded', () => {
  it('falls back to node:sqlite', () => {
    const output = runWithoutBetterSqlite(`
      const { driverInfo } = await import('./src/engine/sqlite/sqlite-driver.ts');
      console.log(driverInfo().name);
    `);
    strictEqual(output, 'node:sqlite\n');
  });

  it('says in one line that no driver runs here', () => {
    const output = runWithoutBetterSqlite(`
      process.getBuiltinModule = () => undefined;
      const { openDatabase } = await import('./src/engine/sqlite/sqlite-driver.ts');
      try { openDatabase(':memory:'); } catch (error) { console.log(error.code, error.message, '-', error.hint); }
    `);
    match(
      output,
      /^DRIVER_UNAVAILABLE no SQLite driver runs on \S+ with Node \S+ - use Node 22\.19 or newer\n$/,
    );
  });
});

function runWithoutBetterSqlite(script: string): string {
  const old = "Object.defineProperty(process.versions, 'napi', { value: '9' });";
  const args = ['--input-type=module', '--eval', `${old}${script}`];
  return execFileSync(process.execPath, args, { encoding: 'utf8' });
}

function savepointLinks(): string[] {
  return readdirSync(tmpdir()).filter((name) => name.startsWith('savepoint-link-'));
}
