// `watched/` in the store: for each project the paths by which a shell tells, with nothing but its own
// builtins, that data may have changed. Made anew by each look of the guard; nothing is lost with it.
//
// The first line has the programs that were learned, the second the project's folder; then a path a
// line. A shell finds the file by the name of the folder it is in: `/` is `%`.

import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { LearnedCommand } from '../../core/documents/learned.ts';
import { isObject } from '../../core/is-object.ts';
import type { FoundDataDirs } from '../detect/found.ts';
import { makePrivateFolder, readIfThere } from '../disk/durable-file.ts';
import type { EngineOptions } from '../options.ts';
import { giveToCaller } from '../store/sudo-owner.ts';
import { isSidecar, mayBeDatabase } from './data-names.ts';

/** So many tests a prompt; below a millisecond in every shell. */
const maxPaths = 64;
const maxEntries = 500;
const maxDepth = 3;
const maxNameBytes = 240;

/** Absolute: databases with their WAL, the top folders of the data, then files. */
export function watchedPaths({ projectDir, dataDirs }: FoundDataDirs): readonly string[] {
  const databases: string[] = [];
  const folders: string[] = [];
  const files: string[] = [];
  const visit = (path: string, depth: number): void => {
    if (folders.length >= maxPaths) return;
    folders.push(path);
    for (const { name, isFolder } of entriesOf(path)) {
      const child = join(path, name);
      if (isFolder) {
        if (depth < maxDepth) visit(child, depth + 1);
      } else if (mayBeDatabase(name)) databases.push(child, `${child}-wal`);
      else if (!isSidecar(name)) files.push(child);
    }
  };
  for (const root of dataDirs.flatMap(({ roots }) => roots)) {
    const path = resolve(projectDir, root);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory() === true) visit(path, 1);
    else if (stats !== undefined) databases.push(path, `${path}-wal`);
  }
  return [...new Set([...databases, ...folders, ...files])]
    .filter((path) => !/[\n\r]/.test(path))
    .slice(0, maxPaths);
}

/** Never fails: without it nothing is learned from shells, and all else goes on. */
export function writeWatched(
  options: EngineOptions,
  found: FoundDataDirs,
  learned: readonly LearnedCommand[],
): void {
  const { storeDir } = options;
  const path = watchFile(storeDir, found.projectDir);
  if (path === undefined || found.dataDirs.length === 0) return;
  const programs = new Set(learned.map(({ command }) => command.split(' ')[0] ?? ''));
  const lines = [[...programs].join(' '), found.projectDir, ...watchedPaths(found)];
  const text = `${lines.join('\n')}\n`;
  try {
    if (readIfThere(path) === text) return;
    makePrivateFolder(join(storeDir, 'watched'));
    writeFileSync(path, text, { mode: 0o600 });
    giveToCaller(join(storeDir, 'watched'), options);
  } catch {
    // A store that cannot be written is told by every other command.
  }
}

/** The paths as they were when the guard looked last; undefined where it never did. */
export function readWatched(storeDir: string, projectDir: string): readonly string[] | undefined {
  const path = watchFile(storeDir, projectDir);
  const text = path === undefined ? undefined : readIfThere(path);
  return text?.split('\n').slice(2, -1);
}

/** The snapshot that holds the data as it was at a moment. */
export interface SavedMoment {
  readonly id: string;
  readonly atMs: number;
}

/** What a command changes after this is counted against that snapshot. */
export function writeSavedMoment(
  options: EngineOptions,
  projectDir: string,
  moment: SavedMoment,
): void {
  const path = watchFile(options.storeDir, projectDir);
  if (path === undefined) return;
  try {
    writeFileSync(`${path}.saved`, JSON.stringify(moment), { mode: 0o600 });
    giveToCaller(`${path}.saved`, options);
  } catch {
    // Nothing is watched here: then nothing is counted either.
  }
}

export function readSavedMoment(storeDir: string, projectDir: string): SavedMoment | undefined {
  const path = watchFile(storeDir, projectDir);
  if (path === undefined) return undefined;
  try {
    const moment: unknown = JSON.parse(readFileSync(`${path}.saved`, 'utf8'));
    if (!isObject(moment)) return undefined;
    const { id, atMs } = moment;
    return typeof id === 'string' && typeof atMs === 'number' ? { id, atMs } : undefined;
  } catch {
    return undefined;
  }
}

const keepStampsMs = 7 * 24 * 60 * 60_000;

/** Stamps of shells that are gone. */
export function removeOldStamps({ storeDir, now }: EngineOptions): void {
  const folder = join(storeDir, 'watched');
  for (const { name } of entriesOf(folder)) {
    if (!name.startsWith('.since-')) continue;
    const stats = statSync(join(folder, name), { throwIfNoEntry: false });
    if (stats !== undefined && now() - stats.mtimeMs > keepStampsMs)
      rmSync(join(folder, name), { force: true });
  }
}

/** The file for the project at an absolute real path; undefined where the system takes no such name. */
export function watchFile(storeDir: string, projectDir: string): string | undefined {
  const name = projectDir.replaceAll('/', '%');
  const isName = !name.includes('\\') && Buffer.byteLength(name) <= maxNameBytes;
  return isName ? join(storeDir, 'watched', name) : undefined;
}

function entriesOf(
  folder: string,
): readonly { readonly name: string; readonly isFolder: boolean }[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .slice(0, maxEntries)
      .map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
  } catch {
    // Gone, or not ours to read: then nobody of this user changes it.
    return [];
  }
}
