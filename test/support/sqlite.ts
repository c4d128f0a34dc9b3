// Real SQLite databases for tests, made with better-sqlite3 directly and closed again.

import Database from 'better-sqlite3';
import * as fs from 'node:fs';
import type { Maker } from './tree.ts';

export interface DatabaseFacts {
  readonly journalMode?: 'wal' | 'delete' | 'truncate' | 'persist';
  readonly pageSize?: number;
  /** SQL whose changes stay in the -wal, as an application leaves it that was killed. */
  readonly leftInWal?: string;
}

/** Makes the database at `path` or changes it: runs `sql` and closes it, so that no sidecar stays. */
export function sqlite(path: string, sql: string, facts: DatabaseFacts = {}): void {
  const db = new Database(path);
  try {
    if (facts.pageSize !== undefined) db.pragma(`page_size = ${facts.pageSize}`);
    if (facts.leftInWal !== undefined) db.pragma('journal_mode = wal');
    else if (facts.journalMode !== undefined) db.pragma(`journal_mode = ${facts.journalMode}`);
    db.exec(sql);
    if (facts.leftInWal !== undefined) leaveInWal(db, path, facts.leftInWal);
  } finally {
    db.close();
  }
  if (facts.leftInWal !== undefined) {
    fs.renameSync(`${path}.left`, path);
    fs.renameSync(`${path}.left-wal`, `${path}-wal`);
  }
}

/** The same as an entry of `tree`: `await tree({ 'data/app.db': database('CREATE TABLE t(a)') })`. */
export function database(
  sql = 'CREATE TABLE t(a); INSERT INTO t VALUES (1)',
  facts: DatabaseFacts = {},
): Maker {
  return (path) => {
    sqlite(path.toString(), sql, facts);
  };
}

/** All rows that `sql` answers; opens a database of the test's own, so sidecars do not matter. */
export function rows(path: string, sql: string): unknown[] {
  const db = new Database(path, { fileMustExist: true });
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}

/** Copies of the files while the connection holds them are what a kill leaves behind. */
function leaveInWal(db: Database.Database, path: string, sql: string): void {
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.pragma('wal_autocheckpoint = 0');
  db.exec(sql);
  fs.copyFileSync(path, `${path}.left`);
  fs.copyFileSync(`${path}-wal`, `${path}.left-wal`);
}
