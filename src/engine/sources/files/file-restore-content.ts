// Writes content out of the store into files: holes stay holes, and many files become durable together.

import { closeSync, fsync, ftruncateSync, writeSync } from 'node:fs';
import { setImmediate as yieldToEvents } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { CallOptions } from '../../options.ts';

const blockBytes = 64 * 1024;
const zeros = Buffer.alloc(blockBytes);

/**
 * Writes the chunks from the start of the file and cuts it there.
 * @param isEmpty true where nothing is in the file yet: blocks of zeros are left out and take no room
 * @throws the signal's reason; the file is then written in part
 */
export async function writeContent(
  fd: number,
  chunks: Iterable<Buffer>,
  isEmpty: boolean,
  call: CallOptions,
): Promise<number> {
  let size = 0;
  const pause = createPause(call.signal);
  for (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += blockBytes) {
      const block = chunk.subarray(at, at + blockBytes);
      const isHole = isEmpty && block.equals(zeros.subarray(0, block.length));
      if (!isHole) writeFully(fd, block, size + at);
    }
    size += chunk.length;
    call.progress.advance(0, chunk.length);
    await pause();
  }
  ftruncateSync(fd, size);
  return size;
}

/** Lets cancellation and messages through now and then; costs next to nothing in between. */
export function createPause(signal: AbortSignal): () => Promise<void> {
  let lastMs = performance.now();
  return async () => {
    signal.throwIfAborted();
    if (performance.now() - lastMs < 30) return;
    await yieldToEvents();
    lastMs = performance.now();
    signal.throwIfAborted();
  };
}

export interface SyncBatch {
  /** Takes the descriptor over: it is closed when its file is durable. */
  add(fd: number): Promise<void>;
  /** Everything that was added is durable. */
  settle(): Promise<void>;
  /** Closes without waiting for the disk. */
  abandon(): void;
}

const batchSize = 64;
const fsyncAsync = promisify(fsync);

/** Files made durable together share the disk's flushes: a tenth of the time of one after the other. */
export function createSyncBatch(): SyncBatch {
  const waiting: number[] = [];
  async function settle(): Promise<void> {
    const fds = waiting.splice(0);
    const results = await Promise.allSettled(fds.map((fd) => fsyncAsync(fd)));
    for (const fd of fds) closeSync(fd);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }
  return {
    settle,
    async add(fd) {
      waiting.push(fd);
      if (waiting.length >= batchSize) await settle();
    },
    abandon() {
      for (const fd of waiting.splice(0)) closeSync(fd);
    },
  };
}

function writeFully(fd: number, block: Buffer, position: number): void {
  let written = 0;
  while (written < block.length) {
    written += writeSync(fd, block, written, block.length - written, position + written);
  }
}
