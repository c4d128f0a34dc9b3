// Which rows of a table can differ, told from the pages that do. A leaf that both trees have and
// whose bytes are the same holds the same rows on both sides, unless one of them continues on an
// overflow page that changed. All rows that differ lie in the ranges of the other leaves.

import {
  DoubtError,
  freePages,
  indexPagesOf,
  leavesOf,
  longRowsOf,
  MAX_ROWID,
  MIN_ROWID,
  overflowChain,
  type Leaves,
} from './btree-pages.ts';
import type { PageSet } from './changed-pages.ts';
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

export interface DirtyRowidsOptions {
  readonly changed: PageSet;
  /** Changed pages that may be a part of a long row; those found to be are taken out. */
  readonly overflows: Set<number>;
  readonly signal: AbortSignal;
}

/** Ranges are cut where they would be more work than this at once. */
const MAX_LEAVES = 256;
const LEAVES_PER_PAUSE = 4096;

/**
 * In order, without overlap. Ensures all pages that SQLite reads when it looks for rows in them.
 * @throws DoubtError, EngineError STORE_DAMAGED
 */
export async function dirtyRowids(
  before: TreeOfSide,
  after: TreeOfSide,
  options: DirtyRowidsOptions,
): Promise<readonly RowidRange[]> {
  const sides = { before: readTree(before), after: readTree(after) };
  const ranges = [
    ...dirtyLeaves(sides.before, sides.after, options.changed),
    ...dirtyLeaves(sides.after, sides.before, options.changed),
    ...(await dirtyLongRows(sides.before, sides.after, options)),
  ];
  const merged = mergeRanges(ranges);
  await ensureRanges(sides.before, merged, options.signal);
  await ensureRanges(sides.after, merged, options.signal);
  return merged;
}

/**
 * Changed pages that may hold the rest of a long row on both sides, whose first page then need not
 * have changed. Such a page begins with the number of the next one, or 0; others with their type.
 * @throws DoubtError
 */
export function changedOverflows(
  before: PagedImage,
  after: PagedImage,
  changed: PageSet,
): Set<number> {
  const isLike = (image: PagedImage, page: number): boolean =>
    page <= image.pageCount && (image.peek(page)[0] ?? 0) <= 1;
  const found = changed
    .pages()
    .filter((page) => page > 1 && isLike(before, page) && isLike(after, page));
  if (found.length === 0) return new Set();
  const free = [freePages(before), freePages(after)];
  return new Set(found.filter((page) => !free.some((pages) => pages.has(page))));
}

/**
 * True for a table WITHOUT ROWID none of whose pages changed; false where that is not sure.
 * @throws DoubtError
 */
export function isSameKeyedTable(
  before: TreeOfSide,
  after: TreeOfSide,
  { changed, overflows }: Pick<DirtyRowidsOptions, 'changed' | 'overflows'>,
): boolean {
  if (before.root !== after.root || overflows.size > 0) return false;
  return indexPagesOf(before.image, before.root).every((page) => !changed.has(page));
}

interface Tree extends TreeOfSide, Leaves {
  readonly isLeaf: (page: number) => boolean;
}

function readTree({ image, root }: TreeOfSide): Tree {
  // At once, as long as the chunk that was unpacked for it is at hand.
  const peek = (page: number): Buffer => {
    image.ensure(page);
    return image.peek(page);
  };
  const leaves = leavesOf({ ...image, peek }, root);
  const known = new Uint8Array(image.pageCount + 1);
  for (const page of leaves.pages) {
    if (known[page] === 1) throw new DoubtError('a leaf that is there twice');
    known[page] = 1;
  }
  return { image, root, ...leaves, isLeaf: (page) => known[page] === 1 };
}

function dirtyLeaves(tree: Tree, other: Tree, changed: PageSet): readonly RowidRange[] {
  return tree.pages.flatMap((page, i): RowidRange[] =>
    isClean(page, other, changed) ? [] : [rangeOf(tree, i)],
  );
}

function isClean(page: number, other: Tree, changed: PageSet): boolean {
  return other.isLeaf(page) && !changed.has(page);
}

function rangeOf({ last }: Leaves, leaf: number): RowidRange {
  const end = last[leaf - 1];
  return { from: end === undefined ? MIN_ROWID : end + 1n, to: last[leaf] ?? MAX_ROWID, leaves: 1 };
}

/** Rows of clean leaves that continue on pages that changed. */
async function dirtyLongRows(
  before: Tree,
  after: Tree,
  { changed, overflows, signal }: DirtyRowidsOptions,
): Promise<readonly RowidRange[]> {
  const found: RowidRange[] = [];
  for (const [i, leaf] of before.pages.entries()) {
    if (overflows.size === 0) break;
    if (i % MAX_LEAVES === 0) await pause(signal);
    if (!isClean(leaf, after, changed)) continue;
    for (const row of longRowsOf(before.image, leaf)) {
      let isDirty = false;
      for (const page of overflowChain(before.image, row)) {
        if (changed.has(page)) isDirty = true;
        overflows.delete(page);
      }
      if (isDirty) found.push({ from: row.rowid, to: row.rowid, leaves: 1 });
    }
  }
  return found;
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

/** The leaves that hold these rows, with all that belongs to the rows, and the leaf on which a search for more of them ends. */
async function ensureRanges(
  tree: Tree,
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
      ensureLeaf(image, pages[leaf] ?? 0);
      if ((last[leaf] ?? MAX_ROWID) >= to) break;
    }
    const next = pages[leaf + 1];
    if (next !== undefined) image.ensure(next);
  }
}

function ensureLeaf(image: PagedImage, leaf: number): void {
  image.ensure(leaf);
  for (const row of longRowsOf(image, leaf))
    for (const page of overflowChain(image, row)) image.ensure(page);
}
