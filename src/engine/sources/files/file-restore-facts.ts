// Mode, owner and times of what a restore puts back: set only where they differ, never through a link.

import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  fstatSync,
  lchownSync,
  lstatSync,
  lutimesSync,
  openSync,
  utimesSync,
  type BigIntStats,
} from 'node:fs';
import { entryFacts, type EntryFacts } from '../../disk/entry-facts.ts';
import { isSameTime } from '../../../core/restore/plan-entries.ts';

/** True where this process may make a file belong to that user and group. */
export function canOwn(uid: number, gid: number): boolean {
  const euid = process.geteuid?.();
  if (euid === undefined || euid === 0) return true;
  if (uid !== euid) return false;
  return gid === process.getegid?.() || (process.getgroups?.().includes(gid) ?? false);
}

/**
 * Gives the entry at `path` the facts that it lacks; answers whether anything was set. The owner
 * stays where this process may not change it, a link has no mode.
 */
export function setFacts(
  path: Buffer,
  facts: EntryFacts,
  options: { readonly time: boolean } = { time: true },
): boolean {
  const stats = lstatSync(path, { bigint: true });
  if (stats.isSymbolicLink()) return setLinkFacts(path, stats, facts);
  let changed = false;
  withPinned(path, stats, (pinned) => {
    // A change of owner takes the set-user-ID bits away: the mode comes after it.
    const takesOwner = needsOwner(stats, facts);
    if (takesOwner) chownSync(pinned, facts.uid, facts.gid);
    const hasSpecialBits = (facts.mode & 0o6000) !== 0;
    const isOtherMode = entryFacts(stats).mode !== facts.mode;
    const setsMode = mayChange(stats) && (isOtherMode || (takesOwner && hasSpecialBits));
    if (setsMode) chmodSync(pinned, facts.mode);
    const setsTime = options.time && mayChange(stats) && needsTime(stats, facts);
    if (setsTime) utimesSync(pinned, timeForDisk(stats.atimeNs), timeForDisk(facts.mtimeNs));
    changed = takesOwner || setsMode || setsTime;
  });
  return changed;
}

function setLinkFacts(path: Buffer, stats: BigIntStats, facts: EntryFacts): boolean {
  const takesOwner = needsOwner(stats, facts);
  if (takesOwner) lchownSync(path, facts.uid, facts.gid);
  const setsTime = mayChange(stats) && needsTime(stats, facts);
  if (setsTime) lutimesSync(path, timeForDisk(stats.atimeNs), timeForDisk(facts.mtimeNs));
  return takesOwner || setsTime;
}

/** Mode and times are for the owner to set. */
function mayChange(stats: BigIntStats): boolean {
  const euid = process.geteuid?.() ?? 0;
  return euid === 0 || stats.uid === BigInt(euid);
}

function needsOwner(stats: BigIntStats, { uid, gid }: EntryFacts): boolean {
  return (stats.uid !== BigInt(uid) || stats.gid !== BigInt(gid)) && canOwn(uid, gid);
}

function needsTime(stats: BigIntStats, { mtimeNs }: EntryFacts): boolean {
  return !isSameTime(stats.mtimeNs, mtimeNs);
}

const O_PATH = 0o10000000;

/** Calls `use` with a path that leads to the very inode that was looked at, whatever is put in its place. */
function withPinned(
  path: Buffer,
  stats: BigIntStats,
  use: (pinned: string | Buffer) => void,
): void {
  if (process.platform !== 'linux') {
    use(path);
    return;
  }
  const fd = openSync(path, O_PATH | constants.O_NOFOLLOW);
  try {
    if (fstatSync(fd, { bigint: true }).ino === stats.ino) use(`/proc/self/fd/${fd}`);
  } finally {
    closeSync(fd);
  }
}

/**
 * Seconds for `utimes` that bring a time back with the same microsecond. A double cannot hold
 * nanoseconds since 1970: the nearest one is up to 120 ns off until 2038 and 240 ns until 2106, and
 * may lie in the microsecond beside it; then it is the next one. As text, because Node takes a
 * negative number for a mistake, and sets the time of now.
 */
export function timeForDisk(ns: bigint): string {
  const seconds = Number(ns / 1_000_000_000n) + Number(ns % 1_000_000_000n) / 1e9;
  const reached = nanosecondsOf(seconds);
  if (isSameTime(reached, ns)) return String(seconds);
  // The next pattern of bits is further away from zero.
  const isAway = reached < ns === seconds > 0;
  return String(neighbour(seconds, isAway ? 1n : -1n));
}

/** What libuv makes of the number. */
function nanosecondsOf(seconds: number): bigint {
  const whole = Math.trunc(seconds);
  return BigInt(whole) * 1_000_000_000n + BigInt(Math.trunc((seconds - whole) * 1e9));
}

function neighbour(value: number, step: bigint): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + step);
  return view.getFloat64(0);
}
