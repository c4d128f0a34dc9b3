// Which folder of the store belongs to which project. A project is found by its folder's real path;
// where that was renamed or moved (the old path is gone, the folder is the same), its snapshots
// follow. project.json in each folder says whose it is.

import { existsSync, readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from '../../core/is-object.ts';
import { makePrivateFolder, readIfThere, syncFolder, writeDurably } from '../disk/durable-file.ts';
import { projectFolderName } from './store-place.ts';

export interface ProjectRecord {
  /** Absolute real path of the project folder. */
  readonly path: string;
  readonly dev: string;
  readonly ino: string;
  /** When the folder was made, in ns: an inode's number is used again for another folder. Absent in older records. */
  readonly born?: string | undefined;
  /** Absolute paths of data directories outside the project folder that `allow` let in. */
  readonly allowed: readonly string[];
  /** Places that belong to the data although nothing but these says so. Absent in older records. */
  readonly covered: readonly CoveredPlace[];
  /** Paths, as snapshots name them, that a person took out of the data. Absent in older records. */
  readonly uncovered: readonly string[];
  /** Names of suggestions and notices the user has dismissed. */
  readonly dismissed: readonly string[];
}

export interface CoveredPlace {
  /** As snapshots name it: relative to the project folder, or absolute. */
  readonly path: string;
  /** `rows`: found by what the rows of a database name; it stays until a person says otherwise. */
  readonly by: 'person' | 'rows';
  /** In words: `392 of 400 auth_user.avatar`; empty where a person said so. */
  readonly evidence: string;
}

export interface ProjectPlace {
  /** Absolute path of the project's folder in the store; it need not exist. */
  readonly storePath: string;
  readonly record: ProjectRecord;
}

/** Finds, and makes nothing. */
export function findProjectPlace(storeDir: string, projectPath: string): ProjectPlace {
  const stats = statSync(projectPath, { bigint: true });
  const own = {
    path: projectPath,
    dev: String(stats.dev),
    ino: String(stats.ino),
    born: String(stats.birthtimeNs),
  };
  const storePath = join(storeDir, projectFolderName(projectPath));
  const record = readProjectRecord(storePath);
  if (record?.path === projectPath) return { storePath, record: { ...record, ...own } };
  const moved = allProjects(storeDir).find(
    ({ record: other }) =>
      other.dev === own.dev &&
      other.ino === own.ino &&
      (other.born === undefined || other.born === own.born) &&
      other.path !== projectPath &&
      !existsSync(other.path),
  );
  if (moved !== undefined) {
    return { storePath: moved.storePath, record: { ...moved.record, ...own } };
  }
  return { storePath, record: { ...own, allowed: [], covered: [], uncovered: [], dismissed: [] } };
}

/** True where the folder at the absolute real path `projectPath` has a store of its own; moved ones are not looked for. */
export function hasSnapshots(storeDir: string, projectPath: string): boolean {
  const storePath = join(storeDir, projectFolderName(projectPath));
  return readProjectRecord(storePath)?.path === projectPath;
}

/** Makes the folder and writes the record; a moved project's folder keeps its name. */
export function saveProjectPlace(place: ProjectPlace): void {
  makePrivateFolder(join(place.storePath, 'packs'));
  const text = `${JSON.stringify(place.record, null, 2)}\n`;
  if (readIfThere(join(place.storePath, 'project.json')) !== text)
    writeDurably(join(place.storePath, 'project.json'), text);
}

/** Every project that has a folder in the store. */
export function allProjects(
  storeDir: string,
): readonly { readonly storePath: string; readonly record: ProjectRecord }[] {
  if (!isFolder(storeDir)) return [];
  return readdirSync(storeDir).flatMap((name) => {
    const storePath = join(storeDir, name);
    const record = readProjectRecord(storePath);
    return record === undefined ? [] : [{ storePath, record }];
  });
}

/** Makes the snapshots of the project that lay at `oldPath` those of `place`. False where there are none. */
export function adoptProject(storeDir: string, oldPath: string, place: ProjectPlace): boolean {
  const old = allProjects(storeDir).find(({ record }) => record.path === oldPath);
  if (old === undefined || existsSync(join(place.storePath, 'catalog.db'))) return false;
  renameSync(old.storePath, place.storePath);
  syncFolder(storeDir);
  const { allowed, covered, uncovered } = old.record;
  saveProjectPlace({ ...place, record: { ...place.record, allowed, covered, uncovered } });
  return true;
}

function readProjectRecord(storePath: string): ProjectRecord | undefined {
  const text = readIfThere(join(storePath, 'project.json'));
  if (text === undefined) return undefined;
  try {
    const record = JSON.parse(text) as Partial<ProjectRecord> | null;
    if (typeof record?.path !== 'string') return undefined;
    const { path, born } = record;
    const [dev, ino] = [String(record.dev), String(record.ino)];
    return {
      path,
      dev,
      ino,
      born,
      allowed: strings(record.allowed),
      covered: coveredPlaces(record.covered),
      uncovered: strings(record.uncovered),
      dismissed: strings(record.dismissed),
    };
  } catch {
    // Not ours, or damaged: `savepoint adopt` can still name it.
    return undefined;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function coveredPlaces(value: unknown): readonly CoveredPlace[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one: unknown) => {
    if (!isObject(one) || typeof one['path'] !== 'string') return [];
    const { path, by, evidence } = one;
    return [
      {
        path,
        by: by === 'rows' ? ('rows' as const) : ('person' as const),
        evidence: typeof evidence === 'string' ? evidence : '',
      },
    ];
  });
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
