// Restores a database in the child process, in one transaction: whoever has it open sees the old rows
// at the next statement, and a kill at any moment leaves all or nothing. Where everybody can be locked
// out, only the pages that differ are written (live-patch.ts). Where somebody has the write-ahead log
// open, SQLite's backup writes all of them, with the image as source and the live database as target.

import { openDatabase, sqliteCode, type Database } from '../sqlite-driver.ts';
import { patchInto } from './live-patch.ts';
import type { LiveAnswer, LiveQuestion } from './live-protocol.ts';

export interface RestoreChannel {
  say(answer: LiveAnswer): void;
  /** The engine's next line, waited for; undefined where it is gone. */
  readQuestion(): LiveQuestion | undefined;
}

type RestoreQuestion = LiveQuestion & { op: 'restore' };

/**
 * 1. locks the target for writing, trying again until the time is up;
 * 2. says `locked` and waits: the engine copies what is there now;
 * 3. on `go` writes and commits;
 * 4. gives the file the journal mode that it had, and works the log in, where nobody is in the way.
 */
export async function restoreInto(
  question: RestoreQuestion,
  channel: RestoreChannel,
): Promise<LiveAnswer> {
  const { imagePath, target, timeoutMs, nativeBinding } = question;
  const image = openDatabase(imagePath, { readonly: true, nativeBinding });
  let answer: LiveAnswer = { ok: false, problem: 'busy' };
  try {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      answer = await tryOnce(image, question, channel);
      if (answer.problem !== 'busy' || performance.now() > deadline) break;
      Atomics.wait(sleeper, 0, 0, retryMs);
    }
  } finally {
    image.close();
  }
  if (answer.ok) settle(target, question);
  return answer;
}

const retryMs = 3;
const sleeper = new Int32Array(new SharedArrayBuffer(4));
const busyCodes = new Set(['SQLITE_BUSY', 'SQLITE_LOCKED', 'SQLITE_PROTOCOL']);

async function tryOnce(
  image: Database,
  question: RestoreQuestion,
  channel: RestoreChannel,
): Promise<LiveAnswer> {
  let isLocked = false;
  /** False where the engine says no. */
  const confirm = (pages: number): boolean => {
    isLocked = true;
    channel.say({ ok: true, event: 'locked', pages });
    return channel.readQuestion()?.op === 'go';
  };
  const onProgress = (pages: number): void => {
    channel.say({ ok: true, event: 'progress', pages });
  };
  try {
    const patched = question.changesPageSize
      ? undefined
      : patchInto(question, confirm, throttled(onProgress));
    if (patched === 'done') return { ok: true };
    if (patched === 'refused') return { ok: false, problem: 'aborted' };
    if (question.changesPageSize) leaveLogMode(question);
    const { totalPages } = await image.backup(question.target, {
      onProgress: ({ totalPages, remainingPages }) => {
        if (isLocked) onProgress(totalPages - remainingPages);
        else if (!confirm(totalPages)) throw new Error('aborted');
      },
    });
    return totalPages > 0 ? { ok: true, pages: totalPages } : { ok: false, problem: 'busy' };
  } catch (error) {
    const code = sqliteCode(error) ?? (isNoSpace(error) ? 'SQLITE_FULL' : undefined);
    if (!isLocked && code !== undefined && busyCodes.has(code))
      return { ok: false, problem: 'busy' };
    const problem = error instanceof Error ? error.message : String(error);
    return code === undefined ? { ok: false, problem } : { ok: false, problem, code };
  }
}

function isNoSpace(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && ['ENOSPC', 'EDQUOT'].includes(String(error.code))
  );
}

/** Not for every few pages. */
function throttled(onProgress: (pages: number) => void): (pages: number) => void {
  let told = 0;
  return (pages) => {
    if (pages - told < progressPages) return;
    told = pages;
    onProgress(pages);
  };
}

const progressPages = 1024;

/** A database with a write-ahead log cannot change its page size: it leaves that mode first. */
function leaveLogMode({ target, nativeBinding }: RestoreQuestion): void {
  const db = openDatabase(target, { nativeBinding });
  try {
    if (db.pragma('journal_mode') === 'wal') db.pragma('journal_mode = DELETE');
  } finally {
    db.close();
  }
}

/** Nothing here is needed for the restore to hold: whoever is in the way may keep what he has. */
function settle(target: string, { writeVersion, nativeBinding }: RestoreQuestion): void {
  const db = openDatabase(target, { timeoutMs: settleTimeoutMs, nativeBinding });
  try {
    const wanted = writeVersion === 2 ? 'wal' : 'delete';
    if ((db.pragma('journal_mode') === 'wal') !== (wanted === 'wal'))
      db.pragma(`journal_mode = ${wanted}`);
    db.pragma('wal_checkpoint(TRUNCATE)');
  } catch (error) {
    if (!busyCodes.has(sqliteCode(error) ?? '')) throw error;
  } finally {
    db.close();
  }
}

const settleTimeoutMs = 20;
