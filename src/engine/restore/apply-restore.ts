// A restore from its safety snapshot to its proof, with the store's write lock held throughout:
//
// 1. safety snapshot; the plan is made on it, and must be the one that was shown;
// 2. intent; everything new is written beside its target, databases to the temporary folder.
//    Until here a failure or a cancelled call leaves data and list as they were;
// 3. files swapped in, databases, deletions. A failure takes everything back, the newest first;
// 4. folder facts, fsync, proof, and the intent is cleared. Until then `undo` and a further restore
//    find it and go on from the safety snapshot.

import type { RestoreDocument } from '../../core/documents/documents.ts';
import { EngineError } from '../../core/errors.ts';
import { nameSome } from '../../core/format/numbers.ts';
import {
  coversSelection,
  joinSelections,
  type RestoreSelection,
} from '../../core/restore/selection.ts';
import { restoreCommand } from '../../core/text/restore-command.ts';
import { uncancelled, type CallOptions } from '../options.ts';
import type { ProjectContext } from '../project/project-context.ts';
import type { SnapshotTaken } from '../snapshot/take-snapshot.ts';
import { sourceOf } from '../sources/all-sources.ts';
import { FileRestore } from '../sources/files/file-restore.ts';
import { selectManifest } from '../store/snapshot-rows.ts';
import {
  foldersGoing,
  linkFiles,
  prepareFiles,
  removeFiles,
  settleFolders,
  swapFiles,
  targetsOf,
} from './apply-files.ts';
import { contentReader } from './content-reader.ts';
import type { DescribedPlan } from './describe-plan.ts';
import { openFilesWatch } from '../disk/open-by.ts';
import { openFileWarnings, openIn, replacedFiles, type OpenFiles } from './open-files.ts';
import { createSafetyKeeper, type SafetyKeeper } from './keep-safe.ts';
import { removeLeftovers } from '../sources/files/leftovers.ts';
import type { PlannedLink } from '../../core/restore/plan-entries.ts';
import type { RestorePlan } from '../../core/restore/plan-operations.ts';
import type { WorkedOutPlan } from './plan-restore.ts';
import { proveRestore } from './prove-restore.ts';
import {
  createIntentLog,
  writeIntent,
  writeLastRestore,
  type IntentLog,
  type RestoreScope,
} from '../store/restore-records.ts';
import { DatabaseRestore } from './restore-databases.ts';
import { isRefusal, nothingChanged, restoreFailure } from './restore-failure.ts';
import { assertRoom, roomNeeds } from './room.ts';
import { isAsShown, rowsOf, shownRows, type ShownPlan } from './shown-plan.ts';
import { dropSafetySnapshot, takeSafetySnapshot } from './safety.ts';
import { lookAtState, stateHash } from './live-state.ts';
import { planOnSafety } from './plan-on-safety.ts';
import { interrupted, newIntent, openRun, safetySide, type Run } from './restore-run.ts';
import type { RestoreOptions } from '../../core/documents/options.ts';
import { retentionRules } from '../../core/snapshots/retention.ts';
import { pruneStore } from '../store/plan-prune.ts';

/**
 * @param shown undefined: whatever the plan is now
 * @throws EngineError PLAN_STALE and others: see Project.applyRestore
 */
export async function applyRestore(
  context: ProjectContext,
  options: RestoreOptions,
  shown: ShownPlan | undefined,
  call: CallOptions,
): Promise<RestoreDocument> {
  return await context.write(call.signal, async (writer) => {
    const startedMs = performance.now();
    const run = openRun(context, writer, options, shown, call);
    removeLeftovers(writer, context.projectDir);
    const safety = await takeSafetySnapshot(run, call);
    const begun = await begin(run, safety, call);
    try {
      await replace(begun, call);
    } catch (error) {
      throw await takeBack(begun, error);
    }
    return await finish(begun, startedMs, call);
  });
}

interface Begun {
  readonly run: Run;
  readonly safety: SnapshotTaken;
  readonly worked: WorkedOutPlan;
  readonly described: DescribedPlan;
  readonly files: FileRestore;
  readonly databases: DatabaseRestore;
  readonly keeper: SafetyKeeper;
  readonly intent: IntentLog;
  /** Asks who has the versions open that lay there before anything was replaced. */
  readonly oldVersions: OpenFiles;
}

/** Steps 1 and 2. What throws here leaves data and list as they were. */
async function begin(run: Run, safety: SnapshotTaken, call: CallOptions): Promise<Begun> {
  let begun: Begun | undefined;
  try {
    const { worked, described } = await planOnSafety(run, safety, call);
    const { shown, isUnderWrites } = run;
    if (shown && !isAsShown(shown, worked, described.document, isUnderWrites)) throw stale();
    if (described.blocked !== null) throw described.blocked;
    assertRoom(roomNeeds(run.place, worked.plan, run.writer.tempDir));
    begun = openBegun(run, safety, worked, described);
    await prepare(begun, call);
    return begun;
  } catch (error) {
    begun?.files.rollback();
    begun?.files.close();
    writeIntent(run.writer.db, interrupted(run));
    dropSafetySnapshot(run.writer, safety);
    throw nothingChanged(error);
  }
}

function openBegun(
  run: Run,
  safety: SnapshotTaken,
  worked: WorkedOutPlan,
  described: DescribedPlan,
): Begun {
  const { writer, place, tree, snapshot } = run;
  const expected = new Set(worked.specials);
  const keeper = createSafetyKeeper(writer, safety, worked.live, place, expected);
  const databasePaths = new Set(
    [
      ...worked.plan.databases,
      ...worked.plan.clear.filter(({ kind }) => kind === 'database'),
    ].flatMap(({ path }) => sourceOf(path).files(path)),
  );
  const intent = createIntentLog(writer.db, newIntent(run, safety, worked));
  const files = new FileRestore({
    place,
    contentOf: contentReader(writer.reader, tree.files),
    tempDir: writer.tempDir,
    id: safety.manifest.id.slice(safety.manifest.id.indexOf('-') + 1),
    beforeReplace: async (path, stats) => {
      if (!databasePaths.has(path)) await keeper.keepFile(path, stats, false);
    },
    goingFolders: foldersGoing(worked.plan),
    beforeStaging: (path) => {
      intent.update({ staging: [...intent.current.staging, path] });
    },
  });
  const databases = new DatabaseRestore({
    writer,
    snapshot,
    nodes: tree.files,
    place,
    files,
    keeper,
  });
  const replaced = replacedFiles(worked.plan).map((path) => place.livePath(path));
  const oldVersions = openFilesWatch(replaced);
  return { run, safety, worked, described, files, databases, keeper, intent, oldVersions };
}

async function prepare(
  { run, worked, files, databases, keeper, intent }: Begun,
  call: CallOptions,
): Promise<void> {
  const { writer } = run;
  const { plan } = worked;
  intent.update({});
  writer.options.faultPoint?.('restore:intent-written');
  call.progress.phase('preparing');
  const bytes = plan.write.reduce((sum, { entry }) => sum + entry.size, 0);
  call.progress.total(plan.write.length, bytes);
  await prepareFiles(plan, files, call);
  for (const planned of plan.databases) await databases.prepare(planned);
  const liveKinds = new Map(worked.live.entries.map((entry) => [entry.path, entry]));
  for (const path of targetsOf(plan)) {
    call.signal.throwIfAborted();
    const { kind } = liveKinds.get(path) ?? {};
    if (kind !== 'database' && kind !== 'directory')
      await keeper.keepFile(path, files.look(path), true);
  }
  call.signal.throwIfAborted();
}

/** Step 3. */
async function replace(
  { run, worked, files, databases, intent }: Begun,
  call: CallOptions,
): Promise<void> {
  const { writer } = run;
  const { plan } = worked;
  const { faultPoint } = writer.options;
  call.progress.phase('replacing');
  const total = plan.write.length + plan.link.length + plan.remove.length;
  call.progress.total(total, 0);
  // From the first replacement on nothing is cancelled.
  const own: CallOptions = { ...uncancelled, progress: call.progress };
  faultPoint?.('restore:prepared');
  intent.update({ phase: 'replacing' });
  faultPoint?.('restore:staged');
  const halfWay = (): void => {
    intent.update({ filesWritten: plan.write.length >> 1 });
    faultPoint?.('restore:half-files');
  };
  await swapFiles(plan, files, (path) => databases.remove(path), halfWay, own);
  intent.update({ filesWritten: plan.write.length + plan.link.length });
  faultPoint?.('restore:before-databases');
  for (const planned of plan.databases) {
    if (planned.action !== 'delete') await databases.restore(planned);
  }
  await linkFiles(namesToLink(plan, databases), files, own);
  faultPoint?.('restore:before-deletions');
  for (const { path, action } of plan.databases)
    if (action === 'delete') await databases.remove(path);
  await removeFiles(plan, files);
}

/** Names that databases need: those that are gone, and all of one in whose place a new file came. */
function namesToLink(plan: RestorePlan, { done }: DatabaseRestore): readonly PlannedLink[] {
  const replaced = new Set(
    done.filter(({ method }) => method === 'replace').map(({ path }) => path),
  );
  return [
    ...plan.link.filter(({ isDatabase }) => isDatabase === true),
    ...plan.databaseNames.filter(({ to }) => replaced.has(to)),
  ];
}

/** Takes back what step 3 did. Answers what is to be thrown. */
async function takeBack(begun: Begun, error: unknown): Promise<unknown> {
  const { run, safety, files, databases } = begun;
  const { writer } = run;
  // It may have been made more complete since.
  const manifest = selectManifest(writer.db, safety.manifest.id) ?? safety.manifest;
  const left = [
    ...(await databases.rollback(safetySide(run, manifest, uncancelled))),
    ...files.rollback(),
  ];
  files.close();
  if (left.length === 0) {
    writeIntent(writer.db, interrupted(run));
    if (isRefusal(error)) dropSafetySnapshot(writer, safety);
  }
  // The caller tells the user; this is for whoever looks into it.
  writer.options.log.debug(`restore of ${run.manifest.id} failed: ${String(error)}`);
  return restoreFailure(error, left);
}

/** Step 4. */
async function finish(
  begun: Begun,
  startedMs: number,
  call: CallOptions,
): Promise<RestoreDocument> {
  const { run, safety, worked, described, files, databases } = begun;
  const { writer } = run;
  const { faultPoint } = writer.options;
  // Asked while the old versions are still kept: their numbers may be given to new files later.
  const openFiles = await openIn(replacedFiles(worked.plan), run.place, begun.oldVersions);
  files.finish();
  await settleFolders(worked.plan, files);
  files.syncFolders();
  files.close();
  faultPoint?.('restore:before-proof');
  call.progress.phase('proving');
  const manifest = selectManifest(writer.db, safety.manifest.id) ?? safety.manifest;
  const changedSince = await proveRestore(
    worked.plan,
    databases.done,
    {
      place: run.place,
      snapshot: run.snapshot,
      tree: run.tree,
      safety: safetySide(run, manifest, uncancelled),
      tempDir: writer.tempDir,
      options: writer.options,
    },
    { ...uncancelled, progress: call.progress },
  );
  const liveState = stateHash(await lookAtState(run.roots, writer.options, uncancelled));
  faultPoint?.('restore:before-clear');
  const isPending = !record(begun, liveState);
  prune(run);
  const { document } = described;
  const shown = shownRows(run.shown, worked);
  const isShown = shown !== null;
  const rows = shown ?? rowsOf(document);
  return {
    restored: run.manifest.id,
    safetySnapshot: safety.manifest.id,
    files: document.files,
    databases: databases.done.map(({ path, method }) => ({ path, method, ok: true })),
    openFiles,
    madeSince: worked.subject.madeSince ?? [],
    mismatches: isShown ? (run.shown?.mismatches ?? null) : document.mismatches.after,
    rows,
    durationMs: Math.round(performance.now() - startedMs),
    warnings: [
      ...openFileWarnings(openFiles),
      ...described.warnings,
      ...madeSinceWarnings(worked),
      ...changedSince,
      ...(isPending ? [undoneByHand(safety, run.selection)] : []),
    ],
    to: null,
  };
}

function madeSinceWarnings({ subject: { madeSince = [] } }: WorkedOutPlan): string[] {
  if (madeSince.length === 0) return [];
  return [`made since the plan was shown, and kept: ${nameSome(madeSince, 3)}`];
}

/** `savepoint undo` goes to the restore that was interrupted before. */
function undoneByHand({ manifest }: SnapshotTaken, selection: RestoreSelection): string {
  const command = restoreCommand({
    snapshot: manifest.id,
    selection: { ...selection, keepNew: false },
  });
  return `an interrupted restore is left, which savepoint undo takes back; this one: ${command}`;
}

/** What `undo` needs. False where it goes to a restore that was interrupted before. */
function record({ run, safety, intent }: Begun, liveState: string): boolean {
  const { writer, manifest, selection } = run;
  const before = interrupted(run);
  if (before !== undefined && !coversSelection(selection, before)) {
    // Part of what was interrupted is still half done: `undo` goes on from there.
    writeIntent(writer.db, before);
    return false;
  }
  const { redo } = intent.current;
  const undo: RestoreScope = redo ?? {
    ...(before === undefined ? selection : joinSelections(selection, before)),
    snapshot: before?.safetySnapshot ?? safety.manifest.id,
  };
  writeLastRestore(writer.db, {
    snapshot: manifest.id,
    undo,
    liveState,
    finishedAt: new Date(writer.options.now()).toISOString(),
  });
  return true;
}

/** A restore that was proven is not undone because old snapshots could not be removed. */
function prune({ found, writer }: Run): void {
  try {
    pruneStore(writer, retentionRules(found.config.retention), uncancelled.signal);
  } catch (error) {
    writer.options.log.warn(`retention after the restore: ${String(error)}`);
  }
}

function stale(): EngineError {
  return new EngineError(
    'PLAN_STALE',
    'the data changed since this plan was made; nothing was changed',
    {
      hint: 'look at the plan again',
    },
  );
}
