// Brings single tables of a live database back, in the child process: one transaction of one
// connection, which other connections see at their next statement. A kill at any moment leaves all
// or nothing.

import {
  openDatabase,
  sqliteCode,
  withPlainPath,
  type Database,
} from '../../sqlite/sqlite-driver.ts';
import { brokenBy } from '../../sqlite/foreign-keys.ts';
import type { LiveAnswer, LiveQuestion } from './live-protocol.ts';
import type { RestoreChannel } from './live-restore.ts';
import { imageSchema, prepareConnection, replaceTables, TablesRefused } from './replace-tables.ts';
import { chosenTables } from '../../sqlite/table-parts.ts';

type ReplaceQuestion = LiveQuestion & { op: 'replaceTables' };

/**
 * 1. takes the write lock, trying again until the time is up;
 * 2. says `locked` and waits: the engine copies what is there now;
 * 3. on `go` replaces the rows, asks whether foreign keys still hold, and commits.
 */
export function replaceTablesInto(question: ReplaceQuestion, channel: RestoreChannel): LiveAnswer {
  const { timeoutMs } = question;
  let locked: Database | undefined;
  const isLocked = retry(() => (locked = openLocked(question)), performance.now() + timeoutMs);
  if (!isLocked || locked === undefined) return { ok: false, problem: 'busy' };
  const db = locked;
  try {
    channel.say({ ok: true, event: 'locked' });
    if (channel.readQuestion()?.op !== 'go') throw new Error('aborted');
    const answer = change(db, question);
    if (!answer.ok) return answer;
    // In rollback mode readers have to leave first; no new one comes in meanwhile.
    if (!retry(() => db.exec('COMMIT'), performance.now() + timeoutMs)) {
      return { ok: false, problem: 'readers do not leave', code: 'SQLITE_BUSY' };
    }
    truncateLog(db);
    return answer;
  } catch (error) {
    if (error instanceof TablesRefused) return { ok: false, problem: error.message };
    throw error;
  } finally {
    // What was not committed is rolled back by it.
    db.close();
  }
}

const retryMs = 1;
const sleeper = new Int32Array(new SharedArrayBuffer(4));
const busyCodes = new Set(['SQLITE_BUSY', 'SQLITE_LOCKED', 'SQLITE_PROTOCOL']);

/** False where it was busy until the deadline. */
function retry(work: () => void, deadline: number): boolean {
  for (;;) {
    try {
      work();
      return true;
    } catch (error) {
      if (!busyCodes.has(sqliteCode(error) ?? '')) throw error;
      if (performance.now() > deadline) return false;
      Atomics.wait(sleeper, 0, 0, retryMs);
    }
  }
}

/** Even attaching the image reads the schema of the target, which a writer may have locked. */
function openLocked({ target, imagePath }: ReplaceQuestion): Database {
  const db = openDatabase(target, { writesShadowTables: true });
  try {
    withPlainPath(imagePath, (plain) => prepareConnection(db, plain));
    lockForWriting(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** BEGIN IMMEDIATE would lock the attached image as well, which the engine reads. */
function lockForWriting(db: Database): void {
  db.exec('BEGIN');
  const version = Number(db.pragma('main.user_version'));
  db.exec(`PRAGMA main.user_version = ${version}`);
}

function change(db: Database, { choice }: ReplaceQuestion): LiveAnswer {
  const { parts } = chosenTables(db, 'main', choice);
  let rows = 0;
  const foreignKeys = brokenBy(db, imageSchema, parts, () => {
    ({ rows } = replaceTables(db, choice));
  });
  if (foreignKeys.length > 0) return { ok: false, problem: 'foreign keys', foreignKeys };
  return { ok: true, pages: rows };
}

function truncateLog(db: Database): void {
  try {
    db.pragma('main.wal_checkpoint(TRUNCATE)');
  } catch (error) {
    // Somebody reads the log: it is worked in another time.
    if (!busyCodes.has(sqliteCode(error) ?? '')) throw error;
  }
}
