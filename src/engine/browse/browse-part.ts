// The part of an open project that looks inside snapshots and live data, and compares them.

import {
  readdirSync,
  readlinkSync,
  lstatSync,
  openSync,
  closeSync,
  fstatSync,
  readSync,
} from 'node:fs';
import type { BrowseEntry } from '../../core/documents/browse.ts';
import type { SkippedDocument } from '../../core/documents/documents.ts';
import { EngineError } from '../../core/errors.ts';
import { nameFromBytes, nameToBytes } from '../../core/names.ts';
import { firstRows, listTables, schemaText } from './browse-database.ts';
import { browseTree } from './browse-tree.ts';
import { diffSnapshots } from '../diff/diff-snapshots.ts';
import { diskPath, readOnlyFlags } from '../disk/disk-path.ts';
import { uncancelled, type CallOptions } from '../options.ts';
import type { Project } from '../project/project.ts';
import { type ProjectContext, livePathOf } from '../project/project-context.ts';
import { flattenTree } from '../store/flatten-tree.ts';
import { rootsOf, restoreRoots } from '../capture/capture-roots.ts';
import { captureChecker } from '../snapshot/record-mismatches.ts';
import { findNode } from '../store/find-node.ts';
import { findManifest, liveSide, snapshotSide, type Side } from '../capture/open-side.ts';
import type { CaptureRoot } from '../sources/files/walked.ts';
import { captureDatabases, sourceOf } from '../sources/all-sources.ts';
import { makeTempDir, removeTempDir, type StoreSession } from '../store/store-session.ts';

type BrowsePart = Pick<Project, 'diff' | 'browse' | 'readFile' | 'tables' | 'schema' | 'rows'>;

const defaultRows = 100;

export function browsePart(context: ProjectContext): BrowsePart {
  return {
    diff: async (a, b, { rows = defaultRows, cells }, call) =>
      await withSides(context, a, b, call, async (before, after, live) => {
        const mismatches = await countSides(context, before, after, live, call);
        return await diffSnapshots(
          { ...before, mismatches: mismatches.before, skipped: skippedOf(before) },
          { ...after, mismatches: mismatches.after, skipped: skippedOf(after) },
          { rows, cells },
          call,
        );
      }),

    async browse(snapshot, path) {
      if (snapshot === 'live') return browseLive(livePathOf(context, path === '' ? '.' : path));
      return context.read((store) => {
        const manifest = findManifest(store, snapshot);
        return store === null ? [] : browseTree(store.reader, manifest.tree, path);
      });
    },

    async readFile(snapshot, path, maxBytes = Number.MAX_SAFE_INTEGER) {
      if (snapshot === 'live') return readLive(livePathOf(context, path), maxBytes);
      return context.read((store) => {
        const manifest = findManifest(store, snapshot);
        const node = store === null ? undefined : findNode(store.reader, manifest.tree, path);
        if (node?.kind === 'symlink') return Buffer.from(nameToBytes(node.target));
        if (store === null || node === undefined || !('size' in node)) throw noSuchPath(path);
        return readStored(store, node, maxBytes);
      });
    },

    tables: async (snapshot, database) => await withImage(context, snapshot, database, listTables),
    schema: async (snapshot, database) => await withImage(context, snapshot, database, schemaText),
    rows: async (snapshot, database, table, limit, key) =>
      await withImage(context, snapshot, database, (image) => firstRows(image, table, limit, key)),
  };
}

function skippedOf({ manifest, capture }: Side): readonly SkippedDocument[] {
  return (manifest ?? capture)?.skipped ?? [];
}

/** What live data was looked at with. */
interface LiveLook {
  readonly store: StoreSession | null;
  readonly tempDir: string;
  /** None where no side is live. */
  readonly roots: readonly CaptureRoot[];
}

/** Mismatches as snapshots recorded them; live data is checked where that takes no longer than at a snapshot. */
async function countSides(
  context: ProjectContext,
  before: Side,
  after: Side,
  { store, tempDir, roots }: LiveLook,
  call: CallOptions,
): Promise<{ readonly before: number | null; readonly after: number | null }> {
  const saved = before.manifest ?? after.manifest;
  const countOf = async ({ manifest, capture }: Side): Promise<number | null> => {
    if (manifest !== null || capture === null) return manifest?.mismatches ?? null;
    if (saved === null || saved.mismatches === null || !context.options.trusted) return null;
    const { dataDirs } = saved;
    const checked = { context, db: store?.db, tempDir, roots, found: undefined, dataDirs };
    const checker = captureChecker(checked, call);
    const isSame = saved.tree === capture.tree && saved.checkedBy === checker.checkedBy;
    return isSame ? saved.mismatches : ((await checker.check(capture))?.mismatches ?? null);
  };
  return { before: await countOf(before), after: await countOf(after) };
}

/** Opens both sides, calls `use`, and takes away what was copied for it. */
async function withSides<T>(
  context: ProjectContext,
  a: string,
  b: string,
  call: CallOptions,
  use: (before: Side, after: Side, live: LiveLook) => Promise<T>,
): Promise<T> {
  const tempDir = makeTempDir(context.place().storePath, 'reader');
  try {
    return await context.readAsync(async (store) => {
      const isLive = a === 'live' || b === 'live';
      const roots = isLive ? liveRoots(context, store, a === 'live' ? b : a) : [];
      const open = async (side: string): Promise<Side> =>
        side === 'live'
          ? await liveSide(context, store, roots, tempDir, call)
          : snapshotSide(storeOf(store, side), findManifest(store, side), tempDir, call.signal);
      const before = await open(a);
      const live = { store, tempDir, roots };
      return await use(before, b === a ? before : await open(b), live);
    });
  } finally {
    removeTempDir(tempDir);
  }
}

/** Beside a snapshot, live data is what that snapshot covers, left out today or not; by itself, what detection finds. */
function liveRoots(
  context: ProjectContext,
  store: StoreSession | null,
  other: string,
): readonly CaptureRoot[] {
  const found = context.find();
  if (other === 'live') return rootsOf(context.projectDir, found.dataDirs);
  const manifest = findManifest(store, other);
  const roots = manifest.dataDirs.flatMap((dir) => dir.roots);
  return restoreRoots(
    context,
    manifest,
    flattenTree(storeOf(store, other).reader, manifest.tree, roots),
  );
}

function storeOf(store: StoreSession | null, snapshot: string): StoreSession {
  if (store !== null) return store;
  throw new EngineError('SNAPSHOT_NOT_FOUND', `no snapshot "${snapshot}"`, {
    hint: 'savepoint snapshot takes one',
  });
}

/** A database of a snapshot, or a copy of the live one, as an image that can be opened. */
async function withImage<T>(
  context: ProjectContext,
  snapshot: string,
  database: string,
  use: (image: string) => T,
): Promise<T> {
  const tempDir = makeTempDir(context.place().storePath, 'reader');
  try {
    if (snapshot === 'live') return use(await liveImage(context, database, tempDir, uncancelled));
    return await context.readAsync(async (store) => {
      const side = snapshotSide(
        storeOf(store, snapshot),
        findManifest(store, snapshot),
        tempDir,
        uncancelled.signal,
      );
      const image = await side.databaseImage(database);
      if (image === null) throw noSuchPath(database);
      return use(image);
    });
  } finally {
    removeTempDir(tempDir);
  }
}

async function liveImage(
  context: ProjectContext,
  database: string,
  tempDir: string,
  call: CallOptions,
): Promise<string> {
  if (!context.options.trusted)
    throw new EngineError('UNTRUSTED', `"${database}" is not opened in an untrusted workspace`, {
      path: database,
    });
  const path = livePathOf(context, database);
  if (!sourceOf(database).isDatabase(path)) throw noSuchPath(database);
  const { options } = context;
  const { databases } = await captureDatabases([{ key: database, path }], {
    tempDir,
    options,
    call,
  });
  const [captured] = databases;
  if (captured?.imagePath === null || captured === undefined)
    throw new EngineError(
      'IO',
      `"${database}" cannot be opened: ${captured?.detail ?? 'unknown'}`,
      { path: database },
    );
  return captured.imagePath;
}

function readStored(
  store: StoreSession,
  node: Parameters<StoreSession['reader']['chunksOf']>[0],
  maxBytes: number,
): Buffer {
  const parts: Buffer[] = [];
  let bytes = 0;
  for (const hash of store.reader.chunksOf(node)) {
    if (bytes >= maxBytes) break;
    const chunk = store.reader.readObject(hash);
    parts.push(chunk);
    bytes += chunk.length;
  }
  return Buffer.concat(parts).subarray(0, maxBytes);
}

function readLive(path: string, maxBytes: number): Buffer {
  const onDisk = diskPath(path);
  const stats = lstatSync(onDisk, { throwIfNoEntry: false });
  if (stats?.isSymbolicLink() === true) return readlinkSync(onDisk, { encoding: 'buffer' });
  const fd = openSync(onDisk, readOnlyFlags);
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) throw noSuchPath(path);
    const buffer = Buffer.alloc(Math.min(stats.size, maxBytes));
    return buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, 0));
  } finally {
    closeSync(fd);
  }
}

/** By its first bytes. */
function isDatabase(path: string): boolean {
  return sourceOf(path).isDatabase(path);
}

function browseLive(path: string): readonly BrowseEntry[] {
  const folder = Buffer.from(nameToBytes(path));
  return readdirSync(folder, 'buffer')
    .toSorted((a, b) => Buffer.compare(a, b))
    .flatMap((rawName): BrowseEntry[] => {
      const full = Buffer.concat([folder, Buffer.from('/'), rawName]);
      const stats = lstatSync(full, { throwIfNoEntry: false });
      const name = nameFromBytes(rawName);
      if (stats === undefined) return [];
      const facts = { name, bytes: stats.size, mtimeMs: stats.mtimeMs };
      if (stats.isDirectory()) return [{ ...facts, kind: 'directory' }];
      if (stats.isSymbolicLink()) return [{ ...facts, kind: 'symlink' }];
      if (!stats.isFile() || /-(?:wal|shm|journal)$/.test(name)) return [];
      return [{ ...facts, kind: isDatabase(nameFromBytes(full)) ? 'database' : 'file' }];
    });
}

function noSuchPath(path: string): EngineError {
  return new EngineError('PATH_NOT_IN_SNAPSHOT', `no "${path}" there`, {
    path,
    hint: 'savepoint show lists what a snapshot holds',
  });
}
