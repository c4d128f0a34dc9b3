import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { join } from 'node:path';
import { livePath, realPathSoFar } from '../../../src/engine/disk/real-path.ts';
import { projectPath } from '../../../src/core/names.ts';
import { diffDatabases } from '../../../src/engine/diff/diff-databases.ts';
import { allSources, captureDatabases, sourceOf } from '../../../src/engine/sources/all-sources.ts';
import { captureContext, liveAt } from '../../support/live-databases.ts';
import { memoryStores, type MemoryStores } from '../../support/memory-source.ts';
import { database, rows } from '../../support/sqlite.ts';
import { tree } from '../../support/tree.ts';

const sessions = projectPath('//memory/sessions');
const stored = livePath(realPathSoFar('/'), sessions);

/** A SQLite database beside a store in memory; `onCapture` writes in between. */
async function scene(onCapture: (store: string, it: MemoryStores) => void = () => undefined) {
  const root = await tree({ 'app.db': database('CREATE TABLE t(a); INSERT INTO t VALUES (1)') });
  const stores: MemoryStores = memoryStores((store) => onCapture(store, stores));
  stores.live.set(sessions, new Map([['a', '1']]));
  return {
    path: join(root, 'app.db'),
    stores,
    sources: [...allSources, stores.source],
    databases: [{ key: sessions, path: stored }, liveAt(join(root, 'app.db'))],
  };
}

describe('captureDatabases of several sources', () => {
  it('answers each in the given order, with an image of its own', async () => {
    const { databases, sources } = await scene();
    const captured = await captureDatabases(databases, await captureContext(), sources);
    deepStrictEqual(
      captured.databases.map(({ key, tables }) => ({ key, tables })),
      [
        { key: sessions, tables: { pairs: 1 } },
        { key: 'app.db', tables: { t: 1 } },
      ],
    );
    strictEqual(captured.consistent, true);
  });

  it('takes anew what changed while the others were taken', async () => {
    let writes = 0;
    const it = await scene((store, { live }) => {
      writes += 1;
      if (writes === 1) live.get(store)?.set('b', '2');
    });
    const captured = await captureDatabases(it.databases, await captureContext(), it.sources);
    const [first] = captured.databases;
    deepStrictEqual(rows(first?.imagePath ?? '', 'SELECT key FROM pairs'), [
      { key: 'a' },
      { key: 'b' },
    ]);
    strictEqual(captured.consistent, true);
  });

  it('says of which it could not be had that it is not of the moment of the others', async () => {
    let writes = 0;
    const it = await scene((store, { live }) => live.get(store)?.set('a', `x${(writes += 1)}`));
    const captured = await captureDatabases(it.databases, await captureContext(), it.sources);
    deepStrictEqual(
      captured.databases.map(({ key, consistent }) => ({ key, consistent })),
      [
        { key: sessions, consistent: false },
        { key: 'app.db', consistent: true },
      ],
    );
    strictEqual(captured.consistent, false);
  });
});

describe('a source that is no file', () => {
  it('is compared by rows, restored and proven as any other', async () => {
    const { stores, sources, databases } = await scene();
    const context = await captureContext();
    const [before] = (await captureDatabases(databases, context, sources)).databases;
    stores.live.set(sessions, new Map([['b', '2']]));
    const [after] = (await captureDatabases(databases, context, sources)).databases;
    const diff = await diffDatabases(before?.imagePath ?? null, after?.imagePath ?? null, {
      path: sessions,
      rows: 10,
      signal: context.call.signal,
    });
    deepStrictEqual(
      diff.tables.map(({ name, added, removed, changed }) => ({ name, added, removed, changed })),
      [{ name: 'pairs', added: 1, removed: 1, changed: 0 }],
    );
    const source = sourceOf(sessions, sources);
    const saved: string[] = [];
    const live = { key: sessions, path: stored };
    await source.restore(
      {
        imagePath: before?.imagePath ?? '',
        target: stored,
        key: sessions,
        stored: undefined as never,
        beforeWrite: async (copyCurrent) => {
          saved.push((await copyCurrent(context.tempDir))?.imagePath ?? '');
        },
      },
      context,
    );
    deepStrictEqual([...(stores.live.get(sessions) ?? [])], [['a', '1']]);
    deepStrictEqual(rows(saved[0] ?? '', 'SELECT key FROM pairs'), [{ key: 'b' }]);
    strictEqual((await source.prove(before?.imagePath ?? '', live, context)).equal, true);
    strictEqual((await source.prove(after?.imagePath ?? '', live, context)).equal, false);
  });
});

describe('sourceOf', () => {
  it('knows SQLite by the paths of files, whatever they look like', async () => {
    for (const key of ['app.db', 'data/app.sqlite3', '/srv/data/app.db', 'C:/data/app.db'])
      strictEqual(sourceOf(key).engine, 'sqlite');
  });
});
