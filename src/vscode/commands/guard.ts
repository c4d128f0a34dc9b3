// Commands of the guard.

import { openGuardedTerminal } from '../guard/guarded-terminal.ts';
import type { Handler } from '../invocation.ts';
import { oneProject } from '../targets.ts';

export const openGuardedTerminalCommand: Handler = async (services, call) => {
  const project = await oneProject(services, call);
  if (!project) return undefined;
  await openGuardedTerminal(services.launcher, project.cwd);
  return undefined;
};
