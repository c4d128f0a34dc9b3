// Copies databases that are written all the time. A child process holds their state through
// connections of its own: a read transaction where there is a write-ahead log, which stops nobody,
// and the shared lock where there is a rollback journal, which stops writers until it is copied.
// Never longer than needed, and let go at once where somebody else is in the way.

import { constants, open, rm, type FileHandle } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { startLiveSession, type LiveSession } from './live-session.ts';
import { lookAtDatabase, parseSqliteHeader } from '../../sqlite/sqlite-file.ts';
import { copyPrivately } from './sqlite-raw-copy.ts';
import { diskPath } from '../../disk/disk-path.ts';
import type { CaptureDatabasesContext } from '../source.ts';

export interface HeldDatabase {
  readonly path: string;
  /** Where the copy goes; must not exist. */
  readonly copyPath: string;
}

/** `changed`: another database, or who has one of these open; `locked`: the moment could not be had within the tries. */
export type HoldFailure = 'changed' | 'locked';

/**
 * Copies all of `databases` as they are at one moment, at which `areOthersCurrent` is asked too.
 * Answers the paths of the copies; where it fails none is left.
 * @throws what ends the call
 */
export async function copyHeld(
  databases: readonly HeldDatabase[],
  areOthersCurrent: () => boolean,
  context: CaptureDatabasesContext,
): Promise<readonly string[] | HoldFailure> {
  const { options, call } = context;
  let failure: HoldFailure = 'locked';
  const session = startLiveSession(options, call.signal);
  try {
    for (const database of databases) {
      if (journalOf(database.path) === 'rollback') await copyAhead(database);
    }
    for (let i = 0; i < tries && failure === 'locked'; i += 1) {
      const modes = databases.map(({ path }) => journalOf(path));
      if (modes.includes('idle')) {
        failure = 'changed';
        break;
      }
      const held = await session.ask({
        op: 'hold',
        databases: databases.map(({ path }, index) => ({ path, hasLog: modes[index] === 'log' })),
      });
      if (held.ok && !areOthersCurrent()) failure = 'changed';
      else if (held.ok && (await copyAll(databases, modes, session))) {
        await session.ask({ op: 'letGo' });
        return databases.map(({ copyPath }) => copyPath);
      }
      options.log.debug(`databases not held: ${held.ok ? failure : held.problem}`);
      await session.ask({ op: 'letGo' });
      // At random, so that we do not meet the same writer at the same step for ever.
      await delay(5 + Math.random() * 35, undefined, { signal: call.signal });
    }
    await removeAll(databases);
    return failure;
  } catch (error) {
    await removeAll(databases);
    throw error;
  } finally {
    session.stop();
  }
}

const tries = 12;

async function removeAll(databases: readonly HeldDatabase[]): Promise<void> {
  for (const { copyPath } of databases) await rm(copyPath, { force: true });
}

export type Journal = 'log' | 'rollback' | 'idle';

/** `idle`: a write-ahead log that nobody has open; a connection would leave its files behind. */
export function journalOf(path: string): Journal {
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
    const { copyPath } = database;
    if (journals[index] === 'rollback') {
      await bringUpToDate(database);
      await session.ask({ op: 'letGo', index });
    } else {
      await rm(copyPath, { force: true });
      const copied = await session.ask({ op: 'copy', index, copyPath });
      if (!copied.ok) return false;
    }
  }
  return true;
}

/**
 * A copy of what is being written is worth nothing, but under the lock only what differs from it has
 * to be written. Otherwise writers would wait for our copy to reach the disk, which can take seconds.
 */
async function copyAhead({ path, copyPath }: HeldDatabase): Promise<void> {
  await copyPrivately(path, copyPath);
  const copy = await open(copyPath, 'r+');
  try {
    await copy.datasync();
  } finally {
    await copy.close();
  }
}

/**
 * Makes the copy what the file is. Under the shared lock nobody writes to it; a journal may lie beside
 * it, of a writer that waits to write: it has changed nothing yet.
 */
async function bringUpToDate({ path, copyPath }: HeldDatabase): Promise<void> {
  const live = await open(diskPath(path), 'r');
  const copy = await open(copyPath, constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    const [ofLive, ofCopy] = [Buffer.alloc(blockBytes), Buffer.alloc(blockBytes)];
    for (let at = 0; ; at += blockBytes) {
      const [read, known] = await Promise.all([
        live.read(ofLive, 0, blockBytes, at),
        copy.read(ofCopy, 0, blockBytes, at),
      ]);
      const content = ofLive.subarray(0, read.bytesRead);
      const isSame = content.equals(ofCopy.subarray(0, known.bytesRead));
      if (!isSame) await writeDifferences(copy, content, ofCopy.subarray(0, known.bytesRead), at);
      if (read.bytesRead < blockBytes) {
        await copy.truncate(at + read.bytesRead);
        return;
      }
    }
  } finally {
    await live.close();
    await copy.close();
  }
}

const blockBytes = 4 * 1024 * 1024;
const pieceBytes = 64 * 1024;

async function writeDifferences(
  copy: FileHandle,
  content: Buffer,
  known: Buffer,
  at: number,
): Promise<void> {
  for (let start = 0; start < content.length; start += pieceBytes) {
    const piece = content.subarray(start, start + pieceBytes);
    if (piece.equals(known.subarray(start, start + pieceBytes))) continue;
    await copy.write(piece, 0, piece.length, at + start);
  }
}
