// What a pattern of the shell comes to on this disk: absolute paths that are there.

import { lstatSync, readdirSync } from 'node:fs';
import { joinRel, nameFromBytes } from '../../../core/names.ts';
import { isPattern } from '../../../core/guard/data-paths.ts';
import { matchesSegment } from '../../../core/guard/glob-match.ts';
import { diskPath } from '../../disk/disk-path.ts';

export interface Expanded {
  readonly paths: readonly string[];
  /** False where there is more than was looked at. */
  readonly isWhole: boolean;
}

/** So many names are looked at for one pattern. */
const maxNames = 50_000;

/** @param isEntered whether `**` goes into a folder of that path */
export function expandPattern(pattern: string, isEntered: (folder: string) => boolean): Expanded {
  if (isThere(pattern)) return { paths: [pattern], isWhole: true };
  if (!isPattern(pattern)) return { paths: [], isWhole: true };
  const segments = pattern
    .split('/')
    .filter((segment) => segment !== '')
    // Choices that were not told apart are any text.
    .map((segment) => segment.replaceAll(/\{[^{}]*\}/g, '*'));
  const found = new Set<string>();
  let left = maxNames;
  const visit = (folder: string, [segment, ...rest]: readonly string[]): void => {
    if (segment === undefined) {
      found.add(folder);
      return;
    }
    if (!isPattern(segment)) {
      const path = joinRel(folder, segment);
      if (isThere(path)) visit(path, rest);
      return;
    }
    if (segment === '**') visit(folder, rest);
    for (const { name, isFolder } of entriesOf(folder) ?? []) {
      left -= 1;
      if (left < 0) return;
      const path = joinRel(folder, name);
      if (segment === '**') {
        if (isFolder && isEntered(path)) visit(path, ['**', ...rest]);
        else if (rest.length === 0) found.add(path);
      } else if (matchesSegment(segment, name)) visit(path, rest);
    }
  };
  visit('/', segments);
  return { paths: [...found], isWhole: left >= 0 };
}

function isThere(path: string): boolean {
  try {
    return lstatSync(diskPath(path), { throwIfNoEntry: false }) !== undefined;
  } catch {
    // No path at all, or behind a folder that is not ours to enter.
    return false;
  }
}

/** The names in a folder; undefined where it is no folder, or not ours to look into. */
export function entriesOf(
  folder: string,
): readonly { readonly name: string; readonly isFolder: boolean }[] | undefined {
  try {
    return readdirSync(diskPath(folder), { encoding: 'buffer', withFileTypes: true }).map(
      (entry) => ({ name: nameFromBytes(entry.name), isFolder: entry.isDirectory() }),
    );
  } catch {
    return undefined;
  }
}
