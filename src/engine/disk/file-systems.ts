import { statfsSync, existsSync } from 'node:fs';
import { diskPath } from './disk-path.ts';
import { dirname } from 'node:path';

// What is known of the file systems that data and stores lie on.

/** False on NFS, SMB, 9p and FUSE: locks of other machines or containers do not reach us there. Linux only; true where it cannot be told. */
export function isOnLocalFileSystem(path: string): boolean {
  if (process.platform !== 'linux') return true;
  try {
    return !remoteFileSystems.has(statfsSync(diskPath(path)).type);
  } catch {
    // A path that is not there has no file system; whoever opens it gets the error.
    return true;
  }
}

/** NFS, SMB, SMB2, CIFS, 9p, FUSE (virtiofs too): Linux `statfs` magic numbers. */
const remoteAndUntrusted = [0x6969, 0x517b, 0xfe534d42, 0xff534d42, 0x01021997, 0x65735546];

/** AFS and Ceph, too. */
const remoteFileSystems = new Set([...remoteAndUntrusted, 0x5346414f, 0x00c36400]);

/** tmpfs, FAT and exFAT, too: no dependable change times. */
const untrustedFileSystems = new Set([...remoteAndUntrusted, 0x01021994, 0x4d44, 0x2011bab0]);

/** False where a file may change and its times stay: it is read at each snapshot. */
export function hasTrustedTimes(path: string): boolean {
  try {
    return !untrustedFileSystems.has(statfsSync(diskPath(path)).type);
  } catch {
    // A system without statfs: its files are read again each time.
    return false;
  }
}

/** Free bytes on the disk of `path` or of its nearest folder that exists, and how many should stay. */
export function freeSpace(path: string): {
  readonly freeBytes: number;
  readonly marginBytes: number;
} {
  let place = path;
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  const { bavail, blocks, bsize } = statfsSync(place);
  return { freeBytes: bavail * bsize, marginBytes: Math.min(gib, (blocks * bsize) / 20) };
}

const gib = 1024 ** 3;
