// Which pages differ between two versions of a database. Chunks of one hash are not read.

import { chunkBytes } from '../store/object-encoding.ts';
import type { PagedImage } from './paged-image.ts';
import { pause } from './pause.ts';

export interface PageSet {
  has(page: number): boolean;
  /** In order. */
  pages(): readonly number[];
}

const chunksAtOnce = 64;
const TABLE_INTERIOR = 5;

/**
 * The numbers of pages whose bytes differ, or that only one side has; page 1, which holds counters,
 * always is one. Both images must have pages of one size. Ensures these pages on both sides, and
 * others of the chunks it has to read that are likely to be needed.
 * @throws EngineError STORE_DAMAGED
 */
export async function findChangedPages(
  before: PagedImage,
  after: PagedImage,
  signal: AbortSignal,
): Promise<PageSet> {
  const older = before.source.hashes;
  const newer = after.source.hashes;
  const chunks: number[] = [];
  for (let index = 0; index < Math.max(older.length, newer.length); index++)
    if (index === 0 || older[index] !== newer[index]) chunks.push(index);
  const changed: number[] = [];
  for (let at = 0; at < chunks.length; at += chunksAtOnce) {
    await pause(signal);
    readTogether([before, after], () => {
      for (const index of chunks.slice(at, at + chunksAtOnce))
        changed.push(...compareChunk(before, after, index));
    });
  }
  const set = new Set(changed);
  return { has: (page) => set.has(page), pages: () => changed };
}

/** Only one of them opens a transaction: what is in a store is in the same store on both sides. */
export function readTogether(images: readonly PagedImage[], work: () => void): void {
  const source = images.map((image) => image.source).find(({ together }) => together !== undefined);
  if (source?.together === undefined) work();
  else source.together(work);
}

/** Pages of a chunk that differ, in order. */
function compareChunk(before: PagedImage, after: PagedImage, index: number): readonly number[] {
  const { pageSize } = before;
  const first = (index * chunkBytes) / pageSize + 1;
  const a = chunkOf(before, index);
  const b = chunkOf(after, index);
  const changed: number[] = [];
  for (let at = 0; at < Math.max(a.length, b.length); at += pageSize) {
    const page = first + at / pageSize;
    const end = at + pageSize;
    const isEqual =
      page > 1 && end <= a.length && end <= b.length && a.compare(b, at, end, at, end) === 0;
    // A search for rows ends on the leaf behind the last one, which mostly is the next page.
    const isBehind = changed.at(-1) === page - 1;
    if (!isEqual) changed.push(page);
    if (!isEqual || isBehind || a[at] === TABLE_INTERIOR) before.ensure(page);
    if (!isEqual || isBehind || b[at] === TABLE_INTERIOR) after.ensure(page);
  }
  return changed;
}

function chunkOf({ source }: PagedImage, index: number): Buffer {
  return index < source.hashes.length ? source.read(index) : Buffer.alloc(0);
}
