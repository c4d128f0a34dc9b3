// Reads what the walk did not know: cuts files into jobs, puts the answers together, and passes new
// objects on to whoever stores them.

import type { CallOptions } from '../options.ts';
import type { ContentPool, ReadHandler } from '../store/content-pool.ts';
import { chunkBytes, singleObjectBytes, type EncodedObject } from '../store/object-encoding.ts';
import { encodeChunkList } from '../store/pack-reader.ts';
import type { FileIdentity, ReadJob, ReadProblem } from '../store/read-content.ts';
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
const rangeBytes = 32 * chunkBytes;

/** @param keep gets each new object once or more often; it takes care of doubles. */
export async function readFiles(
  files: readonly FileToRead[],
  pool: ContentPool,
  keep: (object: EncodedObject) => void,
  keepList: (bytes: Buffer) => ContentHash,
  call: CallOptions,
): Promise<FilesRead> {
  const parts = new Map<ReadJob, FilePart>();
  for (const file of files) for (const job of jobsOf(file)) parts.set(job, { file, hashes: [] });
  const failures = new Map<string, ReadFailure>();
  const handler: ReadHandler = {
    onObject(job, { bytes, ...object }) {
      parts.get(job)?.hashes.push(object.hash);
      if (bytes !== null) keep({ ...object, bytes });
    },
    onDone(job, { problem, errorCode }) {
      const path = parts.get(job)?.file.path;
      if (problem !== null && path !== undefined) failures.set(path, { problem, errorCode });
      call.progress.advance(job.start === 0 ? 1 : 0, job.end - job.start);
    },
  };
  await pool.run([...parts.keys()], handler, call.signal);

  const hashes = new Map<FileToRead, ContentHash[]>();
  for (const part of parts.values())
    hashes.set(part.file, (hashes.get(part.file) ?? []).concat(part.hashes));
  const contents = new Map<string, FileContent>();
  for (const [file, chunks] of hashes) {
    if (failures.has(file.path)) continue;
    const content = isChunked(file) ? keepList(encodeChunkList(chunks)) : chunks[0];
    if (content !== undefined) contents.set(file.path, { content, chunked: isChunked(file) });
  }
  return { contents, failures };
}

interface FilePart {
  readonly file: FileToRead;
  /** Of the part's objects, in order. */
  readonly hashes: ContentHash[];
}

/** In the order of the file. */
function* jobsOf(file: FileToRead): Iterable<ReadJob> {
  const { readFrom: path, size, expected, previous, headerVersion } = file;
  const common = { path, expected, headerVersion };
  if (!isChunked(file)) {
    yield { ...common, start: 0, end: size, chunked: false, previous };
    return;
  }
  for (let start = 0; start < size; start += rangeBytes) {
    const firstChunk = start / chunkBytes;
    yield {
      ...common,
      start,
      end: Math.min(start + rangeBytes, size),
      chunked: true,
      previous: previous.slice(firstChunk, firstChunk + rangeBytes / chunkBytes),
    };
  }
}

function isChunked(file: FileToRead): boolean {
  return file.size > (file.isDatabase ? chunkBytes : singleObjectBytes);
}
