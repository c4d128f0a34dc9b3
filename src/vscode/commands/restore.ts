import type { RestorePlanDocument } from '../../core/documents/documents.ts';
import type { RestoreOptions } from '../../engine/index.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import { applyRestore, previewRestore } from '../flows/restore-flow.ts';
import { oneSnapshot } from './targets.ts';
import { withProgress } from '../host/with-progress.ts';
import type { Handler } from './handler.ts';

export const restore: Handler = async (services, call) => {
  const target = await oneSnapshot(
    services.projects,
    call,
    'Restore: choose a snapshot to preview',
  );
  if (!target) return undefined;
  const { project, entry } = target;
  const { data, only, table, except, exceptTable, keepNew, to } = call.json ?? {};
  const options = { snapshot: entry.id, data, only, table, except, exceptTable, keepNew, to };
  if (call.json?.dryRun === true) return planOf(project, options, call.isSilent);
  if (call.isSilent) {
    return applyRestore(services, project, options, undefined, true);
  }
  await previewRestore(services, project, options);
  return undefined;
};

/** What `--dry-run` answers. */
export async function planOf(
  project: ProjectModel,
  options: RestoreOptions,
  isSilent: boolean,
): Promise<RestorePlanDocument> {
  return withProgress({ title: 'Comparing', afterMs: 1000, isSilent }, (call) =>
    project.engine.planRestore({ ...options, rows: 0 }, call),
  );
}
