// Reads the pages of SQLite's b-trees, as far as a comparison needs them: which leaves a table has
// and where its rows continue on overflow pages (https://sqlite.org/fileformat2.html §1.5 to 1.6).
// What looks wrong in any way is not repaired and not guessed: `DoubtError`, and the caller compares
// all rows through SQLite instead.

/** A database file by its pages, numbered from 1. */
export interface Pages {
  readonly pageSize: number;
  /** Bytes of a page that SQLite uses. */
  readonly usableBytes: number;
  readonly pageCount: number;
  /** The page's bytes, valid until the next call. */
  peek(page: number): Buffer;
}

/** The pages are not as expected; comparing through SQLite tells why, if anything is wrong at all. */
export class DoubtError extends Error {
  override readonly name = 'DoubtError';
}

/** The leaves of a table in the order of their rowids. */
export interface Leaves {
  readonly pages: readonly number[];
  /** The largest rowid that may lie on each leaf; the smallest is one more than the leaf before. */
  readonly last: readonly bigint[];
}

export const MIN_ROWID = -(2n ** 63n);
export const MAX_ROWID = 2n ** 63n - 1n;

const TABLE_INTERIOR = 5;
const TABLE_LEAF = 13;
const INDEX_INTERIOR = 2;
const INDEX_LEAF = 10;
/** Real ones have 3 or 4. */
const MAX_DEPTH = 20;

/** Peeks at the pages that lead to them, and at the first. @throws DoubtError where the tree is no table with rowids */
export function leavesOf(pages: Pages, root: number): Leaves {
  const found = { pages: [] as number[], last: [] as bigint[] };
  let interior = 0;
  const depth = depthOf(pages, root, TABLE_LEAF);
  const visit = (page: number, level: number, last: bigint): void => {
    if (level === depth) {
      if (found.pages.length >= pages.pageCount) throw new DoubtError('a tree with a loop');
      const before = found.last.at(-1) ?? MIN_ROWID;
      if (found.pages.length > 0 && last <= before) throw new DoubtError('keys out of order');
      found.pages.push(checkedPage(pages, page));
      found.last.push(last);
      return;
    }
    if (++interior > pages.pageCount) throw new DoubtError('a tree with a loop');
    for (const child of childrenOf(pages, page)) visit(child.page, level + 1, child.last ?? last);
  };
  visit(root, 0, MAX_ROWID);
  return found;
}

/** All pages of the tree of a table WITHOUT ROWID, or of an index, but overflow pages. @throws DoubtError */
export function indexPagesOf(pages: Pages, root: number): readonly number[] {
  const depth = depthOf(pages, root, INDEX_LEAF);
  const found: number[] = [];
  const visit = (page: number, level: number): void => {
    if (found.length >= pages.pageCount) throw new DoubtError('a tree with a loop');
    found.push(checkedPage(pages, page));
    if (level === depth) return;
    for (const child of childrenOf(pages, page)) visit(child.page, level + 1);
  };
  visit(root, 0);
  return found;
}

/** Steps from the root to a leaf: the same for all leaves of a b-tree, so that none has to be read. */
function depthOf(pages: Pages, root: number, leafType: number): number {
  let page = root;
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const type = typeOf(pages.peek(checkedPage(pages, page)), page);
    if (type === leafType) return depth;
    if (type === TABLE_LEAF || type === INDEX_LEAF) throw new DoubtError('a tree of another kind');
    page = childrenOf(pages, page)[0]?.page ?? 0;
  }
  throw new DoubtError('a tree that is too deep');
}

interface Child {
  readonly page: number;
  /** The largest rowid below it; null for the rightmost. */
  readonly last: bigint | null;
}

function childrenOf(pages: Pages, page: number): readonly Child[] {
  const bytes = pages.peek(checkedPage(pages, page));
  const type = typeOf(bytes, page);
  if (type !== TABLE_INTERIOR && type !== INDEX_INTERIOR) throw new DoubtError('no interior page');
  const children = cellsOf(bytes, page).map((at) => ({
    page: bytes.readUInt32BE(at),
    last: type === TABLE_INTERIOR ? BigInt.asIntN(64, readVarint(bytes, at + 4).value) : null,
  }));
  return [...children, { page: bytes.readUInt32BE(headerAt(page) + 8), last: null }];
}

/** Where the content of a cell goes on that does not fit on its page. */
export interface Tail {
  /** The first of its overflow pages. */
  readonly overflow: number;
  /** How many there are. */
  readonly overflowPages: number;
}

/** False for the tree of a table WITHOUT ROWID. */
export function hasRowids(pages: Pages, root: number): boolean {
  const type = typeOf(pages.peek(checkedPage(pages, root)), root);
  return type === TABLE_INTERIOR || type === TABLE_LEAF;
}

/** A row on a leaf whose content does not fit on it. */
export interface LongRow extends Tail {
  readonly rowid: bigint;
}

/** @throws DoubtError where the page is no leaf of a table */
export function longRowsOf(pages: Pages, leaf: number): readonly LongRow[] {
  const bytes = pages.peek(checkedPage(pages, leaf));
  if (typeOf(bytes, leaf) !== TABLE_LEAF) throw new DoubtError('no leaf of a table');
  return cellsOf(bytes, leaf).flatMap((at): LongRow[] => {
    const size = readVarint(bytes, at);
    const rowid = readVarint(bytes, size.end);
    const tail = overflowOf(pages, bytes, rowid.end, size.value, TABLE_LEAF);
    return tail === undefined ? [] : [{ rowid: BigInt.asIntN(64, rowid.value), ...tail }];
  });
}

/** The payload of each row of a table, in order: for small ones. @throws DoubtError */
export function* payloadsOf(pages: Pages, root: number): IterableIterator<Buffer> {
  for (const leaf of leavesOf(pages, root).pages) {
    const bytes = Buffer.from(pages.peek(leaf));
    for (const at of cellsOf(bytes, leaf)) {
      const size = readVarint(bytes, at);
      const start = readVarint(bytes, size.end).end;
      const tail = overflowOf(pages, bytes, start, size.value, TABLE_LEAF);
      const length = Number(size.value);
      if (tail === undefined) yield bytes.subarray(start, start + length);
      else yield joinPayload(pages, bytes.subarray(start), tail, length);
    }
  }
}

function joinPayload(pages: Pages, head: Buffer, tail: Tail, length: number): Buffer {
  const perPage = pages.usableBytes - 4;
  const local = localBytes(pages, length, TABLE_LEAF);
  const parts = [head.subarray(0, local)];
  for (const page of overflowChain(pages, tail))
    parts.push(Buffer.from(pages.peek(page).subarray(4, 4 + perPage)));
  return Buffer.concat(parts, length);
}

/** The overflow pages of one row, in order. @throws DoubtError where the chain is not as long as it must be */
export function* overflowChain(
  pages: Pages,
  { overflow, overflowPages }: Tail,
): IterableIterator<number> {
  let page = overflow;
  for (let i = 0; i < overflowPages; i++) {
    yield checkedPage(pages, page);
    page = pages.peek(page).readUInt32BE(0);
  }
  if (page !== 0) throw new DoubtError('a row with too many pages');
}

/** Every page of a b-tree of any kind, overflow pages included. @throws DoubtError */
export function* pagesOfTree(pages: Pages, root: number): IterableIterator<number> {
  const open = [root];
  for (let count = 0; ; count++) {
    const page = open.pop();
    if (page === undefined) return;
    if (count >= pages.pageCount) throw new DoubtError('a tree with a loop');
    yield checkedPage(pages, page);
    const type = typeOf(pages.peek(page), page);
    const chains = type === TABLE_INTERIOR ? [] : tailsOf(pages, page, type);
    for (const chain of chains) yield* overflowChain(pages, chain);
    if (type === TABLE_INTERIOR || type === INDEX_INTERIOR)
      open.push(...childrenOf(pages, page).map((child) => child.page));
  }
}

function tailsOf(pages: Pages, page: number, type: number): readonly Tail[] {
  if (type === TABLE_LEAF) return longRowsOf(pages, page);
  if (type !== INDEX_INTERIOR && type !== INDEX_LEAF) throw new DoubtError('no page of a tree');
  const bytes = pages.peek(page);
  return cellsOf(bytes, page).flatMap((at): Tail[] => {
    const size = readVarint(bytes, type === INDEX_INTERIOR ? at + 4 : at);
    const tail = overflowOf(pages, bytes, size.end, size.value, type);
    return tail === undefined ? [] : [tail];
  });
}

/** @param at where the payload begins. */
function overflowOf(
  pages: Pages,
  bytes: Buffer,
  at: number,
  payload: bigint,
  type: number,
): Tail | undefined {
  if (payload > 2n ** 31n) throw new DoubtError('a row larger than SQLite allows');
  const local = localBytes(pages, Number(payload), type);
  const rest = Number(payload) - local;
  if (rest === 0) return undefined;
  if (at + local + 4 > bytes.length) throw new DoubtError('a cell beyond its page');
  return {
    overflow: bytes.readUInt32BE(at + local),
    overflowPages: Math.ceil(rest / (pages.usableBytes - 4)),
  };
}

/** How much of a payload is on the b-tree page itself: https://sqlite.org/fileformat2.html §1.6, and so its letters. */
function localBytes({ usableBytes: U }: Pages, P: number, type: number): number {
  const X = type === TABLE_LEAF ? U - 35 : Math.floor(((U - 12) * 64) / 255) - 23;
  if (P <= X) return P;
  const M = Math.floor(((U - 12) * 32) / 255) - 23;
  const K = M + ((P - M) % (U - 4));
  return K <= X ? K : M;
}

/** Pages on the freelist. @throws DoubtError */
export function freePages(pages: Pages): ReadonlySet<number> {
  const free = new Set<number>();
  const first = pages.peek(1).readUInt32BE(32);
  for (let trunk = first; trunk !== 0;) {
    if (free.has(checkedPage(pages, trunk))) throw new DoubtError('a freelist with a loop');
    free.add(trunk);
    const bytes = pages.peek(trunk);
    const count = bytes.readUInt32BE(4);
    if (8 + 4 * count > bytes.length) throw new DoubtError('a freelist page that is too full');
    for (let i = 0; i < count; i++) free.add(bytes.readUInt32BE(8 + 4 * i));
    trunk = bytes.readUInt32BE(0);
  }
  return free;
}

/**
 * The pages of an auto-vacuum database that say what the others are: SQLite looks there when it
 * follows a long row. https://sqlite.org/fileformat2.html §1.8
 */
export function pointerMapPages(pages: Pages): readonly number[] {
  if (pages.peek(1).readUInt32BE(52) === 0) return [];
  const step = Math.floor(pages.usableBytes / 5) + 1;
  const lockPage = 2 ** 30 / pages.pageSize + 1;
  const found: number[] = [];
  for (let page = 2; page <= pages.pageCount; page += step)
    found.push(page === lockPage ? page + 1 : page);
  return found;
}

function checkedPage({ pageCount }: Pages, page: number): number {
  if (page < 1 || page > pageCount) throw new DoubtError('a page that is not there');
  return page;
}

/** Page 1 begins with the header of the file. */
function headerAt(page: number): number {
  return page === 1 ? 100 : 0;
}

function typeOf(bytes: Buffer, page: number): number {
  return bytes[headerAt(page)] ?? 0;
}

/** Where the cells of a b-tree page begin, in the order of their keys. */
function cellsOf(bytes: Buffer, page: number): readonly number[] {
  const header = headerAt(page);
  const type = bytes[header] ?? 0;
  const count = bytes.readUInt16BE(header + 3);
  const first = header + (type === TABLE_INTERIOR || type === INDEX_INTERIOR ? 12 : 8);
  if (first + 2 * count > bytes.length) throw new DoubtError('more cells than fit on a page');
  return Array.from({ length: count }, (_, i) => {
    const at = bytes.readUInt16BE(first + 2 * i);
    if (at < first + 2 * count || at + 4 > bytes.length)
      throw new DoubtError('a cell off its page');
    return at;
  });
}

export interface Varint {
  /** Not negative: a rowid is still to be read as 64 bits with a sign. */
  readonly value: bigint;
  /** Where what follows begins. */
  readonly end: number;
}

export function readVarint(bytes: Buffer, at: number): Varint {
  let value = 0;
  for (let i = 0; i < 6; i++) {
    const byte = bytes[at + i] ?? 0;
    value = value * 128 + (byte & 127);
    if (byte < 128) return { value: BigInt(value), end: at + i + 1 };
  }
  let long = BigInt(value);
  for (let i = 6; i < 8; i++) {
    const byte = bytes[at + i] ?? 0;
    long = long * 128n + BigInt(byte & 127);
    if (byte < 128) return { value: long, end: at + i + 1 };
  }
  return { value: long * 256n + BigInt(bytes[at + 8] ?? 0), end: at + 9 };
}
