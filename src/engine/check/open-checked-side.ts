// Opens live data or a snapshot as a side that rules can run over. Live data is looked at like this:
// the walk first, for it finds the databases; then their copies; and all again where something was
// written in between and does not match, because a row and its file are never of one moment.

import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { basename } from 'node:path/posix';
import { snapshotRoots } from '../store/snapshot-roots.ts';
import { projectPath, type DiskPath, type ProjectPath } from '../../core/names.ts';
import { livePath } from '../disk/real-path.ts';
import type { SnapshotManifest } from '../../core/documents/documents.ts';
import type { CallOptions, EngineOptions } from '../options.ts';
import { createNodeFinder } from '../store/find-node.ts';
import { isNamedLikeDatabase } from '../sqlite/sqlite-file.ts';
import { captureDatabases, sourceOf, writeImage } from '../sources/all-sources.ts';
import type { CaptureRoot } from '../sources/files/walked.ts';
import type { StoreReader } from '../store/store.ts';
import type { FileIndex } from './file-index.ts';
import { indexLiveFiles } from './live-files.ts';
import { closedDatabase, imageDatabase, type SideDatabase } from './side-database.ts';
import { indexTree } from './tree-files.ts';
import type { CapturedDatabase, LiveDatabase } from '../sources/source.ts';

export interface OpenSide {
  readonly files: FileIndex;
  readonly databases: readonly SideDatabase[];
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: number;
  /** True where the live databases are not any more what was copied. */
  isOutdated(): boolean;
  close(): void;
}

export interface LiveSideContext {
  readonly projectDir: DiskPath;
  readonly roots: readonly CaptureRoot[];
  /** Databases that are known already, whatever their names; in the project. */
  readonly knownDatabases: readonly string[];
  /** Those that are sound in the newest snapshot. */
  readonly soundDatabases: ReadonlySet<string>;
  readonly tempDir: string;
  readonly options: EngineOptions;
}

/** @throws EngineError NO_SPACE; the signal's reason */
export async function openLiveSide(
  { projectDir, roots, knownDatabases, soundDatabases, tempDir, options }: LiveSideContext,
  call: CallOptions,
): Promise<OpenSide> {
  const files = await indexLiveFiles(projectDir, roots, call.signal);
  const live = databasesAmong(files, knownDatabases).map((key) => ({
    key,
    path: livePath(projectDir, key),
  }));
  const { databases: captured } = await captureDatabases(live.filter(isDatabase), {
    tempDir,
    options,
    call,
    check: false,
  });
  const others = live.filter((one) => !isDatabase(one));
  const databases = [
    ...captured.map((one) => {
      const wasSound = one.state === 'damaged' && soundDatabases.has(one.key);
      return { ...capturedDatabase(one), wasSound };
    }),
    ...others.map(({ key }) => {
      const wasSound = soundDatabases.has(key);
      const problem = wasSound ? 'no SQLite database any more' : 'encrypted, or no SQLite database';
      return { ...closedDatabase(key, problem), wasSound };
    }),
  ];
  return {
    files,
    databases,
    nowMs: options.now(),
    isOutdated: () =>
      captured.some(({ key, path, signature }) => sourceOf(key).signature(path) !== signature),
    close: () => closeAll(databases),
  };
}

function isDatabase({ key, path }: LiveDatabase): boolean {
  return sourceOf(key).isDatabase(path);
}

/** Captured copies as databases of a side. */
function capturedDatabase(captured: CapturedDatabase): SideDatabase {
  const { key, imagePath, state, detail, signature } = captured;
  if (imagePath === null) return closedDatabase(key, detail ?? state);
  return imageDatabase(key, `live ${key} ${signature}`, async () => imagePath);
}

export interface SnapshotSideContext {
  readonly reader: StoreReader;
  readonly manifest: SnapshotManifest;
  readonly tempDir: string;
}

/** @throws EngineError STORE_DAMAGED */
export function openSnapshotSide(context: SnapshotSideContext, signal: AbortSignal): OpenSide {
  const { reader, manifest } = context;
  const roots = snapshotRoots(manifest.dataDirs);
  const databases = manifest.databases.map((database) =>
    snapshotDatabase(database, context, signal),
  );
  return {
    files: indexTree(reader, { ...manifest, roots }),
    databases,
    nowMs: Date.parse(manifest.createdAt),
    isOutdated: () => false,
    close: () => closeAll(databases),
  };
}

function snapshotDatabase(
  { path, state, detail }: SnapshotManifest['databases'][number],
  { reader, manifest, tempDir }: SnapshotSideContext,
  signal: AbortSignal,
): SideDatabase {
  const node = createNodeFinder(reader, manifest.tree)(path);
  if (node?.kind !== 'database') return closedDatabase(path, detail ?? state);
  const image = async (): Promise<string> => {
    const file = join(mkdtempSync(join(tempDir, 'image-')), 'database.db');
    writeImage(path, { reader, node }, file, signal);
    return file;
  };
  return imageDatabase(path, node.content, image);
}

function closeAll(databases: readonly SideDatabase[]): void {
  for (const database of databases) database.close();
}

/** By their names, or known; whether they are databases their first bytes tell. */
function databasesAmong({ kinds }: FileIndex, known: readonly string[]): readonly ProjectPath[] {
  const named = [...kinds].flatMap(([path, kind]) =>
    kind === 'file' && isNamedLikeDatabase(basename(path)) ? [path] : [],
  );
  const others = known.filter((path) => kinds.get(path) === 'file');
  return [...new Set([...named, ...others])].toSorted().map(projectPath);
}
