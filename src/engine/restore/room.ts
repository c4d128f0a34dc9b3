// Refuses a restore that would fill a disk, before anything is written.

import { statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { EngineError } from '../../core/errors.ts';
import { formatBytes } from '../../core/format/numbers.ts';
import type { RestorePlan } from '../../core/restore/plan-operations.ts';
import { type Place } from '../sources/files/file-restore-paths.ts';
import { diskPath } from '../disk/disk-path.ts';

/** Bytes that will be written below a folder, absolute; it need not be there. */
export interface RoomNeed {
  readonly folder: string;
  readonly bytes: number;
}

/** What the files and databases of a plan take, and the images of the databases in `tempDir`. */
export function roomNeeds(
  place: Place,
  plan: Pick<RestorePlan, 'write' | 'databases'>,
  tempDir: string,
): readonly RoomNeed[] {
  const images = plan.databases.flatMap(({ entry }) => (entry === null ? [] : [entry]));
  const written = [...plan.write.map(({ entry }) => entry), ...images];
  return [
    ...written.map(({ path, size }) => ({ folder: place.livePath(path), bytes: size })),
    ...images.map(({ size }) => ({ folder: tempDir, bytes: size })),
  ];
}

/** Folders on the same disk count together. @throws EngineError NO_ROOM with the bytes needed */
export function assertRoom(needs: readonly RoomNeed[]): void {
  const disks = new Map<number, RoomNeed>();
  for (const { folder, bytes } of needs) {
    const place = nearestFolder(folder);
    const disk = statSync(diskPath(place)).dev;
    const sum = (disks.get(disk)?.bytes ?? 0) + bytes;
    disks.set(disk, { folder: disks.get(disk)?.folder ?? place, bytes: sum });
  }
  for (const { folder, bytes } of disks.values()) {
    if (bytes === 0) continue;
    const { bavail, bsize } = statfsSync(diskPath(folder));
    const free = bavail * bsize;
    if (bytes + marginBytes <= free) continue;
    const needed = formatBytes(bytes + marginBytes);
    throw new EngineError(
      'NO_ROOM',
      `not enough space on "${folder}": needs ${needed} (${bytes + marginBytes} bytes), ${formatBytes(free)} free; nothing was changed`,
      { path: folder, hint: 'free some space, then try again' },
    );
  }
}

/** Folders, logs and journals take some of their own. */
const marginBytes = 4 * 1024 * 1024;

function nearestFolder(path: string): string {
  let at = path;
  while (!isFolder(at) && dirname(at) !== at) at = dirname(at);
  return at;
}

function isFolder(path: string): boolean {
  try {
    return statSync(diskPath(path)).isDirectory();
  } catch {
    // What cannot be looked at is no place to measure the disk by.
    return false;
  }
}
