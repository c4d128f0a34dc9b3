// Brings content of a snapshot to disk where SQLite can open it.

import { closeSync, openSync, writeSync } from 'node:fs';
import type { FileNode, StoreReader } from '../../store/store.ts';

/**
 * Writes a database's image to `path`, which must not exist. Its header is made to say "rollback
 * journal", so that it opens without a write-ahead log beside it.
 * @throws EngineError STORE_DAMAGED
 */
export function writeImage(
  reader: StoreReader,
  node: FileNode,
  path: string,
  signal: AbortSignal,
): void {
  const fd = openSync(path, 'wx', 0o600);
  try {
    reader.readChunks(
      node,
      (chunk, offset) => {
        if (offset === 0 && chunk.length >= 20) {
          const patched = Buffer.from(chunk);
          patched.fill(1, 18, 20);
          writeSync(fd, patched, 0, patched.length, 0);
        } else writeSync(fd, chunk, 0, chunk.length, offset);
      },
      signal,
    );
  } finally {
    closeSync(fd);
  }
}
