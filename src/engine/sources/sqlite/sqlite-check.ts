// Checks captured databases without holding up the process: what is large goes to a worker thread.

import { statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { EngineError } from '../../../core/errors.ts';
import type { CallOptions, EngineOptions } from '../../options.ts';
import { workOnImage, type ImageFailure, type ImageJob } from './sqlite-image.ts';
import type { ImageCheck } from '../source.ts';

export interface CheckContext {
  readonly options: EngineOptions;
  readonly call: CallOptions;
}

/**
 * Checks a database in a temporary folder of ours that is one file without sidecars: its pages, and
 * the rows of each ordinary table. Sets its header to rollback mode where that is not so already.
 * `unchecked`: it needs something that only its application has. Never changes a row.
 */
export async function checkImage(
  imagePath: string,
  { deep }: { readonly deep: boolean },
  context: CheckContext,
): Promise<ImageCheck> {
  const check = deep ? 'deep' : 'quick';
  const found = await runImageJob({ imagePath, recover: false, check }, context);
  if (!('failure' in found)) return found;
  const bytes = statSync(imagePath).size;
  const { detail } = found;
  return { state: 'damaged', detail, tables: {}, pageSize: 0, writeVersion: 1, bytes };
}

/**
 * Runs `job` here or, where it would take long, in a worker thread. See `workOnImage`.
 * @throws EngineError NO_SPACE, IO where the fault is not the database's
 */
export async function runImageJob(
  job: ImageJob,
  { options, call }: CheckContext,
): Promise<ImageCheck | ImageFailure> {
  call.signal.throwIfAborted();
  const isSmall = statSync(job.imagePath).size <= smallBytes;
  const found = isSmall ? workOnImage(job) : await workInThread(job, { options, call });
  if ('failure' in found && !isDamage(found)) throw failedHere(found, job.imagePath);
  return found;
}

async function workInThread(
  job: ImageJob,
  { options, call }: CheckContext,
): Promise<ImageCheck | ImageFailure> {
  const worker = new Worker(options.processEntry, { workerData: { role: 'image', job } });
  try {
    return await answerOf(worker, call.signal);
  } finally {
    // Not waited for: a thread ends only when SQLite returns.
    void worker.terminate();
  }
}

function answerOf(worker: Worker, signal: AbortSignal): Promise<ImageCheck | ImageFailure> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    worker.once('message', (check: ImageCheck | ImageFailure) => {
      signal.removeEventListener('abort', stop);
      resolve(check);
    });
    worker.once('error', reject);
    worker.once('exit', (code) => {
      signal.removeEventListener('abort', stop);
      reject(new Error(`the thread that checks databases ended with code ${code}`));
    });
  });
}

/** Up to this size a check takes less than starting a thread. */
const smallBytes = 16 * 1024 * 1024;

function isDamage({ failure }: ImageFailure): boolean {
  return ['SQLITE_NOTADB', 'SQLITE_CORRUPT', 'SQLITE_ERROR', 'SQLITE_CANTOPEN'].includes(failure);
}

function failedHere({ failure, detail }: ImageFailure, path: string): EngineError {
  const code = failure === 'SQLITE_FULL' ? 'NO_SPACE' : 'IO';
  return new EngineError(code, `the copy of a database cannot be checked: ${detail}`, { path });
}
