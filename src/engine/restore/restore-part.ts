// The part of an open project that restores.

import { restorableRoots } from '../store/snapshot-roots.ts';
import type { RestoreDocument, RestorePlanDocument } from '../../core/documents/documents.ts';
import type { CallOptions } from '../options.ts';
import type { Project } from '../project/project.ts';
import type { ProjectContext } from '../project/project-context.ts';
import { selectManifest } from '../store/snapshot-rows.ts';
import type { StoreSession } from '../store/store-session.ts';
import { applyRestore } from './apply-restore.ts';
import { flattenTree } from '../store/flatten-tree.ts';
import { HeldPlans } from './held-plans.ts';
import { interruptedRestore, readLastRestore } from '../store/restore-records.ts';
import { planRestoreTo, restoreTo } from './restore-to.ts';
import type { ShownPlan } from './shown-plan.ts';
import { lookAtState, stateHash } from './live-state.ts';
import { restoreStateOf, undoOptionsOf } from './undo.ts';
import type { RestoreOptions } from '../../core/documents/options.ts';
import { restoreRoots } from '../capture/capture-roots.ts';

type RestorePart = Pick<
  Project,
  | 'planRestore'
  | 'isPlanCurrent'
  | 'closePlan'
  | 'applyRestore'
  | 'undoOptions'
  | 'isUntouchedSinceRestore'
  | 'pendingRestore'
  | 'close'
>;

/** What the status tells of restores: whether there is one to undo, and one that was interrupted. */
export const restoreState = restoreStateOf;

export function restorePart(context: ProjectContext): RestorePart {
  const held = new HeldPlans();
  return {
    async planRestore(options, call) {
      const { to } = options;
      if (to !== undefined) return await planTo(context, { ...options, to }, call);
      return await held.plan(context, options, call);
    },
    async applyRestore(options, token, call) {
      const shown = token === undefined ? undefined : held.shown(token);
      const document = await apply(context, options, shown, call);
      // What was looked at is not there any more.
      if (options.to === undefined) held.close();
      return document;
    },
    isPlanCurrent: async (token) => await held.isCurrent(token),
    closePlan: async (token) => held.close(token),
    undoOptions: async () => context.read(undoOptionsOf),
    isUntouchedSinceRestore: async (call) =>
      await context.readAsync(async (store) => await isUntouched(context, store, call)),
    pendingRestore: async () => context.read(interruptedRestore),
    close: async () => held.close(),
  };
}

async function planTo(
  context: ProjectContext,
  options: RestoreOptions & { readonly to: string },
  call: CallOptions,
): Promise<RestorePlanDocument> {
  return await context.readWithTempDir(
    async (store, tempDir) => planRestoreTo(store, options, context, tempDir, call).document,
  );
}

async function apply(
  context: ProjectContext,
  options: RestoreOptions,
  shown: ShownPlan | undefined,
  call: CallOptions,
): Promise<RestoreDocument> {
  const { to } = options;
  if (to === undefined) return await applyRestore(context, options, shown, call);
  return await context.readWithTempDir(async (store, tempDir) => {
    const extraction = planRestoreTo(store, { ...options, to }, context, tempDir, call);
    return await restoreTo(extraction, context, tempDir, call);
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
  const roots = restorableRoots(manifest);
  const snapshot = flattenTree(store.reader, manifest.tree, roots);
  const live = restoreRoots(manifest, snapshot, context.find());
  const state = await lookAtState(live, context.options, call);
  return stateHash(state) === last.liveState;
}
