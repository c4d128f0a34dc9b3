// Which databases SQLite must not write for us although it could: they are replaced as files.

import { lstatSync } from 'node:fs';
import type { DiskPath } from '../../../core/names.ts';
import { diskPath } from '../../disk/disk-path.ts';
import { isOnLocalFileSystem } from '../../disk/file-systems.ts';
import { hasPageChecksums } from '../../sqlite/page-checksums.ts';

/** Why, in words; null where SQLite may write it under whoever has it open. */
export function mustReplace(path: DiskPath): string | null {
  if (!isOnLocalFileSystem(path)) return 'it has to be replaced as a file';
  if (hasPageChecksums(path))
    return 'its pages carry checksums that only its application writes, so it has to be replaced as a file';
  // What is written into it would change what lies elsewhere, past the log beside that name.
  const stats = lstatSync(diskPath(path), { throwIfNoEntry: false });
  if (stats?.isFile() === true && stats.nlink > 1)
    return 'it has further names (hard links), so it has to be replaced as a file';
  return null;
}
