import { EngineError } from '../../core/errors.ts';
import { finishPendingRestore } from '../flows/pending-restore.ts';
import { namedProject } from '../projects/named-project.ts';
import type { Handler } from './handler.ts';

/** Goes on with the restore that was interrupted: of the folder that is named, else of the one that has one. */
export const finishRestore: Handler = async (services, { json, isSilent }) => {
  const { projects } = services;
  const project =
    json?.cwd === undefined
      ? projects.all.find(({ status }) => (status?.pending ?? null) !== null)
      : namedProject(projects, json.cwd);
  const pending = await project?.engine.pendingRestore();
  if (project && pending) return finishPendingRestore(services, project, pending, isSilent);
  throw new EngineError('USAGE', 'no restore was interrupted', {
    hint: 'choose a snapshot in the Snapshots view',
  });
};
