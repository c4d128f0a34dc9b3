// Captures live data as one moment, in rounds:
//
// 1. Walk: what has a known signature is not read. Nothing to read: done.
// 2. Copy the databases that changed, all of one moment, and check the copies.
// 3. Read the files that changed.
// 4. Walk again, against what was just learned. A file that changed or went in the meantime: next
//    round, and the databases that changed are taken again with it. What a database committed after its
//    moment does not count. Where files only appeared, this walk is the round's: they are read, and
//    whatever a row names that the databases had by then is among them.
//
// After the last round what still changes is read as it stands and named in `unsettled`.

import { lstatSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type {
  Excluded,
  SkippedDocument,
  SnapshotDatabase,
} from '../../core/documents/documents.ts';
import type { CallOptions, EngineOptions } from '../options.ts';
import { walkRoots } from '../sources/files/file-walk.ts';
import type { CaptureRoot, Walk, WalkedFile } from '../sources/files/walked.ts';
import { captureDatabases } from '../sources/all-sources.ts';
import { orIfDamaged } from '../store/damage.ts';
import type { ContentPool } from '../store/content-pool.ts';
import type { EncodedObject } from '../store/object-encoding.ts';
import type { ContentHash, StoreReader, TreeEntry } from '../store/store.ts';
import { buildEntry, buildProjectTree } from './build-trees.ts';
import { changesSince, unknownFiles, type ChangesSince } from './changes-since.ts';
import { databaseFacts } from './database-facts.ts';
import { createNodeFinder } from '../store/find-node.ts';
import { createOverlay, type LiveOverlay, type SnapshotIndex } from '../store/live-overlay.ts';
import { readFiles, type FileToRead } from './read-files.ts';
import { createResolver, type CapturedContent } from './resolve-files.ts';
import { tornJson } from './torn-json.ts';
import { leadsAway } from '../disk/real-path.ts';
import { diskPath, problemWords } from '../disk/disk-path.ts';
import type { CapturedDatabase } from '../sources/source.ts';

export interface CaptureContext {
  readonly roots: readonly CaptureRoot[];
  readonly index: SnapshotIndex;
  readonly store: StoreReader | null;
  /** Tree of the newest snapshot: its chunks are what deltas are made against. */
  readonly previousTree: ContentHash | null;
  readonly pool: ContentPool;
  /** Gets each new object; null where nothing is to be stored. */
  readonly keep: ((object: EncodedObject) => void) | null;
  readonly tempDir: string;
  readonly options: EngineOptions;
  /** Called once, before anything is read, with what would be read and is not known at all. */
  readonly beforeRead: ((files: readonly NewFile[]) => void) | null;
}

/** A file of which the store has no earlier version. */
export interface NewFile {
  readonly path: string;
  readonly bytes: number;
}

export interface Capture {
  readonly tree: ContentHash;
  /** What it would be without what lies beside the data; no such tree need be in the store. */
  readonly dataTree: ContentHash;
  readonly overlay: LiveOverlay;
  readonly files: number;
  readonly bytes: number;
  readonly databases: readonly SnapshotDatabase[];
  readonly consistent: boolean;
  readonly unsettled: readonly string[];
  readonly skipped: readonly SkippedDocument[];
  readonly excluded: readonly Excluded[];
  /**
   * Links to what is not captured, with the reason; none in an untrusted workspace, where none is
   * followed. Databases with a further name elsewhere, too.
   */
  readonly leadAway: readonly SkippedDocument[];
  /** Sound images of the databases that were copied, by path: single files in the temporary folder. */
  readonly images: ReadonlyMap<string, string>;
  /** Trees that the index names for roots which are files; no other tree need hold them. */
  readonly rootTrees: readonly ContentHash[];
  /** Roots that were not there. */
  readonly missingRoots: readonly string[];
}

const maxRounds = 4;
const tornWaitMs = 20;
const maxTornWaits = 3;

/** One walk, and what is read because of it. */
interface Round {
  readonly walk: Walk;
  /** True where files are read as they stand, because there is no further walk. */
  readonly isLast: boolean;
  readonly context: CaptureContext;
  readonly overlay: LiveOverlay;
  /** What was read so far, in the rounds before too. */
  readonly content: CapturedContent;
  readonly call: CallOptions;
}

export async function captureLive(context: CaptureContext, call: CallOptions): Promise<Capture> {
  const overlay = createOverlay(context.index, context.store);
  const content: CapturedContent = { files: new Map(), failures: new Map(), databases: new Map() };
  const look = (): Promise<Walk> => walkRoots(context.roots, overlay, context.options.now, call);
  call.progress.phase('reading');
  let walk = await look();
  for (let number = 1; ; number += 1) {
    const round = { walk, isLast: number === maxRounds, context, overlay, content, call };
    const hasRead = await readChanged(round);
    const trees = buildTrees(round);
    if (!hasRead) return toCapture(round, trees, []);
    walk = await look();
    const since = changesSince(walk, { ...round, before: round.walk });
    const { changed, appeared } = since;
    if (changed.length === 0 && appeared.length === 0) return toCapture(round, trees, []);
    const late = { ...round, walk };
    if (await readAppeared(since, late)) return toCapture(late, buildTrees(late), []);
    if (round.isLast)
      return toCapture(round, trees, [...changed, ...appeared.map(({ path }) => path)]);
  }
}

/** Reads what the walk did not know. False where there was nothing to read. */
async function readChanged(round: Round): Promise<boolean> {
  const { walk, isLast, context, overlay, content, call } = round;
  const databases = walk.databases.filter((file) => !file.known);
  const copied = new Set(databases.map((file) => file.path));
  const files = unknownFiles(walk.roots).filter((file) => !copied.has(file.path));
  if (databases.length === 0 && files.length === 0) return false;
  const bytes = [...databases, ...files].reduce((sum, file) => sum + file.node.size, 0);
  call.progress.total(databases.length + files.length, bytes);
  const find = createNodeFinder(overlay.reader, context.previousTree);
  const previous = (path: string): TreeEntry | undefined =>
    orIfDamaged(() => find(path), undefined);
  context.beforeRead?.(
    [...databases, ...files]
      .filter((file) => previous(file.path) === undefined)
      .map((file) => ({ path: file.path, bytes: file.node.size })),
  );
  const previousChunks = (path: string): readonly ContentHash[] => {
    const node = previous(path);
    const { store } = context;
    if (node === undefined || !('chunked' in node) || store === null) return [];
    return orIfDamaged(() => store.chunksOf(node), []);
  };
  // Every file that failed before is tried again, or is gone.
  content.failures.clear();
  // Both at once: which is first does not matter, since the next walk looks at the files again.
  const [captured] = await bothOf(
    copyDatabases(databases, context, call),
    readInto(
      round,
      files.map((file) => liveFile(file, previousChunks, isLast)),
    ),
  );
  for (const database of captured) content.databases.set(database.key, database);
  await readInto(
    round,
    captured.flatMap((database) => copiedFiles(database, previousChunks)),
  );
  if (!isLast) await awaitWholeJson(files, context);
  return true;
}

/**
 * Reads files that were not there when the round looked. False where that is not all there is, or one of
 * them is still being written.
 */
async function readAppeared(
  { changed, appeared, hasNewDatabase }: ChangesSince,
  round: Round,
): Promise<boolean> {
  const { context, content, call } = round;
  if (changed.length > 0 || hasNewDatabase) return false;
  const bytes = appeared.reduce((sum, file) => sum + file.node.size, 0);
  call.progress.total(appeared.length, bytes);
  context.beforeRead?.(appeared.map((file) => ({ path: file.path, bytes: file.node.size })));
  await readInto(
    round,
    appeared.map((file) => liveFile(file, () => [], false)),
  );
  if (appeared.some(({ path }) => content.failures.has(path))) return false;
  if (tornJson(appeared, context.roots, context.options.now()).length > 0) return false;
  return appeared.every(isAsSeen);
}

function isAsSeen({ absolutePath, identity: { size, mtimeNs, ino } }: WalkedFile): boolean {
  const now = lstatSync(diskPath(absolutePath), { bigint: true, throwIfNoEntry: false });
  return now?.size === size && now.mtimeNs === mtimeNs && now.ino === ino;
}

/** Reads the files; what they hold, or why they could not be read, is known then. */
async function readInto(
  { context, overlay, content, call }: Round,
  toRead: readonly FileToRead[],
): Promise<void> {
  const keep = context.keep ?? (() => undefined);
  const found = await readFiles(toRead, context.pool, keep, overlay.keepObject, call);
  for (const file of toRead) content.files.delete(file.path);
  for (const [path, one] of found.contents) content.files.set(path, one);
  for (const [path, failure] of found.failures) {
    if (failure.problem === 'database') overlay.markDatabase(path);
    content.failures.set(path, failure);
  }
}

/** Waits for both, also where one fails: what it works with is taken away afterwards. */
async function bothOf<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([first, second]);
  return await Promise.all([first, second]);
}

/**
 * Waits while files that must be JSON are half-written, for the time that a write takes: the next walk
 * then sees that they changed, and they are read again. One that stays as it is, is what it is, and
 * what was read of it counts.
 */
async function awaitWholeJson(
  files: readonly WalkedFile[],
  context: CaptureContext,
): Promise<void> {
  for (let wait = 1; wait <= maxTornWaits; wait += 1) {
    if (tornJson(files, context.roots, context.options.now()).length === 0) return;
    await delay(tornWaitMs);
  }
}

async function copyDatabases(
  databases: readonly WalkedFile[],
  context: CaptureContext,
  call: CallOptions,
): Promise<readonly CapturedDatabase[]> {
  if (databases.length === 0) return [];
  const live = databases.map((file) => ({ key: file.path, path: file.absolutePath }));
  const { databases: captured } = await captureDatabases(live, {
    tempDir: context.tempDir,
    options: context.options,
    call,
  });
  return captured;
}

/** In the last round a file is read as it stands, however it changes meanwhile. */
function liveFile(
  file: WalkedFile,
  previousChunks: (path: string) => readonly ContentHash[],
  last: boolean,
): FileToRead {
  return {
    path: file.path,
    readFrom: file.absolutePath,
    size: Number(file.identity.size),
    expected: last ? null : file.identity,
    previous: previousChunks(file.path),
    headerVersion: null,
    isDatabase: false,
  };
}

/** The image of a database, or the copies of a group that could not be opened. */
function copiedFiles(
  database: CapturedDatabase,
  previousChunks: (path: string) => readonly ContentHash[],
): FileToRead[] {
  const common = { expected: null, isDatabase: true };
  if (database.imagePath !== null)
    return [
      {
        ...common,
        path: database.key,
        readFrom: database.imagePath,
        size: database.bytes,
        previous: previousChunks(database.key),
        headerVersion: database.writeVersion,
      },
    ];
  return database.groupFiles.map(({ suffix, copyPath, bytes }) => ({
    ...common,
    path: `${database.key}${suffix}`,
    readFrom: copyPath,
    size: bytes,
    previous: previousChunks(`${database.key}${suffix}`),
    headerVersion: null,
    isDatabase: false,
  }));
}

type Trees = Pick<Capture, 'tree' | 'dataTree'>;

function buildTrees({ walk, content, context, overlay }: Round): Trees {
  const resolve = createResolver(content, overlay);
  const roots: { path: string; entry: TreeEntry; isBeside: boolean }[] = [];
  for (const [i, entry] of walk.roots.entries()) {
    const root = context.roots[i];
    const built = entry === null ? null : buildEntry(entry, resolve, overlay);
    if (built !== null && root !== undefined)
      roots.push({ path: root.path, entry: built, isBeside: root.isBeside === true });
  }
  const tree = buildProjectTree(roots, overlay);
  const ofData = roots.filter(({ isBeside }) => !isBeside);
  const dataTree = ofData.length === roots.length ? tree : buildProjectTree(ofData, overlay);
  return { tree, dataTree };
}

function toCapture(
  { walk, content, context, overlay }: Round,
  trees: Trees,
  unsettled: readonly string[],
): Capture {
  const databases = walk.databases.flatMap((file) => databaseDocument(file, content, overlay));
  const failed = [...content.failures].map(([path, { problem, errorCode }]) => ({
    path,
    reason:
      problem === 'unreadable'
        ? problemWords(errorCode ?? undefined)
        : 'kept changing while it was read',
  }));
  const lost = databases
    .filter((database) => database.state === 'locked' || database.state === 'unreadable')
    .map(({ path, detail, state }) => ({ path, reason: detail ?? state }));
  const moving = [...content.databases.values()].filter((database) => !database.consistent);
  const paths = [...unsettled, ...moving.map((database) => database.key)];
  return {
    ...trees,
    overlay,
    files: walk.files,
    bytes: walk.bytes,
    databases,
    consistent: paths.length === 0,
    unsettled: [...new Set(paths)].toSorted(),
    skipped: [...walk.skipped, ...failed, ...lost],
    excluded: walk.excluded,
    leadAway: [
      ...walk.namedElsewhere.map((path) => ({ path, reason: namedElsewhere })),
      ...(context.options.trusted ? linksAway(walk, context.roots) : []),
    ],
    images: new Map(
      [...content.databases.values()].flatMap(({ key, imagePath }) =>
        imagePath === null ? [] : [[key, imagePath] as const],
      ),
    ),
    rootTrees: walk.roots.flatMap((entry) =>
      entry?.kind === 'file' || entry?.kind === 'database'
        ? (overlay.folders.get(entry.path)?.tree ?? [])
        : [],
    ),
    missingRoots: context.roots.filter((_, i) => walk.roots[i] === null).map((root) => root.path),
  };
}

const namedElsewhere =
  'has a further name (hard link) outside of the data, which a restore leaves as it is';

function linksAway({ links }: Walk, roots: readonly CaptureRoot[]): readonly SkippedDocument[] {
  const captured = roots.map(({ absolutePath }) => absolutePath);
  return links.flatMap(({ path, absolutePath }) => {
    const reason = leadsAway(absolutePath, captured);
    return reason === undefined ? [] : [{ path, reason }];
  });
}

function databaseDocument(
  file: WalkedFile,
  content: CapturedContent,
  overlay: LiveOverlay,
): SnapshotDatabase[] {
  const captured = content.databases.get(file.path);
  if (captured !== undefined) return [{ path: file.path, ...databaseFacts(captured) }];
  const known = overlay.database(file.path);
  return known === undefined ? [] : [{ path: file.path, ...known.facts }];
}
