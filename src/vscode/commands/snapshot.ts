import { takeSnapshot, takeSnapshots } from '../flows/take-snapshot.ts';
import { someProjects } from './targets.ts';
import type { Handler } from './handler.ts';

/** Asks nothing: at most which folder. */
export const snapshot: Handler = async (services, call) => {
  const projects = await someProjects(services.projects, call);
  if (!projects) return undefined;
  const { label, pin, data } = call.json ?? {};
  const options = { label, pin, data };
  const [only] = projects;
  return projects.length === 1 && only
    ? await takeSnapshot(services, only, options, call.isSilent)
    : await takeSnapshots(services, projects, options);
};
