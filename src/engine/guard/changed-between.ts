// What of the data changed between two moments, by the times on the disk alone.

import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isSidecar, mayBeDatabase } from '../project/data-names.ts';

export interface ChangedData {
  /** Absolute paths, databases by their main file. */
  readonly databases: readonly string[];
  readonly files: readonly string[];
  /** True where something came or went in a folder, be it only for a moment. */
  readonly isTouched: boolean;
  /** True where something changed after the second moment: somebody else writes, too. */
  readonly later: boolean;
}

export interface Moments {
  readonly startedMs: number;
  readonly endedMs: number;
}

const maxEntries = 2000;

/**
 * Of a folder in which something came or went, what came counts, and what was watched and is gone: what a
 * reader of a database makes and takes away again is no change.
 */
export function changedBetween(
  paths: readonly string[],
  { startedMs, endedMs }: Moments,
): ChangedData {
  const seen = paths.flatMap((path) => timesOf(path, startedMs));
  const written = seen.filter(({ ms }) => ms > startedMs);
  const during = written.filter(({ ms }) => ms <= endedMs);
  const isTouched = during.some(({ kind }) => kind === 'folder');
  const gone = isTouched ? paths.filter((path) => !isSidecar(path) && !existsSync(path)) : [];
  const changed = during.filter(({ kind }) => kind === 'file').map(({ path }) => path);
  const all = [...new Set([...changed, ...gone])];
  return {
    databases: all.filter(mayBeDatabase),
    files: all.filter((path) => !mayBeDatabase(path)),
    isTouched,
    later: written.some(({ kind, ms }) => kind === 'file' && ms > endedMs),
  };
}

interface Seen {
  readonly kind: 'file' | 'folder';
  readonly path: string;
  readonly ms: number;
}

/** Of the path, and of what lies in it where that is a folder in which something came or went. */
function timesOf(path: string, sinceMs: number): readonly Seen[] {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return [];
  if (stats.isDirectory()) {
    const folder = { kind: 'folder', path, ms: stats.mtimeMs } as const;
    return stats.mtimeMs > sinceMs ? [folder, ...newIn(path, sinceMs)] : [];
  }
  if (!isSidecar(path)) return [{ kind: 'file', path, ms: stats.mtimeMs }];
  // Empty, it is of somebody who only read.
  return stats.size > 0
    ? [{ kind: 'file', path: path.replace(/-wal$/, ''), ms: stats.mtimeMs }]
    : [];
}

/** Files in a folder that were made or written since. */
function newIn(folder: string, sinceMs: number): readonly Seen[] {
  return namesIn(folder).flatMap((name) => {
    if (isSidecar(name)) return [];
    const path = join(folder, name);
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isFile() !== true) return [];
    // A file that was renamed to its place has the times of before, but for this one.
    const ms = Math.max(stats.mtimeMs, Math.min(stats.ctimeMs, stats.birthtimeMs));
    return ms > sinceMs ? [{ kind: 'file' as const, path, ms }] : [];
  });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).slice(0, maxEntries);
  } catch {
    return [];
  }
}

/** `app.db`, `app.db and 3 files`; empty where nothing can be named. */
export function changedNames({
  databases,
  files,
}: Pick<ChangedData, 'databases' | 'files'>): string {
  const names = databases.map((path) => basename(path));
  const [first, ...more] = names;
  const parts = [
    ...(first === undefined
      ? []
      : [more.length === 0 ? first : `${first} and ${more.length} more`]),
    ...(files.length === 0
      ? []
      : [files.length === 1 ? basename(files[0] ?? '') : `${files.length} files`]),
  ];
  return parts.join(' and ');
}
