// Which rows of a table can differ, told from the pages that do. A leaf that both trees have and
// whose bytes are the same holds the same rows on both sides, unless one of them continues on an
// overflow page that changed. All rows that differ lie in the ranges of the other leaves.

import {
  DoubtError,
  indexPagesOf,
  leavesOf,
  longRowsOf,
  MAX_ROWID,
  MIN_ROWID,
  overflowChain,
  type Leaves,
} from './btree-pages.ts';
import type { PagedImage } from './paged-image.ts';
import { pause } from './pause.ts';

/** Rowids from `from` to `to`, both included. */
export interface RowidRange {
  readonly from: bigint;
  readonly to: bigint;
  /** How many leaves of both sides it was made of: a measure of the work. */
  readonly leaves: number;
}

/** A table of a side, by the root page of its b-tree. */
export interface TreeOfSide {
  readonly image: PagedImage;
  readonly root: number;
}

/** A table with rowids, and its leaves. */
export interface RowidTree extends TreeOfSide, Leaves {
  /** By the page of a leaf that of the next one, 0 behind the last; undefined for other pages. */
  readonly leafAfter: ReadonlyMap<number, number>;
}

/** A table that both sides have. */
export interface RowidTable extends BothSides<RowidTree> {
  /** Rows that are to be compared, whether or not their leaves changed. */
  readonly rowids: Set<bigint>;
}

/** Both versions of something. */
export interface BothSides<T> {
  readonly before: T;
  readonly after: T;
}

export interface PageChanges {
  readonly changed: ReadonlySet<number>;
  /**
   * Changed pages that may be a part of a long row on both sides, and are not known to belong to a
   * row that is compared; those found to be are taken out.
   */
  readonly overflows: Set<number>;
}

export interface DirtyRowidsOptions extends PageChanges {
  readonly signal: AbortSignal;
}

/** Ranges are cut where they would be more work than this at once. */
const MAX_LEAVES = 256;
const NEAR_PAGES = 8;
const LEAVES_PER_PAUSE = 4096;

/** Ensures the pages that lead to its leaves. @throws DoubtError, EngineError STORE_DAMAGED */
export function readRowidTree({ image, root }: TreeOfSide): RowidTree {
  // At once, as long as the chunk that was unpacked for it is at hand.
  const peek = (page: number): Buffer => {
    image.ensure(page);
    return image.peek(page);
  };
  const leaves = leavesOf({ ...image, peek }, root);
  const leafAfter = new Map(leaves.pages.map((page, i) => [page, leaves.pages[i + 1] ?? 0]));
  if (leafAfter.size < leaves.pages.length) throw new DoubtError('a leaf that is there twice');
  return { image, root, ...leaves, leafAfter };
}

/**
 * Ensures what SQLite reads of those of these pages that are leaves of the table.
 * @returns the overflow pages of their rows
 * @throws DoubtError
 */
export function ensureLeaves(
  { image, leafAfter }: RowidTree,
  pages: readonly number[],
): readonly number[] {
  return pages.flatMap((page) => {
    const next = leafAfter.get(page);
    return next === undefined ? [] : ensureLeaf(image, page, next);
  });
}

/** A row, and overflow pages of it. */
export interface OwnedPages {
  readonly rowid: bigint;
  readonly pages: readonly number[];
}

/**
 * The row that an overflow page belongs to, where its leaf lies beside the page, as it mostly does.
 * @throws DoubtError
 */
export function findOwnerNear(
  { image, leafAfter }: RowidTree,
  overflow: number,
): OwnedPages | undefined {
  for (let leaf = overflow - NEAR_PAGES; leaf <= overflow + NEAR_PAGES; leaf++) {
    if (!leafAfter.has(leaf)) continue;
    for (const row of longRowsOf(image, leaf)) {
      const pages: number[] = [];
      for (const page of overflowChain(image, row)) {
        pages.push(page);
        // A longer chain would lead through chunks that are not at hand.
        if (pages.length === NEAR_PAGES) break;
      }
      if (pages.includes(overflow)) return { rowid: row.rowid, pages };
    }
  }
  return undefined;
}

/**
 * In order, without overlap. Ensures all pages that SQLite reads when it looks for rows in them.
 * @throws DoubtError, EngineError STORE_DAMAGED
 */
export async function dirtyRowids(
  { before, after, rowids }: RowidTable,
  options: DirtyRowidsOptions,
): Promise<readonly RowidRange[]> {
  const { changed, signal } = options;
  await addDirtyLongRows(before, after, { ...options, rowids });
  const merged = mergeRanges([
    ...[...rowids].map((rowid) => ({ from: rowid, to: rowid, leaves: 1 })),
    ...dirtyLeaves(before, after, changed),
    ...dirtyLeaves(after, before, changed),
  ]);
  await ensureRanges(before, merged, signal);
  await ensureRanges(after, merged, signal);
  return merged;
}

/**
 * True for a table WITHOUT ROWID none of whose pages changed; false where that is not sure.
 * @throws DoubtError
 */
export function isSameKeyedTable(
  { before, after }: BothSides<TreeOfSide>,
  { changed, overflows }: PageChanges,
): boolean {
  if (before.root !== after.root || overflows.size > 0) return false;
  return indexPagesOf(before.image, before.root).every((page) => !changed.has(page));
}

function dirtyLeaves(
  tree: RowidTree,
  other: RowidTree,
  changed: ReadonlySet<number>,
): readonly RowidRange[] {
  return tree.pages.flatMap((leaf, i): RowidRange[] =>
    isClean(leaf, other, changed) ? [] : [rangeOf(tree, i)],
  );
}

function isClean(leaf: number, other: RowidTree, changed: ReadonlySet<number>): boolean {
  return other.leafAfter.has(leaf) && !changed.has(leaf);
}

function rangeOf({ last }: Leaves, leaf: number): RowidRange {
  const end = last[leaf - 1];
  return { from: end === undefined ? MIN_ROWID : end + 1n, to: last[leaf] ?? MAX_ROWID, leaves: 1 };
}

/** Adds the rows of clean leaves that continue on pages that changed. */
async function addDirtyLongRows(
  before: RowidTree,
  after: RowidTree,
  { changed, overflows, rowids, signal }: DirtyRowidsOptions & Pick<RowidTable, 'rowids'>,
): Promise<void> {
  for (const [i, leaf] of before.pages.entries()) {
    if (overflows.size === 0) return;
    if (i % MAX_LEAVES === 0) await pause(signal);
    if (!isClean(leaf, after, changed)) continue;
    for (const { rowid, ...tail } of longRowsOf(before.image, leaf)) {
      for (const page of overflowChain(before.image, tail)) {
        if (changed.has(page)) rowids.add(rowid);
        overflows.delete(page);
      }
    }
  }
}

function mergeRanges(ranges: readonly RowidRange[]): readonly RowidRange[] {
  const sorted = ranges.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  const merged: RowidRange[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    if (last === undefined || range.from > last.to + 1n) merged.push(range);
    else if (range.to <= last.to) merged[merged.length - 1] = add(last, last.to);
    else if (last.leaves < MAX_LEAVES) merged[merged.length - 1] = add(last, range.to);
    else merged.push({ ...range, from: last.to + 1n });
  }
  return merged;
}

function add(range: RowidRange, to: bigint): RowidRange {
  return { from: range.from, to, leaves: range.leaves + 1 };
}

/** Ensures the leaves that hold these rows. */
async function ensureRanges(
  tree: RowidTree,
  ranges: readonly RowidRange[],
  signal: AbortSignal,
): Promise<void> {
  const { image, pages, last } = tree;
  if (!image.hasHoles) return;
  let leaf = 0;
  let done = 0;
  for (const { from, to } of ranges) {
    while (leaf < pages.length && (last[leaf] ?? MAX_ROWID) < from) leaf++;
    for (; leaf < pages.length; leaf++) {
      if (done++ % LEAVES_PER_PAUSE === 0) await pause(signal);
      ensureLeaf(image, pages[leaf] ?? 0, pages[leaf + 1] ?? 0);
      if ((last[leaf] ?? MAX_ROWID) >= to) break;
    }
  }
}

/**
 * With all that belongs to its rows, and the leaf on which a search for more of them ends.
 * @returns the overflow pages of its rows
 */
function ensureLeaf(image: PagedImage, leaf: number, next: number): readonly number[] {
  const overflows = longRowsOf(image, leaf).flatMap((row) => [...overflowChain(image, row)]);
  image.ensure(leaf);
  for (const page of overflows) image.ensure(page);
  if (next > 0) image.ensure(next);
  return overflows;
}
