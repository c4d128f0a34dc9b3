// Opens a project's store: for reading at any time, for writing one process at a time. A writer
// first takes away what a killed one left.

import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EngineError } from '../../core/errors.ts';
import type { EngineOptions } from '../options.ts';
import type { Database } from '../sqlite/sqlite-driver.ts';
import { openCatalogForReading, openCatalogForWriting, writeError } from './catalog.ts';
import { errorCodeOf, makePrivateFolder } from '../disk/durable-file.ts';
import { proveDictionaries } from './object-encoding.ts';
import { openPackReader, type PackReader } from './pack-reader.ts';
import { saveProjectPlace, type ProjectPlace } from './project-folder.ts';
import { reconcilePacks } from './reconcile-packs.ts';
import { giveToCaller, refuseForeignStore } from './sudo-owner.ts';
import { acquireWriteLock } from './write-lock.ts';

export interface StoreSession {
  readonly storePath: string;
  readonly packsDir: string;
  readonly db: Database;
  readonly reader: PackReader;
  close(): void;
}

export interface WriteSession extends StoreSession {
  readonly options: EngineOptions;
  readonly place: ProjectPlace;
  /** A folder of this session alone, gone with it. */
  readonly tempDir: string;
}

/** Undefined where there is no store yet. */
export function openStoreForReading(storePath: string): StoreSession | undefined {
  const catalog = openCatalogForReading(storePath);
  if (catalog === undefined) return undefined;
  return session(storePath, catalog.db);
}

/**
 * Runs `work` as the store's only writer.
 * @throws EngineError STORE_BUSY, STORE_READ_ONLY, STORE_NEWER, NO_SPACE
 */
export async function withStoreWriter<T>(
  place: ProjectPlace,
  options: EngineOptions,
  signal: AbortSignal,
  work: (writer: WriteSession) => Promise<T>,
): Promise<T> {
  const { storePath } = place;
  proveDictionaries();
  refuseForeignStore(storePath, options);
  try {
    makeStore(place);
    const lock = await acquireWriteLock(storePath, signal);
    try {
      return await inSession(place, options, signal, work);
    } finally {
      lock.release();
      giveToCaller(storePath, options);
    }
  } catch (error) {
    throw writeError(error, storePath);
  }
}

function makeStore(place: ProjectPlace): void {
  try {
    saveProjectPlace(place);
  } catch (error) {
    if (errorCodeOf(error) !== 'ENOENT') throw error;
    throw new EngineError('STORE_READ_ONLY', `the store cannot be made: ${place.storePath}`, {
      path: place.storePath,
      hint: 'choose another place with --store',
      cause: error,
    });
  }
}

/** A private temporary folder, in the store where it can be written: clones need the same file system. */
export function makeTempDir(storePath: string, role: 'writer' | 'reader'): string {
  try {
    if (!existsSync(join(storePath, 'packs'))) throw new Error('no store yet');
    const parent = join(storePath, 'tmp');
    makePrivateFolder(parent);
    return mkdtempSync(join(parent, `${role}-${process.pid}-`));
  } catch {
    // No store yet, or a read-only one: the system's own place does.
    return mkdtempSync(join(tmpdir(), 'savepoint-'));
  }
}

export function removeTempDir(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

/** Bytes of all packs and the catalog. */
export function storeBytes(store: StoreSession): number {
  const packs =
    store.db.prepare<number>('SELECT coalesce(sum(bytes), 0) FROM packs').pluck().get() ?? 0;
  return packs + statSync(join(store.storePath, 'catalog.db')).size;
}

async function inSession<T>(
  place: ProjectPlace,
  options: EngineOptions,
  signal: AbortSignal,
  work: (writer: WriteSession) => Promise<T>,
): Promise<T> {
  const { storePath } = place;
  const packsDir = join(storePath, 'packs');
  removeOldTempDirs(join(storePath, 'tmp'));
  const catalog = openCatalogForWriting(storePath);
  const tempDir = makeTempDir(storePath, 'writer');
  const opened = session(storePath, catalog.db);
  try {
    removeHalfPacks(packsDir);
    reconcilePacks(opened, options.log, signal);
    return await work({ ...opened, options, place, tempDir });
  } finally {
    opened.close();
    removeTempDir(tempDir);
  }
}

function session(storePath: string, db: Database): StoreSession {
  const packsDir = join(storePath, 'packs');
  const reader = openPackReader(db, packsDir);
  return {
    storePath,
    packsDir,
    db,
    reader,
    close() {
      reader.close();
      db.close();
    },
  };
}

/** Temporary folders of writers are dead while we hold the lock; those of readers where their process is. */
function removeOldTempDirs(parent: string): void {
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    const pid = /^reader-(\d+)-/.exec(name)?.[1];
    if (pid === undefined || !isRunning(Number(pid))) removeTempDir(join(parent, name));
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as somebody else.
    return errorCodeOf(error) === 'EPERM';
  }
}

/** What was never finished under its own name; everything else in the folder may be somebody's data. */
function removeHalfPacks(packsDir: string): void {
  for (const name of readdirSync(packsDir))
    if (name.endsWith('.part')) rmSync(join(packsDir, name), { force: true });
}
