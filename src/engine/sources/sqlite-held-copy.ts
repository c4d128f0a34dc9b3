// Copies databases that are written all the time. A child process holds their state through
// connections of its own: a read transaction where there is a write-ahead log, which stops nobody,
// and the shared lock where there is a rollback journal, which stops writers until it is copied.
// Never longer than needed, and let go at once where somebody else is in the way.

import { open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { startLiveSession, type LiveSession } from './live-session.ts';
import type { CaptureDatabasesContext } from './sqlite-capture.ts';
import { diskPath, lookAtDatabase, parseSqliteHeader } from './sqlite-file.ts';
import { copyPrivately, removeCopies } from './sqlite-raw-copy.ts';

export interface HeldDatabase {
  readonly path: string;
  /** Where the copy goes; must not exist. */
  readonly copyPath: string;
}

/**
 * Copies all of `databases` as they are at one moment, at which `areOthersCurrent` is asked too.
 * Undefined where that moment could not be had within the tries; no copy is left then.
 * @throws what ends the call
 */
export async function copyHeld(
  databases: readonly HeldDatabase[],
  areOthersCurrent: () => boolean,
  context: CaptureDatabasesContext,
): Promise<readonly string[] | undefined> {
  const { options, call } = context;
  for (const { path } of databases) await warmPageCache(path, call.signal);
  const session = startLiveSession(options, call.signal);
  try {
    for (let i = 0; i < tries; i += 1) {
      const modes = databases.map(({ path }) => journalOf(path));
      if (modes.includes('idle')) return undefined;
      const held = await session.ask({
        op: 'hold',
        databases: databases.map(({ path }, index) => ({ path, hasLog: modes[index] === 'log' })),
        nativeBinding: options.nativeBinding,
      });
      if (held.ok && areOthersCurrent() && (await copyAll(databases, modes, session))) {
        await session.ask({ op: 'letGo' });
        return databases.map(({ copyPath }) => copyPath);
      }
      await session.ask({ op: 'letGo' });
      // At random, so that we do not meet the same writer at the same step for ever.
      await delay(5 + Math.random() * 35, undefined, { signal: call.signal });
    }
    return undefined;
  } finally {
    session.stop();
  }
}

const tries = 12;

type Journal = 'log' | 'rollback' | 'idle';

/** `idle`: a write-ahead log that nobody has open; a connection would leave its files behind. */
function journalOf(path: string): Journal {
  const { main, wal } = lookAtDatabase(path);
  const usesLog = main !== undefined && parseSqliteHeader(main.head)?.writeVersion === 2;
  const hasIndex = lookAtDatabase(`${path}-shm`).main !== undefined;
  if (usesLog) return wal !== undefined && hasIndex ? 'log' : 'idle';
  return wal === undefined ? 'rollback' : 'log';
}

/** Rollback databases first: each is let go as soon as it is copied. */
async function copyAll(
  databases: readonly HeldDatabase[],
  journals: readonly Journal[],
  session: LiveSession,
): Promise<boolean> {
  const order = [...databases.keys()].toSorted(
    (a, b) => Number(journals[a] === 'log') - Number(journals[b] === 'log'),
  );
  for (const index of order) {
    const database = databases[index];
    if (database === undefined) continue;
    const copied =
      journals[index] === 'log'
        ? (await session.ask({ op: 'copy', index, copyPath: database.copyPath })).ok
        : await copyLocked(database, index, session);
    if (copied) continue;
    await removeCopies(databases.map(({ copyPath }) => ({ suffix: '' as const, copyPath })));
    return false;
  }
  return true;
}

/**
 * Under the shared lock nobody writes to the file. A journal may lie beside it, of a writer that
 * waits to write: it has changed nothing yet.
 */
async function copyLocked(
  { path, copyPath }: HeldDatabase,
  index: number,
  session: LiveSession,
): Promise<boolean> {
  await copyPrivately(path, copyPath);
  await session.ask({ op: 'letGo', index });
  return true;
}

/** What is read from the disk under the lock would make writers wait for the disk. */
async function warmPageCache(path: string, signal: AbortSignal): Promise<void> {
  const file = await open(diskPath(path), 'r');
  try {
    const block = Buffer.alloc(1024 * 1024);
    for (let read = block.length; read > 0;) {
      signal.throwIfAborted();
      read = (await file.read(block, 0, block.length)).bytesRead;
    }
  } finally {
    await file.close();
  }
}
