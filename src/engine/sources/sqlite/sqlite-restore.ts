// Brings a captured database back. A sound one goes through SQLite, under whoever has it open; what
// SQLite cannot open, or what must not be locked from here, is replaced as a file, and only when
// nobody has it open. Either way it is all or nothing, and durable when the call returns.

import { statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { EngineError } from '../../../core/errors.ts';
import type { LiveAnswer, LiveQuestion } from './live-protocol.ts';
import { startLiveSession, type LiveSession } from './live-session.ts';
import { processesWithLock, processesWithOpen } from '../../disk/open-by.ts';
import { captureDatabases, captureLocked } from './sqlite-capture.ts';
import {
  databaseSignature,
  lookAtDatabase,
  parseSqliteHeader,
  type SqliteHeader,
} from '../../sqlite/sqlite-file.ts';
import { replaceDatabase, syncDatabase } from './sqlite-replace.ts';
import { diskPath, readHead } from '../../disk/disk-path.ts';
import { mustReplace } from './must-replace.ts';
import type {
  CapturedDatabase,
  RestoreDatabaseRequest,
  RestoreDatabaseContext,
  RestoredDatabase,
} from '../source.ts';

export interface SqliteRestoreRequest extends Omit<RestoreDatabaseRequest, 'stored'> {
  /** Byte 18 of the header that it had when it was captured. */
  readonly writeVersion: 1 | 2;
}

/**
 * Makes the live database what the image is. Believe it only after `proveDatabase`.
 * The journal mode of the snapshot is set afterwards where that needs nobody to step aside (one
 * short try); the application's connections keep theirs otherwise, and nothing is lost by it.
 * @throws EngineError DATABASE_BUSY locked until the time was up; DATABASE_IN_USE it has to be
 * replaced and somebody has it open; NO_ROOM; NO_SPACE; IO: nothing was changed then.
 * RESTORE_FAILED the process that writes was killed: all or nothing of it is done.
 */
export async function restoreThroughSqlite(
  request: SqliteRestoreRequest,
  context: RestoreDatabaseContext,
): Promise<RestoredDatabase> {
  const image = parseSqliteHeader(readHead(request.imagePath, 100) ?? Buffer.alloc(0));
  const { main } = lookAtDatabase(request.target);
  const target = main === undefined ? undefined : parseSqliteHeader(main.head);
  const canBeOpened = target !== undefined || main?.stats.size === 0n;
  if (image !== undefined && canBeOpened && mustReplace(request.target) === null) {
    assertRoom(request);
    if (await restoreLive(request, image, target, context)) return done(request, 'live');
  }
  await request.beforeWrite(
    (tempDir) => captureUnlocked(request, tempDir, context),
    databaseSignature(request.target),
  );
  const files = [{ suffix: '' as const, copyPath: request.imagePath }];
  await replaceDatabase({ ...request, files });
  return done(request, 'replace');
}

function done({ target }: SqliteRestoreRequest, method: 'live' | 'replace'): RestoredDatabase {
  syncDatabase(target);
  const { main } = lookAtDatabase(target);
  const header = main === undefined ? undefined : parseSqliteHeader(main.head);
  return { method, journalMode: header?.writeVersion === 2 ? 'wal' : 'rollback' };
}

/** False where SQLite cannot make anything of the target: nothing was changed and nothing asked. */
async function restoreLive(
  request: SqliteRestoreRequest,
  image: SqliteHeader,
  target: SqliteHeader | undefined,
  context: RestoreDatabaseContext,
): Promise<boolean> {
  const question: LiveQuestion = {
    op: 'restore',
    imagePath: request.imagePath,
    target: request.target,
    writeVersion: request.writeVersion,
    changesPageSize: target !== undefined && target.pageSize !== image.pageSize,
    timeoutMs: request.timeoutMs ?? defaultTimeoutMs,
  };
  const leavesLog = question.changesPageSize && target?.writeVersion === 2;
  const asked = leavesLog ? keptInLogMode(request) : request;
  const answer = await changeLive(asked, question, context);
  if (answer?.ok === false) throw failure(answer, request);
  return answer !== null;
}

/** The child takes the database out of that mode before it locks it: what is copied then does not know. */
function keptInLogMode(request: SqliteRestoreRequest): SqliteRestoreRequest {
  return {
    ...request,
    beforeWrite: async (copyCurrent, signature) =>
      await request.beforeWrite(async (tempDir) => {
        const captured = await copyCurrent(tempDir);
        return captured && { ...captured, writeVersion: 2, journalMode: 'wal' };
      }, signature),
  };
}

/** What of a request changing a live database needs, whatever it changes. */
export type LiveChangeRequest = Pick<SqliteRestoreRequest, 'target' | 'key' | 'beforeWrite'>;

/**
 * Asks the child to change the target, with `beforeWrite` called while it is locked. Null where SQLite
 * cannot make anything of the target: nothing was changed and nothing asked.
 * @throws EngineError DATABASE_BUSY and others: nothing was changed; RESTORE_FAILED the child was killed
 */
export async function changeLive(
  request: LiveChangeRequest,
  question: LiveQuestion,
  context: RestoreDatabaseContext,
): Promise<LiveAnswer | null> {
  const { options, call } = context;
  // Once the child may write, a cancelled call must not kill it: it is done in a moment.
  const cancel = new AbortController();
  const stop = (): void => cancel.abort(call.signal.reason);
  call.signal.addEventListener('abort', stop);
  const session = startLiveSession(options, cancel.signal);
  try {
    const answer = await session.ask(question);
    if (answer.event !== 'locked') return await withoutLock(answer, request, session);
    await safeguard(request, session, context);
    call.signal.throwIfAborted();
    call.signal.removeEventListener('abort', stop);
    const done = await finishLive(request, session, context);
    if (done.code === 'SQLITE_BUSY') throw await busy(request, session.pid);
    return done;
  } finally {
    call.signal.removeEventListener('abort', stop);
    session.stop();
  }
}

/** How long a locked target is tried again. */
export const defaultTimeoutMs = 10_000;

async function safeguard(
  { beforeWrite, target, key }: LiveChangeRequest,
  session: LiveSession,
  { options, call }: RestoreDatabaseContext,
): Promise<void> {
  try {
    await beforeWrite(
      (tempDir) => captureLocked({ path: target, key }, { tempDir, options, call }),
      databaseSignature(target),
    );
  } catch (error) {
    await session.ask({ op: 'abort' });
    throw error;
  }
}

async function finishLive(
  request: LiveChangeRequest,
  session: LiveSession,
  { options }: RestoreDatabaseContext,
): Promise<LiveAnswer> {
  const answered = session.ask({ op: 'go' });
  options.faultPoint?.('restore:in-database');
  try {
    let answer = await answered;
    while (answer.event === 'progress') answer = await session.next();
    return answer;
  } catch (cause) {
    const { key } = request;
    const message = `the process that restores "${key}" ended: the database is as before, or restored`;
    throw new EngineError('RESTORE_FAILED', message, { path: key, hint: 'restore again', cause });
  }
}

/** What the child answers where it could not lock the target. */
async function withoutLock(
  answer: LiveAnswer,
  request: LiveChangeRequest,
  session: LiveSession,
): Promise<null> {
  if (answer.problem === 'busy') throw await busy(request, session.pid);
  if (answer.code !== undefined && notSqliteCodes.has(answer.code)) return null;
  throw failure(answer, request);
}

const notSqliteCodes = new Set(['SQLITE_NOTADB', 'SQLITE_CORRUPT']);

async function busy(
  { target, key }: LiveChangeRequest,
  pid: number | undefined,
): Promise<EngineError> {
  const paths = [target, `${target}-shm`];
  const isOther = (name: string): boolean => !name.endsWith(` (${pid})`);
  const holders = processesWithLock(paths).filter(isOther);
  const users = holders.length > 0 ? holders : (await processesWithOpen(paths)).filter(isOther);
  const who = users.length === 0 ? 'another process' : users.join(', ');
  return new EngineError('DATABASE_BUSY', `"${key}" is locked by ${who}`, {
    path: key,
    hint: 'let it finish what it is doing, or stop it, and restore again',
  });
}

/** What the child answered, as it is thrown; nothing was changed. */
export function failure(
  { code, problem }: LiveAnswer,
  { key }: Pick<SqliteRestoreRequest, 'key'>,
): EngineError {
  const words = problem ?? 'unknown problem';
  if (code === 'SQLITE_FULL') {
    return new EngineError('NO_SPACE', `no space left to restore "${key}"`, {
      path: key,
      hint: 'free some space on the disk of the data',
    });
  }
  if (code === 'SQLITE_READONLY' || code === 'SQLITE_CANTOPEN' || code === 'SQLITE_PERM') {
    const hint = 'give yourself write access to the file and its folder';
    return new EngineError('IO', `"${key}" cannot be written: ${words}`, { path: key, hint });
  }
  return new EngineError('IO', `"${key}" cannot be restored: ${words}`, { path: key });
}

async function captureUnlocked(
  { target, key }: SqliteRestoreRequest,
  tempDir: string,
  { options, call }: RestoreDatabaseContext,
): Promise<CapturedDatabase | null> {
  if (lookAtDatabase(target).main === undefined) return null;
  const { databases } = await captureDatabases([{ path: target, key }], { tempDir, options, call });
  return databases[0] ?? null;
}

/** The log, or the journal and what the file grows by, take up to the size of both. */
export function assertRoom({
  imagePath,
  target,
  key,
}: Pick<SqliteRestoreRequest, 'imagePath' | 'target' | 'key'>): void {
  const { bavail, bsize } = statfsSync(diskPath(dirname(target)));
  const needed = Math.max(
    statSync(imagePath).size,
    Number(lookAtDatabase(target).main?.stats.size ?? 0n),
  );
  if (bavail * bsize > needed + roomForIndex) return;
  throw new EngineError('NO_ROOM', `restoring "${key}" needs ${needed} bytes of free space`, {
    path: key,
    hint: 'free some space on the disk of the data',
  });
}

const roomForIndex = 4 * 1024 * 1024;
