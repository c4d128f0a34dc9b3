// A database as a file that SQLite can open, of which only those pages are there that are needed:
// the others are holes, until `ensure` fills them. So two versions of a large database are compared
// without bringing either of them to disk.

import { closeSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { chunkBytes } from '../store/object-encoding.ts';
import { DoubtError, type Pages } from './btree-pages.ts';

/** A database by its chunks of 64 KiB, the last one shorter. */
export interface ChunkSource {
  readonly bytes: number;
  /** Equal hashes mean equal bytes, but for bytes 18 and 19 of the header. */
  readonly hashes: readonly string[];
  /** The chunk's bytes, checked against its hash. */
  read(index: number): Buffer;
  /** Does `work`, which reads many chunks; see StoreReader. */
  readonly together?: <T>(work: () => T) => T;
}

export interface PagedImage extends Pages {
  /** Absolute path of the file. */
  readonly path: string;
  /** The file's chunks; a chunk that is read often is kept for a while. */
  readonly source: ChunkSource;
  /** False where `ensure` has nothing to do. */
  readonly hasHoles: boolean;
  /** The first 100 bytes. */
  readonly header: Buffer;
  /** Makes the page one that SQLite may read. */
  ensure(page: number): void;
  /** The file stays. */
  close(): void;
}

/** Chunks that were read, by their hashes: what two versions have in common is read once. */
export type ChunkCache = Map<string, Buffer>;

/** 16 MB. */
const keptChunks = 256;

/** Makes the file at `path`, which must not exist. @throws DoubtError where it is no whole database */
export function createPagedImage(source: ChunkSource, path: string, cache: ChunkCache): PagedImage {
  const kept = keepChunks(source, cache);
  const layout = layoutOf(kept);
  const { pageSize, pageCount } = layout;
  const fd = openSync(path, 'wx+', 0o600);
  const present = new Uint8Array(pageCount + 1);
  // What is there is read again from the file: its chunk may have to be unpacked.
  const peek = (page: number): Buffer =>
    present[page] === 1 ? readPage(fd, pageSize, page) : pageOf(kept, pageSize, page);
  const ensure = (page: number): void => {
    if (page > pageCount || present[page] === 1) return;
    const bytes = page === 1 ? withoutLog(peek(1)) : peek(page);
    writeSync(fd, bytes, 0, pageSize, (page - 1) * pageSize);
    present[page] = 1;
  };
  try {
    ftruncateSync(fd, source.bytes);
    ensure(1);
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  return {
    ...layout,
    path,
    source: kept,
    hasHoles: true,
    peek,
    ensure,
    close: () => closeSync(fd),
  };
}

/** The whole image at `path`, whose bytes `source` answers. @throws DoubtError */
export function openWholeImage(source: ChunkSource, path: string): PagedImage {
  const layout = layoutOf(source);
  const { pageSize } = layout;
  const fd = openSync(path, 'r');
  const peek = (page: number): Buffer => readPage(fd, pageSize, page);
  const close = (): void => closeSync(fd);
  return { ...layout, path, source, hasHoles: false, peek, ensure: () => undefined, close };
}

function layoutOf(
  source: ChunkSource,
): Pick<PagedImage, 'pageSize' | 'usableBytes' | 'pageCount' | 'header'> {
  const header = Buffer.from(source.read(0).subarray(0, 100));
  if (header.length < 100) throw new DoubtError('no header');
  const written = header.readUInt16BE(16);
  const pageSize = written === 1 ? 65_536 : written;
  const pageCount = source.bytes / pageSize;
  const isWhole = pageSize >= 512 && Number.isInteger(pageCount) && pageCount >= 1;
  if (!isWhole || source.hashes.length !== Math.ceil(source.bytes / chunkBytes))
    throw new DoubtError('not whole pages');
  return { pageSize, usableBytes: pageSize - (header[20] ?? 0), pageCount, header };
}

function readPage(fd: number, pageSize: number, page: number): Buffer {
  const bytes = Buffer.allocUnsafe(pageSize);
  const read = readSync(fd, bytes, 0, pageSize, (page - 1) * pageSize);
  if (read !== pageSize) throw new DoubtError('an image that is too short');
  return bytes;
}

function pageOf(source: ChunkSource, pageSize: number, page: number): Buffer {
  const start = (page - 1) * pageSize;
  const at = start % chunkBytes;
  const bytes = source.read(Math.floor(start / chunkBytes)).subarray(at, at + pageSize);
  if (bytes.length !== pageSize) throw new DoubtError('a chunk that is too short');
  return bytes;
}

/** So that it opens without a write-ahead log beside it. */
function withoutLog(firstPage: Buffer): Buffer {
  const bytes = Buffer.from(firstPage);
  return bytes.fill(1, 18, 20);
}

/** The least recently used goes first. */
function keepChunks(source: ChunkSource, cache: ChunkCache): ChunkSource {
  return {
    ...source,
    read(index) {
      const hash = source.hashes[index] ?? '';
      const bytes = cache.get(hash) ?? source.read(index);
      cache.delete(hash);
      cache.set(hash, bytes);
      const [oldest] = cache.keys();
      if (cache.size > keptChunks && oldest !== undefined) cache.delete(oldest);
      return bytes;
    },
  };
}
