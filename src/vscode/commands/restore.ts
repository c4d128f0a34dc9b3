import type { RestorePlanDocument } from '../../core/documents/documents.ts';
import { EngineError } from '../../core/errors.ts';
import type { RestoreOptions } from '../../engine/index.ts';
import type { CommandArgument } from './command-argument.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import { applyRestore, previewRestore } from '../flows/restore-flow.ts';
import { oneSnapshot } from './targets.ts';
import { withProgress } from '../host/with-progress.ts';
import type { Handler } from './handler.ts';

export const restore: Handler = async (services, call) => {
  const target = await oneSnapshot(services, call, 'Restore: choose a snapshot to preview');
  if (!target) return undefined;
  const { project, entry } = target;
  const options = await restoreOptions(project, entry.id, call.json ?? {});
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

async function restoreOptions(
  project: ProjectModel,
  snapshot: string,
  { data = [], only = [], table, except, exceptTable, keepNew, to }: CommandArgument,
): Promise<RestoreOptions> {
  const paths = [...only, ...(await rootsOf(project, snapshot, data))];
  const limit = paths.length > 0 ? paths : undefined;
  return { snapshot, only: limit, table, except, exceptTable, keepNew, to };
}

/** A data directory by its name or path stands for the roots that the snapshot has of it. */
async function rootsOf(
  project: ProjectModel,
  snapshot: string,
  named: readonly string[],
): Promise<readonly string[]> {
  if (named.length === 0) return [];
  const { dataDirs } = await project.engine.show(snapshot);
  return named.flatMap((name) => {
    const dir = dataDirs.find((one) => one.name === name || one.path === name);
    if (!dir) {
      const names = dataDirs.map((one) => one.path).join(', ');
      throw new EngineError('USAGE', `no data directory "${name}" in this snapshot`, {
        hint: `it has ${names}`,
      });
    }
    return dir.roots;
  });
}
