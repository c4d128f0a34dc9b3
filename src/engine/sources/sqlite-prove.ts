// Proves a restored database: what SQLite said is not believed. Where nobody wrote since, the live
// database equals the image in every byte that SQLite does not change by itself.

import { closeSync, openSync, readSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkImage } from './sqlite-check.ts';
import type { ImageCheck } from './sqlite-image.ts';
import {
  captureDatabases,
  type CaptureDatabasesContext,
  type LiveDatabase,
} from './sqlite-capture.ts';

export interface DatabaseProof {
  /** True where every page is as in the image: that is the whole proof. */
  readonly equal: boolean;
  /** What the live database holds where it is not: a writer may have been quicker. Null where it could not be opened or had. */
  readonly check: ImageCheck | null;
  /** `databaseSignature` of what was looked at. */
  readonly signature: string;
}

/** Compares a copy of the live database, taken without touching it, with `imagePath`. */
export async function proveDatabase(
  imagePath: string,
  live: LiveDatabase,
  context: CaptureDatabasesContext,
): Promise<DatabaseProof> {
  const folder = await mkdtemp(join(context.tempDir, 'proof-'));
  try {
    const own = { ...context, tempDir: folder, check: false };
    const { databases } = await captureDatabases([live], own);
    const copy = databases[0];
    const signature = copy?.signature ?? '';
    const copyPath =
      copy?.imagePath ?? copy?.groupFiles.find(({ suffix }) => suffix === '')?.copyPath;
    if (copyPath === undefined) return { equal: false, check: null, signature };
    if (haveEqualPages(imagePath, copyPath)) return { equal: true, check: null, signature };
    if (copy?.imagePath === null) return { equal: false, check: null, signature };
    return { equal: false, check: await checkImage(copyPath, { deep: false }, context), signature };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * True where two databases, each one file, hold the same pages. What SQLite counts in the header is
 * no difference: journal mode, transactions, schema changes, and which SQLite wrote last.
 */
export function haveEqualPages(a: string, b: string): boolean {
  const fds = [openSync(a, 'r'), openSync(b, 'r')] as const;
  try {
    const blocks = [Buffer.alloc(blockBytes), Buffer.alloc(blockBytes)] as const;
    for (let at = 0; ; at += blockBytes) {
      const [first, second] = [0, 1].map((i) => readBlock(fds[i as 0 | 1], blocks[i as 0 | 1], at));
      if (first === undefined || second === undefined) return false;
      if (at === 0) for (const block of [first, second]) maskCounters(block);
      if (!first.equals(second)) return false;
      if (first.length < blockBytes) return true;
    }
  } finally {
    for (const fd of fds) closeSync(fd);
  }
}

const blockBytes = 1024 * 1024;
/** Offsets of the first and behind the last byte: https://sqlite.org/fileformat2.html#the_database_header */
const counters = [
  [18, 20],
  [24, 28],
  [40, 44],
  [92, 100],
] as const;

function maskCounters(head: Buffer): void {
  for (const [start, end] of counters) head.fill(0, start, Math.min(end, head.length));
}

function readBlock(fd: number, block: Buffer, at: number): Buffer {
  let length = 0;
  while (length < block.length) {
    const read = readSync(fd, block, length, block.length - length, at + length);
    if (read === 0) break;
    length += read;
  }
  return block.subarray(0, length);
}
