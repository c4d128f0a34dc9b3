// Content of a snapshot's files, chunk by chunk, so that a caller may pause in between.

import type { FileNode, StoreReader } from '../store/store.ts';

/** @throws EngineError STORE_DAMAGED while it is read */
export function contentReader(
  reader: Pick<StoreReader, 'chunksOf' | 'readObject'>,
  files: ReadonlyMap<string, FileNode>,
): (path: string) => Iterable<Buffer> {
  return function* contentOf(path) {
    const node = files.get(path);
    if (node === undefined) throw new Error(`${path} is no file of the snapshot`);
    for (const hash of reader.chunksOf(node)) yield reader.readObject(hash);
  };
}
