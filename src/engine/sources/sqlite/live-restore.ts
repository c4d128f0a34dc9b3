// Restores a database through SQLite, in the child process: the captured image is the source of a
// backup, the live database its target. One transaction: whoever has it open sees the old rows at
// the next statement, and a kill at any moment leaves all or nothing.

import { openDatabase, sqliteCode, type Database } from '../../sqlite/sqlite-driver.ts';
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
 * 3. on `go` copies all pages and commits;
 * 4. gives the file the journal mode that it had, and works the log in, where nobody is in the way.
 */
export async function restoreInto(
  question: RestoreQuestion,
  channel: RestoreChannel,
): Promise<LiveAnswer> {
  const { imagePath, target, timeoutMs } = question;
  const image = openDatabase(imagePath, { readonly: true });
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
  try {
    if (question.changesPageSize) leaveLogMode(question);
    const { totalPages } = await image.backup(question.target, {
      onProgress: ({ totalPages, remainingPages }) => {
        if (isLocked) {
          channel.say({ ok: true, event: 'progress', pages: totalPages - remainingPages });
          return;
        }
        isLocked = true;
        channel.say({ ok: true, event: 'locked', pages: totalPages });
        if (channel.readQuestion()?.op !== 'go') throw new Error('aborted');
      },
    });
    return totalPages > 0 ? { ok: true, pages: totalPages } : { ok: false, problem: 'busy' };
  } catch (error) {
    const code = sqliteCode(error);
    if (!isLocked && code !== undefined && busyCodes.has(code))
      return { ok: false, problem: 'busy' };
    const problem = error instanceof Error ? error.message : String(error);
    return code === undefined ? { ok: false, problem } : { ok: false, problem, code };
  }
}

/** A database with a write-ahead log cannot change its page size: it leaves that mode first. */
function leaveLogMode({ target }: RestoreQuestion): void {
  const db = openDatabase(target);
  try {
    if (db.pragma('journal_mode') === 'wal') db.pragma('journal_mode = DELETE');
  } finally {
    db.close();
  }
}

/** Nothing here is needed for the restore to hold: whoever is in the way may keep what he has. */
function settle(target: string, { writeVersion }: RestoreQuestion): void {
  const db = openDatabase(target, { timeoutMs: settleTimeoutMs });
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
