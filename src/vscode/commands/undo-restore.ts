import { undoLastRestore } from '../flows/restore-flow.ts';
import { oneProject } from './targets.ts';
import type { Handler } from './handler.ts';

export const undoRestore: Handler = async (services, call) => {
  const project = await oneProject(services, call);
  return project && undoLastRestore(services, project, call.isSilent);
};
