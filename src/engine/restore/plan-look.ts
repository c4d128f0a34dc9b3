// What a plan was made on: live data as it was captured beside the snapshot. A preview asks again
// and again with other ticks, so the look is kept until it is closed: temporary images, trees, what
// was found to differ.

import { projectPath } from '../../core/names.ts';
import { restorableRoots } from '../store/snapshot-roots.ts';
import type { SnapshotManifest } from '../../core/documents/documents.ts';
import { inferOptions } from '../check/remembered-rules.ts';
import type { FoundDataDirs } from '../detect/found.ts';
import { uncancelled, type CallOptions } from '../options.ts';
import type { ProjectContext } from '../project/project-context.ts';
import type { Capture } from '../capture/capture.ts';
import { liveImage } from '../capture/live-image.ts';
import { findManifest, liveSide, snapshotSide, type Side } from '../capture/open-side.ts';
import { readOrigin } from '../snapshot/origin.ts';
import { filesOpenElsewhere, processesWithOpen } from '../disk/open-by.ts';
import type { CaptureRoot } from '../sources/files/walked.ts';
import {
  makeTempDir,
  openStoreForReading,
  removeTempDir,
  type StoreSession,
} from '../store/store-session.ts';
import { ComparedDatabases, type ComparedSides } from './compared-databases.ts';
import { describePlan, type DescribedPlan } from './describe-plan.ts';
import { flattenTree, type FlatTree } from '../store/flatten-tree.ts';
import { createPlace } from '../sources/files/place.ts';
import { createMismatchChecker, type MismatchChecker } from './plan-mismatches.ts';
import { workOutPlan, type LiveSide, type WorkedOutPlan } from './plan-restore.ts';
import { parseSelection } from './selection.ts';
import { isSameState, lookAtState, type LiveState } from './live-state.ts';
import { isUndo } from './undo.ts';
import type { RestoreOptions } from '../../core/documents/options.ts';
import { restoreRoots } from '../capture/capture-roots.ts';
import { resolveEntry } from '../store/snapshot-rows.ts';

export interface PlannedRestore extends DescribedPlan {
  readonly worked: WorkedOutPlan;
}

export interface PlanLook {
  /** The snapshot's id. */
  readonly id: string;
  /** What the options would do to the data that was looked at. @throws as `planRestore` */
  plan(options: RestoreOptions, call: CallOptions): Promise<PlannedRestore>;
  /** True where nothing that is in scope changed since, by signatures. */
  isCurrent(isInScope: (path: string) => boolean, call: CallOptions): Promise<boolean>;
  /** Gives everything back, once nobody plans on it any more. */
  close(): void;
}

/** As `diff` lists them. */
const defaultRows = 100;

/** @throws EngineError SNAPSHOT_NOT_FOUND and others, as `planRestore` */
export async function lookAtData(
  context: ProjectContext,
  snapshot: string,
  call: CallOptions,
): Promise<PlanLook> {
  const { storePath } = context.place();
  const store = openStoreForReading(storePath);
  if (store === undefined) {
    // Says that there is no such snapshot.
    resolveEntry(null, snapshot);
    throw new Error('a store without a catalog has no snapshots');
  }
  const tempDir = makeTempDir(storePath, 'reader');
  const release = (): void => {
    removeTempDir(tempDir);
    store.close();
  };
  try {
    const manifest = findManifest(store, snapshot);
    const tree = snapshotTree(store, manifest);
    const found = context.find();
    const roots = restoreRoots(manifest, tree, found);
    const state = await lookAtState(roots, context.options, call);
    const place = { context, found, store, manifest, tree, roots, tempDir };
    const data = await captureData(place, call);
    return createLook({ ...place, state, ...data, release });
  } catch (error) {
    release();
    throw error;
  }
}

interface LookFacts {
  readonly context: ProjectContext;
  readonly found: FoundDataDirs;
  readonly store: StoreSession;
  readonly manifest: SnapshotManifest;
  readonly tree: FlatTree;
  readonly roots: readonly CaptureRoot[];
  /** Before it was captured. */
  readonly state: LiveState;
  readonly live: LiveSide;
  readonly compared: ComparedDatabases;
  readonly mismatches: MismatchChecker;
  readonly release: () => void;
}

function snapshotTree(store: StoreSession, manifest: SnapshotManifest): FlatTree {
  return flattenTree(store.reader, manifest.tree, restorableRoots(manifest));
}

type Place = Pick<LookFacts, 'context' | 'found' | 'store' | 'manifest' | 'tree' | 'roots'> & {
  readonly tempDir: string;
};

async function captureData(
  place: Place,
  call: CallOptions,
): Promise<Pick<LookFacts, 'live' | 'compared' | 'mismatches'>> {
  const { context, store, manifest, roots, tempDir } = place;
  const side = await liveSide(context, store, roots, tempDir, call);
  const { capture } = side;
  if (capture === null) throw new Error('live data was not captured');
  const flat = flattenTree(side.reader, side.tree, restorableRoots(manifest));
  // The images are made when they are asked for, and that may be in a later call.
  const after = snapshotSide(store, manifest, tempDir, uncancelled.signal);
  const before = { ...side, databaseImage: imagesOnce(side, capture, place) };
  const live = { ...capture, reader: side.reader, flat, same: new Map<string, boolean>() };
  return {
    live,
    compared: new ComparedDatabases({ before, after }),
    mismatches: mismatchesOf(place, live, { before, after }),
  };
}

/** Each is made once, where it is asked for. */
function imagesOnce(
  side: Side,
  capture: Capture,
  { context: { options, projectDir }, tempDir }: Place,
): Side['databaseImage'] {
  const copied = new Map<string, Promise<string | null>>();
  const copying = { projectDir, tempDir, options, call: uncancelled };
  const copy = async (path: string): Promise<string | null> =>
    (await liveImage(projectPath(path), capture, copying)) ?? (await side.databaseImage(path));
  return async (path) => {
    const known = capture.images.get(path);
    if (known !== undefined) return known;
    const taken = copied.get(path) ?? copy(path);
    copied.set(path, taken);
    return await taken;
  };
}

function mismatchesOf(
  { context, found, store, manifest, tree }: Place,
  live: LiveSide & { readonly flat: FlatTree },
  sides: ComparedSides,
): MismatchChecker {
  const { options } = context;
  const infer = options.trusted ? inferOptions(store.db) : null;
  return createMismatchChecker(options, {
    found,
    manifest,
    reader: store.reader,
    live: { ...live, tree: live.flat, root: live.tree },
    snapshot: tree,
    sides,
    infer,
  });
}

function createLook(facts: LookFacts): PlanLook {
  const { context, manifest, compared, roots } = facts;
  const openIn = keepAnswers(processesWithOpen);
  const openFiles = keepAnswers(filesOpenElsewhere);
  let working = 0;
  let isClosed = false;
  const releaseIfIdle = (): void => {
    if (!isClosed || working > 0) return;
    compared.close();
    facts.mismatches.close();
    facts.release();
  };
  return {
    id: manifest.id,
    async plan(options, call) {
      working += 1;
      try {
        const worked = workOut(facts, options);
        const describing = {
          compared,
          listing: { rows: options.rows ?? defaultRows, cells: options.cells },
          openIn,
          openFiles,
          mismatches: facts.mismatches,
          log: context.options.log,
          branch: readOrigin(context.projectDir, context.options).branch,
        };
        return { worked, ...(await describePlan(worked, describing, call)) };
      } finally {
        working -= 1;
        releaseIfIdle();
      }
    },
    isCurrent: async (isInScope, call) =>
      isSameState(await lookAtState(roots, context.options, call), facts.state, isInScope),
    close() {
      if (isClosed) return;
      isClosed = true;
      releaseIfIdle();
    },
  };
}

function workOut(facts: LookFacts, options: RestoreOptions): WorkedOutPlan {
  const { context, manifest, tree, store, live } = facts;
  const selection = parseSelection(options, manifest.dataDirs);
  const subject = {
    manifest,
    snapshot: tree,
    reader: store.reader,
    place: createPlace(context.projectDir, restorableRoots(manifest)),
    selection,
    isUndo: isUndo(store, manifest.id, selection),
    keepNew: options.keepNew ?? false,
  };
  return workOutPlan(subject, live);
}

/** Programs come and go, but not between two ticks. */
const openInMs = 1000;

function keepAnswers<T>(
  ask: (paths: readonly string[]) => Promise<T>,
): (paths: readonly string[]) => Promise<T> {
  const kept = new Map<string, { readonly atMs: number; readonly answer: Promise<T> }>();
  return async (paths) => {
    const key = paths.join('\n');
    const nowMs = performance.now();
    const known = kept.get(key);
    if (known !== undefined && nowMs - known.atMs < openInMs) return await known.answer;
    const answer = ask(paths);
    kept.set(key, { atMs: nowMs, answer });
    return await answer;
  };
}
