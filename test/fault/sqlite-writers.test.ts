// Captures and restores while real processes write: every accepted copy must hold what every
// committed state holds. SAVEPOINT_LONG=1 runs many more rounds on larger databases.

import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { json } from 'node:stream/consumers';
import type { SnapshotDocument } from '../../src/core/documents/documents.ts';
import { captureDatabases } from '../../src/engine/sources/sqlite/sqlite-capture.ts';
import { startWriter, type Writer } from '../support/application.ts';
import { cliProject, startCli } from '../support/cli.ts';
import { silentLog } from '../support/engine-options.ts';
import {
  bankState,
  captureContext,
  liveAt,
  makeBank,
  soundBank,
} from '../support/live-databases.ts';
import { tree } from '../support/tree.ts';
import type { LiveDatabase } from '../../src/engine/sources/source.ts';

const isLong = process.env['SAVEPOINT_LONG'] === '1';
const rounds = isLong ? 60 : 3;
const megabytes = isLong ? 30 : 2;

describe('captureDatabases beside writers', function () {
  this.timeout(isLong ? 600_000 : 60_000);

  for (const mode of ['wal', 'delete', 'truncate', 'persist']) {
    it(`holds the invariant of every commit (${mode}, four writers)`, async () => {
      const path = join(await tree(), 'bank.db');
      makeBank(path, mode, megabytes);
      const writers = await startWriters(mode, [path, path, path, path]);
      await captureOften([liveAt(path, 'bank.db')]);
      await assertUnharmed(writers);
    });
  }

  it('captures a WAL and a rollback database of one moment', async () => {
    const folder = await tree();
    const live = ['wal', 'delete'].map((mode) => {
      const path = join(folder, `${mode}.db`);
      makeBank(path, mode, megabytes);
      return liveAt(path, `${mode}.db`);
    });
    const writers = await Promise.all(
      live.map(({ path }) => startWriters(basename(path, '.db'), [path, path])),
    );
    await captureOften(live);
    for (const ofOne of writers) await assertUnharmed(ofOne);
  });
});

// Long only: it takes two minutes, and on a busy machine writers starve each other by themselves.
if (isLong) {
  describe('snapshots beside writers of large databases', function () {
    this.timeout(600_000);

    it('are of one moment, and harm none of four writers (200 MB, WAL and rollback)', async () => {
      const { dir, env } = await cliProject({ data: {} });
      const modes = ['wal', 'delete'];
      for (const mode of modes) makeBank(join(dir, 'data', `${mode}.db`), mode, 200);
      const writers = await Promise.all(
        modes.map((mode) => startWriters(mode, Array(2).fill(join(dir, 'data', `${mode}.db`)))),
      );
      for (let i = 0; i < 6; i += 1) {
        const snapshot = startCli(['snapshot', '--json'], { cwd: dir, env });
        const document = (await json(snapshot.stdout!)) as SnapshotDocument;
        ok(document.consistent, `snapshot ${i} is of one moment`);
      }
      for (const writer of writers.flat()) await assertUnharmed([writer]);
    });
  });
}

async function startWriters(mode: string, paths: readonly string[]): Promise<readonly Writer[]> {
  return await Promise.all(paths.map((path, i) => startWriter(path, mode, 1000 + i)));
}

async function captureOften(live: readonly LiveDatabase[]): Promise<void> {
  const said: string[] = [];
  const debug = (message: string): void => void said.push(message);
  const context = await captureContext({ log: { ...silentLog, debug, warn: debug } });
  for (let i = 0; i < rounds; i += 1) {
    const { databases, consistent } = await captureDatabases(live, context);
    for (const { imagePath, key, state } of databases) {
      strictEqual(state, 'ok', `${key} in round ${i}`);
      deepStrictEqual(bankState(imagePath ?? ''), soundBank, `${key} in round ${i}`);
      rmSync(imagePath ?? '');
    }
    ok(consistent, `round ${i} is of one moment: ${said.join('; ')}`);
  }
}

async function assertUnharmed(writers: readonly Writer[]): Promise<void> {
  const reports = await Promise.all(writers.map((writer) => writer.stop()));
  deepStrictEqual(
    reports.flatMap(({ errors }) => errors),
    [],
  );
  ok(
    reports.every(({ commitTimes }) => commitTimes.length > 1),
    'every writer went on',
  );
}
