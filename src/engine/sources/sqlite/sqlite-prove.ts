// Proves a restored database: what SQLite said is not believed. Where nobody wrote since, the live
// database equals the image in every byte that SQLite does not change by itself.

import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { checkImage } from './sqlite-check.ts';
import { captureDatabases } from './sqlite-capture.ts';
import {
  isHotJournal,
  lookAtDatabase,
  maskCounters,
  signatureOfFiles,
} from '../../sqlite/sqlite-file.ts';
import { diskPath } from '../../disk/disk-path.ts';
import type { CaptureDatabasesContext, LiveDatabase, DatabaseProof } from '../source.ts';

/** Compares the live database with `imagePath`, without touching it: itself, or where it has a log a copy. */
export async function proveDatabase(
  imagePath: string,
  live: LiveDatabase,
  context: CaptureDatabasesContext,
): Promise<DatabaseProof> {
  return (
    (await proveFile(imagePath, live.path, context.call.signal)) ??
    (await proveCopy(imagePath, live, context))
  );
}

/** A page that was read as it is in the image is proven, whoever writes meanwhile. Undefined where that is not so of all. */
async function proveFile(
  imagePath: string,
  path: string,
  signal: AbortSignal,
): Promise<DatabaseProof | undefined> {
  const files = lookAtDatabase(path);
  const isWhole = (files.wal?.stats.size ?? 0n) === 0n && !isHotJournal(files.journal);
  if (files.main === undefined || !isWhole) return undefined;
  if (!(await haveEqualPages(imagePath, path, signal))) return undefined;
  const signature = signatureOfFiles(files);
  const isStill = signatureOfFiles(lookAtDatabase(path)) === signature;
  return isStill ? { equal: true, check: null, signature: `${signature}~` } : undefined;
}

async function proveCopy(
  imagePath: string,
  live: LiveDatabase,
  context: CaptureDatabasesContext,
): Promise<DatabaseProof> {
  const folder = await mkdtemp(join(context.tempDir, 'proof-'));
  try {
    const own = { ...context, tempDir: folder, check: false };
    const { databases } = await captureDatabases([live], own);
    const copyPath = databases[0]?.imagePath;
    const signature = databases[0]?.signature ?? '';
    if (copyPath === null || copyPath === undefined)
      return { equal: false, check: null, signature };
    const equal = await haveEqualPages(imagePath, copyPath, context.call.signal);
    const check = equal ? null : await checkImage(copyPath, { deep: false }, context);
    return { equal, check, signature };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * True where two databases, each one file, hold the same pages. What SQLite counts in the header is
 * no difference: journal mode, transactions, schema changes, and which SQLite wrote last.
 */
export async function haveEqualPages(a: string, b: string, signal: AbortSignal): Promise<boolean> {
  const files: FileHandle[] = [];
  try {
    for (const path of [a, b]) files.push(await open(diskPath(path), 'r'));
    const blocks = files.map(() => Buffer.alloc(blockBytes));
    for (let at = 0; ; at += blockBytes) {
      signal.throwIfAborted();
      const reads = files.map((file, i) => readBlock(file, blocks[i] ?? Buffer.alloc(0), at));
      const [first, second] = await Promise.all(reads);
      if (first === undefined || second === undefined) return false;
      if (at === 0) for (const block of [first, second]) maskCounters(block);
      if (!first.equals(second)) return false;
      if (first.length < blockBytes) return true;
    }
  } finally {
    for (const file of files) await file.close();
  }
}

const blockBytes = 4 * 1024 * 1024;
async function readBlock(file: FileHandle, block: Buffer, at: number): Promise<Buffer> {
  let length = 0;
  while (length < block.length) {
    const { bytesRead } = await file.read(block, length, block.length - length, at + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return block.subarray(0, length);
}
