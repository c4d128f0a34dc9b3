// Restores beside writers and under kills: every state that anybody sees is one that was committed,
// and a restore is there as a whole or not at all. SAVEPOINT_LONG=1 runs many more rounds.

import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import Database from 'better-sqlite3';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { processesWithOpen } from '../../src/engine/disk/open-by.ts';
import { proveDatabase } from '../../src/engine/sources/sqlite/sqlite-prove.ts';
import { restoreThroughSqlite } from '../../src/engine/sources/sqlite/sqlite-restore.ts';
import { startWriter } from '../support/application.ts';
import {
  bankState,
  captureContext,
  captureOne,
  liveAt,
  makeBank,
  soundBank,
  targetAt,
} from '../support/live-databases.ts';
import { tree } from '../support/tree.ts';
import { until } from '../support/until.ts';

const isLong = process.env['SAVEPOINT_LONG'] === '1';
const modes = ['wal', 'delete'] as const;

describe('restoreThroughSqlite beside writers', function () {
  this.timeout(isLong ? 600_000 : 60_000);

  for (const mode of modes) {
    it(`leaves only sound states, and hands over every commit before it (${mode})`, async () => {
      const folder = await tree();
      const path = join(folder, 'bank.db');
      makeBank(path, mode, isLong ? 30 : 2);
      const { imagePath, writeVersion } = await captureOne(path);
      const writers = await Promise.all([1, 2, 3].map((seed) => startWriter(path, mode, seed)));
      const context = await captureContext();
      for (let i = 0; i < (isLong ? 50 : 4); i += 1) {
        let entries = 0;
        await restoreThroughSqlite(
          {
            imagePath: imagePath!,
            ...targetAt(path, 'bank.db'),
            writeVersion,
            beforeWrite: async (copyCurrent) => {
              const current = await copyCurrent(context.tempDir);
              strictEqual(current?.state, 'ok');
              deepStrictEqual(bankState(current.imagePath!), soundBank);
              entries = current.tables['entries'] ?? 0;
            },
          },
          context,
        );
        ok(entries > 0, 'the writers had written since the restore before');
        const after = await captureOne(path);
        deepStrictEqual(bankState(after.imagePath!), soundBank, `round ${i}`);
      }
      // One after the other: where two close at once, SQLite lets neither take the sidecars away.
      for (const writer of writers) deepStrictEqual((await writer.stop()).errors, []);
      deepStrictEqual(readdirSync(folder), ['bank.db']);
      deepStrictEqual(bankState(path), soundBank);
    });
  }
});

describe('restoreThroughSqlite under kills', function () {
  this.timeout(isLong ? 600_000 : 60_000);

  for (const mode of modes) {
    it(`is all or nothing when the process that writes is killed (${mode})`, async () => {
      const { path, changed, request } = await changedBank(mode);
      const seen = { old: 0, new: 0 };
      for (let i = 0; i < (isLong ? 150 : 5); i += 1) {
        copyFileSync(changed, path);
        let timer: NodeJS.Timeout | undefined;
        const restored = restoreThroughSqlite(
          {
            ...request,
            beforeWrite: async () => {
              const pid = childWithRole();
              timer = setTimeout(() => process.kill(pid, 'SIGKILL'), (i % 5) * (isLong ? 20 : 5));
            },
          },
          await captureContext(),
        );
        await restored.catch((error: { code?: string }) => {
          strictEqual(error.code, 'RESTORE_FAILED');
        });
        clearTimeout(timer);
        seen[await wholeState(path)] += 1;
        removeSidecars(path);
      }
      ok(seen.new > 0, `some were killed in time: ${JSON.stringify(seen)}`);
    });

    it(`is all or nothing when the engine is killed in the middle (${mode})`, async () => {
      const { path, request } = await changedBank(mode);
      const script = fileURLToPath(new URL('../support/restore-process.ts', import.meta.url));
      const engine = spawn(process.execPath, [script, JSON.stringify(request)], {
        stdio: 'ignore',
      });
      const [, signal] = (await once(engine, 'exit')) as [number | null, string | null];
      strictEqual(signal, 'SIGKILL');
      await until(
        'the child to go by itself',
        async () => (await processesWithOpen([path])).length === 0,
      );
      await wholeState(path);
      const { method } = await restoreThroughSqlite(request, await captureContext());
      strictEqual(method, 'live');
      const proof = await proveDatabase(request.imagePath, liveAt(path), await captureContext());
      ok(proof.equal, 'restoring again makes it whole');
    });
  }
});

/** A bank and the image of what it was before every account and the schema changed. */
async function changedBank(mode: 'wal' | 'delete') {
  const folder = await tree();
  const path = join(folder, 'bank.db');
  makeBank(path, mode, 20);
  const { imagePath, writeVersion } = await captureOne(path);
  const db = new Database(path);
  db.exec(
    'UPDATE accounts SET balance = 7, padding = randomblob(length(padding)); CREATE TABLE newer(a)',
  );
  db.close();
  const changed = join(folder, 'changed.db');
  copyFileSync(path, changed);
  const beforeWrite = async (): Promise<void> => undefined;
  const request = {
    imagePath: imagePath!,
    ...targetAt(path, 'bank.db'),
    writeVersion,
    beforeWrite,
  };
  return { path, changed, request };
}

/** What the database is for the next one who opens it; throws where it is a mixture. */
async function wholeState(path: string): Promise<'old' | 'new'> {
  const captured = await captureOne(path);
  strictEqual(captured.state, 'ok');
  const db = new Database(captured.imagePath!, { readonly: true });
  const balances = db.prepare('SELECT DISTINCT balance FROM accounts').pluck().all();
  db.close();
  deepStrictEqual(balances, 'newer' in captured.tables ? [7] : [1000]);
  return 'newer' in captured.tables ? 'new' : 'old';
}

function removeSidecars(path: string): void {
  for (const suffix of ['-wal', '-shm', '-journal']) rmSync(`${path}${suffix}`, { force: true });
}

/** The engine's child that holds live databases. */
function childWithRole(): number {
  const pids = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')
    .trim()
    .split(' ');
  const pid = pids.find((id) =>
    readFileSync(`/proc/${id}/cmdline`, 'utf8').includes('live-database'),
  );
  return Number(pid);
}
