// JSON files of known systems that were caught half-written: these systems write them in place,
// without a temporary file. A torn one is read again in the next round.

import { lstatSync, readFileSync } from 'node:fs';
import { diskPath } from '../disk/disk-path.ts';
import type { CaptureRoot, WalkedFile } from '../sources/files/walked.ts';

/** A file that nobody has written for this long is as its application left it, whole or not. */
const writingNs = 10_000_000_000n;
const largestBytes = 16 * 1024 * 1024;

/** Paths of the files, of those just read, that must be JSON, are not, and are still being written. */
export function tornJson(
  files: readonly WalkedFile[],
  roots: readonly CaptureRoot[],
  nowMs: number,
): readonly string[] {
  const sinceNs = BigInt(Math.floor(nowMs)) * 1_000_000n - writingNs;
  return files
    .filter(
      (file) =>
        file.identity.mtimeNs > sinceNs &&
        file.identity.size <= largestBytes &&
        roots.some((root) => root.mustParse(file.path)) &&
        !isWholeJson(file),
    )
    .map((file) => file.path);
}

/** What is on disk is what was read, or the file changed since: then it is read again anyway. */
function isWholeJson(file: WalkedFile): boolean {
  const path = diskPath(file.absolutePath);
  try {
    JSON.parse(readFileSync(path, 'utf8'));
    return true;
  } catch {
    // No JSON, or gone: in the second case the next walk tells.
    return lstatSync(path, { throwIfNoEntry: false }) === undefined;
  }
}
