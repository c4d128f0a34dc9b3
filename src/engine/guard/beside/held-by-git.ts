// Whether git has what a file holds at this moment: then `git checkout` brings it back, and no snapshot
// need hold it. As git itself asks: by the times and the size of its index, else by the content.

import { createHash } from 'node:crypto';
import { readFileSync, type BigIntStats } from 'node:fs';
import { diskPath } from '../../disk/disk-path.ts';
import type { GitIndex } from '../../detect/git-index.ts';

/** Of larger files a changed time alone counts as a change. */
const maxHashedBytes = 1024n * 1024n;
const second = 1_000_000_000n;

/** @param path absolute */
export function isHeldByGit(index: GitIndex, path: string, stats: BigIntStats): boolean {
  const entry = index.entry(path);
  if (entry?.kind !== 'file' || !stats.isFile() || stats.size !== BigInt(entry.size)) return false;
  const isSameTime =
    entry.mtimeNs % second === 0n
      ? stats.mtimeNs / second === entry.mtimeNs / second
      : stats.mtimeNs === entry.mtimeNs;
  // What changed while the index was written may have the same time.
  if (isSameTime && stats.mtimeNs + second < index.writtenNs) return true;
  return stats.size <= maxHashedBytes && blobHash(path) === entry.sha1;
}

/** The name that git gives the content; undefined where it cannot be read. */
function blobHash(path: string): string | undefined {
  try {
    const content = readFileSync(diskPath(path));
    return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
  } catch {
    // Not ours to read: then nobody can say that git has it.
    return undefined;
  }
}
