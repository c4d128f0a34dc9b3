// Works out what a restore would do now, as operations and as the document that is shown. Changes
// nothing. The same function serves the preview and the restore itself, whose live side is then the
// safety snapshot: what it plans on is what was saved.

import { createHash } from 'node:crypto';
import { lstatSync, type BigIntStats } from 'node:fs';
import { restorableRoots } from '../store/snapshot-roots.ts';
import { type ProjectPath } from '../../core/names.ts';
import type {
  Excluded,
  SkippedDocument,
  SnapshotManifest,
} from '../../core/documents/documents.ts';
import { EngineError, isStoreDamaged } from '../../core/errors.ts';
import { plannedFilesText, planText } from '../../core/restore/plan-changes.ts';
import { planOperations, type RestorePlan } from '../../core/restore/plan-operations.ts';
import { pathFilter, tableChoice, type RestoreSelection } from '../../core/restore/selection.ts';
import { ancestors, parentOf, type PlanEntry } from '../../core/restore/plan-entries.ts';
import { canOwn } from '../sources/files/file-restore-facts.ts';
import { openSafePaths, type Place, type SafePaths } from '../sources/files/file-restore-paths.ts';
import { plainSignature } from '../sources/files/walk-signatures.ts';
import { errorCodeOf } from '../disk/durable-file.ts';
import type { ContentHash, StoreReader } from '../store/store.ts';
import type { FilePlan } from './apply-files.ts';
import { flattenTree, type FlatTree } from '../store/flatten-tree.ts';
import { isSameDatabase } from './same-database.ts';
import { assertSelection } from './selection.ts';

/** Live data as it was captured, stored or not. */
export interface LiveSide {
  readonly reader: StoreReader;
  readonly tree: ContentHash;
  readonly skipped: readonly SkippedDocument[];
  readonly excluded: readonly Excluded[];
  /** Images of databases whose content the reader may not have, by path. */
  readonly images: ReadonlyMap<string, string>;
  /** The tree, where it was read before. */
  readonly flat?: FlatTree | undefined;
  /** Keeps which databases were found to be the same, by path. */
  readonly same?: Map<string, boolean> | undefined;
}

export interface PlanSubject {
  readonly manifest: SnapshotManifest;
  readonly snapshot: FlatTree;
  /** Of the snapshot's content. */
  readonly reader: StoreReader;
  readonly place: Place;
  readonly selection: RestoreSelection;
  /** True where what is named need not be there any more. */
  readonly isUndo: boolean;
  readonly keepNew: boolean;
  /** What was made since the plan was shown: it stays, and what is named may be gone. */
  readonly madeSince?: readonly string[] | undefined;
}

export interface WorkedOutPlan {
  readonly subject: PlanSubject;
  readonly live: FlatTree;
  readonly plan: RestorePlan & FilePlan;
  readonly token: string;
  /** A hash of what is made of which files, whatever is written into them meanwhile. */
  readonly files: string;
  /** Pipes, sockets and devices where the snapshot has something. They go, unopened. */
  readonly specials: readonly string[];
  /** Files in the way that could not be captured. */
  readonly unsaved: readonly string[];
  /** Paths of the plan that cannot be reached, and why. */
  readonly unreachable: readonly EngineError[];
}

/** @throws EngineError PATH_NOT_IN_SNAPSHOT, STORE_DAMAGED */
export function workOutPlan(subject: PlanSubject, data: LiveSide): WorkedOutPlan {
  const { manifest, snapshot, place, selection } = subject;
  const roots = restorableRoots(manifest);
  const live = data.flat ?? flattenTree(data.reader, data.tree, roots);
  if (!subject.isUndo && subject.madeSince === undefined)
    assertSelection(selection, manifest.id, [snapshot, live]);
  const whole = planOperations({
    live: live.entries,
    snapshot: snapshot.entries,
    inScope: pathFilter(selection),
    keepNew: subject.keepNew,
    isUncovered: uncovered(subject, data),
    isSameDatabase: (now, then) => sameDatabase(now, then, subject, live, data),
    canOwn,
  });
  const operations = withTables(whole, selection);
  const paths = openSafePaths(place, { unlock: false });
  try {
    const look = (path: ProjectPath): BigIntStats | undefined =>
      paths.hasParent(path) ? lookAt(path, paths) : undefined;
    const seen = lookAtTargets(operations, look);
    const ways = missingWays(operations, place, look);
    const plan = { ...operations, clear: [...seen.clear, ...operations.clear], ways };
    const token = tokenOf(plan, subject, look);
    const { keepNew } = subject;
    const files = hashOf(plannedFilesText(plan, { snapshot: manifest.id, keepNew }));
    return { subject, live, plan, token, files, ...seen, unreachable: unreachable(plan, place) };
  } finally {
    paths.close();
  }
}

/** @throws EngineError RESTORE_BLOCKED where the folder lets nobody look, by its name and not the one it was opened by */
function lookAt(path: ProjectPath, paths: SafePaths): BigIntStats | undefined {
  try {
    return lstatSync(paths.at(path), { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    const code = errorCodeOf(error);
    if (code !== 'EACCES' && code !== 'EPERM') throw error;
    const folder = parentOf(path);
    throw new EngineError('RESTORE_BLOCKED', `"${folder}" cannot be entered: permission denied`, {
      path: folder,
      hint: 'give yourself access to it, or leave it out with --except',
      cause: error,
    });
  }
}

/** Of a database of which tables are chosen nothing else is touched, its mode and owner neither. */
function withTables(plan: RestorePlan, selection: RestoreSelection): RestorePlan {
  return {
    ...plan,
    databases: plan.databases.map((planned) => ({
      ...planned,
      tables: tableChoice(selection, planned.path),
    })),
    touch: plan.touch.filter(
      ({ entry }) => entry.kind !== 'database' || tableChoice(selection, entry.path) === 'all',
    ),
  };
}

/**
 * What the snapshot says nothing about: what could not be read or was left out when it was taken, and
 * now, or was made since. A folder that holds such a thing stays as well.
 */
function uncovered(subject: PlanSubject, data: LiveSide): (path: string) => boolean {
  const { manifest, madeSince = [] } = subject;
  const isNew = madeBeside(subject);
  // A root that was not there is no gap: that was its state.
  const unread = manifest.skipped.filter(({ reason }) => reason !== 'not there');
  const then = [...unread, ...manifest.excluded].map(({ path }) => path);
  const now = [...[...data.skipped, ...data.excluded].map(({ path }) => path), ...madeSince];
  const paths = new Set([...then, ...now]);
  const holders = new Set(now.flatMap(ancestors));
  if (paths.size === 0) return isNew;
  return (path) =>
    isNew(path) || holders.has(path) || [...ancestors(path), path].some((at) => paths.has(at));
}

/**
 * What was made since in a folder that a command named beside the data: nobody said that it belongs to
 * what was saved. It goes only with an undo, or where the folder is asked for by its name.
 */
function madeBeside({ manifest, snapshot, selection }: PlanSubject): (path: string) => boolean {
  const named = new Set(selection.only);
  const beside = (manifest.beside ?? []).filter((path) => !named.has(path as ProjectPath));
  if (beside.length === 0 || manifest.reason === 'safety') return () => false;
  const folders = new Set(beside);
  const then = new Set<string>(snapshot.entries.map(({ path }) => path));
  return (path) => !then.has(path) && ancestors(path).some((folder) => folders.has(folder));
}

function sameDatabase(
  now: PlanEntry,
  then: PlanEntry,
  { snapshot, reader }: PlanSubject,
  live: FlatTree,
  data: LiveSide,
): boolean {
  const [a, b] = [live.files.get(now.path), snapshot.files.get(then.path)];
  if (a === undefined || b === undefined) return false;
  const known = data.same?.get(now.path);
  if (known !== undefined) return known;
  const same = isSameAsFarAsKnown(
    { reader: data.reader, node: a, image: data.images.get(now.path) },
    { reader, node: b, image: undefined },
  );
  data.same?.set(now.path, same);
  return same;
}

/** One that is damaged in the store is said to differ: what it is compared with tells the damage. */
function isSameAsFarAsKnown(...sides: Parameters<typeof isSameDatabase>): boolean {
  try {
    return isSameDatabase(...sides);
  } catch (error) {
    if (isStoreDamaged(error)) return false;
    throw error;
  }
}

/** What lies at the plan's targets although it is not in the live tree. */
function lookAtTargets(
  plan: RestorePlan,
  look: (path: ProjectPath) => BigIntStats | undefined,
): { clear: PlanEntry[]; specials: string[]; unsaved: string[] } {
  const clear: PlanEntry[] = [];
  const specials: string[] = [];
  const unsaved: string[] = [];
  const targets = [
    ...plan.makeFolders.map((entry) => ({ entry, isFolder: true })),
    ...[...plan.write, ...plan.link]
      .filter(({ before }) => before === null)
      .map(({ entry }) => ({ entry, isFolder: false })),
    ...plan.databases
      .filter(({ before }) => before === null)
      .flatMap(({ entry }) => (entry === null ? [] : [{ entry, isFolder: false }])),
  ];
  const cleared = new Set(plan.clear.map(({ path }) => path));
  for (const { entry, isFolder } of targets) {
    const stats = look(entry.path);
    if (stats === undefined || stats.isDirectory() || cleared.has(entry.path)) continue;
    if (stats.isFile() || stats.isSymbolicLink()) unsaved.push(entry.path);
    else {
      specials.push(entry.path);
      if (isFolder || entry.kind === 'database') clear.push({ ...entry, kind: 'file' });
    }
  }
  return { clear, specials, unsaved };
}

/** Folders above the captured roots that something has to be made in, and that are not there. */
function missingWays(
  plan: RestorePlan,
  place: Place,
  look: (path: ProjectPath) => BigIntStats | undefined,
): ProjectPath[] {
  const made = [
    ...plan.makeFolders,
    ...[...plan.write, ...plan.link].map(({ entry }) => entry),
    ...plan.databases.filter(({ entry }) => entry !== null),
  ];
  const roots = new Set(made.map(({ path }) => place.rootOf(path) ?? path));
  const above = new Set([...roots].flatMap(ancestors));
  return [...above].filter((path) => look(path) === undefined).toSorted();
}

/** A link or a file where a folder has to be, on the way to a target. */
function unreachable(plan: FilePlan & RestorePlan, place: Place): EngineError[] {
  const paths = openSafePaths(place, { unlock: false });
  const made = new Set([...plan.ways, ...plan.makeFolders.map(({ path }) => path)]);
  const cleared = new Set(plan.clear.map(({ path }) => path));
  const problems: EngineError[] = [];
  const targets = [
    ...[...plan.write, ...plan.link, ...plan.touch].map(({ entry }) => entry.path),
    ...plan.databases.map(({ path }) => path),
    ...[...plan.clear, ...plan.remove].map(({ path }) => path),
  ];
  try {
    for (const path of targets) {
      const isComing = ancestors(path).some((folder) => made.has(folder) || cleared.has(folder));
      if (isComing || paths.hasParent(path)) continue;
      try {
        paths.at(path);
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        problems.push(error);
      }
    }
  } finally {
    paths.close();
  }
  return problems;
}

function tokenOf(
  plan: RestorePlan,
  { manifest, keepNew }: PlanSubject,
  look: (path: ProjectPath) => BigIntStats | undefined,
): string {
  const databases = new Set(plan.databases.map(({ path }) => path));
  const signature = (path: ProjectPath): string => {
    const stats = look(path);
    if (stats === undefined) return '';
    return databases.has(path) ? `${stats.dev}.${stats.ino}` : plainSignature(stats);
  };
  return hashOf(planText(plan, { snapshot: manifest.id, keepNew, signature }));
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
