// Reads files for a capture: content in, hashes and encoded objects out. Runs in the content workers
// and, for small amounts, in the calling thread. Whoever calls it owns the order of things; this
// only refuses a file that is no longer the one that was looked at.

import { closeSync, fstatSync, openSync, readSync, type BigIntStats } from 'node:fs';
import { diskPath, readOnlyFlags } from '../disk/disk-path.ts';
import { errorCodeOf } from '../disk/durable-file.ts';
import {
  chunkBytes,
  encodeDelta,
  encodeObject,
  hashOf,
  singleObjectBytes,
  type EncodedObject,
  type Encoding,
} from './object-encoding.ts';
import type { PackReader } from './pack-reader.ts';
import { orIfDamaged } from './damage.ts';
import type { ContentHash } from './store.ts';

/** A part of a file to be read: all of it as one object, or a range of whole chunks. */
export interface ReadJob {
  /** Absolute, in the form of core/names.ts. */
  readonly path: string;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
  readonly chunked: boolean;
  /** What the whole file must look like before and after; null for a file that nobody else can write. */
  readonly expected: FileIdentity | null;
  /** Hashes that the chunks of this range had before; a changed one may be stored as a delta. */
  readonly previous: readonly ContentHash[];
  /** For the image of a database: what bytes 18 and 19 of the live file's header say. */
  readonly headerVersion: number | null;
}

export interface FileIdentity {
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ino: bigint;
}

/** `changed` and `vanished`: not the file that was looked at; `database`: a SQLite file that was not seen as one. */
export type ReadProblem = 'changed' | 'vanished' | 'database' | 'unreadable';

export interface ReadObject {
  readonly hash: ContentHash;
  readonly size: number;
  readonly encoding: Encoding;
  readonly base: ContentHash | null;
  /**
   * Null where the store has the object already, or nothing is to be stored. Valid until the
   * callback returns: the memory is used again.
   */
  readonly bytes: Buffer | null;
}

export interface ReadOutcome {
  readonly problem: ReadProblem | null;
  /** The system's error code behind `unreadable`. */
  readonly errorCode: string | null;
}

/** Where objects are looked up; null where nothing is stored yet. `keep` false: hashes only. */
export interface ReadContext {
  readonly store: PackReader | null;
  readonly keep: boolean;
}

/** Reads one job; `emit` gets its objects in order. Some may come before a problem shows. */
export function readContent(
  job: ReadJob,
  context: ReadContext,
  emit: (object: ReadObject) => void,
): ReadOutcome {
  let fd: number;
  try {
    fd = openSync(diskPath(job.path), readOnlyFlags);
  } catch (error) {
    return failed(error);
  }
  try {
    if (!isExpected(fd, job.expected)) return problem('changed');
    readChunks(fd, job, context, emit);
    return isExpected(fd, job.expected) ? noProblem : problem('changed');
  } catch (error) {
    if (error === shortRead) return problem('changed');
    if (error === foundDatabase) return problem('database');
    return failed(error);
  } finally {
    closeSync(fd);
  }
}

const shortRead = new Error('the file is shorter than it was');
const foundDatabase = new Error('the file is a SQLite database');
const sqliteMagic = Buffer.from('SQLite format 3\0', 'latin1');

/** One memory for all reads of this thread: every object is passed on before the next is read. */
const readBuffer = Buffer.allocUnsafeSlow(singleObjectBytes);

function readChunks(
  fd: number,
  job: ReadJob,
  context: ReadContext,
  emit: (object: ReadObject) => void,
): void {
  const step = job.chunked ? chunkBytes : Math.max(1, job.end - job.start);
  let index = 0;
  for (let at = job.start; at < job.end || (index === 0 && job.end === 0); at += step) {
    const content = readBuffer.subarray(0, Math.min(step, job.end - at));
    readFully(fd, content, at);
    if (at === 0 && job.headerVersion !== null) content.fill(job.headerVersion, 18, 20);
    else if (at === 0 && job.expected !== null && content.subarray(0, 16).equals(sqliteMagic))
      throw foundDatabase;
    emit(toObject(content, job.previous[index], context));
    index += 1;
  }
}

function toObject(
  content: Buffer,
  previous: ContentHash | undefined,
  { store, keep }: ReadContext,
): ReadObject {
  const hash = hashOf(content);
  const known: ReadObject = {
    hash,
    size: content.length,
    encoding: 'raw',
    base: null,
    bytes: null,
  };
  if (!keep || store?.has(hash) === true) return known;
  return deltaAgainst(content, hash, previous, store) ?? encodeObject(content, hash);
}

/** One level deep: where the old chunk is a delta itself, its base is the dictionary. */
function deltaAgainst(
  content: Buffer,
  hash: ContentHash,
  previous: ContentHash | undefined,
  store: PackReader | null,
): EncodedObject | undefined {
  if (previous === undefined || store === null) return undefined;
  const base = orIfDamaged(() => store.dictionaryFor(previous), undefined);
  return base === undefined ? undefined : encodeDelta(content, hash, base);
}

function readFully(fd: number, into: Buffer, position: number): void {
  let filled = 0;
  while (filled < into.length) {
    const read = readSync(fd, into, filled, into.length - filled, position + filled);
    if (read === 0) throw shortRead;
    filled += read;
  }
}

function isExpected(fd: number, expected: FileIdentity | null): boolean {
  if (expected === null) return true;
  const stats: BigIntStats = fstatSync(fd, { bigint: true });
  return (
    stats.isFile() &&
    stats.size === expected.size &&
    stats.mtimeNs === expected.mtimeNs &&
    stats.ino === expected.ino
  );
}

const noProblem: ReadOutcome = { problem: null, errorCode: null };

function problem(kind: ReadProblem): ReadOutcome {
  return { problem: kind, errorCode: null };
}

function failed(error: unknown): ReadOutcome {
  const errorCode = errorCodeOf(error);
  if (errorCode === undefined) throw error;
  // ELOOP: a link took the file's place, and was not followed.
  const vanished = errorCode === 'ENOENT' || errorCode === 'ELOOP';
  return { problem: vanished ? 'vanished' : 'unreadable', errorCode };
}
