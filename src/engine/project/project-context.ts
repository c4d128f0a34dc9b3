// What the parts of an open project share: where it is, its place in the store, what was found in it.

import { resolve } from 'node:path';
import { type DiskPath } from '../../core/names.ts';
import { realPathOfNamed } from '../disk/real-path.ts';
import type { ProjectConfig } from '../../core/config/project-config.ts';
import { findDataDirs } from '../detect/find-data-dirs.ts';
import type { FoundDataDirs, KnownContents } from '../detect/found.ts';
import { trustedConfig } from '../detect/project-config.ts';
import type { EngineOptions } from '../options.ts';
import { selectNewestContents } from '../store/snapshot-rows.ts';
import { findProjectPlace, type CoveredPlace, type ProjectPlace } from '../store/project-folder.ts';
import {
  makeTempDir,
  openStoreForReading,
  removeTempDir,
  withStoreWriter,
  type StoreSession,
  type WriteSession,
  storeBytes,
} from '../store/store-session.ts';
import { retentionRules } from '../../core/snapshots/retention.ts';

export interface ProjectContext {
  readonly options: EngineOptions;
  /** Absolute real path of the project folder. */
  readonly projectDir: DiskPath;
  place(): ProjectPlace;
  /** What savepoint.json says now; nothing of it counts in an untrusted workspace. Detects nothing. */
  config(): ProjectConfig;
  /**
   * What detection finds now: a walk through the project, so one a call, handed on within it.
   * @param also places that are covered and not written down yet
   */
  find(also?: readonly CoveredPlace[]): FoundDataDirs;
  /** Runs `work` with the store open for reading; null where there is none yet. */
  read<T>(work: (store: StoreSession | null) => T): T;
  readAsync<T>(work: (store: StoreSession | null) => Promise<T>): Promise<T>;
  /** The same with a folder for temporary files, which is gone afterwards. */
  readWithTempDir<T>(work: (store: StoreSession | null, tempDir: string) => Promise<T>): Promise<T>;
  write<T>(signal: AbortSignal, work: (writer: WriteSession) => Promise<T>): Promise<T>;
}

/** @throws EngineError USAGE where the folder is not there */
export function createProjectContext(options: EngineOptions, folder: string): ProjectContext {
  const projectDir = realPathOfNamed(resolve(folder), { mustBeFolder: true, hint: 'check --cwd' });
  const place = (): ProjectPlace => findProjectPlace(options.storeDir, projectDir);
  return {
    options,
    projectDir,
    place,
    config: () => trustedConfig(projectDir, options.trusted).config,
    find: (also = []) => {
      const { storePath, record } = place();
      const { allowed, uncovered } = record;
      const covered = [...record.covered, ...also];
      const known = newestContents(storePath);
      const { storeDir } = options;
      return findDataDirs(projectDir, { options, allowed, covered, uncovered, storeDir, known });
    },
    read(work) {
      const store = openStoreForReading(place().storePath);
      try {
        return work(store ?? null);
      } finally {
        store?.close();
      }
    },
    async readAsync(work) {
      const store = openStoreForReading(place().storePath);
      try {
        return await work(store ?? null);
      } finally {
        store?.close();
      }
    },
    async readWithTempDir(work) {
      const { storePath } = place();
      const tempDir = makeTempDir(storePath, 'reader');
      let store: StoreSession | undefined;
      try {
        store = openStoreForReading(storePath);
        return await work(store ?? null, tempDir);
      } finally {
        store?.close();
        removeTempDir(tempDir);
      }
    },
    write: (signal, work) => withStoreWriter(place(), options, signal, work),
  };
}

/** Of a store that cannot be read nothing is known: whoever needs it is told. */
function newestContents(storePath: string): KnownContents | undefined {
  let store: StoreSession | undefined;
  try {
    store = openStoreForReading(storePath);
    return store === undefined ? undefined : selectNewestContents(store.db);
  } catch {
    return undefined;
  } finally {
    store?.close();
  }
}

/** Bytes of the store and its cap. */
export function sizeOf(
  store: StoreSession | null,
  context: ProjectContext,
): { readonly bytes: number; readonly capBytes: number | null } {
  const { maxBytes } = retentionRules(context.config().retention);
  return { bytes: store === null ? 0 : storeBytes(store), capBytes: maxBytes };
}
