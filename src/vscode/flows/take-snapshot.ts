// Takes a snapshot for a person: progress when it takes long, silence when all is well.

import { window } from 'vscode';
import type { SnapshotDocument } from '../../core/documents/documents.ts';
import { captureProblems } from '../../core/text/snapshot-text.ts';
import type { SnapshotOptions } from '../../engine/index.ts';
import type { Log } from '../host/log.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import type { Services } from '../services.ts';
import { withProgress } from '../host/with-progress.ts';

type Taking = Pick<Services, 'activities' | 'log' | 'snapshotsView' | 'toldProblems'>;

export async function takeSnapshot(
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
  activities.flash('Saved');
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
