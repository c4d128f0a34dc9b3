// Live databases for tests of capture and restore: a context with a temporary folder of its own, the
// bank that `startWriter` works on, and what a folder looks like to the last time stamp.

import Database from 'better-sqlite3';
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onDisk } from './paths.ts';
import { projectPath } from '../../src/core/names.ts';
import { noProgress, type EngineOptions } from '../../src/engine/options.ts';
import { useDriver } from '../../src/engine/sqlite/sqlite-driver.ts';
import { captureDatabases } from '../../src/engine/sources/sqlite/sqlite-capture.ts';
import { engineOptions } from './engine-options.ts';
import { tree } from './tree.ts';
import type {
  CapturedDatabase,
  CaptureDatabasesContext,
  LiveDatabase,
  RestoreDatabaseRequest,
} from '../../src/engine/sources/source.ts';

/** Options with which child processes and worker threads start for real. */
export function liveOptions(changes: Partial<EngineOptions> = {}): EngineOptions {
  return engineOptions({
    processEntry: fileURLToPath(new URL('../../src/engine/process-entry.ts', import.meta.url)),
    now: () => Date.now(),
    env: process.env,
    ...changes,
  });
}

/** Runs `body` with the driver that stands in, here and in child processes and threads. */
export async function withNodeSqlite(
  body: (options: EngineOptions) => Promise<void>,
): Promise<void> {
  useDriver('node:sqlite');
  try {
    const entry = new URL('node-sqlite-entry.ts', import.meta.url);
    await body(liveOptions({ processEntry: fileURLToPath(entry) }));
  } finally {
    useDriver('better-sqlite3');
  }
}

export async function captureContext(
  changes: Partial<EngineOptions> = {},
  signal = new AbortController().signal,
): Promise<CaptureDatabasesContext> {
  const call = { signal, progress: noProgress };
  return { tempDir: await tree(), options: liveOptions(changes), call };
}

export function liveAt(path: string, key = 'app.db'): LiveDatabase {
  return { path: onDisk(path), key: projectPath(key) };
}

export function targetAt(
  path: string,
  key = 'app.db',
): Pick<RestoreDatabaseRequest, 'target' | 'key'> {
  return { target: onDisk(path), key: projectPath(key) };
}

/** Captures one database; the copies go with the test. */
export async function captureOne(
  path: string,
  changes: Partial<EngineOptions> = {},
): Promise<CapturedDatabase> {
  const context = await captureContext(changes);
  const { databases } = await captureDatabases([liveAt(path)], context);
  return databases[0]!;
}

/** Answers rows of a captured image. */
export function imageRows(image: CapturedDatabase, sql: string): unknown[] {
  const db = new Database(image.imagePath!, { readonly: true });
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}

/** Names, sizes, inodes, modes and times of all that lies in a folder: equal means untouched. */
export function traceOf(folder: string): unknown[] {
  return readdirSync(folder)
    .toSorted()
    .map((name) => {
      const stats = lstatSync(join(folder, name), { bigint: true });
      const { size, mtimeNs, ctimeNs, ino, mode, nlink } = stats;
      return { name, size, mtimeNs, ctimeNs, ino, mode, nlink };
    });
}

const accounts = 500;

/** A bank of about `megabytes` for `startWriter`. */
export function makeBank(path: string, journalMode: string, megabytes = 1): void {
  const db = new Database(path);
  db.pragma(`journal_mode = ${journalMode}`);
  const padding = Math.floor((megabytes * 1024 * 1024) / accounts);
  db.exec(`
    CREATE TABLE accounts (id INTEGER PRIMARY KEY, balance INTEGER, padding BLOB);
    CREATE TABLE entries (id INTEGER PRIMARY KEY, text TEXT);
    CREATE TABLE counter (entries INTEGER);
    INSERT INTO counter VALUES (0);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${accounts})
      INSERT INTO accounts SELECT i, 1000, zeroblob(${padding}) FROM n;
  `);
  db.close();
}

/** What must hold in every state that the bank ever committed. */
export const soundBank = { sum: accounts * 1000, accounts, missingEntries: 0, check: 'ok' };

export function bankState(path: string): unknown {
  const db = new Database(path, { readonly: true });
  try {
    const one = (sql: string): unknown => db.prepare(sql).pluck().get();
    return {
      sum: one('SELECT sum(balance) FROM accounts'),
      accounts: one('SELECT count(*) FROM accounts'),
      missingEntries: one('SELECT (SELECT entries FROM counter) - (SELECT count(*) FROM entries)'),
      check: one('PRAGMA quick_check'),
    };
  } finally {
    db.close();
  }
}
