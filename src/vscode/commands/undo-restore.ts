import type { Handler } from './invocation.ts';
import { undoLastRestore } from '../flows/restore-flow.ts';
import { oneProject } from './targets.ts';

export const undoRestore: Handler = async (services, call) => {
  const project = await oneProject(services, call);
  return project && undoLastRestore(services, project, call.isSilent);
};
