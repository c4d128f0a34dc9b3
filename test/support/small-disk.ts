// A disk of a few megabytes to fill up: a tmpfs mount, which takes root on Linux.

import { execFileSync } from 'node:child_process';
import { tempFolder } from './project.ts';

/** Why there is none here; undefined where `withSmallDisk` works. */
export function noSmallDisk(): string | undefined {
  if (process.platform !== 'linux') return 'it takes Linux';
  return process.getuid?.() === 0 ? undefined : 'it takes root to mount one';
}

/** Calls `use` with the mount point of an empty disk of `megabytes`, which is gone afterwards. */
export async function withSmallDisk(
  megabytes: number,
  use: (path: string) => Promise<void>,
): Promise<void> {
  const path = tempFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path]);
  try {
    await use(path);
  } finally {
    execFileSync('umount', ['-l', path]);
  }
}
