// What does not match in the data as it is now, and what would not match after a plan. The state after
// is never made: files are those of one side or the other, and so are tables.

import { snapshotRoots } from '../store/snapshot-roots.ts';
import type {
  Excluded,
  Mismatch,
  SkippedDocument,
  SnapshotManifest,
} from '../../core/documents/documents.ts';
import { countMismatches } from '../../core/check/count.ts';
import { mismatchKey } from '../../core/check/mismatch-key.ts';
import { ancestors } from '../../core/restore/plan-entries.ts';
import type { TableChoice } from '../../core/restore/selection.ts';
import { capturedSource } from '../check/captured-source.ts';
import { snapshotsInfer } from '../check/record-check.ts';
import { toRemember, type InferOptions } from '../check/remembered-rules.ts';
import { checkedDirs } from '../check/checked-dirs.ts';
import { checkOpenSide, type CheckedSide } from '../check/check-open-side.ts';
import type { CheckedDataDir } from '../check/collect-rules.ts';
import { changeFileIndex, type FileIndex } from '../check/file-index.ts';
import { closedDatabase, imageDatabase, type SideDatabase } from '../check/side-database.ts';
import { indexTree } from '../check/tree-files.ts';
import type { FoundDataDirs } from '../detect/found.ts';
import type { EngineOptions } from '../options.ts';
import type { ContentHash, StoreReader } from '../store/store.ts';
import type { ComparedSides } from './compared-databases.ts';
import type { FlatTree } from '../store/flatten-tree.ts';
import { openMixedDatabase } from './mixed-database.ts';
import type { WorkedOutPlan } from './plan-restore.ts';

export interface PlanMismatches {
  /** Null where no rule was there to be checked, or the data could not be read. */
  readonly before: number | null;
  readonly after: number | null;
  /** Those that would be new; at most 1,000. */
  readonly fresh: readonly Mismatch[];
}

export const notChecked: PlanMismatches = { before: null, after: null, fresh: [] };

/** One side of a plan. */
export interface PlannedSide {
  readonly files: FileIndex;
  readonly tree: FlatTree;
  databaseImage(path: string): Promise<string | null>;
}

export interface MismatchContext {
  readonly live: PlannedSide;
  readonly snapshot: PlannedSide;
  readonly dirs: readonly CheckedDataDir[];
  /** As `checkOpenSide` takes it. */
  readonly infer: InferOptions | null;
  readonly nowMs: number;
}

const maxListed = 1000;

export interface CheckedSides {
  readonly found: FoundDataDirs;
  readonly manifest: SnapshotManifest;
  /** Of the snapshot's content. */
  readonly reader: StoreReader;
  readonly live: {
    readonly reader: StoreReader;
    /** Hash of the tree of the project folder. */
    readonly root: ContentHash;
    readonly tree: FlatTree;
    readonly skipped: readonly SkippedDocument[];
    readonly excluded: readonly Excluded[];
  };
  readonly snapshot: FlatTree;
  readonly sides: ComparedSides;
  readonly infer: MismatchContext['infer'];
}

/** @throws EngineError STORE_DAMAGED */
export function createMismatchChecker(
  options: EngineOptions,
  { found, manifest, reader, live, snapshot, sides, infer }: CheckedSides,
): MismatchChecker {
  const paths = snapshotRoots(manifest.dataDirs);
  const liveFacts = { ...live, tree: live.root, roots: paths };
  const liveFiles = indexTree(live.reader, liveFacts, (nodeOf) =>
    capturedSource(live.reader, nodeOf, found.projectDir),
  );
  return new MismatchChecker({
    live: {
      files: liveFiles,
      tree: live.tree,
      databaseImage: async (path) => await sides.before.databaseImage(path),
    },
    snapshot: {
      files: indexTree(reader, { ...manifest, roots: paths }),
      tree: snapshot,
      databaseImage: async (path) => await sides.after.databaseImage(path),
    },
    dirs: checkedDirs(manifest.dataDirs, found, options.trusted),
    infer,
    nowMs: options.now(),
  });
}

/** Checks plans on one look at the data; what a tick does not change is not checked again. */
export class MismatchChecker {
  readonly #context: MismatchContext;
  readonly #liveDatabases: readonly SideDatabase[];
  #before: CheckedSide | undefined;
  #last: CheckedSide | undefined;

  constructor(context: MismatchContext) {
    this.#context = context;
    this.#liveDatabases = databasePaths(context.live.tree).map((path) =>
      sideDatabase(path, context.live),
    );
  }

  /** @throws the signal's reason */
  async check(worked: WorkedOutPlan, signal: AbortSignal): Promise<PlanMismatches> {
    const { live, dirs, infer, nowMs } = this.#context;
    this.#before ??= await checkOpenSide(
      { files: live.files, databases: this.#liveDatabases, nowMs },
      dirs,
      { signal, infer },
    );
    const before = this.#before;
    const after = await this.#checkAfter(worked, before, signal);
    this.#last = after;
    if (!hasRules(before)) return { ...notChecked, after: countIn(after) };
    const known = new Set(before.check.keys);
    const fresh = after.check.mismatches.filter(
      (mismatch) => mismatch.severity !== 'info' && !known.has(mismatchKey(mismatch)),
    );
    return {
      before: countIn(before),
      after: countIn(after),
      fresh: fresh.slice(0, maxListed).map((mismatch) => ({ ...mismatch, isNew: true })),
    };
  }

  close(): void {
    for (const database of this.#liveDatabases) database.close();
  }

  async #checkAfter(
    worked: WorkedOutPlan,
    before: CheckedSide,
    signal: AbortSignal,
  ): Promise<CheckedSide> {
    const { live, snapshot, dirs, nowMs } = this.#context;
    const infer = this.#rememberedAfter(before);
    const previous = this.#last ?? before;
    const files = changeFileIndex(live.files, fileChanges(worked, snapshot.files));
    const { kept, opened } = this.#databasesAfter(worked);
    try {
      const side = { files, databases: [...kept, ...opened], nowMs };
      return await checkOpenSide(side, dirs, { signal, previous, infer });
    } finally {
      for (const database of opened) database.close();
    }
  }

  /** The safety snapshot remembers what holds now: what is checked after the restore is checked with that. */
  #rememberedAfter({ check, collected }: CheckedSide): InferOptions | null {
    const { live, infer } = this.#context;
    if (infer === null) return null;
    const nodes = [...live.tree.files.values()].filter(({ kind }) => kind === 'database');
    const bytes = nodes.reduce((sum, { size }) => sum + size, 0);
    if (!snapshotsInfer(bytes, live.files)) return infer;
    return {
      ...infer,
      remembered: toRemember(collected.rules, check.rules, live.files, infer.remembered),
    };
  }

  #databasesAfter({ plan }: WorkedOutPlan): {
    readonly kept: readonly SideDatabase[];
    readonly opened: readonly SideDatabase[];
  } {
    const { live, snapshot } = this.#context;
    const gone = new Set<string>(
      [...plan.clear, ...plan.databases.filter(({ action }) => action === 'delete')].map(
        ({ path }) => path,
      ),
    );
    const opened = plan.databases.flatMap(({ path, action, tables }) => {
      if (action === 'delete') return [];
      if (tables === 'all') return [sideDatabase(path, snapshot)];
      return [mixedDatabase(path, tables, live, snapshot)];
    });
    const changed = new Set(opened.map(({ path }) => path));
    const kept = this.#liveDatabases.filter(({ path }) => !gone.has(path) && !changed.has(path));
    return { kept, opened };
  }
}

function hasRules({ check }: CheckedSide): boolean {
  return check.rules.some((rule) => rule.state === 'checked');
}

function countIn(side: CheckedSide): number | null {
  return hasRules(side) ? countMismatches(side.check) : null;
}

function databasePaths({ files }: FlatTree): readonly string[] {
  return [...files].flatMap(([path, { kind }]) => (kind === 'database' ? [path] : []));
}

function sideDatabase(path: string, side: PlannedSide): SideDatabase {
  const node = side.tree.files.get(path);
  if (node?.kind !== 'database') return closedDatabase(path, 'it is not a database');
  return imageDatabase(path, node.content, async () => await side.databaseImage(path));
}

function mixedDatabase(
  path: string,
  tables: TableChoice,
  live: PlannedSide,
  snapshot: PlannedSide,
): SideDatabase {
  const contents = [live, snapshot].map(({ tree }) => tree.files.get(path)?.content ?? '');
  const identity = JSON.stringify([...contents, tables]);
  return openMixedDatabase(path, identity, tables, live, snapshot);
}

/** Where each path that a plan changes is afterwards; null: nowhere. */
function fileChanges(
  { plan }: WorkedOutPlan,
  snapshot: FileIndex,
): ReadonlyMap<string, FileIndex | null> {
  const changes = new Map<string, FileIndex | null>();
  for (const { path } of [...plan.clear, ...plan.remove]) changes.set(path, null);
  const comes = [
    ...plan.makeFolders.map(({ path }) => path),
    ...[...plan.write, ...plan.link].map(({ entry }) => entry.path),
    ...plan.databases.flatMap(({ path, action }) => (action === 'create' ? [path] : [])),
  ];
  for (const { path, action } of plan.databases) if (action === 'delete') changes.set(path, null);
  for (const path of comes) {
    for (const folder of ancestors(path)) {
      // Above the captured roots there is nothing that rules look at.
      if (changes.get(folder) === null && snapshot.kinds.has(folder)) changes.set(folder, snapshot);
    }
    changes.set(path, snapshot);
  }
  return changes;
}
