// Folders beside the data that the rows of its databases name: they belong to it. What was found in a
// database is remembered with its signature, so that a database that did not change costs nothing.

import { existsSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { parseProjectPath } from '../../core/names.ts';
import type { PathKind } from '../check/file-index.ts';
import { namedFolders, type NamedFolder } from '../check/infer/named-folders.ts';
import type { BesideData, FoundDataDirs } from '../detect/found.ts';
import { openGitIndex, type GitIndex } from '../detect/git-index.ts';
import { projectPathOf } from '../detect/places.ts';
import { livePath } from '../disk/real-path.ts';
import type { CallOptions, EngineOptions } from '../options.ts';
import { captureDatabases, sourceOf } from '../sources/all-sources.ts';
import type { LiveDatabase } from '../sources/source.ts';
import { openImage } from '../sqlite/open-images.ts';
import type { Database } from '../sqlite/sqlite-driver.ts';

/** What is known of the databases from earlier looks, by path. */
export type RememberedRows = Readonly<Record<string, RowsOfDatabase>>;

interface RowsOfDatabase {
  readonly signature: string;
  /** `besideKey` of what lay beside the data. */
  readonly beside: string;
  readonly folders: readonly NamedFolder[];
}

export interface RowsContext {
  readonly found: FoundDataDirs;
  readonly options: EngineOptions;
  readonly remembered: RememberedRows;
  /** True: a large database is not looked into now. */
  readonly isQuick: boolean;
  /** What lies beside the data by now. */
  readonly searchAgain: () => BesideData;
  /** Copies of databases lie here. */
  readonly tempDir: () => string;
}

export interface FolderOfRows extends NamedFolder {
  /** The database, as snapshots name it. */
  readonly database: string;
}

/** A larger database is looked at once, and again only when other folders lie beside the data. */
const largeBytes = 64 * 1024 * 1024;

/** What rows of which database name; and what is to be remembered. Nothing in an untrusted workspace. */
export async function foldersNamedByRows(
  { found, options, remembered, isQuick, searchAgain, tempDir }: RowsContext,
  call: CallOptions,
): Promise<{ readonly folders: readonly FolderOfRows[]; readonly remembered: RememberedRows }> {
  const nothing = { folders: [], remembered };
  if (!options.trusted || found.beside.files.length === 0) return nothing;
  const git = openGitIndex(found.projectDir, options.trusted);
  const entries = entriesBeside(found.beside, found.projectDir, git);
  if (entries.length === 0) return nothing;
  const now: Record<string, RowsOfDatabase> = {};
  for (const one of databasesOf(found)) {
    const { key, path } = one;
    const isLarge = (lstatSync(path, { throwIfNoEntry: false })?.size ?? 0) > largeBytes;
    const signature = isLarge ? 'large' : sourceOf(key).signature(path);
    const beside = besideKey(found.beside, isLarge);
    const known = remembered[key];
    if (known?.signature === signature && known.beside === beside) now[key] = known;
    else if (!isLarge || !isQuick) now[key] = { signature, beside, folders: await look(one) };
  }
  const folders = Object.entries(now).flatMap(([database, one]) =>
    one.folders.map((folder) => ({ ...folder, database })),
  );
  return { folders, remembered: now };

  async function look(live: LiveDatabase): Promise<readonly NamedFolder[]> {
    let db: Database | undefined;
    try {
      const context = { tempDir: tempDir(), options, call, check: false };
      const [copy] = (await captureDatabases([live], context)).databases;
      if (copy?.imagePath === null || copy === undefined) return [];
      db = openImage(copy.imagePath);
      const has = (below: string): boolean => existsSync(join(found.projectDir, below));
      const paths = { entries, partial: found.beside.partial, has };
      const folders = await namedFolders(db, paths, call.signal);
      if (folders.some(({ isStrong }) => isStrong) || !isFresh(live.path, options.now()))
        return folders;
      // Its newest rows may have files that came after the search, but none that came after the copy.
      const beside = searchAgain();
      const newer = entriesBeside(beside, found.projectDir, git);
      return await namedFolders(db, { entries: newer, partial: beside.partial, has }, call.signal);
    } catch (error) {
      // A damaged database names nothing, and one without room for its copy is not looked into now: the
      // guard and `doctor` go on, and the snapshot tells.
      call.signal.throwIfAborted();
      options.log.debug(`rows of ${live.key} were not looked at: ${String(error)}`);
      return [];
    } finally {
      db?.close();
    }
  }
}

const freshMs = 10_000;

/** True where the database or its log was written a moment ago. */
function isFresh(path: string, nowMs: number): boolean {
  return [path, `${path}-wal`].some((one) => {
    const stats = lstatSync(one, { throwIfNoEntry: false });
    return stats !== undefined && nowMs - stats.mtimeMs < freshMs;
  });
}

/** What git does not keep: what it keeps needs no snapshot, and is nothing that an application wrote. */
function entriesBeside(
  { files, folders, partial }: BesideData,
  projectDir: string,
  git: GitIndex,
): readonly (readonly [string, PathKind])[] {
  const free = files.filter((path) => !git.keeps(join(projectDir, path)));
  if (free.length === 0 && partial.length === 0) return [];
  return [
    ...folders.map((path) => [path, 'directory'] as const),
    ...free.map((path) => [path, 'file'] as const),
  ];
}

/** Those that the search came upon, those that are captured by themselves, and those of the newest snapshot. */
function databasesOf({
  projectDir,
  dataDirs,
  beside,
  soundDatabases,
}: FoundDataDirs): readonly LiveDatabase[] {
  const all = new Set([
    ...beside.databases.map((path) => projectPathOf(projectDir, path)),
    ...dataDirs.flatMap(({ roots }) => roots),
    ...[...soundDatabases].flatMap((path) => parseProjectPath(path) ?? []),
  ]);
  return [...all]
    .toSorted()
    .map((key) => ({ key, path: livePath(projectDir, key) }))
    .filter(({ key, path }) => sourceOf(key).isDatabase(path));
}

/** Differs where rows may name something else than before. */
function besideKey({ files, folders, partial }: BesideData, byFoldersAlone: boolean): string {
  const counts = byFoldersAlone ? '' : `${files.length} ${files.at(-1) ?? ''} `;
  return `${counts}${folders.length} ${folders.at(-1) ?? ''} ${partial.length}`;
}
