// `diff` of two sides, each a snapshot or live data: which data directories are meant, how both sides
// are opened, and how many mismatches they have.

import { restorableRoots, snapshotRoots } from '../store/snapshot-roots.ts';
import type {
  DiffDocument,
  SkippedDocument,
  SnapshotManifest,
} from '../../core/documents/documents.ts';
import type { DiffOptions } from '../../core/documents/options.ts';
import { selectDataDirs } from '../../core/select-data-dirs.ts';
import { restoreRoots, rootsOf } from '../capture/capture-roots.ts';
import { findManifest, liveSide, snapshotSide, type Side } from '../capture/open-side.ts';
import type { FoundDataDirs } from '../detect/found.ts';
import { diffSnapshots } from '../diff/diff-snapshots.ts';
import type { CallOptions } from '../options.ts';
import type { ProjectContext } from '../project/project-context.ts';
import { captureChecker } from '../snapshot/record-mismatches.ts';
import type { CaptureRoot } from '../sources/files/walked.ts';
import { flattenTree } from '../store/flatten-tree.ts';
import type { StoreSession } from '../store/store-session.ts';

const defaultRows = 100;

/** @throws EngineError SNAPSHOT_NOT_FOUND, USAGE, STORE_DAMAGED, NO_SPACE */
export async function compareSides(
  context: ProjectContext,
  [a, b]: readonly [string, string],
  { rows = defaultRows, cells, data = [] }: DiffOptions,
  call: CallOptions,
): Promise<DiffDocument> {
  return await context.readWithTempDir(async (store, tempDir) => {
    const manifestOf = (side: string): SnapshotManifest | null =>
      side === 'live' ? null : findManifest(store, side);
    const manifests = { before: manifestOf(a), after: manifestOf(b) };
    const live = liveOf(context, store, manifests, tempDir);
    const scope = scopeOf(manifests, live, data);
    const open = async (manifest: SnapshotManifest | null): Promise<Side> =>
      manifest === null || store === null
        ? await liveSide(context, store, live?.roots.filter(inScope(scope)) ?? [], tempDir, call)
        : snapshotSide(store, manifest, tempDir, call.signal);
    const before = await open(manifests.before);
    const after = a === b ? before : await open(manifests.after);
    const mismatches = scope === null ? await countSides(before, after, live, call) : uncounted;
    const document = await diffSnapshots(
      { ...before, mismatches: mismatches.before, skipped: skippedOf(before) },
      { ...after, mismatches: mismatches.after, skipped: skippedOf(after) },
      { rows, cells, roots: scope },
      call,
    );
    return { ...document, ...linkedAway([before, after]) };
  });
}

interface Manifests {
  /** Null: live data. */
  readonly before: SnapshotManifest | null;
  readonly after: SnapshotManifest | null;
}

interface Counts {
  readonly before: number | null;
  readonly after: number | null;
}

/** They are counted for all of a snapshot: of a part none is told. */
const uncounted: Counts = { before: null, after: null };

/** What live data is looked at with. */
interface LiveLook {
  readonly context: ProjectContext;
  readonly store: StoreSession | null;
  readonly tempDir: string;
  readonly found: FoundDataDirs;
  readonly roots: readonly CaptureRoot[];
}

/**
 * Beside a snapshot, live data is what that snapshot covers, left out today or not; by itself, what
 * detection finds. Undefined where no side is live.
 */
function liveOf(
  context: ProjectContext,
  store: StoreSession | null,
  { before, after }: Manifests,
  tempDir: string,
): LiveLook | undefined {
  if (before !== null && after !== null) return undefined;
  const { projectDir } = context;
  const found = context.find();
  const saved = before ?? after;
  const look = { context, store, tempDir, found };
  if (saved === null || store === null) {
    return { ...look, roots: rootsOf(projectDir, found.dataDirs) };
  }
  const paths = restorableRoots(saved);
  const tree = flattenTree(store.reader, saved.tree, paths);
  return { ...look, roots: restoreRoots(saved, tree, found) };
}

/**
 * Roots of the data directories that are named: those of the snapshots that are compared; of live data
 * alone, those that are found. Null: everything.
 */
function scopeOf(
  { before, after }: Manifests,
  live: LiveLook | undefined,
  data: readonly string[],
): readonly string[] | null {
  // What a command named beside the data is in one of two snapshots by chance: it is no change.
  const isOfTwo = before !== null && after !== null;
  const hasBeside = (before?.beside ?? after?.beside) !== undefined;
  if (data.length === 0)
    return isOfTwo && hasBeside ? snapshotRoots([...before.dataDirs, ...after.dataDirs]) : null;
  const saved = [before, after].flatMap((manifest) => manifest?.dataDirs ?? []);
  const dataDirs = saved.length > 0 ? saved : (live?.found.dataDirs ?? []);
  return selectDataDirs(dataDirs, data).flatMap(({ roots }) => roots);
}

function inScope(scope: readonly string[] | null): (root: CaptureRoot) => boolean {
  return ({ path }) => scope === null || scope.includes(path);
}

/** Mismatches as snapshots recorded them; live data is checked where that takes no longer than at a snapshot. */
async function countSides(
  before: Side,
  after: Side,
  live: LiveLook | undefined,
  call: CallOptions,
): Promise<Counts> {
  const saved = before.manifest ?? after.manifest;
  const countOf = async ({ manifest, capture }: Side): Promise<number | null> => {
    if (manifest !== null || capture === null) return manifest?.mismatches ?? null;
    if (saved === null || saved.mismatches === null || live === undefined) return null;
    if (!live.context.options.trusted) return null;
    const { store, ...look } = live;
    const checker = captureChecker({ ...look, db: store?.db, dataDirs: saved.dataDirs }, call);
    const isSame = saved.tree === capture.tree && saved.checkedBy === checker.checkedBy;
    return isSame ? saved.mismatches : ((await checker.check(capture))?.mismatches ?? null);
  };
  return { before: await countOf(before), after: await countOf(after) };
}

function skippedOf({ manifest, capture }: Side): readonly SkippedDocument[] {
  return (manifest ?? capture)?.skipped ?? [];
}

/** What links lead to that neither side has: whether it changed nobody can tell. */
function linkedAway(sides: readonly Side[]): Pick<DiffDocument, 'linkedAway'> {
  const linked = sides.flatMap(({ manifest, capture }) => [
    ...(capture?.leadAway ?? []),
    ...(manifest?.notCovered ?? []).flatMap(({ path, reason }) =>
      reason?.startsWith('a link to') === true ? [{ path, reason }] : [],
    ),
  ]);
  const byPath = new Map(linked.map((one) => [one.path, one]));
  return byPath.size === 0 ? {} : { linkedAway: [...byPath.values()] };
}
