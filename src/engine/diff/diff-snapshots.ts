// What differs between two snapshots, or a snapshot and live data: files by their hashes, databases
// by schema and rows. Only databases whose bytes differ are opened.

import { ownerOfSidecar } from '../../core/names.ts';
import type {
  CellForm,
  DatabaseDiff,
  DiffDocument,
  FileChange,
  SchemaChange,
  SkippedDocument,
} from '../../core/documents/documents.ts';
import { isStoreDamaged } from '../../core/errors.ts';
import { isWithin } from '../../core/names.ts';
import type { CallOptions } from '../options.ts';
import type { FileNode, StoreReader } from '../store/store.ts';
import { diffByPages, type DiffByPagesOptions, type StoredDatabase } from './diff-by-pages.ts';
import { diffDatabases, isEmptyDiff } from './diff-databases.ts';
import { diffTrees, type DatabasePair, type TreeDiff, type TreeSide } from './diff-trees.ts';
import { tellNoRoom } from './no-room.ts';
import { withoutUnread } from './unread-paths.ts';

export interface DiffSide extends TreeSide {
  /** Where it can read lists of chunks and objects, large databases are compared by their pages. */
  readonly reader: TreeSide['reader'] &
    Partial<Pick<StoreReader, 'chunksOf' | 'readObject' | 'together'>>;
  /** Absolute path of a folder for temporary files; without one databases are compared as whole images. */
  readonly tempDir?: string | undefined;
  /** An image of the database at `path` that is there already; null or absent where its chunks are in the store. */
  existingImage?(path: string): string | null;
  /**
   * A sound image of the database at `path` in a temporary folder, which belongs to the side; null
   * where it cannot be opened.
   */
  databaseImage(path: string): Promise<string | null>;
}

export interface NamedDiffSide extends DiffSide {
  /** A snapshot's id, or `live`. */
  readonly id: string;
  /** Count of mismatches; undefined or null where it was not checked. */
  readonly mismatches?: number | null;
  /** What could not be captured of it. */
  readonly skipped?: readonly SkippedDocument[];
}

export interface DiffSnapshotsOptions {
  /** Rows listed per table; 0 only counts. */
  readonly rows: number;
  /** Default `whole`. */
  readonly cells?: CellForm | undefined;
  /** Captured paths that are compared; null or absent: all. */
  readonly roots?: readonly string[] | null;
}

/** @throws EngineError STORE_DAMAGED where a tree is, NO_SPACE */
export async function diffSnapshots(
  before: NamedDiffSide,
  after: NamedDiffSide,
  { roots = null, ...listing }: DiffSnapshotsOptions,
  call: CallOptions,
): Promise<DiffDocument> {
  call.progress.phase('comparing');
  const all = await diffTrees(before, after, call.signal);
  const trees = withoutUnread(
    roots === null ? all : within(all, roots),
    before.skipped ?? [],
    after.skipped ?? [],
  );
  const { databases, unreadDatabases, skipped } = trees;
  const { files, noneAnyMore } = withoutLostDatabases(trees);
  call.progress.total(
    0,
    databases.reduce((sum, pair) => sum + bytesOf(pair), 0),
  );
  const diffs: DatabaseDiff[] = [];
  for (const pair of databases) {
    const diff =
      unreadDatabases.get(pair.path) ??
      noneAnyMore.get(pair.path) ??
      (await diffDatabasePair(pair, before, after, { ...listing, signal: call.signal }));
    if (!isEmptyDiff(diff)) diffs.push(diff);
    call.progress.advance(0, bytesOf(pair));
  }
  const pathsOf = (op: string): string[] =>
    files.flatMap((change) => (change.op === op ? [change.path] : []));
  return {
    files: { added: pathsOf('add'), removed: pathsOf('remove'), modified: pathsOf('change') },
    databases: diffs,
    mismatches: { before: before.mismatches ?? null, after: after.mismatches ?? null },
    fileChanges: files,
    ...(skipped.length > 0 ? { skipped } : {}),
    a: before.id,
    b: after.id,
  };
}

/** What differs at or below these paths. A folder above them that is on one side only is not told. */
function within({ files, databases }: TreeDiff, roots: readonly string[]): TreeDiff {
  const rootOf = (path: string): string | undefined => roots.find((root) => isWithin(path, root));
  return {
    files: files.flatMap(({ folder, ...change }) => {
      const root = rootOf(change.path);
      if (root === undefined) return [];
      const whole = folder !== undefined && rootOf(folder) === undefined ? root : folder;
      return whole === undefined || whole === change.path
        ? [change]
        : [{ ...change, folder: whole }];
    }),
    databases: databases.filter(({ path }) => rootOf(path) !== undefined),
  };
}

/** A file where a database was: the database was overwritten or encrypted. It is told as one that cannot be compared. */
function withoutLostDatabases({ files, databases }: TreeDiff): {
  readonly files: readonly FileChange[];
  readonly noneAnyMore: ReadonlyMap<string, DatabaseDiff>;
} {
  const noneAnyMore = new Map<string, DatabaseDiff>();
  for (const { path, op, kind, afterBytes } of files) {
    if (op !== 'add' || kind !== 'file') continue;
    if (!databases.some((pair) => pair.path === path && pair.before !== null)) continue;
    const problem =
      afterBytes === 0 ? 'it is an empty file now' : 'it is no SQLite database any more';
    noneAnyMore.set(path, { path, state: 'changed', schema: [], tables: [], problem });
  }
  const isPartOfOne = (path: string): boolean =>
    noneAnyMore.has(path) || noneAnyMore.has(ownerOfSidecar(path) ?? path);
  return { files: files.filter(({ path }) => !isPartOfOne(path)), noneAnyMore };
}

export interface DatabasePairOptions extends Omit<DiffSnapshotsOptions, 'roots'> {
  readonly signal: AbortSignal;
}

/**
 * One database of a tree diff. Its permission bits are told as a change of type `file`. What of it
 * cannot be read, in the store or by SQLite, is told in `problem`.
 * @throws EngineError NO_SPACE
 */
export async function diffDatabasePair(
  pair: DatabasePair,
  before: DiffSide,
  after: DiffSide,
  options: DatabasePairOptions,
): Promise<DatabaseDiff> {
  const { path } = pair;
  const modes = diffModes(pair);
  const state = pair.before === null ? 'added' : pair.after === null ? 'removed' : 'changed';
  const empty = { path, state, schema: modes, tables: [], problem: null } as const;
  if (!hasOtherBytes(pair)) return empty;
  const quick = await diffPagesOfPair(pair, before, after, options);
  if (quick !== undefined) return { ...quick, schema: [...modes, ...quick.schema] };
  const older = await imageOf(pair.before, before, path);
  const newer = await imageOf(pair.after, after, path);
  if (older.problem !== null) return { ...empty, problem: `its older version ${older.problem}` };
  if (newer.problem !== null) return { ...empty, problem: `its newer version ${newer.problem}` };
  const diff = await diffDatabases(older.path, newer.path, { ...options, path });
  return { ...diff, schema: [...modes, ...diff.schema] };
}

interface ImageOrProblem {
  /** Null where the side has no such database. */
  readonly path: string | null;
  readonly problem: string | null;
}

/** Damage in the store is told of the one database, so that everything else can still be compared. */
async function imageOf(
  node: FileNode | null,
  side: DiffSide,
  path: string,
): Promise<ImageOrProblem> {
  if (node === null) return { path: null, problem: null };
  try {
    const image = await side.databaseImage(path);
    return { path: image, problem: image === null ? 'cannot be opened' : null };
  } catch (error) {
    if (!isStoreDamaged(error)) throw tellNoRoom(error);
    return { path: null, problem: `is damaged in the store: ${error.message}` };
  }
}

/** Smaller ones are brought to disk and compared as quickly. */
const minPagedBytes = 1024 * 1024;

/** Undefined where they cannot be compared by their pages, or not within `maxReadBytes`. */
export async function diffPagesOfPair(
  pair: DatabasePair,
  before: DiffSide,
  after: DiffSide,
  options: DatabasePairOptions & Pick<DiffByPagesOptions, 'maxReadBytes'>,
): Promise<DatabaseDiff | undefined> {
  const { path } = pair;
  const tempDir = before.tempDir ?? after.tempDir;
  const older = storedDatabase(pair.before, before, path);
  const newer = storedDatabase(pair.after, after, path);
  if (tempDir === undefined || older === undefined || newer === undefined) return undefined;
  try {
    return await diffByPages(older, newer, tempDir, { ...options, path });
  } catch (error) {
    if (!isStoreDamaged(error)) throw tellNoRoom(error);
    return undefined;
  }
}

function storedDatabase(
  node: FileNode | null,
  side: DiffSide,
  path: string,
): StoredDatabase | undefined {
  const { chunksOf, readObject, together } = side.reader;
  if (node === null || !node.chunked || node.size < minPagedBytes) return undefined;
  if (chunksOf === undefined || readObject === undefined) return undefined;
  const reader = { chunksOf, readObject, ...(together && { together }) };
  return { node, reader, image: side.existingImage?.(path) ?? null };
}

/** False where a database differs by its mode alone. */
export function hasOtherBytes({ before, after }: DatabasePair): boolean {
  return before?.content !== after?.content;
}

function diffModes({ before, after }: DatabasePair): readonly SchemaChange[] {
  if (before === null || after === null || before.mode === after.mode) return [];
  const octal = (mode: number): string => mode.toString(8).padStart(4, '0');
  return [
    {
      op: 'change',
      type: 'file',
      name: 'mode',
      before: octal(before.mode),
      after: octal(after.mode),
    },
  ];
}

function bytesOf({ before, after }: DatabasePair): number {
  return Math.max(before?.size ?? 0, after?.size ?? 0);
}
