// The part of an open project that restores.

import type { RestoreDocument, RestorePlanDocument } from '../../core/documents.ts';
import { EngineError } from '../../core/errors.ts';
import type { CallOptions } from '../options.ts';
import type { Project, RestoreOptions } from '../project.ts';
import type { ProjectContext } from '../project-context.ts';
import { findManifest, liveSide, snapshotSide } from '../snapshot/open-side.ts';
import { readOrigin } from '../snapshot/origin.ts';
import { selectManifest } from '../store/snapshot-rows.ts';
import { makeTempDir, removeTempDir, type StoreSession } from '../store/store-session.ts';
import { applyRestore } from './apply-restore.ts';
import { describePlan } from './describe-plan.ts';
import { flattenTree } from './flatten-tree.ts';
import { createPlace } from './place.ts';
import { parseScope, workOutPlan } from './plan-restore.ts';
import { interruptedRestore, readLastRestore } from './records.ts';
import { planRestoreTo, restoreTo } from './restore-to.ts';
import { restoreRoots } from './safety.ts';
import { contentsOf, rowsOf, type ShownPlan } from './shown-plan.ts';
import { liveStateOf, restoreStateOf, undoOptionsOf } from './undo.ts';

type RestorePart = Pick<
  Project,
  | 'planRestore'
  | 'isPlanCurrent'
  | 'closePlan'
  | 'applyRestore'
  | 'undoOptions'
  | 'isUntouchedSinceRestore'
  | 'pendingRestore'
>;

/** What the status tells of restores: whether there is one to undo, and one that was interrupted. */
export const restoreState = restoreStateOf;

export function restorePart(context: ProjectContext): RestorePart {
  // Counting rows twice, for the question and for the answer, would double the wait.
  const shownPlans = new Map<string, ShownPlan>();
  return {
    async planRestore(options, call) {
      const { document, contents } = await plan(context, options, call);
      if (shownPlans.size > 100) shownPlans.clear();
      shownPlans.set(document.token, { token: document.token, rows: rowsOf(document), contents });
      return document;
    },
    async applyRestore(options, token, call) {
      const shown =
        token === undefined
          ? undefined
          : (shownPlans.get(token) ?? { token, rows: null, contents: '' });
      return await apply(context, options, shown, call);
    },
    isPlanCurrent: async () => true,
    closePlan: async () => undefined,
    undoOptions: async () => context.read(undoOptionsOf),
    isUntouchedSinceRestore: async (call) =>
      await context.readAsync(async (store) => await isUntouched(context, store, call)),
    pendingRestore: async () => context.read(interruptedRestore),
  };
}

async function plan(
  context: ProjectContext,
  options: RestoreOptions,
  call: CallOptions,
): Promise<{ readonly document: RestorePlanDocument; readonly contents: string }> {
  assertSupported(options);
  return await withTempDir(context, async (store, tempDir) => {
    const { to } = options;
    if (to !== undefined)
      return {
        document: planRestoreTo(store, { ...options, to }, context, tempDir, call).document,
        contents: '',
      };
    const manifest = findManifest(store, options.snapshot);
    if (store === null) throw new Error('a store without a catalog has no snapshots');
    const dataRoots = manifest.dataDirs.flatMap((dir) => dir.roots);
    const snapshot = flattenTree(store.reader, manifest.tree, dataRoots);
    const only = parseScope(options);
    const live = await liveSide(
      context,
      store,
      restoreRoots(context, manifest, snapshot),
      tempDir,
      call,
    );
    if (live.capture === null) throw new Error('live data was not captured');
    const worked = workOutPlan(
      {
        manifest,
        snapshot,
        reader: store.reader,
        place: createPlace(context.projectDir, dataRoots),
        only,
        keepNew: options.keepNew ?? false,
      },
      { ...live.capture, reader: live.reader },
    );
    const described = await describePlan(
      worked,
      {
        before: live,
        after: snapshotSide(store, manifest, tempDir, call.signal),
        options: context.options,
        rows: options.rows ?? defaultRows,
        cells: options.cells,
        branch: readOrigin(context.projectDir, context.options.env).branch,
      },
      call,
    );
    return { document: described.document, contents: contentsOf(worked) };
  });
}

/** As `diff` lists them. */
const defaultRows = 100;

async function apply(
  context: ProjectContext,
  options: RestoreOptions,
  shown: ShownPlan | undefined,
  call: CallOptions,
): Promise<RestoreDocument> {
  assertSupported(options);
  if (!context.options.trusted) {
    throw new EngineError('UNTRUSTED', 'nothing is restored in a folder that is not trusted', {
      path: context.projectDir,
      hint: 'trust the folder first',
    });
  }
  const { to } = options;
  if (to === undefined) return await applyRestore(context, options, shown, call);
  return await withTempDir(context, async (store, tempDir) => {
    const extraction = planRestoreTo(store, { ...options, to }, context, tempDir, call);
    return await restoreTo(extraction, context, tempDir, call);
  });
}

function assertSupported({ table }: RestoreOptions): void {
  if (table === undefined || table.length === 0) return;
  throw new EngineError('USAGE', 'single tables cannot be restored yet', {
    hint: 'restore the whole database with --only',
  });
}

async function withTempDir<T>(
  context: ProjectContext,
  work: (store: StoreSession | null, tempDir: string) => Promise<T>,
): Promise<T> {
  return await context.readAsync(async (store) => {
    const tempDir = makeTempDir(context.place().storePath, 'reader');
    try {
      return await work(store, tempDir);
    } finally {
      removeTempDir(tempDir);
    }
  });
}

async function isUntouched(
  context: ProjectContext,
  store: StoreSession | null,
  call: CallOptions,
): Promise<boolean> {
  const last = store === null ? undefined : readLastRestore(store.db);
  if (store === null || last === undefined) return false;
  if (interruptedRestore(store) !== null) return false;
  const manifest = selectManifest(store.db, last.snapshot);
  if (manifest === undefined) return false;
  const roots = manifest.dataDirs.flatMap((dir) => dir.roots);
  const snapshot = flattenTree(store.reader, manifest.tree, roots);
  const state = await liveStateOf(restoreRoots(context, manifest, snapshot), context.options, call);
  return state === last.liveState;
}
