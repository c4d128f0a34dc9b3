import { deepStrictEqual, notStrictEqual, strictEqual } from 'node:assert/strict';
import {
  appendFileSync,
  chmodSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import {
  databaseSignature,
  hasSqliteHeader,
  isSameUnderLock,
  isSqliteHeader,
  parseSqliteHeader,
} from '../../../src/engine/sqlite/sqlite-file.ts';
import { database, sqlite } from '../../support/sqlite.ts';
import { fifo, symlink, tree } from '../../support/tree.ts';

describe('hasSqliteHeader', () => {
  it('knows a database by its content, whatever its name', async () => {
    const root = await tree({
      'notes.txt': database(),
      'raw\udcff.db': database(),
      'text.db': 'SQLite format 3, said the text',
      'empty.db': '',
      'short.db': 'SQLite',
      pipe: fifo(),
      link: symlink('notes.txt'),
    });
    const found = [
      'notes.txt',
      'text.db',
      'empty.db',
      'short.db',
      'pipe',
      'link',
      'missing',
    ].filter((name) => hasSqliteHeader(join(root, name)));
    deepStrictEqual(found, ['notes.txt']);
  });
});

describe('parseSqliteHeader', () => {
  it('reads journal mode and page size', async () => {
    const cases = [
      ['delete', 512],
      ['wal', 4096],
      ['delete', 65536],
    ] as const;
    for (const [journalMode, pageSize] of cases) {
      const root = await tree({ 'a.db': database('CREATE TABLE t(a)', { journalMode, pageSize }) });
      const header = parseSqliteHeader(readFileSync(join(root, 'a.db')));
      deepStrictEqual(
        { pageSize: header?.pageSize, writeVersion: header?.writeVersion },
        { pageSize, writeVersion: journalMode === 'wal' ? 2 : 1 },
      );
    }
  });

  it('refuses what is no header', () => {
    strictEqual(parseSqliteHeader(Buffer.alloc(100)), undefined);
    strictEqual(parseSqliteHeader(Buffer.from('SQLite format 3\0')), undefined);
    strictEqual(isSqliteHeader(Buffer.from('SQLite format 3\0')), true);
  });
});

describe('databaseSignature', () => {
  it('changes with the file, its log and its journal, and with nothing else', async () => {
    const root = await tree({ 'a.db': database() });
    const path = join(root, 'a.db');
    const before = databaseSignature(path);
    writeFileSync(`${path}-shm`, 'index');
    writeFileSync(`${path}-wal`, '');
    writeFileSync(`${path}-journal`, '');
    strictEqual(databaseSignature(path), before, 'an index or an empty sidecar');
    for (const suffix of ['', '-wal', '-journal']) {
      const old = databaseSignature(path);
      appendFileSync(`${path}${suffix}`, 'x');
      notStrictEqual(databaseSignature(path), old, suffix);
    }
  });

  it('sees a write that put the times back', async () => {
    const root = await tree({ 'a.db': database() });
    const path = join(root, 'a.db');
    utimesSync(path, 1_000_000_000, 1_000_000_000);
    const before = databaseSignature(path);
    sqlite(path, 'UPDATE t SET a = 2');
    utimesSync(path, 1_000_000_000, 1_000_000_000);
    notStrictEqual(databaseSignature(path), before);
  });

  it('leaves the change time of sidecars out', async () => {
    const root = await tree({
      'a.db': database('CREATE TABLE t(a)', { leftInWal: 'INSERT INTO t VALUES (1)' }),
    });
    const path = join(root, 'a.db');
    const before = databaseSignature(path);
    chmodSync(`${path}-wal`, 0o600);
    strictEqual(databaseSignature(path), before);
  });

  it('is one word, also for a database that is not there', async () => {
    const root = await tree({ 'a b\n.db': database() });
    strictEqual(/\s/.test(databaseSignature(join(root, 'a b\n.db'))), false);
    rmSync(join(root, 'a b\n.db'));
    strictEqual(databaseSignature(join(root, 'a b\n.db')), '-+-+-');
  });
});

describe('isSameUnderLock', () => {
  it('lets the journal be, and nothing else', async () => {
    const root = await tree({ 'a.db': database() });
    const path = join(root, 'a.db');
    const before = databaseSignature(path);
    writeFileSync(`${path}-journal`, 'of whoever holds the lock');
    strictEqual(isSameUnderLock(before, databaseSignature(path)), true);
    strictEqual(isSameUnderLock(`${before}~`, databaseSignature(path)), false);
    writeFileSync(`${path}-wal`, 'of somebody else');
    strictEqual(isSameUnderLock(before, databaseSignature(path)), false);
  });
});
