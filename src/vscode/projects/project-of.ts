import { isAbsolute, relative } from 'node:path';
import type { ProjectModel } from './project-model.ts';

/** The innermost project whose folder has the path; both absolute. */
export function projectOf(
  projects: readonly ProjectModel[],
  path: string,
): ProjectModel | undefined {
  return projects
    .filter(({ cwd }) => isInside(cwd, path))
    .toSorted((a, b) => b.cwd.length - a.cwd.length)[0];
}

/** True for the folder itself as well. */
export function isInside(folder: string, path: string): boolean {
  const inside = relative(folder, path);
  return inside !== '..' && !/^\.\.[/\\]/.test(inside) && !isAbsolute(inside);
}
