// What a restore has to do, worked out from two flat trees: the data as it is now and the snapshot.
// Pure: nothing is read and nothing happens here. Two rules hold everywhere: a path that neither
// tree has is never named, and what the snapshot did not cover is never deleted.

import { byPath, compareText } from '../compare-text.ts';
import { ownerOfSidecar, sidecarsOf, type ProjectPath } from '../names.ts';
import type { TableChoice } from './selection.ts';
import { planDatabaseNames, planHardLinks } from './hard-links.ts';
import {
  ancestors,
  differsInFacts,
  isSameContent,
  parentOf,
  sceneOf,
  type PlanEntry,
  type PlanInput,
  type PlannedLink,
  type PlannedWrite,
  type Scene,
} from './plan-entries.ts';

export interface PlannedDatabase {
  readonly path: ProjectPath;
  readonly action: 'restore' | 'create' | 'delete';
  readonly entry: PlanEntry | null;
  readonly before: PlanEntry | null;
  /** The tables that are brought back; `all`: the database as a whole. */
  readonly tables: TableChoice | 'all';
}

/** The operations in the order of their lists. Lists are sorted by path, deletions deepest first. */
export interface RestorePlan {
  /** In the way of something of another kind: goes before anything is made. Deepest first. */
  readonly clear: readonly PlanEntry[];
  readonly makeFolders: readonly PlanEntry[];
  /** Files and symbolic links with other content, or of another kind, or not there. */
  readonly write: readonly PlannedWrite[];
  /** Further names of files, and of databases: those are made when the databases are back. */
  readonly link: readonly PlannedLink[];
  /** Same content, other mode, owner or time; databases without their time. */
  readonly touch: readonly PlannedWrite[];
  readonly databases: readonly PlannedDatabase[];
  /** Further names of databases that are such names now: made anew where a new file comes in its place. */
  readonly databaseNames: readonly PlannedLink[];
  /** Deepest first. */
  readonly remove: readonly PlanEntry[];
  /** Folders of the snapshot in scope: their modes and times come last. */
  readonly folders: readonly PlannedWrite[];
  /** Files that need nothing. */
  readonly unchanged: number;
  /** Entries of another owner than now whom this process cannot set. */
  readonly foreignOwner: number;
  /** Paths that lie in the way and are out of scope: nothing can be done. */
  readonly obstacles: readonly string[];
}

/** Works out the operations. O(entries). */
export function planOperations(input: PlanInput): RestorePlan {
  const scene = sceneOf(input);
  const hardLinks = planHardLinks(scene, input);
  const names = planDatabaseNames(scene);
  const folders = foldersAbove(scene);
  const write: PlannedWrite[] = [];
  const touch: PlannedWrite[] = [];
  const folderFacts: PlannedWrite[] = [];
  const databases: PlannedDatabase[] = [];
  const linked = new Set(
    [hardLinks.links, names.links, names.kept].flatMap((by) => [...by.keys()]),
  );
  let unchanged = names.kept.size;
  let foreignOwner = 0;

  for (const entry of scene.snapshot.values()) {
    if (!scene.inScope(entry.path)) continue;
    const before = scene.live.get(entry.path) ?? null;
    if (!hasOwner(before, entry) && !input.canOwn(entry.uid, entry.gid)) foreignOwner += 1;
    if (entry.kind === 'directory') {
      folderFacts.push({ entry, before });
    } else if (linked.has(entry.path)) {
      continue;
    } else if (isChanged(entry, before, input, hardLinks.split)) {
      if (entry.kind !== 'database') write.push({ entry, before });
      else
        databases.push({
          path: entry.path,
          action: before?.kind === 'database' ? 'restore' : 'create',
          entry,
          before,
          tables: 'all',
        });
    } else {
      if (entry.kind !== 'database') unchanged += 1;
      if (before !== null && differsInFacts(before, entry, input)) touch.push({ entry, before });
    }
  }
  const gone = planDeletions(scene, input);
  return {
    clear: gone.clear,
    makeFolders: missingFolders(scene, folders),
    write: write.toSorted(byEntryPath),
    link: [...hardLinks.links.values(), ...names.links.values()].toSorted(byEntryPath),
    touch: touch.toSorted(byEntryPath),
    databases: [...databases, ...gone.databases].toSorted(byPath),
    databaseNames: [...names.kept.values()],
    remove: gone.remove,
    folders: folderFacts.toSorted(byEntryPath),
    unchanged,
    foreignOwner,
    obstacles: [...obstaclesAmong(scene, folders), ...gone.obstacles].toSorted(compareText),
  };
}

/** What is there with the right owner keeps it: what this process may not own it writes in place. */
function hasOwner(before: PlanEntry | null, entry: PlanEntry): boolean {
  return before?.kind === entry.kind && before.uid === entry.uid && before.gid === entry.gid;
}

function isChanged(
  entry: PlanEntry,
  before: PlanEntry | null,
  input: PlanInput,
  split: ReadonlySet<string>,
): boolean {
  if (before?.kind !== entry.kind || split.has(entry.path)) return true;
  if (isSameContent(before, entry)) return false;
  return entry.kind !== 'database' || !input.isSameDatabase(before, entry);
}

/** Every folder that something in scope lies in, or is. */
function foldersAbove({ snapshot, inScope }: Scene): ReadonlySet<string> {
  const folders = new Set<string>();
  const add = (path: string): void => {
    if (path === '' || folders.has(path)) return;
    folders.add(path);
    add(parentOf(path));
  };
  for (const { path, kind } of snapshot.values()) {
    if (inScope(path)) add(kind === 'directory' ? path : parentOf(path));
  }
  return folders;
}

/** Something that is no folder lies where a folder has to be, and this restore may not take it away. */
function obstaclesAmong({ live, inScope }: Scene, folders: ReadonlySet<string>): string[] {
  return [...folders].filter((path) => {
    const there = live.get(path);
    return there !== undefined && there.kind !== 'directory' && !inScope(path);
  });
}

/** Folders that are not there: those in scope, and those above anything in scope. Outermost first. */
function missingFolders({ snapshot, live }: Scene, folders: ReadonlySet<string>): PlanEntry[] {
  const missing: PlanEntry[] = [];
  for (const path of folders) {
    const folder = snapshot.get(path);
    const isMissing = live.get(path)?.kind !== 'directory';
    if (folder?.kind === 'directory' && isMissing) missing.push(folder);
  }
  return missing.toSorted(byPath);
}

/** What has to go: before anything is made where it is in the way, else last. */
function planDeletions(
  scene: Scene,
  input: PlanInput,
): {
  clear: PlanEntry[];
  remove: PlanEntry[];
  databases: PlannedDatabase[];
  obstacles: string[];
} {
  const clear: PlanEntry[] = [];
  const remove: PlanEntry[] = [];
  const databases: PlannedDatabase[] = [];
  const obstacles: string[] = [];
  const holdsUncovered = new Set<string>();
  for (const { path } of scene.live.values()) {
    if (input.isUncovered(path)) for (const folder of ancestors(path)) holdsUncovered.add(folder);
  }
  const stays = (path: string): boolean => input.isUncovered(path) || holdsUncovered.has(path);
  for (const entry of scene.live.values()) {
    const { path } = entry;
    if (!scene.inScope(path)) continue;
    const after = scene.snapshot.get(path);
    if (after !== undefined) {
      if (!changesPlace(entry, after)) continue;
      if (holdsUncovered.has(path)) obstacles.push(path);
      else clear.push(entry);
    } else if (isInTheWay(scene, entry)) {
      if (stays(path)) obstacles.push(path);
      else clear.push(entry);
    } else if (input.keepNew || stays(path)) continue;
    else if (entry.kind === 'database') {
      databases.push({ path, action: 'delete', entry: null, before: entry, tables: 'all' });
    } else remove.push(entry);
  }
  const deepestFirst = (a: PlanEntry, b: PlanEntry): number => compareText(b.path, a.path);
  return {
    clear: clear.toSorted(deepestFirst),
    remove: remove.toSorted(deepestFirst),
    databases,
    obstacles,
  };
}

/** Files and links are renamed over; a folder, and a database with its sidecars, have to go first. */
function changesPlace(before: PlanEntry, after: PlanEntry): boolean {
  const isPlain = (entry: PlanEntry): boolean => entry.kind === 'file' || entry.kind === 'symlink';
  return before.kind !== after.kind && !(isPlain(before) && isPlain(after));
}

/** True where the entry, which the snapshot does not have, must go before something else can come. */
function isInTheWay({ live, snapshot, inScope }: Scene, entry: PlanEntry): boolean {
  const comes = (path: string): PlanEntry | undefined =>
    inScope(path) ? snapshot.get(path) : undefined;
  // Below something that is no folder in the snapshot.
  for (const path of ancestors(entry.path)) {
    const after = comes(path);
    if (after !== undefined && after.kind !== 'directory') return true;
  }
  // A stale sidecar would be played into the database that comes back beside it.
  const owner = ownerOfSidecar(entry.path);
  if (owner !== undefined && entry.kind === 'file') {
    const after = comes(owner);
    if (after?.kind === 'database') return true;
    const before = live.get(owner);
    // The same for an encrypted one, which is captured as plain files.
    if (after?.kind === 'file' && before?.kind === 'file') return !isSameContent(before, after);
  }
  // A database whose sidecar's name is a file of the snapshot.
  return (
    entry.kind === 'database' && sidecarsOf(entry.path).some((path) => comes(path) !== undefined)
  );
}

function byEntryPath(a: PlannedWrite, b: PlannedWrite): number {
  return compareText(a.entry.path, b.entry.path);
}
