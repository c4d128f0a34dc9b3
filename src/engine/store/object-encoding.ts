// How one object's bytes stand in a pack: as they are, as zstd where that pays, or, for a changed
// chunk of a database, as zstd with the chunk it replaces as dictionary.

import { hash } from 'node:crypto';
import { constants, zstdCompressSync, zstdDecompressSync, type ZstdOptions } from 'node:zlib';
import { EngineError } from '../../core/errors.ts';
import type { ContentHash } from './store.ts';
import { blockBytes } from './tar.ts';

export type Encoding = 'raw' | 'zstd' | 'delta';

/** A database page never straddles two chunks: 64 KiB is the largest page. */
export const chunkBytes = 65_536;

/** Files up to this size are one object; larger ones and databases are cut into chunks. */
export const singleObjectBytes = 1_048_576;

export interface EncodedObject {
  readonly hash: ContentHash;
  /** Length of the content, before encoding. */
  readonly size: number;
  readonly encoding: Encoding;
  /** The dictionary's hash; only with `delta`. */
  readonly base: ContentHash | null;
  readonly bytes: Buffer;
}

export function hashOf(bytes: Uint8Array): ContentHash {
  return hash('sha256', bytes, 'hex');
}

/** zstd where it saves at least a tenth, and a block of the pack; else the bytes as they are. */
export function encodeObject(content: Buffer, contentHash: ContentHash): EncodedObject {
  const plain = { hash: contentHash, size: content.length, base: null };
  if (content.length > blockBytes) {
    const packed = zstdCompressSync(content, compressionOf(content));
    if (packed.length < content.length * 0.9) return { ...plain, encoding: 'zstd', bytes: packed };
  }
  return { ...plain, encoding: 'raw', bytes: content };
}

/**
 * A delta against `base`, or undefined where it would be larger than half of the content: then the
 * caller stores it in full, and it can be a base itself.
 */
export function encodeDelta(
  content: Buffer,
  contentHash: ContentHash,
  base: { readonly hash: ContentHash; readonly bytes: Buffer },
): EncodedObject | undefined {
  // zstd takes a dictionary that begins with its own magic number for a trained one.
  if (base.bytes.length < 8 || base.bytes.readUInt32LE(0) === 0xec30a437) return undefined;
  const bytes = zstdCompressSync(content, { ...compressionOf(content), dictionary: base.bytes });
  if (bytes.length > content.length / 2) return undefined;
  return { hash: contentHash, size: content.length, encoding: 'delta', base: base.hash, bytes };
}

/**
 * The content again, not yet checked against its hash. Throws where the bytes are no zstd frame.
 * @param sizeHint how large it probably is; it only saves time.
 */
export function decodeObject(
  bytes: Buffer,
  encoding: Encoding,
  base: Buffer | undefined,
  sizeHint = chunkBytes,
): Buffer {
  if (encoding === 'raw') return bytes;
  // One byte more than there is, or Node asks zlib once more whether that was all.
  const chunkSize = Math.max(1024, sizeHint + 1);
  return zstdDecompressSync(
    bytes,
    base === undefined ? { chunkSize } : { chunkSize, dictionary: base },
  );
}

/** The member's name in a pack. A slash keeps the two hashes of a delta within what ustar can hold. */
export function memberName(object: Pick<EncodedObject, 'hash' | 'encoding' | 'base'>): string {
  if (object.encoding === 'delta') return `${object.hash}.d/${object.base}.zst`;
  return object.encoding === 'zstd' ? `${object.hash}.zst` : object.hash;
}

/** Inverse of `memberName`; undefined for a member that is no object. */
export function parseMemberName(
  name: string,
): Pick<EncodedObject, 'hash' | 'encoding' | 'base'> | undefined {
  const match = /^([0-9a-f]{64})(?:(\.zst)|\.d\/([0-9a-f]{64})\.zst)?$/.exec(name);
  if (match?.[1] === undefined) return undefined;
  if (match[3] !== undefined) return { hash: match[1], encoding: 'delta', base: match[3] };
  return { hash: match[1], encoding: match[2] === undefined ? 'raw' : 'zstd', base: null };
}

let proven = false;

/**
 * Node before 22.19 ignores a dictionary without a word, and what it wrote would be lost with its
 * base unused: proven once a process, before anything is written.
 * @throws EngineError DRIVER_UNAVAILABLE
 */
export function proveDictionaries(): void {
  if (proven) return;
  const base = Buffer.from(
    'savepoint '.repeat(400) + Array.from({ length: 800 }, (_, i) => i * i).join(),
  );
  const delta = zstdCompressSync(base, { ...compressionOf(base), dictionary: base });
  if (delta.length > 200 || !zstdDecompressSync(delta, { dictionary: base }).equals(base))
    throw new EngineError(
      'DRIVER_UNAVAILABLE',
      `zstd dictionaries do not work in Node ${process.versions.node}`,
      {
        hint: 'use Node 22.19 or newer',
      },
    );
  proven = true;
}

/** With room for all of the output at once, which is half as fast again as collecting it in pieces. */
function compressionOf(content: Buffer): ZstdOptions {
  return {
    params: { [constants.ZSTD_c_compressionLevel]: 1 },
    chunkSize: Math.max(1024, content.length),
  };
}
