// Where things really lie. What is named in words, in savepoint.json or in a snapshot becomes a path
// that the engine opens in this file and nowhere else.

import { realpathSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { EngineError } from '../../core/errors.ts';
import { isOutside, nameFromBytes, type DiskPath, type ProjectPath } from '../../core/names.ts';
import { diskPath } from './disk-path.ts';

/** The path with its links resolved; undefined where it is not there or cannot be reached. */
export function realPath(path: string): DiskPath | undefined {
  try {
    return nameFromBytes(realpathSync.native(diskPath(path), 'buffer')) as DiskPath;
  } catch {
    // Not there, a loop of links or no permission: none of them can be used.
    return undefined;
  }
}

/** The same as far as the path is there: what is not there cannot be a link. */
export function realPathSoFar(path: string): DiskPath {
  const real = realPath(path);
  if (real !== undefined) return real;
  const parent = dirname(path);
  const below = path.slice(parent.length);
  return (parent === path ? path : join(realPathSoFar(parent), below)) as DiskPath;
}

/**
 * Of what a person names. Letters keep the case that they were named with where the disk ignores it:
 * projects are found again by such paths.
 * @param path absolute
 * @throws EngineError USAGE where it is not there, or is no folder although it must be one
 */
export function realPathOfNamed(
  path: string,
  { mustBeFolder, hint }: { readonly mustBeFolder: boolean; readonly hint: string },
): DiskPath {
  try {
    if (statSync(path).isDirectory() || !mustBeFolder) return realpathSync(path) as DiskPath;
  } catch {
    // Not there, or not to be looked at: told below.
  }
  throw new EngineError('USAGE', `no such folder: "${path}"`, { path, hint });
}

/** Where a path of the project lies: one outside of it is absolute already. */
export function livePath(projectDir: DiskPath, path: ProjectPath): DiskPath {
  return (isOutside(path) ? path : join(projectDir, path)) as DiskPath;
}

/**
 * Why what a link leads to is not saved with it, in words; undefined where it leads nowhere, or into
 * one of the folders and files that are captured.
 * @param captured absolute and real
 */
export function leadsAway(link: string, captured: readonly string[]): string | undefined {
  const target = realPath(link);
  if (target === undefined) return undefined;
  const isInside = captured.some((root) => target === root || target.startsWith(`${root}${sep}`));
  return isInside ? undefined : `a link to "${target}": what it leads to is not saved`;
}
