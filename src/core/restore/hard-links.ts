// Hard links in a restore: which names become further names of a file, and which files have to be
// written anew although their content fits, because they share an inode with something else.

import { byPath } from '../compare-text.ts';
import {
  isSameContent,
  type PlanEntry,
  type PlanInput,
  type PlannedLink,
  type Scene,
} from './plan-entries.ts';

export interface HardLinkPlan {
  /** Names to be linked to the first name of their group. */
  readonly links: ReadonlyMap<string, PlannedLink>;
  /** Paths to be written even where the content is equal. */
  readonly split: ReadonlySet<string>;
}

/** By path: further names of databases of the snapshot. */
export interface DatabaseNamesPlan {
  /** Names of the same database now: they stay as they are, however it changes. */
  readonly kept: ReadonlyMap<string, PlannedLink>;
  /** To be linked to the database once it is back. */
  readonly links: ReadonlyMap<string, PlannedLink>;
}

/** Where the database itself is out of scope, a name that is gone comes back as a file of its own. */
export function planDatabaseNames(scene: Scene): DatabaseNamesPlan {
  const kept = new Map<string, PlannedLink>();
  const links = new Map<string, PlannedLink>();
  for (const entry of scene.snapshot.values()) {
    const database = databaseOf(entry, scene.snapshot);
    if (database === undefined || !scene.inScope(entry.path)) continue;
    const before = scene.live.get(entry.path) ?? null;
    const link = { entry, before, to: database.path, isDatabase: true };
    if (before !== null && databaseOf(before, scene.live)?.path === database.path)
      kept.set(entry.path, link);
    else if (scene.inScope(database.path)) links.set(entry.path, link);
  }
  return { kept, links };
}

/** The database that the entry is a further name of. */
function databaseOf(
  { kind, hardlink }: PlanEntry,
  side: ReadonlyMap<string, PlanEntry>,
): PlanEntry | undefined {
  const first = kind === 'file' && hardlink !== '' ? side.get(hardlink) : undefined;
  return first?.kind === 'database' ? first : undefined;
}

/**
 * A file of the snapshot keeps its inode only where every name that this inode has now is a name of
 * the same file in the snapshot, or goes away. Else it gets an inode of its own: a name that is out
 * of scope, or that another file of the snapshot needs, must not change with it.
 */
export function planHardLinks(scene: Scene, input: PlanInput): HardLinkPlan {
  const links = new Map<string, PlannedLink>();
  const split = new Set<string>();
  const liveGroups = groupsOf(scene.live, () => true);
  const snapshotGroups = groupsOf(scene.snapshot, scene.inScope);
  const goes = (path: string): boolean =>
    scene.inScope(path) && !scene.snapshot.has(path) && !input.keepNew && !input.isUncovered(path);

  for (const names of snapshotGroups.values()) {
    const [first, ...others] = names;
    if (first === undefined) continue;
    const before = scene.live.get(first.path);
    // Never through a name of a database that is in use.
    if (before !== undefined && databaseOf(before, scene.live) !== undefined) split.add(first.path);
    const shared = namesOf(before, liveGroups);
    if (shared.length < 2 && others.length === 0) continue;
    const own = new Set(names.map((entry) => entry.path));
    const keepsInode =
      before?.kind === 'file' &&
      isSameContent(before, first) &&
      shared.every((entry) => own.has(entry.path) || goes(entry.path));
    if (!keepsInode) split.add(first.path);
    const linked = new Set(keepsInode ? shared.map((entry) => entry.path) : []);
    for (const entry of others.filter(({ path }) => !linked.has(path))) {
      const there = scene.live.get(entry.path) ?? null;
      links.set(entry.path, { entry, before: there, to: first.path });
    }
  }
  return { links, split };
}

function namesOf(
  entry: PlanEntry | undefined,
  groups: ReadonlyMap<string, PlanEntry[]>,
): readonly PlanEntry[] {
  return entry?.kind === 'file' ? (groups.get(groupKey(entry)) ?? []) : [];
}

function groupKey(entry: PlanEntry): string {
  return entry.hardlink === '' ? entry.path : entry.hardlink;
}

/** Files by inode, names in path order. */
function groupsOf(
  side: ReadonlyMap<string, PlanEntry>,
  accepts: (path: string) => boolean,
): Map<string, PlanEntry[]> {
  const groups = new Map<string, PlanEntry[]>();
  for (const entry of side.values()) {
    if (entry.kind !== 'file' || !accepts(entry.path)) continue;
    if (databaseOf(entry, side) !== undefined) continue;
    const group = groups.get(groupKey(entry));
    if (group === undefined) groups.set(groupKey(entry), [entry]);
    else group.push(entry);
  }
  for (const group of groups.values()) group.sort(byPath);
  return groups;
}
