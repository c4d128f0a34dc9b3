// Whether a disk tells `A.txt` from `a.txt`, and the two Unicode forms of an accented letter. Asked
// by looking at names that are there; nothing is made for it.

import { lstatSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { NameFolding } from '../../core/restore/name-collisions.ts';
import { diskPath } from './disk-path.ts';

/** @param path absolute; the nearest name on the way to it that is there and has letters is asked about */
export function nameFolding(path: string): NameFolding {
  const isMac = process.platform === 'darwin';
  return {
    ignoresCase: ignoresCaseAt(path) ?? (isMac || process.platform === 'win32'),
    // Both forms are rarely there to be compared: macOS takes them for one, others keep the bytes.
    ignoresUnicodeForm: isMac,
  };
}

function ignoresCaseAt(path: string): boolean | undefined {
  for (let at = path; dirname(at) !== at; at = dirname(at)) {
    const name = basename(at);
    const other = name === name.toUpperCase() ? name.toLowerCase() : name.toUpperCase();
    const inode = inodeOf(at);
    if (other === name || inode === undefined) continue;
    return inodeOf(join(dirname(at), other)) === inode;
  }
  return undefined;
}

function inodeOf(path: string): string | undefined {
  const stats = lstatSync(diskPath(path), { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? undefined : `${stats.dev}:${stats.ino}`;
}
