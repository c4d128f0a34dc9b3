// What an entry has besides its content, as `lstat` tells it.

import type { BigIntStats } from 'node:fs';

export interface EntryFacts {
  /** Permission bits, 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtimeNs: bigint;
}

export function entryFacts(stats: BigIntStats): EntryFacts {
  return {
    mode: Number(stats.mode) & 0o7777,
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    mtimeNs: stats.mtimeNs,
  };
}
