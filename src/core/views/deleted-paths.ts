// What of a deletion reaches into data, and what its snapshot is called.

import { cut, visible } from '../format/width.ts';

const maxLabel = 120;

/**
 * Paths that lie in a data directory, are one, or have one in them; as a person names them: from the
 * data directory on, or from the project folder. All absolute, `/` between their parts.
 */
export function deletedData(
  paths: readonly string[],
  roots: readonly string[],
  projectDir: string,
): readonly string[] {
  return paths.flatMap((path) => {
    const root = roots.find((one) => isBelow(path, one));
    if (root !== undefined) return [path.slice(root.length + 1)];
    const reaches = roots.some((one) => one === path || isBelow(one, path));
    if (!reaches) return [];
    return [isBelow(path, projectDir) ? path.slice(projectDir.length + 1) : path];
  });
}

/** `Delete projects/alpha`, `Delete projects/alpha and 2 more`. */
export function deleteLabel(names: readonly string[]): string {
  return cut(`Delete ${deletedName(names)}`, maxLabel);
}

export function deletedName(names: readonly string[]): string {
  const [first = '', ...more] = names;
  return visible(first) + (more.length === 0 ? '' : ` and ${more.length} more`);
}

function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}
