// Hands read jobs to two content workers, a bounded amount at a time. Small amounts are read in
// place: a thread costs more than they do. Memory is bounded: the buffers that carry what was read
// belong to the pool and travel between it and the workers.

import { Worker } from 'node:worker_threads';
import type { EngineOptions } from '../options.ts';
import {
  noMore,
  type ContentRequest,
  type ContentResponse,
  type ContentWorkerData,
} from './content-worker.ts';
import type { PackReader } from './pack-reader.ts';
import { readContent, type ReadJob, type ReadObject, type ReadOutcome } from './read-content.ts';

const workerCount = 2;
/** Batches on their way to or from one worker: one it works on, one that waits. */
const batchesAWorker = 2;
const batchBytes = 2 * 1024 * 1024;
const batchJobs = 128;
/** A batch ends with the job that fills it, and no job is larger; what is stored is never larger than what was read. */
const arenaBytes = 2 * batchBytes;
/** Below this a single thread is done before others have started. */
const inPlaceBytes = 4 * 1024 * 1024;
const inPlaceJobs = 200;

export interface ReadHandler {
  /** The objects of a job, in order. Their bytes are valid until this returns. */
  onObject(job: ReadJob, object: ReadObject): void;
  /** Once a job, after its objects. */
  onDone(job: ReadJob, outcome: ReadOutcome): void;
}

export interface ContentPool {
  /** Reads all jobs, in any order. @throws the signal's reason */
  run(jobs: readonly ReadJob[], handler: ReadHandler, signal: AbortSignal): Promise<void>;
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
    async run(jobs, handler, signal) {
      signal.throwIfAborted();
      const bytes = jobs.reduce((sum, job) => sum + job.end - job.start, 0);
      if (bytes <= inPlaceBytes && jobs.length <= inPlaceJobs) {
        for (const job of jobs) {
          signal.throwIfAborted();
          const outcome = readContent(job, { store, keep }, (object) =>
            handler.onObject(job, object),
          );
          handler.onDone(job, outcome);
        }
        return;
      }
      if (workers.length === 0) workers = startWorkers(storePath, options, keep);
      const batches = batchesOf(jobs);
      await Promise.all(workers.map((worker) => drain(worker, batches, handler, signal)));
    },
    async close() {
      const ended = workers;
      workers = [];
      await Promise.all(ended.map(end));
    },
  };
}

function startWorkers(storePath: string, options: EngineOptions, keep: boolean): Worker[] {
  const workerData: ContentWorkerData = { role: 'content', storePath, keep };
  const resourceLimits = { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 4 };
  return Array.from(
    { length: workerCount },
    () => new Worker(options.processEntry, { workerData, resourceLimits }),
  );
}

/** Lets it end by itself: Node dies of a thread that is stopped as it begins to compress. */
async function end(worker: Worker): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<number>();
  // One that has failed already comes to nothing else.
  worker.on('error', () => undefined).once('exit', resolve);
  if (worker.threadId < 0) return;
  worker.postMessage(noMore, []);
  await promise;
}

/** One worker's share: it always has one batch waiting behind the one it works on. */
async function drain(
  worker: Worker,
  batches: Iterator<readonly ReadJob[]>,
  handler: ReadHandler,
  signal: AbortSignal,
): Promise<void> {
  const inFlight: (readonly ReadJob[])[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const send = (arena: ArrayBuffer): void => {
    const next = batches.next();
    if (next.done === true) {
      if (inFlight.length === 0) resolve();
      return;
    }
    inFlight.push(next.value);
    const request: ContentRequest = { jobs: next.value, arena };
    worker.postMessage(request, [arena]);
  };
  const onMessage = (response: ContentResponse): void => {
    try {
      signal.throwIfAborted();
      passOn(inFlight.shift() ?? [], response, handler);
      send(response.arena);
    } catch (error) {
      reject(error);
    }
  };
  const onExit = (code: number): void =>
    reject(new Error(`a content worker ended with code ${code}`));
  worker.on('message', onMessage).on('error', reject).on('exit', onExit);
  for (let i = 0; i < batchesAWorker; i += 1) send(new ArrayBuffer(arenaBytes));
  try {
    await promise;
  } finally {
    worker.off('message', onMessage).off('error', reject).off('exit', onExit);
  }
}

function passOn(jobs: readonly ReadJob[], response: ContentResponse, handler: ReadHandler): void {
  if (response.error !== null) throw new Error(response.error);
  for (const [i, job] of jobs.entries()) {
    const result = response.results[i];
    if (result === undefined) continue;
    for (const { start, length, ...object } of result.objects) {
      const bytes = start === null ? null : Buffer.from(response.arena, start, length);
      handler.onObject(job, { ...object, bytes });
    }
    handler.onDone(job, result);
  }
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
