// Hands read jobs to two content workers, a bounded amount at a time, and gives the results back in
// the order they finish. Small amounts are read in place: a thread costs more than they do.

import { Worker } from 'node:worker_threads';
import type { EngineOptions } from '../options.ts';
import type { ContentRequest, ContentResponse, ContentWorkerData } from './content-worker.ts';
import type { PackReader } from './pack-reader.ts';
import { readContent, type ReadJob, type ReadResult } from './read-content.ts';

const workerCount = 2;
const batchBytes = 4 * 1024 * 1024;
const batchJobs = 128;
/** Below this a single thread is done before others have started. */
const inPlaceBytes = 4 * 1024 * 1024;
const inPlaceJobs = 200;

export interface ContentPool {
  /** Reads all jobs; `onResult` gets each job's result once. @throws the signal's reason */
  run(
    jobs: readonly ReadJob[],
    onResult: (job: ReadJob, result: ReadResult) => void,
    signal: AbortSignal,
  ): Promise<void>;
  close(): Promise<void>;
}

export function createContentPool(
  storePath: string,
  store: PackReader | null,
  options: EngineOptions,
  keep: boolean,
): ContentPool {
  let workers: Worker[] = [];
  return {
    async run(jobs, onResult, signal) {
      signal.throwIfAborted();
      const bytes = jobs.reduce((sum, job) => sum + job.end - job.start, 0);
      if (bytes <= inPlaceBytes && jobs.length <= inPlaceJobs) {
        for (const job of jobs) {
          signal.throwIfAborted();
          onResult(job, readContent(job, store, keep));
        }
        return;
      }
      if (workers.length === 0) workers = startWorkers(storePath, options, keep);
      const batches = batchesOf(jobs);
      await Promise.all(workers.map((worker) => drain(worker, batches, onResult, signal)));
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()));
      workers = [];
    },
  };
}

function startWorkers(storePath: string, options: EngineOptions, keep: boolean): Worker[] {
  const workerData: ContentWorkerData = {
    role: 'content',
    storePath,
    nativeBinding: options.nativeBinding,
    keep,
  };
  return Array.from(
    { length: workerCount },
    () =>
      new Worker(options.processEntry, {
        workerData,
        resourceLimits: { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16 },
      }),
  );
}

/** One worker's share: it always has one batch waiting behind the one it works on. */
async function drain(
  worker: Worker,
  batches: Iterator<readonly ReadJob[]>,
  onResult: (job: ReadJob, result: ReadResult) => void,
  signal: AbortSignal,
): Promise<void> {
  const inFlight: (readonly ReadJob[])[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const send = (): void => {
    while (inFlight.length < 2) {
      const next = batches.next();
      if (next.done === true) break;
      inFlight.push(next.value);
      const request: ContentRequest = { jobs: next.value };
      worker.postMessage(request, []);
    }
    if (inFlight.length === 0) resolve();
  };
  const onMessage = (response: ContentResponse): void => {
    const jobs = inFlight.shift() ?? [];
    try {
      signal.throwIfAborted();
      if (response.error !== null) throw new Error(response.error);
      for (const [i, job] of jobs.entries()) {
        const result = response.results[i];
        if (result !== undefined) onResult(job, withBuffers(result));
      }
      send();
    } catch (error) {
      reject(error);
    }
  };
  const onExit = (code: number): void =>
    reject(new Error(`a content worker ended with code ${code}`));
  worker.on('message', onMessage).on('error', reject).on('exit', onExit);
  send();
  try {
    await promise;
  } finally {
    worker.off('message', onMessage).off('error', reject).off('exit', onExit);
  }
}

/** Buffers arrive from a worker as plain byte arrays. */
function withBuffers(result: ReadResult): ReadResult {
  return {
    ...result,
    objects: result.objects.map((object) => ({
      ...object,
      bytes:
        object.bytes === null
          ? null
          : Buffer.from(object.bytes.buffer, object.bytes.byteOffset, object.bytes.byteLength),
    })),
  };
}

function* batchesOf(jobs: readonly ReadJob[]): Generator<readonly ReadJob[], undefined> {
  let batch: ReadJob[] = [];
  let bytes = 0;
  for (const job of jobs) {
    batch.push(job);
    bytes += job.end - job.start;
    if (bytes < batchBytes && batch.length < batchJobs) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
  return undefined;
}
