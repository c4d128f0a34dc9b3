// Tells once when a restore was begun and not proven, and offers the two ways out of it.

import { window, type Disposable } from 'vscode';
import type { PendingRestore, RestoreDocument } from '../../core/documents/documents.ts';
import { interruptedText } from '../../core/views/restore-texts.ts';
import { clockNow } from '../host/clock.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import { applyRestore, undoLastRestore, type Restoring } from './restore-flow.ts';
import { runGuarded } from '../host/run-guarded.ts';
import type { Services } from '../services.ts';

export function registerPendingRestore(
  services: Restoring & Pick<Services, 'projects'>,
): Disposable {
  const told = new Set<string>();
  return services.projects.onDidChange((project) => {
    const pending = project?.status?.pending;
    // A restore that runs now is pending as well.
    if (!project || !pending || services.activities.current?.kind === 'restore') return;
    const key = `${project.cwd} ${pending.safetySnapshot}`;
    if (told.has(key)) return;
    void runGuarded(services.log, 'interrupted restore', async () => {
      // What was read while a restore ran is over with it.
      const still = await project.engine.pendingRestore();
      if (still?.safetySnapshot !== pending.safetySnapshot || told.has(key)) return;
      told.add(key);
      await tell(services, project, still);
    });
  });
}

export async function finishPendingRestore(
  services: Restoring,
  project: ProjectModel,
  { snapshot, selection }: PendingRestore,
  isSilent: boolean,
): Promise<RestoreDocument> {
  return applyRestore(services, project, { snapshot, ...selection }, undefined, isSilent);
}

async function tell(
  services: Restoring,
  project: ProjectModel,
  pending: PendingRestore,
): Promise<void> {
  const text = interruptedText(pending, clockNow());
  const chosen = await window.showErrorMessage(text, 'Finish Restore', 'Undo');
  if (chosen === 'Finish Restore') await finishPendingRestore(services, project, pending, false);
  if (chosen === 'Undo') await undoLastRestore(services, project, false);
}
