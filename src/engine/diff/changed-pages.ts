// Which pages differ between two versions of a database. Chunks of one hash are not read.

import { chunkBytes } from '../store/object-encoding.ts';
import type { PagedImage } from './paged-image.ts';
import { pause } from './pause.ts';

/** Pages of a few chunks that lie one behind the other. */
export interface ChangedPages {
  /** In order. */
  readonly pages: readonly number[];
  /** Those of them that on both sides may hold the rest of a long row, by their first byte. */
  readonly maybeOverflows: readonly number[];
}

const chunksAtOnce = 64;

/**
 * The numbers of pages whose bytes differ, or that only one side has; page 1, which holds counters,
 * always is one. Both images must have pages of one size. When some are handed out their chunks are
 * still at hand, so it is cheap to ensure what is needed of them.
 * @throws EngineError STORE_DAMAGED
 */
export async function* findChangedPages(
  before: PagedImage,
  after: PagedImage,
  signal: AbortSignal,
): AsyncGenerator<ChangedPages, void, undefined> {
  const older = before.source.hashes;
  const newer = after.source.hashes;
  const chunks: number[] = [];
  for (let index = 0; index < Math.max(older.length, newer.length); index++)
    if (index === 0 || older[index] !== newer[index]) chunks.push(index);
  for (let at = 0; at < chunks.length; at += chunksAtOnce) {
    await pause(signal);
    const pages: number[] = [];
    const maybeOverflows: number[] = [];
    readTogether([before, after], () => {
      for (const index of chunks.slice(at, at + chunksAtOnce))
        compareChunk(before, after, index, { pages, maybeOverflows });
    });
    yield { pages, maybeOverflows };
  }
}

/** Only one of them opens a transaction: what is in a store is in the same store on both sides. */
function readTogether(images: readonly PagedImage[], work: () => void): void {
  const source = images.map((image) => image.source).find(({ together }) => together !== undefined);
  if (source?.together === undefined) work();
  else source.together(work);
}

function compareChunk(
  before: PagedImage,
  after: PagedImage,
  index: number,
  found: { readonly pages: number[]; readonly maybeOverflows: number[] },
): void {
  const { pageSize } = before;
  const first = (index * chunkBytes) / pageSize + 1;
  const a = chunkOf(before, index);
  const b = chunkOf(after, index);
  for (let at = 0; at < Math.max(a.length, b.length); at += pageSize) {
    const page = first + at / pageSize;
    const end = at + pageSize;
    const isEqual =
      page > 1 && end <= a.length && end <= b.length && a.compare(b, at, end, at, end) === 0;
    if (isEqual) continue;
    found.pages.push(page);
    // Such a page begins with the number of the next one, or 0; others with their type.
    if (page > 1 && (a[at] ?? 2) <= 1 && (b[at] ?? 2) <= 1) found.maybeOverflows.push(page);
  }
}

function chunkOf({ source }: PagedImage, index: number): Buffer {
  return index < source.hashes.length ? source.read(index) : Buffer.alloc(0);
}
