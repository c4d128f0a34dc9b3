// Tells whether two captured databases hold the same pages without opening them: equal chunks are
// equal pages, and in the first chunk the counters do not count, which SQLite changes by itself.

import { closeSync, openSync, readSync } from 'node:fs';
import { maskCounters } from '../sqlite/sqlite-file.ts';
import { chunkBytes } from '../store/object-encoding.ts';
import type { FileNode, StoreReader } from '../store/store.ts';

export interface StoredDatabase {
  readonly reader: Pick<StoreReader, 'chunksOf' | 'readObject'>;
  readonly node: FileNode;
  /** A file that has the same content, where the reader may not have it. */
  readonly image: string | undefined;
}

export function isSameDatabase(a: StoredDatabase, b: StoredDatabase): boolean {
  if (a.node.content === b.node.content) return true;
  if (a.node.size !== b.node.size) return false;
  const [firstA = '', ...restA] = a.reader.chunksOf(a.node);
  const [firstB = '', ...restB] = b.reader.chunksOf(b.node);
  if (restA.some((hash, i) => hash !== restB[i])) return false;
  return firstA === firstB || masked(a, firstA).equals(masked(b, firstB));
}

function masked({ reader, node, image }: StoredDatabase, hash: string): Buffer {
  const length = Math.min(node.size, chunkBytes);
  const chunk =
    image === undefined ? Buffer.from(reader.readObject(hash)) : readHead(image, length);
  maskCounters(chunk);
  return chunk;
}

function readHead(path: string, length: number): Buffer {
  const fd = openSync(path, 'r');
  try {
    const head = Buffer.alloc(length);
    return head.subarray(0, readSync(fd, head, 0, length, 0));
  } finally {
    closeSync(fd);
  }
}
