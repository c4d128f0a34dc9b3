// The content worker: a thread that reads, hashes and compresses batches of files with the
// synchronous calls, which are twice as fast as the asynchronous ones in the thread pool.

import { parentPort, workerData } from 'node:worker_threads';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../sqlite/sqlite-driver.ts';
import { openPackReader, type PackReader } from './pack-reader.ts';
import {
  readContent,
  type ReadContext,
  type ReadJob,
  type ReadObject,
  type ReadOutcome,
} from './read-content.ts';

export interface ContentWorkerData {
  readonly role: 'content';
  readonly storePath: string;
  readonly keep: boolean;
}

/** Jobs, and the memory for what they answer; it goes back and forth. */
export interface ContentRequest {
  readonly jobs: readonly ReadJob[];
  readonly arena: ArrayBuffer;
}

/** After it the thread ends. */
export const noMore = null;

/** An object of a response; its bytes lie in the arena. */
export interface PlacedObject extends Omit<ReadObject, 'bytes'> {
  /** Null where there are none. */
  readonly start: number | null;
  readonly length: number;
}

export interface ContentResponse {
  /** One a job, in order. */
  readonly results: readonly (ReadOutcome & { readonly objects: readonly PlacedObject[] })[];
  readonly arena: ArrayBuffer;
  readonly error: string | null;
}

export async function runContentWorker(): Promise<void> {
  const data = workerData as ContentWorkerData;
  const context = {
    store: openStoreForReading(data.storePath),
    keep: data.keep,
  };
  parentPort?.on('message', (request: ContentRequest | typeof noMore) => {
    if (request === noMore) {
      parentPort?.close();
      return;
    }
    const response = answer(request, context);
    parentPort?.postMessage(response, [response.arena]);
  });
}

/** The store as it was when the capture began; null where nothing is in it. The capture holds the write lock. */
export function openStoreForReading(storePath: string): PackReader | null {
  const catalog = join(storePath, 'catalog.db');
  if (!existsSync(catalog)) return null;
  const db = openDatabase(catalog, { readonly: true, timeoutMs: 5000 });
  // One read transaction for all questions: it ends with this thread, before the capture commits.
  db.exec('BEGIN');
  if (db.prepare('SELECT 1 FROM objects LIMIT 1').get() === undefined) {
    db.close();
    return null;
  }
  const reader = openPackReader(db, join(storePath, 'packs'));
  return {
    ...reader,
    close() {
      reader.close();
      db.close();
    },
  };
}

function answer({ jobs, arena }: ContentRequest, context: ReadContext): ContentResponse {
  const memory = Buffer.from(arena);
  let used = 0;
  const place = (bytes: Buffer): number => {
    const start = used;
    bytes.copy(memory, start);
    used += bytes.length;
    return start;
  };
  try {
    const results = jobs.map((job) => {
      const objects: PlacedObject[] = [];
      const outcome = readContent(job, context, ({ bytes, ...object }) => {
        const start = bytes === null ? null : place(bytes);
        objects.push({ ...object, start, length: bytes?.length ?? 0 });
      });
      return { ...outcome, objects };
    });
    return { results, arena, error: null };
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { results: [], arena, error: text };
  }
}
