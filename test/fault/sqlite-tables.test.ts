// Tables brought back beside writers and under kills: nobody ever sees half of it, and no commit of a
// writer is lost in the other tables. SAVEPOINT_LONG=1 runs many more rounds.

import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import Database from 'better-sqlite3';
import { copyFileSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { restoreTables } from '../../src/engine/sources/sqlite/sqlite-tables.ts';
import { startWriter } from '../support/application.ts';
import {
  bankState,
  captureContext,
  captureOne,
  makeBank,
  soundBank,
  targetAt,
} from '../support/live-databases.ts';
import { tree } from '../support/tree.ts';

const isLong = process.env['SAVEPOINT_LONG'] === '1';
const modes = ['wal', 'delete'] as const;

describe('restoreTables beside writers', function () {
  this.timeout(isLong ? 600_000 : 60_000);

  for (const mode of modes) {
    it(`leaves only sound states, and every commit of the other tables (${mode})`, async () => {
      const folder = await tree();
      const path = join(folder, 'bank.db');
      makeBank(path, mode, isLong ? 30 : 2);
      const { imagePath } = await captureOne(path);
      const writers = await Promise.all([1, 2, 3].map((seed) => startWriter(path, mode, seed)));
      const context = await captureContext();
      for (let i = 0; i < (isLong ? 50 : 4); i += 1) {
        let entries = 0;
        await restoreTables(
          {
            imagePath: imagePath!,
            ...targetAt(path, 'bank.db'),
            choice: { only: ['accounts'] },
            beforeWrite: async (copyCurrent) => {
              const current = await copyCurrent(context.tempDir);
              deepStrictEqual(bankState(current!.imagePath!), soundBank);
              entries = current!.tables['entries'] ?? 0;
            },
          },
          context,
        );
        const after = await captureOne(path);
        deepStrictEqual(bankState(after.imagePath!), soundBank, `round ${i}`);
        ok((after.tables['entries'] ?? 0) >= entries, 'what was entered before is there');
      }
      for (const writer of writers) deepStrictEqual((await writer.stop()).errors, []);
      deepStrictEqual(readdirSync(folder), ['bank.db']);
      deepStrictEqual(bankState(path), soundBank);
    });
  }
});

describe('restoreTables under kills', function () {
  this.timeout(isLong ? 600_000 : 60_000);

  for (const mode of modes) {
    it(`is all or nothing when the process that writes is killed (${mode})`, async () => {
      const folder = await tree();
      const path = join(folder, 'bank.db');
      makeBank(path, mode, 20);
      const { imagePath } = await captureOne(path);
      const db = new Database(path);
      db.exec(`UPDATE accounts SET balance = 7, padding = randomblob(length(padding));
        INSERT INTO entries(text) VALUES ('stays')`);
      db.close();
      const changed = join(folder, 'changed.db');
      copyFileSync(path, changed);
      const seen = { old: 0, new: 0 };
      for (let i = 0; i < (isLong ? 150 : 6); i += 1) {
        copyFileSync(changed, path);
        let timer: NodeJS.Timeout | undefined;
        const restored = restoreTables(
          {
            imagePath: imagePath!,
            ...targetAt(path, 'bank.db'),
            choice: { only: ['accounts'] },
            beforeWrite: async () => {
              const pid = childWithRole();
              timer = setTimeout(() => process.kill(pid, 'SIGKILL'), i * (isLong ? 3 : 15));
            },
          },
          await captureContext(),
        );
        await restored.catch((error: { code?: string }) => {
          strictEqual(error.code, 'RESTORE_FAILED');
        });
        clearTimeout(timer);
        seen[await wholeState(path)] += 1;
        for (const suffix of ['-wal', '-shm', '-journal']) rmSync(path + suffix, { force: true });
      }
      ok(seen.old > 0, `some were killed in time: ${JSON.stringify(seen)}`);
    });
  }
});

/** What the database is for the next one who opens it; throws where it is a mixture. */
async function wholeState(path: string): Promise<'old' | 'new'> {
  const captured = await captureOne(path);
  strictEqual(captured.state, 'ok');
  const db = new Database(captured.imagePath!, { readonly: true });
  const balances = db.prepare('SELECT DISTINCT balance FROM accounts').pluck().all();
  const entries = db.prepare('SELECT text FROM entries').pluck().all();
  db.close();
  deepStrictEqual(entries, ['stays']);
  deepStrictEqual(balances.length, 1);
  return balances[0] === 7 ? 'old' : 'new';
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
