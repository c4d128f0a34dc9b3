// How much a folder holds, as far as a bounded look tells.

import { lstatSync, opendirSync } from 'node:fs';
import { joinRel } from '../../core/names.ts';
import { diskPath } from '../disk/disk-path.ts';

export interface Measure {
  readonly files: number;
  readonly bytes: number;
  /** True where there is more than was counted. */
  readonly isMore: boolean;
}

/** More entries are not counted. */
const maxEntries = 20_000;

/** @param path absolute; links are not followed, and what cannot be looked at does not count */
export function measureFolder(path: string): Measure {
  const sum = { files: 0, bytes: 0 };
  const open = [path];
  let entries = 0;
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const { name, isFolder } of entriesOf(folder)) {
      entries += 1;
      if (entries > maxEntries) return { ...sum, isMore: true };
      const below = joinRel(folder, name);
      if (isFolder) open.push(below);
      else {
        sum.files += 1;
        sum.bytes += sizeOf(below);
      }
    }
  }
  return { ...sum, isMore: false };
}

function* entriesOf(
  folder: string,
): Iterable<{ readonly name: string; readonly isFolder: boolean }> {
  try {
    const entries = opendirSync(diskPath(folder), { bufferSize: 256 });
    try {
      for (let entry = entries.readSync(); entry !== null; entry = entries.readSync())
        yield { name: entry.name, isFolder: entry.isDirectory() };
    } finally {
      entries.closeSync();
    }
  } catch {
    // A file by itself, or a folder that is not ours to look into.
  }
}

function sizeOf(path: string): number {
  try {
    return lstatSync(diskPath(path), { throwIfNoEntry: false })?.size ?? 0;
  } catch {
    return 0;
  }
}
