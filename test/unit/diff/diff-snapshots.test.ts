import { deepStrictEqual, match, ok, rejects, strictEqual } from 'node:assert/strict';
import { truncateSync } from 'node:fs';
import { countChanges, MAX_COUNTED_BYTES } from '../../../src/engine/diff/count-changes.ts';
import { diffSnapshots, type NamedDiffSide } from '../../../src/engine/diff/diff-snapshots.ts';
import { noProgress, type CallOptions, type Progress } from '../../../src/engine/options.ts';
import { changedCopy, image } from '../../support/images.ts';
import {
  database,
  file,
  folder,
  memoryTrees,
  type MemoryTree,
} from '../../support/memory-trees.ts';

const { signal } = new AbortController();
const call: CallOptions = { signal, progress: noProgress };

interface TestSide extends NamedDiffSide {
  readonly opened: string[];
}

/** A side whose databases are these images; a database that is not among them cannot be opened. */
function side(
  id: string,
  tree: MemoryTree,
  images: Readonly<Record<string, string>> = {},
): TestSide {
  const opened: string[] = [];
  return {
    id,
    ...memoryTrees(tree),
    opened,
    databaseImage: async (path) => {
      opened.push(path);
      return images[path] ?? null;
    },
  };
}

describe('diffSnapshots', () => {
  it('puts files, databases and sides into one document', async () => {
    const old = await image(
      'CREATE TABLE t(id INTEGER PRIMARY KEY, a); INSERT INTO t VALUES (1, 1), (2, 2)',
    );
    const now = await changedCopy(old, 'UPDATE t SET a = 5 WHERE id = 2');
    const same = await image('CREATE TABLE t(a)');
    const before = side(
      'a-1',
      {
        data: folder({
          f: file('1'),
          g: file('1'),
          'app.db': database('1'),
          'same.db': database('1'),
        }),
        'old.db': database('1'),
      },
      { 'data/app.db': old, 'data/same.db': same, 'old.db': same },
    );
    const after = side(
      'live',
      {
        data: folder({
          f: file('2'),
          h: file('1'),
          'app.db': database('2'),
          'same.db': database('2'),
        }),
      },
      { 'data/app.db': now, 'data/same.db': same },
    );
    deepStrictEqual(await diffSnapshots({ ...before, mismatches: 2 }, after, { rows: 100 }, call), {
      files: { added: ['data/h'], removed: ['data/g'], modified: ['data/f'] },
      databases: [
        {
          path: 'data/app.db',
          state: 'changed',
          schema: [],
          tables: [
            {
              name: 't',
              added: 0,
              removed: 0,
              changed: 1,
              rows: [
                { op: 'change', key: { id: 2 }, before: { id: 2, a: 2 }, after: { id: 2, a: 5 } },
              ],
            },
          ],
          problem: null,
        },
        {
          path: 'old.db',
          state: 'removed',
          schema: [
            { op: 'remove', type: 'table', name: 't', before: 'CREATE TABLE t(a)', after: null },
          ],
          tables: [],
          problem: null,
        },
      ],
      mismatches: { before: 2, after: null },
      fileChanges: [
        { path: 'data/f', op: 'change', kind: 'file', beforeBytes: 1, afterBytes: 1 },
        { path: 'data/g', op: 'remove', kind: 'file', beforeBytes: 1, afterBytes: null },
        { path: 'data/h', op: 'add', kind: 'file', beforeBytes: null, afterBytes: 1 },
      ],
      a: 'a-1',
      b: 'live',
    });
  });

  it('opens only databases whose bytes differ, and tells a mode all the same', async () => {
    const before = side('a', { 'x.db': database('1', { mode: 0o644 }), 'y.db': database('1') });
    const after = side('b', {
      'x.db': database('1', { mode: 0o600 }),
      'y.db': database('1', { mtimeNs: 9n }),
    });
    const { databases } = await diffSnapshots(before, after, { rows: 100 }, call);
    deepStrictEqual(databases, [
      {
        path: 'x.db',
        state: 'changed',
        schema: [{ op: 'change', type: 'file', name: 'mode', before: '0644', after: '0600' }],
        tables: [],
        problem: null,
      },
    ]);
    deepStrictEqual([before.opened, after.opened], [[], []]);
  });

  it('names a database that is none any more, instead of one that is gone and a file that came', async () => {
    const sound = { 'a.db': database('1'), 'b.db': database('1'), 'c.db': database('1') };
    const before = side('a', { ...sound, f: file('1') });
    const after = side('b', {
      'a.db': file('garbage'),
      'a.db-wal': file('frames'),
      'b.db': file(''),
      f: file('2'),
      g: file('1'),
    });
    const { files, fileChanges, databases } = await diffSnapshots(before, after, { rows: 1 }, call);
    deepStrictEqual(files, { added: ['g'], removed: [], modified: ['f'] });
    deepStrictEqual(
      fileChanges.map(({ path }) => path),
      ['f', 'g'],
    );
    deepStrictEqual(
      databases.map(({ path, state, problem }) => [path, state, problem]),
      [
        ['a.db', 'changed', 'it is no SQLite database any more'],
        ['b.db', 'changed', 'it is an empty file now'],
        ['c.db', 'removed', 'its older version cannot be opened'],
      ],
    );
  });

  it('says which version cannot be opened, and goes on', async () => {
    const sound = await image('CREATE TABLE t(a)');
    const before = side('a', { 'x.db': database('1'), f: file('1') }, { 'x.db': sound });
    const after = side('b', { 'x.db': database('2'), f: file('2') });
    const { databases, files } = await diffSnapshots(before, after, { rows: 100 }, call);
    strictEqual(databases[0]?.problem, 'its newer version cannot be opened');
    deepStrictEqual(files.modified, ['f']);
    match(
      (await diffSnapshots(after, before, { rows: 0 }, call)).databases[0]?.problem ?? '',
      /older/,
    );
  });

  it('tells its progress in bytes of databases', async () => {
    const old = await image('CREATE TABLE t(a)');
    const now = await changedCopy(old, 'INSERT INTO t VALUES (1)');
    const told: unknown[] = [];
    const progress: Progress = {
      phase: (phase) => told.push(phase),
      total: (...total) => told.push(['total', ...total]),
      advance: (...step) => told.push(['advance', ...step]),
    };
    const images = [{ 'x.db': old }, { 'x.db': now }];
    const before = side('a', { 'x.db': database('123') }, images[0]);
    const after = side('b', { 'x.db': database('12345') }, images[1]);
    await diffSnapshots(before, after, { rows: 0 }, { signal, progress });
    deepStrictEqual(told, ['comparing', ['total', 0, 5], ['advance', 0, 5]]);
  });

  it('ends where it is cancelled', async () => {
    const [before, after] = [side('a', { a: file('1') }), side('b', {})];
    const cancelled = { signal: AbortSignal.abort(), progress: noProgress };
    await rejects(diffSnapshots(before, after, { rows: 0 }, cancelled), { name: 'AbortError' });
  });
});

describe('countChanges', () => {
  it('counts what diffSnapshots tells', async () => {
    const old = await image(
      'CREATE TABLE t(id INTEGER PRIMARY KEY, a); CREATE TABLE u(a); INSERT INTO t VALUES (1,1),(2,2),(3,3); INSERT INTO u VALUES (1)',
    );
    const now = await changedCopy(
      old,
      'UPDATE t SET a = 9 WHERE id < 3; DELETE FROM t WHERE id = 3; INSERT INTO u VALUES (1), (2), (3)',
    );
    const before = side('a', { 'x.db': database('1'), f: file('1'), d: folder() }, { 'x.db': old });
    const after = side('b', { 'x.db': database('2'), f: file('2') }, { 'x.db': now });
    deepStrictEqual(await countChanges(before, after, signal), {
      files: 2,
      rows: 6,
      rowsAdded: 3,
      rowsRemoved: 1,
      rowsChanged: 2,
      schema: 0,
    });
  });

  it('counts the changes of a schema as a diff lists them: the column, its table and the index', async () => {
    const old = await image('CREATE TABLE t(a, b); INSERT INTO t VALUES (1, 2)');
    const now = await changedCopy(old, 'ALTER TABLE t DROP COLUMN b; CREATE INDEX i ON t(a)');
    const before = side('a', { 'x.db': database('1') }, { 'x.db': old });
    const after = side('b', { 'x.db': database('2') }, { 'x.db': now });
    const { rows, schema } = await countChanges(before, after, signal);
    deepStrictEqual({ rows, schema }, { rows: 0, schema: 3 });
  });

  it('counts nothing where nothing differs', async () => {
    const before = side('a', { 'x.db': database('1', { mode: 0o600 }), f: file('1') });
    const after = side('b', { 'x.db': database('1'), f: file('1', { mtimeNs: 5n }) });
    deepStrictEqual(await countChanges(before, after, signal), {
      files: 0,
      rows: 0,
      rowsAdded: 0,
      rowsRemoved: 0,
      rowsChanged: 0,
      schema: 0,
    });
  });

  it('counts no rows rather than wrong ones', async () => {
    const notCounted = {
      files: 0,
      rows: null,
      rowsAdded: null,
      rowsRemoved: null,
      rowsChanged: null,
    };
    const old = await image('CREATE TABLE t(a)');
    const now = await changedCopy(old, 'INSERT INTO t VALUES (1)');
    const big = 'x'.repeat(MAX_COUNTED_BYTES + 1);
    const before = side(
      'a',
      { 'x.db': database('1'), 'y.db': database('1') },
      { 'x.db': old, 'y.db': old },
    );
    const large = side(
      'b',
      { 'x.db': database('2'), 'y.db': database(big) },
      { 'x.db': now, 'y.db': now },
    );
    deepStrictEqual(await countChanges(before, large, signal), notCounted);
    deepStrictEqual([before.opened, large.opened], [[], []]);

    const damaged = await changedCopy(now);
    truncateSync(damaged, 4096);
    const broken = side('c', { 'x.db': database('2'), 'y.db': database('1') }, { 'x.db': damaged });
    deepStrictEqual(await countChanges(before, broken, signal), notCounted);
    const gone = side('d', { 'x.db': database('3'), 'y.db': database('1') });
    deepStrictEqual(await countChanges(before, gone, signal), notCounted);
    ok(gone.opened.length > 0);
  });
});
