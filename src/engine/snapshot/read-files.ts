// Reads what the walk did not know: cuts files into jobs, puts the answers together, and passes new
// objects on to whoever stores them.

import type { CallOptions } from '../options.ts';
import type { ContentPool } from '../store/content-pool.ts';
import { chunkBytes, singleObjectBytes, type EncodedObject } from '../store/object-encoding.ts';
import { encodeChunkList } from '../store/pack-reader.ts';
import type { FileIdentity, ReadJob, ReadProblem, ReadResult } from '../store/read-content.ts';
import type { ContentHash } from '../store/store.ts';

/** One file to be read. */
export interface FileToRead {
  /** What the answer is filed under. */
  readonly path: string;
  /** Where the bytes are: the file itself, or a copy that was made of it. Absolute. */
  readonly readFrom: string;
  readonly size: number;
  readonly expected: FileIdentity | null;
  /** Chunks that it had before, for deltas; empty where there is nothing to compare with. */
  readonly previous: readonly ContentHash[];
  readonly headerVersion: number | null;
  readonly isDatabase: boolean;
}

export interface FileContent {
  readonly content: ContentHash;
  readonly chunked: boolean;
}

export interface ReadFailure {
  readonly problem: ReadProblem;
  readonly errorCode: string | null;
}

export interface FilesRead {
  readonly contents: ReadonlyMap<string, FileContent>;
  readonly failures: ReadonlyMap<string, ReadFailure>;
}

/** Whole chunks that one job covers. */
const rangeBytes = 64 * chunkBytes;

/** @param store gets each new object once or more often; it takes care of doubles. */
export async function readFiles(
  files: readonly FileToRead[],
  pool: ContentPool,
  store: (object: EncodedObject) => void,
  keepList: (bytes: Buffer) => ContentHash,
  call: CallOptions,
): Promise<FilesRead> {
  const parts = new Map<ReadJob, FilePart>();
  for (const file of files) for (const part of partsOf(file)) parts.set(part.job, part);
  const failures = new Map<string, ReadFailure>();
  const onResult = (job: ReadJob, result: ReadResult): void => {
    const part = parts.get(job);
    if (part === undefined) return;
    if (result.problem !== null)
      failures.set(part.file.path, { problem: result.problem, errorCode: result.errorCode });
    for (const [i, object] of result.objects.entries()) {
      part.hashes[part.firstChunk + i] = object.hash;
      if (object.bytes !== null) store({ ...object, bytes: object.bytes });
    }
    call.progress.advance(job.start === 0 ? 1 : 0, job.end - job.start);
  };
  await pool.run([...parts.keys()], onResult, call.signal);

  const contents = new Map<string, FileContent>();
  for (const { file, hashes } of parts.values()) {
    if (failures.has(file.path) || contents.has(file.path)) continue;
    const [only] = hashes;
    if (isChunked(file))
      contents.set(file.path, { content: keepList(encodeChunkList(hashes)), chunked: true });
    else if (only !== undefined) contents.set(file.path, { content: only, chunked: false });
  }
  return { contents, failures };
}

interface FilePart {
  readonly job: ReadJob;
  readonly file: FileToRead;
  readonly firstChunk: number;
  /** Shared by all parts of the file. */
  readonly hashes: ContentHash[];
}

function* partsOf(file: FileToRead): Iterable<FilePart> {
  const { readFrom: path, size, expected, previous, headerVersion } = file;
  const hashes: ContentHash[] = [];
  if (!isChunked(file)) {
    const job = { path, start: 0, end: size, chunked: false, expected, previous, headerVersion };
    yield { job, file, firstChunk: 0, hashes };
    return;
  }
  for (let start = 0; start < size; start += rangeBytes) {
    const end = Math.min(start + rangeBytes, size);
    const firstChunk = start / chunkBytes;
    const chunks = previous.slice(firstChunk, firstChunk + rangeBytes / chunkBytes);
    const job = { path, start, end, chunked: true, expected, previous: chunks, headerVersion };
    yield { job, file, firstChunk, hashes };
  }
}

function isChunked(file: FileToRead): boolean {
  return file.size > (file.isDatabase ? chunkBytes : singleObjectBytes);
}
