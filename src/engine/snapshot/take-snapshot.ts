// Takes a snapshot inside a write session: capture, pack, manifest, one catalog transaction. Until
// that transaction nothing refers to the pack, so a failure or a kill leaves no trace of it.

import { randomBytes } from 'node:crypto';
import type {
  ChangeCounts,
  Origin,
  Reason,
  SnapshotDataDir,
  SnapshotManifest,
} from '../../core/documents/documents.ts';
import { EngineError } from '../../core/errors.ts';
import type { ProjectPath } from '../../core/names.ts';
import { ancestors } from '../../core/restore/plan-entries.ts';
import { makeSnapshotId } from '../../core/snapshot-id.ts';
import type { CallOptions } from '../options.ts';
import type { Database } from '../sqlite/sqlite-driver.ts';
import type { CaptureRoot } from '../sources/files/walked.ts';
import { appendLog } from '../store/change-log.ts';
import { isDamage } from '../store/damage.ts';
import { createContentPool } from '../store/content-pool.ts';
import { openLiveIndex, saveOverlay } from '../store/live-index.ts';
import { encodeObject } from '../store/object-encoding.ts';
import { addManifest, createPack, packName, type PackWriter } from '../store/pack-writer.ts';
import {
  insertSnapshot,
  selectEntries,
  selectManifest,
  type StoredManifest,
} from '../store/snapshot-rows.ts';
import type { ContentHash } from '../store/store.ts';
import { insertPack } from '../store/insert-pack.ts';
import type { WriteSession } from '../store/store-session.ts';
import { programVersion } from '../version.ts';
import { captureLive, type Capture, type CaptureContext } from '../capture/capture.ts';

export interface SnapshotRequest {
  readonly roots: readonly CaptureRoot[];
  readonly dataDirs: readonly SnapshotDataDir[];
  readonly reason: Reason;
  readonly label: string | null;
  /** Of the manifest. */
  readonly notCovered?: SnapshotManifest['notCovered'];
  /** What of `roots` a command named beside the data. */
  readonly beside?: readonly ProjectPath[] | undefined;
  readonly pin: boolean;
  /** Takes none where nothing changed since the newest one, and answers that. */
  readonly reuse?: boolean;
  /** Taken for a restore that takes another one back. */
  readonly beforeUndo?: boolean;
  readonly beforeRestoreOf?: SnapshotManifest['beforeRestoreOf'] | undefined;
  readonly origin: Origin;
  /** May refuse, before anything is read, by what would have to be read. */
  readonly beforeRead: CaptureContext['beforeRead'];
  /** What changed against the snapshot before, given both trees. */
  readonly countChanges: (
    before: SnapshotManifest,
    after: Pick<Capture, 'tree' | 'overlay' | 'images'>,
    isData: (path: string) => boolean,
  ) => Promise<ChangeCounts>;
  /** What does not match in what was captured; null where that was not checked. */
  readonly recordCheck: (
    before: SnapshotManifest | undefined,
    after: Capture,
    dataDirs: readonly SnapshotDataDir[],
  ) => Promise<MismatchFacts | null>;
}

/** A manifest's part of its mismatches. */
export type MismatchFacts = Pick<
  SnapshotManifest,
  'mismatches' | 'newMismatches' | 'mismatchKeys' | 'checkedBy'
> & { readonly dataDirs?: readonly SnapshotDataDir[] };

export interface SnapshotTaken {
  readonly manifest: SnapshotManifest;
  readonly capture: Capture;
  /** True where `manifest` is that of the newest snapshot from before. */
  readonly reused: boolean;
}

export async function takeSnapshot(
  writer: WriteSession,
  request: SnapshotRequest,
  call: CallOptions,
): Promise<SnapshotTaken> {
  const { db, options } = writer;
  const startedAt = options.now();
  const clock = performance.now();
  const previous = newestManifest(writer);
  const id = newId(writer, startedAt);
  options.faultPoint?.('snapshot:before-copy');
  const name = packName(writer.db, id);
  const pack = createPack(writer.packsDir, name, startedAt, options.faultPoint);
  const pool = createContentPool(writer.storePath, writer.reader, options, true);
  try {
    const capture = await captureLive(
      {
        roots: request.roots,
        index: openLiveIndex(db, writer.reader),
        store: writer.reader,
        previousTree: previous?.tree ?? null,
        pool,
        keep: (object) => pack.add(object),
        tempDir: writer.tempDir,
        options,
        beforeRead: request.beforeRead,
      },
      call,
    );
    if (request.reason !== 'safety') refuseUnread(capture);
    options.faultPoint?.('snapshot:after-copy');
    await pool.close();
    if (request.reuse && isSame(previous, capture, request))
      return withoutPack(db, previous, capture, pack);
    storeTrees(capture, writer, pack);
    const facts = await compareAndCheck(request, previous, capture);
    call.signal.throwIfAborted();
    const manifest = makeManifest(id, startedAt, capture, request, {
      ...facts,
      durationMs: Math.round(performance.now() - clock),
    });
    addManifest(pack, manifest);
    const finished = pack.finish();
    const stored = { pinned: request.pin, storedBytes: finished.bytes };
    options.faultPoint?.('pack:before-commit');
    if (request.pin) logPin(writer, id);
    db.transaction('immediate', () => {
      insertPack(db, name, finished);
      insertSnapshot(db, manifest, stored);
      saveOverlay(db, capture.overlay);
    });
    options.faultPoint?.('pack:after-commit');
    return { manifest: { ...manifest, ...stored, damaged: false }, capture, reused: false };
  } catch (error) {
    pack.abandon();
    throw error;
  } finally {
    await pool.close();
  }
}

/** What was learned about signatures is kept, so that the next look reads nothing again. */
function withoutPack(
  db: Database,
  manifest: SnapshotManifest,
  capture: Capture,
  pack: PackWriter,
): SnapshotTaken {
  pack.abandon();
  const { folders, databases } = capture.overlay;
  if (folders.size + databases.size > 0)
    db.transaction('immediate', () => saveOverlay(db, capture.overlay));
  return { manifest, capture, reused: true };
}

/** A snapshot that is damaged in the store, or was not of one moment, saves nobody's data a second time. */
function isSame(
  previous: SnapshotManifest | undefined,
  { tree, dataTree, consistent }: Capture,
  request: SnapshotRequest,
): previous is SnapshotManifest {
  if (previous === undefined || !consistent || !previous.consistent || previous.damaged)
    return false;
  // What the one before has beside the data is more than is asked for.
  return hasBeside(request) ? previous.tree === tree : dataTreeOf(previous) === dataTree;
}

function hasBeside({ beside = [] }: SnapshotRequest): boolean {
  return beside.length > 0;
}

function dataTreeOf(manifest: SnapshotManifest | undefined): ContentHash | undefined {
  return manifest?.dataTree ?? manifest?.tree;
}

/** Puts the trees and lists of chunks that the store does not have into the pack, children first. */
export function storeTrees(
  capture: Pick<Capture, 'tree' | 'overlay'> & Partial<Pick<Capture, 'rootTrees'>>,
  { reader }: Pick<WriteSession, 'reader'>,
  pack: PackWriter,
): void {
  const { overlay } = capture;
  const put = (hash: ContentHash): void => {
    const bytes = overlay.objects.get(hash);
    if (bytes !== undefined && !pack.has(hash) && !reader.has(hash))
      pack.add(encodeObject(bytes, hash));
  };
  const visit = (tree: ContentHash): void => {
    if (!overlay.objects.has(tree) || pack.has(tree)) return;
    for (const entry of overlay.readTree(tree)) {
      if (entry.kind === 'directory') visit(entry.content);
      else if (entry.kind !== 'symlink' && entry.chunked) put(entry.content);
    }
    put(tree);
  };
  visit(capture.tree);
  for (const tree of capture.rootTrees ?? []) put(tree);
}

/** What the list tells of a snapshot beside what is in it. */
async function compareAndCheck(
  request: SnapshotRequest,
  previous: SnapshotManifest | undefined,
  capture: Capture,
): Promise<MismatchFacts & Pick<SnapshotManifest, 'changes' | 'unchanged'>> {
  const changes = previous === undefined ? null : await countOrNull(request, previous, capture);
  const { beside = [] } = request;
  const isData = isOutsideOf(beside);
  const databases = capture.databases.filter(({ path }) => isData(path));
  const ofData = { ...capture, databases };
  const mismatches = await request.recordCheck(previous, ofData, request.dataDirs);
  const unchanged = !hasBeside(request) && dataTreeOf(previous) === capture.dataTree;
  return { changes, unchanged, ...(mismatches ?? { mismatches: null }) };
}

/** True for what lies in none of the folders. */
function isOutsideOf(folders: readonly string[]): (path: string) => boolean {
  const all = new Set(folders);
  return (path) => !all.has(path) && !ancestors(path).some((folder) => all.has(folder));
}

/** Null also where the snapshot before is damaged in the store. */
async function countOrNull(
  { countChanges, beside = [] }: SnapshotRequest,
  before: SnapshotManifest,
  after: Capture,
): Promise<ChangeCounts | null> {
  try {
    const others = [...beside, ...(before.beside ?? [])];
    return await countChanges(before, after, isOutsideOf(others));
  } catch (error) {
    if (isDamage(error)) return null;
    throw error;
  }
}

/** A catalog that is made anew from the packs must know it too. */
function logPin({ storePath, options }: WriteSession, id: string): void {
  const at = new Date(options.now()).toISOString();
  appendLog(storePath, [{ op: 'pin', id, at }], options.faultPoint);
}

/** A snapshot of nothing, where there is something that could not be read, would pass for one of an empty folder. */
function refuseUnread({ files, databases, skipped }: Capture): void {
  const [first] = skipped;
  if (files > 0 || databases.length > 0 || first === undefined) return;
  const isSpecial = /^(named pipe|socket|device)$/.test(first.reason);
  if (isSpecial) return;
  throw new EngineError(
    'IO',
    `nothing could be read: ${first.path}: ${first.reason}; nothing was saved`,
    {
      path: first.path,
      hint: 'make it readable, then try again',
    },
  );
}

function newestManifest({ db }: WriteSession): SnapshotManifest | undefined {
  const [newest] = selectEntries(db, { limit: 1 });
  return newest === undefined ? undefined : selectManifest(db, newest.id);
}

/** What lies beside the data, and what links in it lead to. */
function notCovered(
  { notCovered: beside = [] }: SnapshotRequest,
  { leadAway }: Capture,
): Pick<SnapshotManifest, 'notCovered'> {
  const linked = leadAway.slice(0, maxLinksTold).map(({ path, reason }) => ({
    path,
    kind: 'folder' as const,
    covered: false,
    reason,
    evidence: [],
    files: null,
    bytes: null,
    mend: null,
  }));
  const all = [...beside, ...linked];
  return all.length === 0 ? {} : { notCovered: all };
}

const maxLinksTold = 50;

/** Unique in the project, also by its suffix alone. */
function newId({ db }: WriteSession, nowMs: number): string {
  const taken = new Set(db.prepare<string>('SELECT id FROM snapshots').pluck().all().map(suffixOf));
  return makeSnapshotId(nowMs, randomBytes, (suffix) => taken.has(suffix));
}

function suffixOf(id: string): string {
  return id.slice(id.indexOf('-') + 1);
}

function makeManifest(
  id: string,
  startedAt: number,
  capture: Capture,
  request: SnapshotRequest,
  facts: MismatchFacts & {
    readonly unchanged: boolean;
    readonly changes: ChangeCounts | null;
    readonly durationMs: number;
  },
): StoredManifest {
  const { beside = [] } = request;
  const missing = capture.missingRoots.map((path) => ({ path, reason: 'not there' }));
  return {
    formatVersion: 1,
    id,
    createdAt: new Date(startedAt).toISOString(),
    reason: request.reason,
    label: request.label,
    ...request.origin,
    tree: capture.tree,
    dataDirs: request.dataDirs,
    files: capture.files,
    bytes: capture.bytes,
    databases: capture.databases,
    consistent: capture.consistent,
    unsettled: capture.unsettled,
    skipped: [...capture.skipped, ...missing],
    excluded: capture.excluded,
    ...notCovered(request, capture),
    ...(beside.length > 0 ? { beside, dataTree: capture.dataTree } : {}),
    ...(request.beforeUndo === true ? { beforeUndo: true } : {}),
    ...(request.beforeRestoreOf ? { beforeRestoreOf: request.beforeRestoreOf } : {}),
    ...facts,
    writtenBy: `savepoint ${programVersion}`,
  };
}
