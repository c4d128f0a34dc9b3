// The content worker: a thread that reads, hashes and compresses batches of files with the
// synchronous calls, which are twice as fast as the asynchronous ones in the thread pool.

import { parentPort, workerData } from 'node:worker_threads';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../sqlite-driver.ts';
import { openPackReader, type PackReader } from './pack-reader.ts';
import { readContent, type ReadJob, type ReadResult } from './read-content.ts';

export interface ContentWorkerData {
  readonly role: 'content';
  readonly storePath: string;
  readonly nativeBinding: string | undefined;
  readonly keep: boolean;
}

export interface ContentRequest {
  readonly jobs: readonly ReadJob[];
}

export interface ContentResponse {
  readonly results: readonly ReadResult[];
  readonly error: string | null;
}

export async function runContentWorker(): Promise<void> {
  const data = workerData as ContentWorkerData;
  const store = openStoreForReading(data.storePath, data.nativeBinding);
  parentPort?.on('message', (request: ContentRequest) => {
    parentPort?.postMessage(...answer(request, store, data.keep));
  });
}

/** The store as it was when the capture began; null where there is none. The capture holds the write lock. */
export function openStoreForReading(
  storePath: string,
  nativeBinding: string | undefined,
): PackReader | null {
  const catalog = join(storePath, 'catalog.db');
  if (!existsSync(catalog)) return null;
  const db = openDatabase(catalog, { readonly: true, timeoutMs: 5000, nativeBinding });
  // One read transaction for all questions: it ends with this thread, before the capture commits.
  db.exec('BEGIN');
  const reader = openPackReader(db, join(storePath, 'packs'));
  return {
    ...reader,
    close() {
      reader.close();
      db.close();
    },
  };
}

function answer(
  { jobs }: ContentRequest,
  store: PackReader | null,
  keep: boolean,
): [ContentResponse, ArrayBuffer[]] {
  try {
    const results = jobs.map((job) => readContent(job, store, keep));
    const buffers = new Set<ArrayBuffer>();
    for (const { objects } of results)
      for (const { bytes } of objects) {
        // Only memory that belongs to one object can be handed over; a slice of Node's pool is copied.
        if (
          bytes !== null &&
          bytes.buffer.byteLength === bytes.length &&
          bytes.buffer instanceof ArrayBuffer
        )
          buffers.add(bytes.buffer);
      }
    return [{ results, error: null }, [...buffers]];
  } catch (error) {
    return [
      {
        results: [],
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      },
      [],
    ];
  }
}
