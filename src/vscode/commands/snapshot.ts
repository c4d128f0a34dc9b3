import { takeSnapshot } from '../flows/take-snapshot.ts';
import { someProjects } from './targets.ts';
import type { Handler } from './handler.ts';

/** Asks nothing: at most which folder. */
export const snapshot: Handler = async (services, call) => {
  const projects = await someProjects(services.projects, call);
  if (!projects) return undefined;
  const { label, pin, data } = call.json ?? {};
  const taken = [];
  for (const project of projects) {
    taken.push(await takeSnapshot(services, project, { label, pin, data }, call.isSilent));
  }
  return taken.length === 1 ? taken[0] : taken;
};
