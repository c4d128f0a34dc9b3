// Compares two versions of a database by the pages that differ: what is equal is neither read nor
// brought to disk. Where anything is not as it must be, the answer is undefined, and the caller
// compares whole images: slower, and the same answer.

import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { foldName } from '../../core/sqlite-names.ts';
import type { DatabaseDiff } from '../../core/documents/documents.ts';
import { sqliteCode } from '../sqlite/sqlite-driver.ts';
import { chunkBytes, hashOf } from '../store/object-encoding.ts';
import type { FileNode, StoreReader } from '../store/store.ts';
import { DoubtError, freePages, hasRowids, pagesOfTree, pointerMapPages } from './btree-pages.ts';
import { findChangedPages } from './changed-pages.ts';
import { diffDatabases, type DiffDatabasesOptions } from './diff-databases.ts';
import {
  dirtyRowids,
  ensureLeaves,
  findOwnerNear,
  isSameKeyedTable,
  readRowidTree,
  type BothSides,
  type PageChanges,
  type RowidRange,
  type RowidTable,
  type TreeOfSide,
} from './dirty-rowids.ts';
import {
  createPagedImage,
  openWholeImage,
  type ChunkCache,
  type ChunkSource,
  type PagedImage,
} from './paged-image.ts';
import { pause } from './pause.ts';
import { readSchemaEntries, type SchemaEntry } from './schema-pages.ts';

/** One version of a database, to be read chunk by chunk. */
export interface StoredDatabase {
  readonly node: FileNode;
  readonly reader: Pick<StoreReader, 'chunksOf' | 'readObject' | 'together'>;
  /** Absolute path of a whole image of it that is there already; null where its chunks are in the store. */
  readonly image: string | null;
}

export interface DiffByPagesOptions extends DiffDatabasesOptions {
  /** Where more than so many bytes would have to be read from the store, the answer is undefined. Default: no bound. */
  readonly maxReadBytes?: number | undefined;
}

/** More of them would take too much memory. */
const MAX_PAGES = 1024 * 1024;

/**
 * @param tempDir absolute path of a folder for files that go again before this ends.
 * @throws EngineError STORE_DAMAGED, NO_SPACE
 */
export async function diffByPages(
  before: StoredDatabase,
  after: StoredDatabase,
  tempDir: string,
  options: DiffByPagesOptions,
): Promise<DatabaseDiff | undefined> {
  const folder = mkdtempSync(join(tempDir, 'pages-'));
  const images: PagedImage[] = [];
  const cache: ChunkCache = new Map();
  try {
    for (const [i, side] of [before, after].entries())
      images.push(openPages(side, join(folder, `${i}.db`), cache, options.maxReadBytes));
    const [older, newer] = images;
    if (older === undefined || newer === undefined) return undefined;
    const ranges = await preparePages(older, newer, options.signal);
    const diff = await diffDatabases(older.path, newer.path, { ...options, ranges });
    // What cannot be read here may be a hole: only the whole image tells.
    return diff.problem === null ? diff : undefined;
  } catch (error) {
    // Bytes that lead out of their page are damage, too.
    const isDoubt = error instanceof DoubtError || error instanceof RangeError;
    if (isDoubt || sqliteCode(error) !== undefined) return undefined;
    throw error;
  } finally {
    for (const image of images) image.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Ensures the pages that a comparison reads, and answers in which rowids each table can differ, by
 * the folded name of the table: nowhere for one that is the same. Others must be compared whole.
 * @throws DoubtError, EngineError STORE_DAMAGED
 */
async function preparePages(
  before: PagedImage,
  after: PagedImage,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly RowidRange[]>> {
  checkAlike(before, after);
  const schemas = [await readSchema(before, signal), await readSchema(after, signal)] as const;
  const rowidTables = new Map<string, RowidTable>();
  const keyedTables = new Map<string, BothSides<TreeOfSide>>();
  for (const [name, roots] of sameTables(...schemas)) {
    const older = { image: before, root: roots[0] };
    const newer = { image: after, root: roots[1] };
    if (hasRowids(before, roots[0])) {
      const trees = { before: readRowidTree(older), after: readRowidTree(newer) };
      rowidTables.set(name, { ...trees, rowids: new Set() });
    } else keyedTables.set(name, { before: older, after: newer });
  }
  const changes = await findChanges(before, after, [...rowidTables.values()], signal);
  const ranges = new Map<string, readonly RowidRange[]>();
  for (const [name, sides] of rowidTables)
    ranges.set(foldName(name), await dirtyRowids(sides, { ...changes, signal }));
  for (const [name, sides] of keyedTables)
    if (isSameKeyedTable(sides, changes)) ranges.set(foldName(name), []);
  await ensureOthers(before, schemas[0], ranges, signal);
  await ensureOthers(after, schemas[1], ranges, signal);
  return ranges;
}

/**
 * Ensures the leaves that changed, and looks for the rows of overflow pages that did, as soon as
 * they are found: later, their chunks would be read again.
 */
async function findChanges(
  before: PagedImage,
  after: PagedImage,
  tables: readonly RowidTable[],
  signal: AbortSignal,
): Promise<PageChanges> {
  const changed = new Set<number>();
  const overflows = new Set<number>();
  const owned = new Set<number>();
  for await (const { pages, maybeOverflows } of findChangedPages(before, after, signal)) {
    for (const page of pages) changed.add(page);
    for (const table of tables) {
      for (const page of ensureLeaves(table.before, pages)) owned.add(page);
      ensureLeaves(table.after, pages);
    }
    for (const page of maybeOverflows) {
      if (owned.has(page)) continue;
      overflows.add(page);
      for (const table of tables) {
        const owner = findOwnerNear(table.before, page);
        if (owner === undefined) continue;
        table.rowids.add(owner.rowid);
        for (const part of owner.pages) owned.add(part);
        break;
      }
    }
  }
  const free = overflows.size === 0 ? [] : [before, after].map(freePages);
  for (const pages of [owned, ...free]) for (const page of pages) overflows.delete(page);
  return { changed, overflows };
}

/** What says how rows are to be read must be the same; not that one is a copy without a write-ahead log. */
function checkAlike(before: PagedImage, after: PagedImage): void {
  const isAlike = [20, 44, 56].every((at) =>
    before.header.subarray(at, at + 4).equals(after.header.subarray(at, at + 4)),
  );
  if (before.pageSize !== after.pageSize || before.usableBytes !== after.usableBytes)
    throw new DoubtError('pages of another size');
  if (!isAlike || before.header.readUInt32BE(56) !== 1) throw new DoubtError('another encoding');
  for (const { pageCount, header } of [before, after]) {
    const isKnown = header.readUInt32BE(28) === pageCount || header.readUInt32BE(28) === 0;
    if (!isKnown || pageCount > MAX_PAGES) throw new DoubtError('too many pages');
  }
}

async function readSchema(image: PagedImage, signal: AbortSignal): Promise<readonly SchemaEntry[]> {
  await ensureTree(image, 1, signal);
  if (image.hasHoles) for (const page of pointerMapPages(image)) image.ensure(page);
  const entries = readSchemaEntries(image);
  // Virtual tables read what is behind them whenever they are looked at.
  if (entries.some(({ sql }) => /^CREATE VIRTUAL/i.test(sql)))
    throw new DoubtError('virtual table');
  return entries;
}

type Roots = readonly [before: number, after: number];

/** Tables that both sides have in the same words: their bytes mean the same. */
function sameTables(
  before: readonly SchemaEntry[],
  after: readonly SchemaEntry[],
): ReadonlyMap<string, Roots> {
  const newer = new Map(after.map((entry) => [`${entry.type} ${entry.name}`, entry]));
  return new Map(
    before.flatMap((entry): [string, Roots][] => {
      const same = newer.get(`${entry.type} ${entry.name}`);
      const isTable = entry.type === 'table' && !/^sqlite_/i.test(entry.name);
      if (!isTable || same?.sql !== entry.sql) return [];
      return [[entry.name, [entry.root, same.root]]];
    }),
  );
}

/** All of the tables that are compared whole, their indexes, and what SQLite reads when it opens a database. */
async function ensureOthers(
  image: PagedImage,
  entries: readonly SchemaEntry[],
  done: ReadonlyMap<string, unknown>,
  signal: AbortSignal,
): Promise<void> {
  for (const { table, root } of entries) {
    if (root > 0 && !done.has(foldName(table))) await ensureTree(image, root, signal);
  }
}

const PAGES_PER_PAUSE = 1024;

async function ensureTree(image: PagedImage, root: number, signal: AbortSignal): Promise<void> {
  if (!image.hasHoles) return;
  let count = 0;
  for (const page of pagesOfTree(image, root)) {
    if (count++ % PAGES_PER_PAUSE === 0) await pause(signal);
    image.ensure(page);
  }
}

function openPages(
  { node, reader, image }: StoredDatabase,
  path: string,
  cache: ChunkCache,
  maxReadBytes = Number.POSITIVE_INFINITY,
): PagedImage {
  const hashes = reader.chunksOf(node);
  let readBytes = 0;
  const read = (index: number): Buffer => {
    readBytes += chunkBytes;
    if (readBytes > maxReadBytes) throw new DoubtError('more to read than is allowed');
    return reader.readObject(hashes[index] ?? '');
  };
  const { together } = reader;
  if (image === null) {
    const source = { bytes: node.size, hashes, read, ...(together && { together }) };
    return createPagedImage(source, path, cache);
  }
  return openWholeImage(imageChunks(image, node.size, hashes), image);
}

/** The chunks of an image, as long as it is the one that was hashed. */
function imageChunks(path: string, bytes: number, hashes: readonly string[]): ChunkSource {
  return {
    bytes,
    hashes,
    read(index) {
      const chunk = Buffer.alloc(Math.min(chunkBytes, bytes - index * chunkBytes));
      const fd = openSync(path, 'r');
      try {
        readSync(fd, chunk, 0, chunk.length, index * chunkBytes);
      } finally {
        closeSync(fd);
      }
      // Of the first one the header was changed, so that it opens without a log.
      if (index > 0 && hashOf(chunk) !== hashes[index]) throw new DoubtError('another image');
      return chunk;
    },
  };
}
