// A restore from the question to the way back: preview, one modal with true numbers, progress, a
// message with Undo. What it would do and what it does are one plan, bound by the plan's token.

import { FileChangeType, window, workspace, type Uri } from 'vscode';
import { join } from 'node:path';
import type { RestoreDocument, SnapshotEntry } from '../core/documents.ts';
import { timeOfDay } from '../core/text/time.ts';
import { quotedSnapshot, restoredText, restoreQuestion } from '../core/views/restore-texts.ts';
import type { RestoreOptions } from '../engine/index.ts';
import { clockNow } from './clock.ts';
import { snapshotScheme } from './document-uri.ts';
import type { ProjectModel } from './project-model.ts';
import type { Preview } from './restore-preview.ts';
import { runGuarded } from './run-guarded.ts';
import type { Services } from './services.ts';
import { withProgress } from './with-progress.ts';

const comparing = { title: 'Comparing with the data as it is now', afterMs: 1000, isSilent: false };

/** Previews, asks, restores. Undefined where the user turned away or nothing differs. */
export async function restoreWithQuestion(
  services: Services,
  project: ProjectModel,
  options: RestoreOptions,
): Promise<RestoreDocument | undefined> {
  const preview = await withProgress(comparing, (call) =>
    services.previews.plan(project.cwd, options, call),
  );
  return restorePreviewed(services, project, preview);
}

/** Shows the preview, asks about exactly it, and applies exactly it. */
export async function restorePreviewed(
  services: Services,
  project: ProjectModel,
  preview: Preview,
): Promise<RestoreDocument | undefined> {
  const { plan } = preview;
  if (plan.empty && plan.blocked === null) {
    services.previews.forget(preview.uri);
    void window.showInformationMessage(
      `The data is already as it was in ${quotedSnapshot(plan.snapshot)}.`,
    );
    return undefined;
  }
  await services.previews.show(services.reports, preview, false);
  const answer = await ask(project, preview);
  if (answer === 'again') {
    return restoreWithQuestion(services, project, preview.options);
  }
  if (answer === 'restore') {
    return applyRestore(services, project, preview.options, plan.token, preview.uri);
  }
  if (answer === undefined) return undefined;
  return restoreKeepingNew(services, project, preview);
}

/** Another plan: the files made since are not in it. Nobody needs to read it again. */
async function restoreKeepingNew(
  services: Services,
  project: ProjectModel,
  preview: Preview,
): Promise<RestoreDocument | undefined> {
  const options = { ...preview.options, keepNew: true };
  const kept = await withProgress(comparing, (call) => project.remote.planRestore(options, call));
  if (kept.empty) {
    void window.showInformationMessage(
      `Nothing to restore: only files made since ${quotedSnapshot(kept.snapshot)} differ, and they are kept.`,
    );
    return undefined;
  }
  return applyRestore(services, project, options, kept.token, preview.uri);
}

/** @param token of the plan that was shown; undefined where nobody looked. */
export async function applyRestore(
  services: Services,
  project: ProjectModel,
  options: RestoreOptions,
  token: string | undefined,
  previewUri?: Uri,
  isSilent = false,
): Promise<RestoreDocument> {
  const entry = await project.remote.resolve(options.snapshot);
  const result = await runRestore(services, project, options, token, entry, isSilent);
  if (previewUri) {
    services.previews.forget(previewUri);
    await services.reports.close(previewUri);
  }
  if (!isSilent && options.to === undefined) {
    void offerUndo(services, project, restoredText(result, entry), 'Undo Restore');
  }
  return result;
}

/** Takes the last restore back; at once where the data is still as that restore left it. */
export async function undoLastRestore(
  services: Services,
  project: ProjectModel,
  isSilent: boolean,
): Promise<RestoreDocument | undefined> {
  const options = await project.remote.undoOptions();
  const isUntouched =
    isSilent ||
    (await withProgress(comparing, (call) => project.remote.isUntouchedSinceRestore(call)));
  if (!isUntouched) return restoreWithQuestion(services, project, options);
  const entry = await project.remote.resolve(options.snapshot);
  const result = await runRestore(services, project, options, undefined, entry, isSilent);
  if (!isSilent) {
    const time = timeOfDay(Date.parse(entry.createdAt), clockNow());
    void offerUndo(services, project, `Undone: the data is as it was at ${time}.`, 'Redo Restore');
  }
  return result;
}

async function runRestore(
  services: Services,
  project: ProjectModel,
  options: RestoreOptions,
  token: string | undefined,
  entry: SnapshotEntry,
  isSilent: boolean,
): Promise<RestoreDocument> {
  const { activities, log, snapshotFiles } = services;
  const title = `Restoring ${quotedSnapshot(entry)}`;
  const uncancellableFrom = 'replacing';
  try {
    const result = await activities.run('restore', (onStart) =>
      withProgress({ title, afterMs: 300, isSilent, uncancellableFrom, onStart }, (call) =>
        project.remote.applyRestore(options, token, call),
      ),
    );
    log.info(`${project.cwd}: restored ${entry.id} in ${result.durationMs} ms`);
    for (const warning of result.warnings) log.warn(`${entry.id}: ${warning}`);
    return result;
  } catch (error) {
    const isCancelled = error instanceof Error && error.name === 'AbortError';
    if (isCancelled && !isSilent) {
      window.setStatusBarMessage('Restore cancelled. Nothing was changed.', 5000);
    }
    throw error;
  } finally {
    void project.refresh();
    const live = workspace.textDocuments.filter(
      ({ uri }) => uri.scheme === snapshotScheme && uri.authority === 'live',
    );
    snapshotFiles.fireChanged(live.map(({ uri }) => ({ type: FileChangeType.Changed, uri })));
  }
}

async function ask(
  project: ProjectModel,
  { plan }: Preview,
): Promise<'restore' | 'keepNew' | 'again' | undefined> {
  const changed = new Set(plan.fileChanges.map(({ path }) => join(project.cwd, path)));
  const unsaved = workspace.textDocuments
    .filter(({ isDirty, uri }) => isDirty && uri.scheme === 'file' && changed.has(uri.fsPath))
    .map(({ uri }) => workspace.asRelativePath(uri, false));
  const question = restoreQuestion(plan, unsaved, clockNow());
  const detail = question.detail;
  if (!question.canRestore) {
    const chosen = await window.showWarningMessage(
      question.message,
      { modal: true, detail },
      'Try Again',
    );
    return chosen === undefined ? undefined : 'again';
  }
  const buttons = question.canKeepNew ? ['Restore', 'Restore and Keep New Files'] : ['Restore'];
  const chosen = await window.showWarningMessage(
    question.message,
    { modal: true, detail },
    ...buttons,
  );
  if (chosen === undefined) return undefined;
  return chosen === 'Restore' ? 'restore' : 'keepNew';
}

async function offerUndo(
  services: Services,
  project: ProjectModel,
  text: string,
  button: string,
): Promise<void> {
  const chosen = await window.showInformationMessage(text, button);
  if (chosen === undefined) return;
  await runGuarded(services.log, 'undo restore', () => undoLastRestore(services, project, false));
}
