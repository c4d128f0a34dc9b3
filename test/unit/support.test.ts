import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { database, rows, sqlite } from '../support/sqlite.ts';
import {
  directory,
  fifo,
  file,
  hardlink,
  readTree,
  sparse,
  symlink,
  tree,
} from '../support/tree.ts';

describe('tree', () => {
  it('makes what the literal says and reads it back', async () => {
    const root = await tree({
      'a.txt': 'x',
      'deep/er/b.bin': Buffer.from([0xff, 0]),
      'empty/': {},
      'line\nbreak ☃': 'y',
      link: symlink('../nowhere'),
      pipe: fifo(),
      'raw\udcff': 'bytes',
    });
    deepStrictEqual(await readTree(root), {
      'a.txt': 'x',
      deep: { er: { 'b.bin': Buffer.from([0xff, 0]) } },
      empty: {},
      'line\nbreak ☃': 'y',
      link: { '->': '../nowhere' },
      pipe: { '?': 'fifo' },
      'raw\udcff': 'bytes',
    });
  });

  it('sets modes and times, also of folders that are full', async () => {
    const root = await tree({
      d: directory(
        { f: file('x', { mode: 0o640, mtimeMs: 1_000_000 }) },
        { mode: 0o555, mtimeMs: 5000 },
      ),
      h: hardlink('d/f'),
      s: sparse(1_000_000),
    });
    const folder = fs.statSync(join(root, 'd'));
    const inner = fs.statSync(join(root, 'd/f'));
    deepStrictEqual(
      [folder.mode & 0o777, folder.mtimeMs, inner.mode & 0o777, inner.mtimeMs, inner.nlink],
      [0o555, 5000, 0o640, 1_000_000, 2],
    );
    strictEqual(fs.statSync(join(root, 's')).size, 1_000_000);
  });
});

describe('sqlite', () => {
  it('leaves no sidecar, and leaves the -wal of a killed application where asked', async () => {
    const root = await tree({ 'a.db': database() });
    sqlite(join(root, 'b.db'), 'CREATE TABLE t(a)', { leftInWal: 'INSERT INTO t VALUES (7)' });
    deepStrictEqual(fs.readdirSync(root).toSorted(), ['a.db', 'b.db', 'b.db-wal']);
    deepStrictEqual(rows(join(root, 'b.db'), 'SELECT a FROM t'), [{ a: 7 }]);
  });
});
