// A restore from its preview to the way back: one modal with the numbers of its moment, progress, a
// message with Undo. What was asked about and what is applied are one plan, bound by its token.

import { commands, window, workspace } from 'vscode';
import { join } from 'node:path';
import type { RestoreDocument, SnapshotEntry } from '../../core/documents/documents.ts';
import { EngineError, isCancellation } from '../../core/errors.ts';
import { timeOfDay } from '../../core/format/time.ts';
import { quotedSnapshot, restoredText, restoreQuestion } from '../../core/views/restore-texts.ts';
import type { RestoreOptions } from '../../engine/index.ts';
import { clockNow } from '../host/clock.ts';
import type { RestoreSession, SelectedPlan } from '../preview/restore-session.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import { runGuarded } from '../host/run-guarded.ts';
import type { Services } from '../services.ts';
import { withProgress } from '../host/with-progress.ts';

/** What a restore touches of the extension. */
export type Restoring = Pick<
  Services,
  'activities' | 'log' | 'looks' | 'previews' | 'rowChanges' | 'snapshotFiles'
>;

const comparing = { title: 'Comparing with the data as it is now', afterMs: 1000, isSilent: false };

/** Shows what a restore would do, with boxes; nothing is asked yet. */
export async function previewRestore(
  services: Restoring,
  project: ProjectModel,
  base: RestoreOptions,
  paths?: readonly string[],
): Promise<void> {
  const { signal } = services.looks.next();
  await services.previews.openRestore(
    { project, base, isUndo: false },
    { focus: true, paths, signal },
  );
}

/**
 * Asks about what is ticked, in numbers of this moment, and applies exactly it. Where it would be
 * something else by the time of the answer nothing is changed, and the question is asked anew.
 */
export async function restorePreviewed(
  services: Restoring,
  isSilent: boolean,
): Promise<RestoreDocument | undefined> {
  const { session } = services.previews;
  if (!session) throw noPreview();
  const held = session.hold();
  try {
    if (isSilent) return await applySelected(services, session, readyPlan(session), isSilent);
    let isChanged = false;
    for (;;) {
      readyPlan(session);
      await services.previews.refresh();
      // Nothing differs any more.
      if (services.previews.session !== session) return undefined;
      const chosen = await choose(session, readyPlan(session), isChanged);
      if (chosen === undefined) return undefined;
      if (chosen === 'again') continue;
      try {
        return await applySelected(services, session, chosen, isSilent);
      } catch (error) {
        if (!isStalePlan(error)) throw error;
        isChanged = true;
      }
    }
  } finally {
    held.dispose();
  }
}

/** @throws EngineError where nothing is ticked, or it cannot be restored so. */
function readyPlan(session: RestoreSession): SelectedPlan {
  const { selected } = session;
  if (!selected) throw noPreview();
  if (!session.isReady) throw notReady(session);
  return selected;
}

async function choose(
  session: RestoreSession,
  selected: SelectedPlan,
  isChanged: boolean,
): Promise<SelectedPlan | 'again' | undefined> {
  const answer = await ask(session, selected, isChanged);
  if (answer === 'restore') return selected;
  return answer === 'keepNew' ? await keepingNew(session, selected) : answer;
}

async function applySelected(
  services: Restoring,
  session: RestoreSession,
  selected: SelectedPlan,
  isSilent: boolean,
): Promise<RestoreDocument> {
  const { project, isUndo } = session;
  const { plan } = selected;
  const options = { ...selected.options, underWrites: true };
  let result: RestoreDocument;
  try {
    result = await runRestore(services, project, options, plan.token, plan.snapshot, isSilent);
  } catch (error) {
    if (isStalePlan(error)) session.markStale();
    throw error;
  }
  await services.previews.close();
  if (isSilent) return result;
  if (isUndo) tellUndone(services, project, plan.snapshot);
  else tellRestored(services, project, result, plan.snapshot);
  return result;
}

function isStalePlan(error: unknown): boolean {
  return error instanceof EngineError && error.code === 'PLAN_STALE';
}

/** Another plan: the files made since are not in it. Nobody needs to read it again. */
async function keepingNew(
  { project, full }: RestoreSession,
  selected: SelectedPlan,
): Promise<SelectedPlan | undefined> {
  const options = { ...selected.options, keepNew: true };
  const basedOn = full.token;
  const plan = await withProgress(comparing, (call) =>
    project.engine.planRestore({ ...options, rows: 0, basedOn }, call),
  );
  if (!plan.empty) return { options, plan };
  void window.showInformationMessage(
    `Nothing to restore: only files made since ${quotedSnapshot(plan.snapshot)} differ, and they are kept.`,
  );
  return undefined;
}

/** Restores without a preview. @param token of the plan that was shown; undefined where nobody looked. */
export async function applyRestore(
  services: Restoring,
  project: ProjectModel,
  options: RestoreOptions,
  token: string | undefined,
  isSilent = false,
): Promise<RestoreDocument> {
  const entry = await project.engine.resolve(options.snapshot);
  const result = await runRestore(services, project, options, token, entry, isSilent);
  if (!isSilent && options.to === undefined) tellRestored(services, project, result, entry);
  return result;
}

/** Takes the last restore back; at once where the data is still as that restore left it, else by a preview. */
export async function undoLastRestore(
  services: Restoring,
  project: ProjectModel,
  isSilent: boolean,
): Promise<RestoreDocument | undefined> {
  const options = await project.engine.undoOptions();
  const isUntouched =
    isSilent ||
    (await withProgress(comparing, (call) => project.engine.isUntouchedSinceRestore(call)));
  if (!isUntouched) {
    const start = { project, base: options, isUndo: true };
    const { signal } = services.looks.next();
    await services.previews.openRestore(start, { focus: true, signal });
    return undefined;
  }
  const entry = await project.engine.resolve(options.snapshot);
  const result = await runRestore(services, project, options, undefined, entry, isSilent);
  if (!isSilent) tellUndone(services, project, entry);
  return result;
}

async function runRestore(
  services: Restoring,
  project: ProjectModel,
  options: RestoreOptions,
  token: string | undefined,
  entry: SnapshotEntry,
  isSilent: boolean,
): Promise<RestoreDocument> {
  const { activities, log, rowChanges, snapshotFiles } = services;
  const title = `Restoring ${quotedSnapshot(entry)}`;
  const uncancellableFrom = 'replacing';
  try {
    const result = await activities.run('restore', (onStart) =>
      withProgress({ title, afterMs: 300, isSilent, uncancellableFrom, onStart }, (call) =>
        project.engine.applyRestore(options, token, call),
      ),
    );
    log.info(`${project.cwd}: restored ${entry.id} in ${result.durationMs} ms`);
    for (const warning of result.warnings) log.warn(`${entry.id}: ${warning}`);
    return result;
  } catch (error) {
    if (isCancellation(error) && !isSilent) {
      window.setStatusBarMessage('Restore cancelled. Nothing was changed.', 5000);
    }
    throw error;
  } finally {
    void project.refresh();
    rowChanges.forget(snapshotFiles);
  }
}

async function ask(
  { project, isUndo }: RestoreSession,
  { plan }: SelectedPlan,
  isChanged: boolean,
): Promise<'restore' | 'keepNew' | 'again' | undefined> {
  const changed = new Set(plan.fileChanges.map(({ path }) => join(project.cwd, path)));
  const unsaved = workspace.textDocuments
    .filter(({ isDirty, uri }) => isDirty && uri.scheme === 'file' && changed.has(uri.fsPath))
    .map(({ uri }) => workspace.asRelativePath(uri, false));
  const { message, detail, canRestore, canKeepNew } = restoreQuestion(plan, unsaved, clockNow(), {
    isUndo,
    isChanged,
  });
  const verb = isUndo ? 'Undo Restore' : 'Restore';
  const buttons = canRestore
    ? [verb, ...(canKeepNew && !isUndo ? ['Restore and Keep New Files'] : [])]
    : ['Try Again'];
  const chosen = await window.showWarningMessage(message, { modal: true, detail }, ...buttons);
  if (chosen === undefined) return undefined;
  if (chosen === 'Try Again') return 'again';
  return chosen === verb ? 'restore' : 'keepNew';
}

function tellRestored(
  services: Restoring,
  project: ProjectModel,
  result: RestoreDocument,
  entry: SnapshotEntry,
): void {
  const buttons = ['Undo Restore', ...((result.mismatches ?? 0) > 0 ? ['Show Mismatches'] : [])];
  void tell(services, project, restoredText(result, entry), buttons);
}

function tellUndone(services: Restoring, project: ProjectModel, entry: SnapshotEntry): void {
  const time = timeOfDay(Date.parse(entry.createdAt), clockNow());
  void tell(services, project, `Undone: the data is as it was at ${time}.`, ['Redo Restore']);
}

async function tell(
  services: Restoring,
  project: ProjectModel,
  text: string,
  buttons: readonly string[],
): Promise<void> {
  const chosen = await window.showInformationMessage(text, ...buttons);
  if (chosen === undefined) return;
  if (chosen === 'Show Mismatches') await commands.executeCommand('savepoint.check');
  else
    await runGuarded(services.log, 'undo restore', () => undoLastRestore(services, project, false));
}

function noPreview(): EngineError {
  return new EngineError('USAGE', 'nothing is selected to be restored', {
    hint: 'choose a snapshot in the Snapshots view',
  });
}

function notReady({ selected }: RestoreSession): EngineError {
  const isBroken = (selected?.plan.foreignKeys.length ?? 0) > 0;
  return isBroken
    ? new EngineError('RESTORE_BLOCKED', 'rows would refer to rows that are not there', {
        hint: 'tick what they refer to, or leave them out as well',
      })
    : new EngineError('USAGE', 'what is selected is still being worked out', {
        hint: 'try again in a moment',
      });
}
