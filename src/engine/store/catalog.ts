// catalog.db: which snapshots there are and where each object lies. Everything in it but the live
// index can be rebuilt from the packs and log.jsonl. A rollback journal with synchronous=EXTRA: a
// commit that returned survives a power cut, and the file opens on a read-only disk.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../../core/errors.ts';
import { openDatabase, sqliteCode, type Database } from '../sqlite/sqlite-driver.ts';
import { errorCodeOf, makePrivateFile } from '../disk/durable-file.ts';

/** The format this program writes. Raise `readableFrom` or `writableFrom` where older ones must not touch it. */
const formatVersion = 1;
const readableFrom = 1;
const writableFrom = 1;

export interface Catalog {
  readonly db: Database;
  readonly writable: boolean;
  close(): void;
}

/** The catalog for reading; undefined where there are no snapshots yet. @throws EngineError STORE_NEWER, STORE_DAMAGED */
export function openCatalogForReading(storePath: string): Catalog | undefined {
  const path = join(storePath, 'catalog.db');
  const db = existsSync(path) ? openTolerant(path) : undefined;
  if (db === undefined || !hasTable(db, 'meta')) {
    db?.close();
    // Packs without a catalog are snapshots that nobody must take for none.
    if (hasPacks(storePath)) throw damaged('it is missing', path);
    return undefined;
  }
  checkVersion(db, storePath, 'reader');
  return { db, writable: false, close: () => db.close() };
}

/** The catalog for writing, made where missing. The caller holds the write lock. */
export function openCatalogForWriting(storePath: string): Catalog {
  const path = join(storePath, 'catalog.db');
  const isNew = !existsSync(path);
  let db: Database;
  try {
    if (isNew) makePrivateFile(path);
    db = openDatabase(path, { timeoutMs: 5000 });
    db.exec('PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA; PRAGMA fullfsync=ON');
    if (isNew || !hasTable(db, 'meta')) createSchema(db);
  } catch (error) {
    throw writeError(error, storePath);
  }
  checkVersion(db, storePath, 'writer');
  return { db, writable: true, close: () => db.close() };
}

/** A value that outlives the process: the restore's intent, the last restore, when `verify` ran. */
export function getState(db: Database, key: string): string | undefined {
  return db.prepare<string>('SELECT value FROM meta WHERE key = ?').pluck().get(key);
}

/** Durable when it returns; null takes the value away. */
export function setState(db: Database, key: string, value: string | null): void {
  if (value === null) db.prepare('DELETE FROM meta WHERE key = ?').run(key);
  else
    db.prepare(
      'INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
    ).run(key, value);
}

/** A store on a read-only disk still lists; one whose writer was killed in a commit must be opened for writing once. */
function openTolerant(path: string): Database {
  try {
    const db = openDatabase(path, { readonly: true, timeoutMs: 5000 });
    db.prepare('SELECT 1 FROM sqlite_schema').get();
    return db;
  } catch (error) {
    if (!/SQLITE_READONLY|SQLITE_CANTOPEN/.test(sqliteCode(error) ?? ''))
      throw damaged(error, path);
    return openDatabase(path, { timeoutMs: 5000 });
  }
}

function checkVersion(db: Database, storePath: string, role: 'reader' | 'writer'): void {
  let minimum: number;
  try {
    minimum = Number(getState(db, role === 'reader' ? 'readable_from' : 'writable_from'));
  } catch (error) {
    db.close();
    throw damaged(error, storePath);
  }
  if (minimum <= formatVersion) return;
  db.close();
  throw new EngineError('STORE_NEWER', 'these snapshots were written by a newer Savepoint', {
    path: storePath,
    hint:
      role === 'reader'
        ? 'update Savepoint to use them'
        : 'update Savepoint to write here; listing and restoring still work',
  });
}

function hasPacks(storePath: string): boolean {
  const folder = join(storePath, 'packs');
  return existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.tar'));
}

function hasTable(db: Database, name: string): boolean {
  return (
    db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(name) !==
    undefined
  );
}

function createSchema(db: Database): void {
  db.transaction('immediate', () => {
    db.exec(schema);
    setState(db, 'format_version', String(formatVersion));
    setState(db, 'readable_from', String(readableFrom));
    setState(db, 'writable_from', String(writableFrom));
  });
}

function damaged(error: unknown, path: string): EngineError {
  return new EngineError(
    'STORE_DAMAGED',
    `the store's catalog cannot be read: ${String(error instanceof Error ? error.message : error)}`,
    {
      path,
      hint: 'savepoint verify rebuilds it from the packs',
      cause: error,
    },
  );
}

/** What a failed write to the store means to the user. */
export function writeError(error: unknown, storePath: string): unknown {
  const code = sqliteCode(error) ?? errorCodeOf(error) ?? '';
  if (/ENOSPC|SQLITE_FULL|EDQUOT/.test(code))
    return new EngineError(
      'NO_SPACE',
      `no space left for the store on ${storePath}; nothing was saved`,
      {
        path: storePath,
        hint: 'free some space or move the store with --store',
        cause: error,
      },
    );
  if (/EROFS|EACCES|EPERM|ENOTDIR|EEXIST|SQLITE_READONLY|SQLITE_CANTOPEN/.test(code))
    return new EngineError('STORE_READ_ONLY', `the store cannot be written: ${storePath}`, {
      path: storePath,
      hint: 'make it writable or choose another place with --store',
      cause: error,
    });
  if (/SQLITE_NOTADB|SQLITE_CORRUPT/.test(code)) return damaged(error, storePath);
  return error;
}

const schema = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE packs (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, bytes INTEGER NOT NULL);
CREATE TABLE objects (
  hash BLOB PRIMARY KEY,
  pack INTEGER NOT NULL REFERENCES packs (id),
  offset INTEGER NOT NULL,
  stored INTEGER NOT NULL,
  size INTEGER NOT NULL,
  encoding INTEGER NOT NULL,
  base BLOB
) WITHOUT ROWID;
CREATE INDEX objects_by_pack ON objects (pack);
CREATE TABLE snapshots (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  reason TEXT NOT NULL,
  label TEXT,
  pinned INTEGER NOT NULL DEFAULT 0,
  damaged INTEGER NOT NULL DEFAULT 0,
  stored INTEGER NOT NULL,
  entry TEXT NOT NULL,
  manifest TEXT NOT NULL
);
CREATE INDEX snapshots_by_time ON snapshots (created_at);
CREATE TABLE live_folders (path TEXT PRIMARY KEY, signatures TEXT NOT NULL, tree TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE live_databases (
  path TEXT PRIMARY KEY,
  signature TEXT NOT NULL,
  content TEXT NOT NULL,
  facts TEXT NOT NULL
) WITHOUT ROWID;
`;
