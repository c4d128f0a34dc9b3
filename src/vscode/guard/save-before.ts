// The snapshot before something that the editor is about to do, and who decides where it fails.

import { window } from 'vscode';
import { EngineError, isCancellation } from '../../core/errors.ts';
import type { GuardDocument } from '../../core/documents/guard.ts';
import { noSnapshotText } from '../../core/views/guard-texts.ts';
import type { GuardOptions } from '../../engine/index.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import type { Services } from '../services.ts';
import { withProgress } from '../host/with-progress.ts';

export type Saved =
  | { readonly kind: 'saved'; readonly document: GuardDocument }
  /** No data directory. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'failed'; readonly error: Error };

export type Saving = Pick<Services, 'activities' | 'log'>;

/** Shows nothing but the status item's spinner. */
export async function saveBefore(
  { activities, log }: Saving,
  project: ProjectModel,
  options: GuardOptions,
): Promise<Saved> {
  try {
    const document = await activities.run('snapshot', (onStart) =>
      withProgress({ title: 'Taking snapshot', afterMs: 0, isSilent: true, onStart }, (call) =>
        project.engine.guard(options, call),
      ),
    );
    log.info(`${project.cwd}: ${document.id} before ${options.command}`);
    lastSaved.set(project, Date.now());
    void project.refresh();
    return { kind: 'saved', document };
  } catch (error) {
    if (isCancellation(error)) throw error;
    if (error instanceof EngineError && error.code === 'NO_DATA_DIRECTORY')
      return { kind: 'nothing' };
    const failure = error instanceof Error ? error : new Error(String(error));
    log.error(`${project.cwd}: no snapshot before ${options.command}: ${failure.message}`);
    return { kind: 'failed', error: failure };
  }
}

const lastSaved = new WeakMap<ProjectModel, number>();

/** True where the editor itself saved before something since then. */
export function wasSavedSince(project: ProjectModel, sinceMs: number): boolean {
  return (lastSaved.get(project) ?? 0) > sinceMs;
}

/** Causes after which the user went on, once: they are not asked for the same again. */
const accepted = new WeakMap<object, Set<string>>();

/** True where it goes on without a snapshot, as savepoint.json and then the user decide. */
export async function goesOnUnsaved(
  { log }: Pick<Saving, 'log'>,
  project: ProjectModel,
  command: string,
  error: Error,
): Promise<boolean> {
  const wish = await project.engine.guardFailure().catch(() => 'ask' as const);
  if (wish !== 'ask') return wish === 'run';
  const causes = accepted.get(project) ?? new Set();
  accepted.set(project, causes);
  if (causes.has(error.message)) return true;
  const text = noSnapshotText(command, error);
  const chosen = await window.showWarningMessage(text, 'Run Anyway', 'Show Log');
  if (chosen === 'Show Log') log.show();
  if (chosen === 'Run Anyway') causes.add(error.message);
  return chosen === 'Run Anyway';
}
