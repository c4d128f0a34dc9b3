// Takes a snapshot for a person: progress when it takes long, silence when all is well.

import { window } from 'vscode';
import type { SnapshotDocument } from '../../core/documents/documents.ts';
import { EngineError, isCancellation } from '../../core/errors.ts';
import { errorText } from '../../core/views/error-text.ts';
import { captureProblems } from '../../core/text/snapshot-text.ts';
import type { SnapshotOptions } from '../../engine/index.ts';
import type { Log } from '../host/log.ts';
import { runGuarded } from '../host/run-guarded.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import type { Services } from '../services.ts';
import { withProgress } from '../host/with-progress.ts';

type Taking = Pick<Services, 'activities' | 'log' | 'snapshotsView' | 'toldProblems'>;

export async function takeSnapshot(
  services: Taking,
  project: ProjectModel,
  options: SnapshotOptions,
  isSilent: boolean,
): Promise<SnapshotDocument> {
  const taken = await take(services, project, options, isSilent);
  if (!isSilent) services.activities.flash('Saved');
  return taken;
}

/**
 * One of each folder that has data, whatever becomes of the others: says how many, and which failed.
 * @throws EngineError NO_DATA_DIRECTORY where none has
 */
export async function takeSnapshots(
  services: Taking,
  projects: readonly ProjectModel[],
  options: SnapshotOptions,
): Promise<readonly SnapshotDocument[]> {
  const taken: SnapshotDocument[] = [];
  const failed: { readonly project: ProjectModel; readonly error: Error }[] = [];
  let without: EngineError | undefined;
  for (const project of projects) {
    try {
      taken.push(await take(services, project, options, false));
    } catch (error) {
      if (isCancellation(error) || !(error instanceof Error)) throw error;
      if (error instanceof EngineError && error.code === 'NO_DATA_DIRECTORY') without ??= error;
      else failed.push({ project, error });
    }
  }
  const tried = taken.length + failed.length;
  if (tried === 0 && without !== undefined) throw without;
  if (failed.length === 0) services.activities.flash('Saved');
  else services.activities.flash(`Saved ${taken.length} of ${tried}`, 'warning');
  for (const { project, error } of failed) {
    services.log.error(error);
    void tellFailed(services, project, options, error);
  }
  return taken;
}

async function tellFailed(
  services: Taking,
  project: ProjectModel,
  options: SnapshotOptions,
  error: Error,
): Promise<void> {
  const again = 'Try Again';
  const text = `${project.name}: ${errorText(error)}`;
  if ((await window.showWarningMessage(text, again)) !== again) return;
  await runGuarded(services.log, 'snapshot again', () =>
    takeSnapshots(services, [project], options),
  );
}

async function take(
  { activities, log, snapshotsView, toldProblems }: Taking,
  project: ProjectModel,
  options: SnapshotOptions,
  isSilent: boolean,
): Promise<SnapshotDocument> {
  const taken = await activities.run('snapshot', (onStart) =>
    withProgress({ title: 'Taking snapshot', afterMs: 1000, isSilent, onStart }, (call) =>
      project.engine.snapshot({ ...options, reason: 'manual' }, call),
    ),
  );
  log.info(`${project.cwd}: snapshot ${taken.id} in ${taken.durationMs} ms`);
  // The view follows by itself as well, since the store is watched.
  void project.refresh();
  if (isSilent) return taken;
  await snapshotsView.reveal(project, taken.id);
  const problems = captureProblems(taken);
  for (const problem of problems) log.warn(`${taken.id}: ${problem}`);
  const text = problems.join('. ');
  // Once per cause: a pipe in the data is no news at the second snapshot.
  if (text !== '' && toldProblems.get(project.cwd) !== text) {
    void tell(log, `Saved, but: ${text}.`);
  }
  toldProblems.set(project.cwd, text);
  return taken;
}

async function tell(log: Log, text: string): Promise<void> {
  const chosen = await window.showWarningMessage(text, 'Show Log');
  if (chosen !== undefined) log.show();
}
