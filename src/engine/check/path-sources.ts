// Where the content behind the paths of an index is: on the disk, or in the store.

import { createHash } from 'node:crypto';
import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
} from 'node:fs';
import { livePath } from '../disk/real-path.ts';
import { projectPath, type DiskPath } from '../../core/names.ts';
import { errorCodeOf } from '../disk/durable-file.ts';
import { sourceOf } from '../sources/all-sources.ts';
import type { FileNode, StoreReader } from '../store/store.ts';
import { diskPath, problemWords, readOnlyFlags } from '../disk/disk-path.ts';

export interface RulePathSource {
  size(path: string): number | undefined;
  read(path: string, maxBytes: number): Buffer | undefined;
  /** @param budget of bytes to read: what it does not allow cannot be had */
  hash(path: string, algorithm: HashAlgorithm, budget?: ReadBudget): string | undefined;
  /** Why a file that is there cannot be read; undefined where it can. */
  problem(path: string): string | undefined;
  /** True for a file that is captured as a database, whatever its name. */
  isDatabase(path: string): boolean;
}

/** Goes down with what is read. */
export interface ReadBudget {
  leftBytes: number;
}

/** Asking takes longer than everything else about a file: of very many the first have to do. A snapshot finds all. */
const maxAsked = 10_000;

/** Files on the disk. Links and pipes are neither followed nor waited for. */
export function diskSource(projectDir: DiskPath): RulePathSource {
  let asked = 0;
  const absolute = (path: string): DiskPath => livePath(projectDir, projectPath(path));
  return {
    size(path) {
      try {
        return lstatSync(diskPath(absolute(path)), { throwIfNoEntry: false })?.size;
      } catch {
        // Not ours to look at any more: nothing can be told of its size.
        return undefined;
      }
    },
    read(path, maxBytes) {
      const parts: Buffer[] = [];
      const whole = readParts(absolute(path), maxBytes, (part) => parts.push(Buffer.from(part)));
      return whole ? Buffer.concat(parts) : undefined;
    },
    hash: (path, algorithm, budget) => diskHash(absolute(path), algorithm, budget),
    isDatabase: (path) => sourceOf(path).isDatabase(absolute(path)),
    problem(path) {
      asked += 1;
      if (asked > maxAsked) return undefined;
      try {
        accessSync(diskPath(absolute(path)), constants.R_OK);
        return undefined;
      } catch (error) {
        return problemWords(errorCodeOf(error));
      }
    },
  };
}

/** Files of a snapshot. What the store has damaged counts as content that cannot be had. */
export function storeSource(
  reader: StoreReader,
  nodeOf: (path: string) => FileNode | undefined,
): RulePathSource {
  const eachChunk = (path: string, maxBytes: number, use: (part: Buffer) => void): boolean => {
    const node = nodeOf(path);
    if (node === undefined || node.size > maxBytes) return false;
    try {
      for (const chunk of reader.chunksOf(node)) use(reader.readObject(chunk));
      return true;
    } catch {
      // Damage is what `verify` tells; here the content is merely not to be had.
      return false;
    }
  };
  return {
    size: (path) => nodeOf(path)?.size,
    read(path, maxBytes) {
      const parts: Buffer[] = [];
      return eachChunk(path, maxBytes, (part) => parts.push(part))
        ? Buffer.concat(parts)
        : undefined;
    },
    hash(path, algorithm, budget) {
      const node = nodeOf(path);
      if (algorithm === 'sha256' && node?.chunked === false) return node.content;
      if (!isWithinBudget(node?.size ?? 0, budget)) return undefined;
      const hash = createHash(algorithm);
      return eachChunk(path, Infinity, (part) => hash.update(part))
        ? hash.digest('hex')
        : undefined;
    },
    // What could not be read is not in a snapshot.
    problem: () => undefined,
    isDatabase: (path) => nodeOf(path)?.kind === 'database',
  };
}

function isWithinBudget(bytes: number, budget: ReadBudget | undefined): boolean {
  if (budget === undefined) return true;
  if (bytes > budget.leftBytes) return false;
  budget.leftBytes -= bytes;
  return true;
}

interface KnownHash {
  readonly signature: string;
  readonly hex: string;
}

/** Of files that did not change since: the editor checks again and again. The oldest goes first. */
const knownHashes = new Map<string, KnownHash>();
const maxKnownHashes = 50_000;
/** What is younger may still change without another time. */
const youngMs = 2000;

function diskHash(
  path: string,
  algorithm: HashAlgorithm,
  budget: ReadBudget | undefined,
): string | undefined {
  const signature = signatureOf(path);
  const key = `${algorithm} ${path}`;
  const known = knownHashes.get(key);
  if (known !== undefined && known.signature === signature?.text) return known.hex;
  if (signature === undefined || !isWithinBudget(signature.bytes, budget)) return undefined;
  const hash = createHash(algorithm);
  if (!readParts(path, Infinity, (part) => hash.update(part))) return undefined;
  const hex = hash.digest('hex');
  if (signature.isOld) {
    if (knownHashes.size >= maxKnownHashes) knownHashes.delete([...knownHashes.keys()][0] ?? '');
    knownHashes.set(key, { signature: signature.text, hex });
  }
  return hex;
}

function signatureOf(
  path: string,
): { readonly text: string; readonly bytes: number; readonly isOld: boolean } | undefined {
  try {
    const stats = lstatSync(diskPath(path), { bigint: true, throwIfNoEntry: false });
    if (stats?.isFile() !== true) return undefined;
    const { dev, ino, size, mtimeNs, ctimeNs } = stats;
    const isOld = Date.now() - Number(ctimeNs / 1_000_000n) > youngMs;
    return { text: [dev, ino, size, mtimeNs, ctimeNs].join(), bytes: Number(size), isOld };
  } catch {
    // Not ours to look at any more.
    return undefined;
  }
}

const partBytes = 1024 * 1024;

/** False where it is no file, is larger than `maxBytes`, or cannot be read to its end. */
function readParts(path: string, maxBytes: number, use: (part: Buffer) => void): boolean {
  let fd: number | undefined;
  try {
    fd = openSync(diskPath(path), readOnlyFlags);
    const stats = fstatSync(fd);
    if (!stats.isFile() || stats.size > maxBytes) return false;
    const part = Buffer.alloc(Math.min(partBytes, Math.max(1, stats.size)));
    for (;;) {
      const bytes = readSync(fd, part, 0, part.length, null);
      if (bytes === 0) return true;
      use(part.subarray(0, bytes));
    }
  } catch {
    // Gone or not ours to read: the content cannot be had.
    return false;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

export type HashAlgorithm = 'md5' | 'sha1' | 'sha256' | 'sha512';
