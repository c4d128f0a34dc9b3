// Processes of Savepoint itself: an editor's engine reads live databases for moments, and whoever
// restores beside it is not to be asked to close it.

import { readFileSync } from 'node:fs';

const prefix = 'savepoint ';

/** Names this process for `ps` and for other processes of Savepoint: `savepoint serve`. */
export function nameOwnProcess(role: string): void {
  process.title = `${prefix}${role}`;
}

/**
 * Whether process `pid` is one that named itself so. Only Linux tells: elsewhere, and of processes
 * that ended, the answer is no.
 */
export function isOwnProcess(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith(prefix);
  } catch {
    // Another platform, or a process that ended.
    return false;
  }
}
