// Refuses a snapshot that would not fit, before anything is read.
import { EngineError } from '../../core/errors.ts';
import { formatBytes } from '../../core/format/numbers.ts';
import type { NewFile } from '../capture/capture.ts';
import { freeSpace } from '../disk/file-systems.ts';

/**
 * Checks what would be read for the first time against the store's size cap and the disk's free space:
 * 1 GB, or a twentieth of a smaller disk, stays free. What has an earlier version is not counted:
 * of it only the changed parts are stored.
 * @throws EngineError OVER_LIMIT, NO_ROOM
 */
export function checkRoom(
  files: readonly NewFile[],
  storePath: string,
  capBytes: number | null,
): void {
  const neededBytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (capBytes !== null && neededBytes > capBytes)
    throw new EngineError(
      'OVER_LIMIT',
      `the data has ${formatBytes(neededBytes)}, the store may have ${formatBytes(capBytes)}; largest: ${largest(files)}`,
      {
        path: storePath,
        hint: 'leave a folder out in savepoint.json ("exclude") or raise retention.maxBytes',
      },
    );
  const { freeBytes, marginBytes } = freeSpace(storePath);
  if (neededBytes > 0 && freeBytes - neededBytes < marginBytes)
    throw new EngineError(
      'NO_ROOM',
      `not enough room in ${storePath}: needs ${formatBytes(neededBytes + marginBytes)}, ${formatBytes(freeBytes)} free; largest: ${largest(files)}`,
      {
        path: storePath,
        hint: 'free some space, leave a folder out in savepoint.json ("exclude") or choose another --store',
      },
    );
}

/** The three folders with the most in them, in words. */
function largest(files: readonly NewFile[]): string {
  const sums = new Map<string, number>();
  for (const { path, bytes } of files) {
    const folder = path.split('/').slice(0, -1).slice(0, 3).join('/') || path;
    sums.set(folder, (sums.get(folder) ?? 0) + bytes);
  }
  return [...sums]
    .toSorted((a, b) => b[1] - a[1])
    .slice(0, 3)
    .map(([folder, bytes]) => `${folder} (${formatBytes(bytes)})`)
    .join(', ');
}
