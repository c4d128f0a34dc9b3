// One writer per store: an exclusive SQLite transaction on lock.db. The operating system ends it with
// the process, however that ends, so no stale lock file ever has to be judged. The holder's pid
// stands in lock.pid, for messages only.
//
// No other code may open lock.db: closing any descriptor of it would drop the lock
// (https://sqlite.org/howtocorrupt.html, section 2.2).

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EngineError } from '../../core/errors.ts';
import { openDatabase, sqliteCode, type Database } from '../sqlite/sqlite-driver.ts';
import { makePrivateFile, readIfThere } from '../disk/durable-file.ts';

const waitLimitMs = 30_000;
const retryMs = 25;

export interface WriteLock {
  release(): void;
}

/**
 * Waits for the store's write lock.
 * @throws EngineError STORE_BUSY another process wrote for longer than the limit
 */
export async function acquireWriteLock(
  storePath: string,
  signal: AbortSignal,
  limitMs: number = waitLimitMs,
): Promise<WriteLock> {
  const path = join(storePath, 'lock.db');
  // Looking whether it is there opens nothing, and so drops nobody's lock.
  if (!existsSync(path)) makePrivateFile(path);
  const db = openDatabase(path);
  const pidFile = join(storePath, 'lock.pid');
  try {
    const deadline = performance.now() + limitMs;
    while (!tryLock(db)) {
      if (performance.now() > deadline)
        throw new EngineError(
          'STORE_BUSY',
          `the store is in use by another savepoint (process ${writerOf(storePath) ?? 'unknown'})`,
          { path: storePath, hint: 'wait for it or stop it, then try again' },
        );
      await delay(retryMs, undefined, { signal });
    }
    // For messages only: it need not survive anything.
    writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
  } catch (error) {
    db.close();
    throw error;
  }
  return { release: () => db.close() };
}

/** True while a process writes to the store, this one included. Waits for nothing. */
export function isBeingWritten(storePath: string): boolean {
  const path = join(storePath, 'lock.db');
  if (!existsSync(path)) return false;
  const db = openDatabase(path);
  try {
    return !tryLock(db);
  } finally {
    db.close();
  }
}

/** The process that wrote last, by what it left; undefined where nothing tells. */
export function writerOf(storePath: string): number | undefined {
  const text = readIfThere(join(storePath, 'lock.pid'))?.trim();
  return text === undefined || text === '' ? undefined : Number(text);
}

function tryLock(db: Database): boolean {
  try {
    db.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (sqliteCode(error) === 'SQLITE_BUSY') return false;
    throw error;
  }
}
