// The trees that a restore compares: flat, by path, the same for live data and for a snapshot.

import type { ProjectPath } from '../names.ts';

/** One name in a flat tree. Both trees of a plan name their entries in the same way. */
export interface PlanEntry {
  /** As in the documents: from the project folder, or absolute where it lies outside. */
  readonly path: ProjectPath;
  readonly kind: 'file' | 'database' | 'directory' | 'symlink';
  /** Permission bits, 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Nanoseconds since the Unix epoch. */
  readonly mtimeNs: bigint;
  /** Of the content in bytes; 0 for folders and links. */
  readonly size: number;
  /** Equal where the content is equal: a hash, or a link's target. Empty for folders. */
  readonly content: string;
  /** Path of the first name of the same inode where there are several, else empty. */
  readonly hardlink: string;
}

export interface PlanInput {
  readonly live: readonly PlanEntry[];
  readonly snapshot: readonly PlanEntry[];
  /** True for a path that this restore may touch. */
  readonly inScope: (path: string) => boolean;
  /** True keeps what is live and not in the snapshot. */
  readonly keepNew: boolean;
  /** True for a path that the snapshot says nothing about although it is not in it: it stays. */
  readonly isUncovered: (path: string) => boolean;
  /** True where both images hold the same database although their bytes may differ in counters. */
  readonly isSameDatabase: (live: PlanEntry, snapshot: PlanEntry) => boolean;
  /** True where this process may give a file that owner. */
  readonly canOwn: (uid: number, gid: number) => boolean;
}

/** Both trees by path, and what of them this restore may touch. */
export interface Scene {
  readonly live: ReadonlyMap<string, PlanEntry>;
  readonly snapshot: ReadonlyMap<string, PlanEntry>;
  readonly inScope: (path: string) => boolean;
}

export function sceneOf({ live, snapshot, inScope }: PlanInput): Scene {
  return {
    live: new Map(live.map((entry) => [entry.path, entry])),
    snapshot: new Map(snapshot.map((entry) => [entry.path, entry])),
    inScope,
  };
}

/** Folders above `path`, outermost first, without the project folder itself. */
export function ancestors<Path extends string>(path: Path): Path[] {
  const out: Path[] = [];
  for (let at = path.indexOf('/', 1); at !== -1; at = path.indexOf('/', at + 1))
    out.push(path.slice(0, at) as Path);
  return out;
}

/** The folder that holds `path`; empty for the project folder. */
export function parentOf<Path extends string>(path: Path): Path {
  return path.slice(0, Math.max(0, path.lastIndexOf('/'))) as Path;
}

/** Times are restored within a microsecond, so nothing finer is compared. */
export function isSameTime(a: bigint, b: bigint): boolean {
  return microsecondOf(a) === microsecondOf(b);
}

/** Rounded down, before 1970 too: a division of bigints rounds towards zero. */
function microsecondOf(ns: bigint): bigint {
  return (ns - (((ns % 1000n) + 1000n) % 1000n)) / 1000n;
}

/** True where mode, owner or time would have to be set. Links have no mode, databases no time of their own. */
export function differsInFacts(
  before: PlanEntry,
  entry: PlanEntry,
  input: Pick<PlanInput, 'canOwn'>,
): boolean {
  if (entry.kind !== 'symlink' && before.mode !== entry.mode) return true;
  if (entry.kind !== 'database' && !isSameTime(before.mtimeNs, entry.mtimeNs)) return true;
  const isOtherOwner = before.uid !== entry.uid || before.gid !== entry.gid;
  return isOtherOwner && input.canOwn(entry.uid, entry.gid);
}

export function isSameContent(a: PlanEntry, b: PlanEntry): boolean {
  return a.content === b.content && a.size === b.size;
}

/** A change of one path; `before` is what is there now. */
export interface PlannedWrite {
  readonly entry: PlanEntry;
  readonly before: PlanEntry | null;
}

export interface PlannedLink extends PlannedWrite {
  /** The name whose inode it becomes. */
  readonly to: ProjectPath;
  /** True where that is a database. */
  readonly isDatabase?: boolean;
}
