import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { nameToBytes } from '../../core/names.ts';

// Paths of projects as the disk wants them, and what every room reads a file with.

/** What node:fs takes for `path`: bytes where the name is not UTF-8. */
export function diskPath(path: string): string | Buffer {
  return path.isWellFormed() ? path : Buffer.from(nameToBytes(path));
}

/** What a file of a user is opened with: a named pipe or a link in its place is neither waited for nor followed. */
export const readOnlyFlags =
  constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** The first `bytes` bytes of a regular file; undefined where it cannot be read or is something else. */
export function readHead(path: string, bytes: number): Buffer | undefined {
  let fd: number | undefined;
  try {
    fd = openSync(diskPath(path), readOnlyFlags);
    if (!fstatSync(fd).isFile()) return undefined;
    const head = Buffer.alloc(bytes);
    return head.subarray(0, readSync(fd, head, 0, bytes, 0));
  } catch {
    // Gone, not ours to read, or no file: for whoever asks it has no such beginning.
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** Why a path could not be looked at, in words. */
export function problemWords(code: string | undefined): string {
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  if (code === 'ENOENT') return 'vanished while it was read';
  return `cannot be read (${code ?? 'unknown error'})`;
}
