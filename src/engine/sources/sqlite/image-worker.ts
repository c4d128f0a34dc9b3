// The worker thread behind `runImageJob`: one job, one answer.

import { parentPort, workerData } from 'node:worker_threads';
import { workOnImage, type ImageJob } from './sqlite-image.ts';

export function runImageWorker(): void {
  const { job } = workerData as { readonly job: ImageJob };
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port between threads has no origin
  parentPort?.postMessage(workOnImage(job));
}
