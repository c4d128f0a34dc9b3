// The child process that holds connections to live databases, and opens nothing else: closing any
// descriptor of a database file drops every lock that its process holds on it
// (https://sqlite.org/howtocorrupt.html §2.2), so a process that reads such files must not lock them.
// It reads its questions synchronously, because in the middle of a restore it must wait with the lock
// held; where its stdin ends, the engine is gone, and it goes too.

import { lstatSync, readSync, writeSync } from 'node:fs';
import { openDatabase, sqliteCode, type Database } from '../../sqlite/sqlite-driver.ts';
import type { LiveAnswer, LiveQuestion } from './live-protocol.ts';
import { replaceTablesInto } from './live-replace.ts';
import { restoreInto } from './live-restore.ts';
import { diskPath } from '../../disk/disk-path.ts';

/** Answers questions until stdin ends. */
export async function runLiveDatabase(): Promise<void> {
  // Ctrl+C goes to the whole group of processes; what is under way is ended by the engine, or done.
  process.on('SIGINT', () => undefined);
  process.on('SIGHUP', () => undefined);
  const held: Held = new Map();
  for (let question = readQuestion(); question !== undefined; question = readQuestion()) {
    say(await answer(question, held));
  }
  letGo(held);
}

interface HeldConnection {
  readonly path: string;
  readonly db: Database;
}

type Held = Map<number, HeldConnection>;

/** Holding nothing, a lock can be waited for without being in anybody's way. */
const firstLockMs = 1000;
/** Holding one already, hardly: an application that commits over two databases must not meet us in between. */
const furtherLockMs = 20;
const retryMs = 1;
const sleeper = new Int32Array(new SharedArrayBuffer(4));

async function answer(question: LiveQuestion, held: Held): Promise<LiveAnswer> {
  try {
    switch (question.op) {
      case 'hold':
        return hold(question, held);
      case 'copy':
        return await copy(held.get(question.index), question.copyPath);
      case 'letGo':
        letGo(held, question.index);
        return { ok: true };
      case 'restore':
        return await restoreInto(question, { say, readQuestion });
      case 'replaceTables':
        return replaceTablesInto(question, { say, readQuestion });
      case 'go':
      case 'abort':
        return { ok: false, problem: 'nothing is under way' };
    }
  } catch (error) {
    letGo(held);
    return failed(error);
  }
}

/**
 * Holds all at one moment: first the locks, which nobody passes, then the read marks; where there
 * are several of those, none may have seen a commit until the last was taken.
 */
function hold(question: LiveQuestion & { op: 'hold' }, held: Held): LiveAnswer {
  const { databases } = question;
  const open = (path: string): Database => openDatabase(path, { readonly: true });
  const inOrder = [...databases.entries()].toSorted(
    ([, a], [, b]) => Number(a.hasLog) - Number(b.hasLog),
  );
  const logs = databases.filter(({ hasLog }) => hasLog);
  const watchers = logs.length > 1 ? logs.map(({ path }) => open(path)) : [];
  const versions = (): string => watchers.map((db) => db.pragma('data_version')).join();
  try {
    const before = versions();
    for (const [index, { path }] of inOrder) {
      const db = open(path);
      const waitMs = held.size === 0 ? firstLockMs : furtherLockMs;
      held.set(index, { path, db });
      lock(db, waitMs);
    }
    if (versions() === before) return { ok: true };
    letGo(held);
    return { ok: false, problem: 'changed' };
  } finally {
    for (const watcher of watchers) watcher.close();
  }
}

/** Takes the read mark or the shared lock. SQLite's own waiting takes ever longer naps and misses the gaps between writers. */
function lock(db: Database, waitMs: number): void {
  const deadline = performance.now() + waitMs;
  db.exec('BEGIN');
  for (;;) {
    try {
      db.prepare('SELECT count(*) FROM sqlite_schema').get();
      return;
    } catch (error) {
      if (sqliteCode(error) !== 'SQLITE_BUSY' || performance.now() > deadline) throw error;
      Atomics.wait(sleeper, 0, 0, retryMs);
    }
  }
}

/** On the very connection that holds the read mark: the copy is exactly at the mark. */
async function copy(connection: HeldConnection | undefined, copyPath: string): Promise<LiveAnswer> {
  if (connection === undefined) return { ok: false, problem: 'not held' };
  const { db, path } = connection;
  const limit = logBytes(path) + Math.max(minLogGrowth, mainBytes(path));
  const { totalPages } = await db.backup(copyPath, {
    onProgress: () => {
      // As long as the mark is held the log cannot start anew: a heavy writer would fill the disk.
      if (logBytes(path) > limit) throw new Error('its log grew too much while it was copied');
    },
  });
  return totalPages > 0 ? { ok: true, pages: totalPages } : { ok: false, problem: 'busy' };
}

const minLogGrowth = 256 * 1024 * 1024;

function logBytes(path: string): number {
  return mainBytes(`${path}-wal`);
}

function mainBytes(path: string): number {
  return lstatSync(diskPath(path), { throwIfNoEntry: false })?.size ?? 0;
}

function letGo(held: Held, index?: number): void {
  for (const [key, { db }] of held) {
    if (index !== undefined && index !== key) continue;
    held.delete(key);
    db.close();
  }
}

function failed(error: unknown): LiveAnswer {
  const problem = error instanceof Error ? error.message : String(error);
  const code = sqliteCode(error);
  return code === undefined ? { ok: false, problem } : { ok: false, problem, code };
}

function say(answer: LiveAnswer): void {
  writeSync(1, `${JSON.stringify(answer)}\n`);
}

let unread = '';
const block = Buffer.alloc(65536);

/** The next line of stdin, waited for; undefined where the engine is gone. */
function readQuestion(): LiveQuestion | undefined {
  for (;;) {
    const end = unread.indexOf('\n');
    if (end >= 0) {
      const line = unread.slice(0, end);
      unread = unread.slice(end + 1);
      return JSON.parse(Buffer.from(line, 'latin1').toString()) as LiveQuestion;
    }
    const length = readBlock();
    if (length === 0) return undefined;
    // As bytes: a block may end inside a character.
    unread += block.toString('latin1', 0, length);
  }
}

function readBlock(): number {
  try {
    return readSync(0, block);
  } catch (error) {
    // Windows tells the end of a pipe as an error.
    if (error instanceof Error && 'code' in error && error.code === 'EOF') return 0;
    throw error;
  }
}
