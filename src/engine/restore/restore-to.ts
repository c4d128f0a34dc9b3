// A restore into another folder: everything of the snapshot, or a part, as plain files. Live data is
// not looked at, and nothing has to be saved first.

import { createHash } from 'node:crypto';
import { isOutside, projectPath, type ProjectPath } from '../../core/names.ts';
import { realPathSoFar } from '../disk/real-path.ts';
import { restorableRoots } from '../store/snapshot-roots.ts';
import type {
  DatabasePlan,
  RestoreDocument,
  RestorePlanDocument,
  SnapshotManifest,
} from '../../core/documents/documents.ts';
import { EngineError } from '../../core/errors.ts';
import { fileChangesOf } from '../../core/restore/plan-changes.ts';
import { planOperations, type RestorePlan } from '../../core/restore/plan-operations.ts';
import { isEverything, pathFilter, type RestoreSelection } from '../../core/restore/selection.ts';
import { ancestors, type PlanEntry } from '../../core/restore/plan-entries.ts';
import { noProgress, uncancelled, type CallOptions } from '../options.ts';
import type { ProjectContext } from '../project/project-context.ts';
import { findManifest, snapshotSide, type Side } from '../capture/open-side.ts';
import { FileRestore } from '../sources/files/file-restore.ts';
import { canOwn } from '../sources/files/file-restore-facts.ts';
import type { FileNode } from '../store/store.ts';
import type { StoreSession } from '../store/store-session.ts';
import { prepareFiles, settleFolders, swapFiles, type FilePlan } from './apply-files.ts';
import { contentReader } from './content-reader.ts';
import { assertCopyTarget, makeCopyTarget, notEmpty, removeIfEmpty } from './copy-target.ts';
import { countFiles, snapshotWarnings } from './describe-plan.ts';
import { flattenTree } from '../store/flatten-tree.ts';
import { createPlace } from '../sources/files/place.ts';
import { proveRestore } from './prove-restore.ts';
import { nothingChanged } from './restore-failure.ts';
import { assertRoom } from './room.ts';
import { assertSelection, parseSelection } from './selection.ts';
import type { RestoreOptions } from '../../core/documents/options.ts';
import { toEntry } from '../store/snapshot-rows.ts';

interface Extraction {
  readonly to: string;
  readonly snapshot: Side;
  readonly document: RestorePlanDocument;
  readonly plan: FilePlan;
  /** Files and databases by the path that they get below `to`. */
  readonly files: ReadonlyMap<string, FileNode>;
}

/** What `restoreTo` would write. @throws EngineError PATH_NOT_IN_SNAPSHOT, and as `assertCopyTarget` */
export function planRestoreTo(
  store: StoreSession | null,
  options: RestoreOptions & { readonly to: string },
  context: ProjectContext,
  tempDir: string,
  call: CallOptions,
): Extraction {
  const { to } = options;
  const manifest = findManifest(store, options.snapshot);
  if (store === null) throw new Error('a store without a catalog has no snapshots');
  const roots = restorableRoots(manifest);
  assertCopyTarget(to, context, roots);
  const tree = flattenTree(store.reader, manifest.tree, roots);
  const selection = parseSelection(options, manifest.dataDirs);
  assertWholeDatabases(selection);
  assertSelection(selection, manifest.id, [tree]);
  const chosen = chooseEntries(tree.entries, selection);
  const plan = planCopy(chosen);
  const databases = chosen.filter(({ kind }) => kind === 'database').map(({ path }) => path);
  return {
    to,
    snapshot: snapshotSide(store, manifest, tempDir, call.signal),
    plan,
    files: new Map([...tree.files].map(([path, node]) => [pathBelow(path), node])),
    document: describeCopy(plan, manifest, databases, to, selection),
  };
}

function chooseEntries(
  entries: readonly PlanEntry[],
  selection: RestoreSelection,
): readonly PlanEntry[] {
  if (isEverything(selection)) return entries;
  const isSelected = pathFilter(selection);
  const chosen = new Set(entries.filter(({ path }) => isSelected(path)));
  const above = new Set([...chosen].flatMap(({ path }) => ancestors(path)));
  return entries.filter((entry) => chosen.has(entry) || above.has(entry.path));
}

function assertWholeDatabases({ table, exceptTable }: RestoreSelection): void {
  const [name] = [...table, ...exceptTable];
  if (name === undefined) return;
  throw new EngineError('USAGE', `--to copies whole databases, not "${name}"`, {
    path: name,
    hint: 'leave the table out, or restore it in place',
  });
}

function planCopy(chosen: readonly PlanEntry[]): RestorePlan & FilePlan {
  const plan = planOperations({
    live: [],
    snapshot: chosen.map(asPlainFile),
    inScope: () => true,
    keepNew: true,
    isUncovered: () => false,
    isSameDatabase: () => false,
    canOwn,
  });
  const made = new Set(plan.makeFolders.map(({ path }) => path));
  const entries = [...plan.folders, ...plan.write, ...plan.link].map(({ entry }) => entry);
  const ways = new Set(entries.flatMap(({ path }) => ancestors(path)));
  return { ...plan, ways: [...ways].filter((path) => !made.has(path)).toSorted() };
}

function describeCopy(
  plan: RestorePlan,
  manifest: SnapshotManifest,
  databases: readonly ProjectPath[],
  to: string,
  selection: RestoreSelection,
): RestorePlanDocument {
  const below = new Set<string>(databases.map(pathBelow));
  const fileChanges = fileChangesOf(plan).filter(({ path }) => !below.has(path));
  const token = createHash('sha256').update(JSON.stringify([manifest.id, to, selection]));
  return {
    token: token.digest('hex'),
    snapshot: toEntry(manifest),
    fileChanges,
    files: { ...countFiles(fileChanges), unchanged: 0 },
    databases: databases.map((path): DatabasePlan => ({
      path,
      method: 'replace',
      diff: null,
      tables: null,
      wholeBecause: null,
      openIn: [],
    })),
    openFiles: [],
    mismatches: { before: null, after: null },
    newMismatches: [],
    foreignKeys: [],
    warnings: snapshotWarnings(manifest, new Set(databases), null),
    blocked: null,
    empty: false,
    to,
    keepNew: true,
  };
}

/** Writes it. On failure, or cancelled, the folder is as it was. */
export async function restoreTo(
  extraction: Extraction,
  context: ProjectContext,
  tempDir: string,
  call: CallOptions,
): Promise<RestoreDocument> {
  const startedMs = performance.now();
  const { plan, document, to, snapshot } = extraction;
  const bytes = plan.write.reduce((sum, { entry }) => sum + entry.size, 0);
  assertRoom([{ folder: to, bytes }]);
  const made = makeCopyTarget(to);
  const place = createPlace(realPathSoFar(to), []);
  const files = new FileRestore({
    place,
    contentOf: contentReader(snapshot.reader, extraction.files),
    tempDir,
    id: 'copy',
    beforeReplace: (path, stats) =>
      stats === undefined ? Promise.resolve() : Promise.reject(notEmpty(to, path)),
    goingFolders: new Set(),
    beforeStaging: () => undefined,
  });
  try {
    call.progress.phase('preparing');
    call.progress.total(plan.write.length, bytes);
    await prepareFiles(plan, files, call);
    call.signal.throwIfAborted();
    call.progress.phase('replacing');
    const own = { ...uncancelled, progress: call.progress };
    const none = (): Promise<void> => Promise.resolve();
    await swapFiles(plan, files, none, () => undefined, own);
    files.finish();
    await settleFolders(plan, files);
    files.syncFolders();
  } catch (error) {
    files.rollback();
    if (made !== undefined) removeIfEmpty(to);
    throw nothingChanged(error);
  } finally {
    files.close();
  }
  call.progress.phase('proving');
  const tree = { entries: [], files: extraction.files };
  const proof = { place, snapshot, tree, safety: snapshot, tempDir, options: context.options };
  const changed = await proveRestore(plan, [], proof, { ...call, progress: noProgress });
  return {
    restored: document.snapshot.id,
    safetySnapshot: null,
    files: document.files,
    databases: document.databases.map(({ path }) => ({ path, method: 'replace', ok: true })),
    openFiles: [],
    madeSince: [],
    mismatches: null,
    rows: { added: 0, removed: 0, changed: 0 },
    durationMs: Math.round(performance.now() - startedMs),
    warnings: [...document.warnings, ...changed],
    to,
  };
}

/** A database is one file here, its header as the live one has it. */
function asPlainFile(entry: PlanEntry): PlanEntry {
  const hardlink = entry.hardlink === '' ? '' : pathBelow(entry.hardlink);
  const kind = entry.kind === 'database' ? ('file' as const) : entry.kind;
  return { ...entry, kind, path: pathBelow(entry.path), hardlink };
}

/** Data directories outside of the project lie under `outside/`. */
function pathBelow(path: string): ProjectPath {
  const below = isOutside(path) ? `outside/${path.replace(':/', '/')}` : path;
  return projectPath(below);
}
