import { undoLastRestore } from '../flows/restore-flow.ts';
import { planOf } from './restore.ts';
import { oneProject } from './targets.ts';
import type { Handler } from './handler.ts';

export const undoRestore: Handler = async (services, call) => {
  const project = await oneProject(services.projects, call);
  if (!project) return undefined;
  if (call.json?.dryRun !== true) return undoLastRestore(services, project, call.isSilent);
  return planOf(project, await project.engine.undoOptions(), call.isSilent);
};
