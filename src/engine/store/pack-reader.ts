// Reads objects out of packs. Nothing is believed: every object is hashed before it is handed out.
// A pack that is gone since its place was looked up (another process rewrote it) is looked up again.

import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../../core/errors.ts';
import type { Database, Statement } from '../sqlite/sqlite-driver.ts';
import { errorCodeOf } from '../disk/durable-file.ts';
import { chunkBytes, decodeObject, hashOf, type Encoding } from './object-encoding.ts';
import type { ContentHash, FileNode, StoreReader } from './store.ts';
import { decodeTree } from './tree-format.ts';

const encodings: readonly Encoding[] = ['raw', 'zstd', 'delta'];
const openPacksLimit = 64;
const chunksPerLock = 128;
/** A chunk, the one it is a delta of, and as many of the version that it is compared with. */
const recentChunks = 4;

/** The number under which the catalog keeps an encoding. */
export function encodingNumber(encoding: Encoding): number {
  return encodings.indexOf(encoding);
}

interface ObjectColumns {
  readonly name: string | null;
  readonly offset: number;
  readonly stored: number;
  readonly size: number;
  readonly encoding: number;
  readonly base: string | null;
}

export interface ObjectRow {
  readonly pack: string;
  readonly offset: number;
  readonly stored: number;
  readonly size: number;
  readonly encoding: Encoding;
  readonly base: ContentHash | null;
}

export interface PackReader extends StoreReader {
  /** Where the object lies; undefined where the store does not have it. */
  find(hash: ContentHash): ObjectRow | undefined;
  has(hash: ContentHash): boolean;
  /**
   * What a new version of the object can be a delta against: itself, or the base it is a delta of.
   * @throws EngineError STORE_DAMAGED
   */
  dictionaryFor(
    hash: ContentHash,
  ): { readonly hash: ContentHash; readonly bytes: Buffer } | undefined;
  close(): void;
}

export function openPackReader(db: Database, packsDir: string): PackReader {
  const select = db.prepare<ObjectColumns>(
    // A join takes eight times as long.
    'SELECT (SELECT name FROM packs WHERE id = o.pack) AS name, o.offset, o.stored, o.size, o.encoding, lower(hex(o.base)) AS base FROM objects o WHERE o.hash = ?',
  );
  const selectOne = db.prepare<number>('SELECT 1 FROM objects WHERE hash = ?').pluck();
  const packs = openPacks(packsDir);
  const recent = createRecent();

  /** @param found the object's row, where it was just looked up */
  function readObject(hash: ContentHash, found?: ObjectRow): Buffer {
    for (let attempt = 0; ; attempt += 1) {
      const row = attempt === 0 && found !== undefined ? found : findRow(select, hash);
      if (row === undefined) throw missing(hash);
      try {
        const base = row.base === null ? undefined : readBase(row.base);
        const stored = packs.read(row.pack, row.offset, row.stored);
        const content = checked(decodeObject(stored, row.encoding, base, row.size), hash);
        if (content.length <= chunkBytes) recent.set(hash, content);
        return content;
      } catch (error) {
        if (error instanceof EngineError) throw error;
        if (errorCodeOf(error) === 'ENOENT' && attempt < 3) continue;
        throw broken(hash, row.pack, error);
      }
    }
  }

  /** Who reads a chunk often reads its next version right after it. Only a base is ever taken from memory. */
  function readBase(hash: ContentHash): Buffer {
    return recent.get(hash) ?? readObject(hash);
  }

  const reader: PackReader = {
    find: (hash) => findRow(select, hash),
    has: (hash) => selectOne.get(Buffer.from(hash, 'hex')) !== undefined,
    readObject: (hash) => readObject(hash),
    readTree: (hash) => decodeTree(readObject(hash)),
    chunksOf: (file) => chunksOf(file, readObject),
    readChunks(file, use, signal) {
      let offset = 0;
      const hashes = reader.chunksOf(file);
      const read = (hash: ContentHash): void => {
        const chunk = readObject(hash);
        use(chunk, offset);
        offset += chunk.length;
      };
      // Look-ups that each lock and unlock the catalog take as long as the reading; a lock that is
      // held for long would keep a writer from its commit.
      for (let at = 0; at < hashes.length; at += chunksPerLock) {
        signal.throwIfAborted();
        db.transaction('deferred', () => hashes.slice(at, at + chunksPerLock).forEach(read));
      }
      if (offset !== file.size) throw broken(file.content, file.name, undefined);
    },
    together: (work) => db.transaction('deferred', work),
    dictionaryFor(hash) {
      const row = findRow(select, hash);
      if (row === undefined) return undefined;
      if (row.base === null) return { hash, bytes: readObject(hash, row) };
      return { hash: row.base, bytes: readObject(row.base) };
    },
    close: () => packs.close(),
  };
  return reader;
}

/** The chunks that were read last. */
function createRecent(): {
  get(hash: ContentHash): Buffer | undefined;
  set(hash: ContentHash, content: Buffer): void;
} {
  const chunks = new Map<ContentHash, Buffer>();
  return {
    get: (hash) => chunks.get(hash),
    set(hash, content) {
      chunks.set(hash, content);
      const [oldest] = chunks.keys();
      if (chunks.size > recentChunks && oldest !== undefined) chunks.delete(oldest);
    },
  };
}

/** The hashes of a file's chunks; the list object is one hash a line. */
export function chunksOf(
  file: FileNode,
  readObject: (hash: ContentHash) => Buffer,
): readonly ContentHash[] {
  if (!file.chunked) return [file.content];
  const list = readObject(file.content).toString('latin1').split('\n');
  list.pop();
  if (list.length !== Math.ceil(file.size / chunkBytes))
    throw broken(file.content, file.name, undefined);
  return list;
}

/** The list object of a chunked file. */
export function encodeChunkList(hashes: readonly ContentHash[]): Buffer {
  return Buffer.from(hashes.map((hash) => `${hash}\n`).join(''), 'latin1');
}

function findRow(select: Statement<ObjectColumns>, hash: ContentHash): ObjectRow | undefined {
  const row = select.get(Buffer.from(hash, 'hex'));
  if (row === undefined || row.name === null) return undefined;
  const { name: pack, offset, stored, size, encoding, base } = row;
  const known = encodings[encoding] ?? 'raw';
  return { pack, offset, stored, size, encoding: known, base: base === '' ? null : base };
}

/** Keeps the most recently used packs open. */
function openPacks(packsDir: string): {
  read(name: string, offset: number, bytes: number): Buffer;
  close(): void;
} {
  const fds = new Map<string, number>();
  function open(name: string): number {
    const known = fds.get(name);
    if (known !== undefined) {
      fds.delete(name);
      fds.set(name, known);
      return known;
    }
    const fd = openSync(join(packsDir, name), 'r');
    fds.set(name, fd);
    const [oldest] = fds;
    if (fds.size > openPacksLimit && oldest !== undefined) {
      closeSync(oldest[1]);
      fds.delete(oldest[0]);
    }
    return fd;
  }
  return {
    read(name, offset, bytes) {
      const buffer = Buffer.allocUnsafe(bytes);
      const read = readSync(open(name), buffer, 0, bytes, offset);
      if (read !== bytes) throw new Error('the pack is shorter than the catalog says');
      return buffer;
    },
    close() {
      for (const fd of fds.values()) closeSync(fd);
      fds.clear();
    },
  };
}

function checked(content: Buffer, hash: ContentHash): Buffer {
  if (hashOf(content) !== hash) throw new Error('the content does not have its hash');
  return content;
}

function missing(hash: ContentHash): EngineError {
  return new EngineError('STORE_DAMAGED', `object ${hash.slice(0, 12)} is missing in the store`, {
    hint: 'savepoint verify tells which snapshots it belongs to',
  });
}

function broken(hash: ContentHash, where: string, cause: unknown): EngineError {
  return new EngineError('STORE_DAMAGED', `object ${hash.slice(0, 12)} in "${where}" is damaged`, {
    path: where,
    hint: 'savepoint verify tells which snapshots it belongs to',
    cause,
  });
}
