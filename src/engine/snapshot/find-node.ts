// Looks up a path in a tree of the store.

import { segmentsOf } from '../../core/names.ts';
import type { ContentHash, StoreReader, TreeEntry } from '../store/store.ts';

/** The entry at `path` (relative to the project folder, or absolute); undefined where there is none. */
export function findNode(
  reader: Pick<StoreReader, 'readTree'>,
  tree: ContentHash,
  path: string,
): TreeEntry | undefined {
  let at = tree;
  let found: TreeEntry | undefined;
  for (const name of segmentsOf(path)) {
    if (found !== undefined) {
      if (found.kind !== 'directory') return undefined;
      at = found.content;
    }
    found = reader.readTree(at).find((entry) => entry.name === name);
    if (found === undefined) return undefined;
  }
  return found;
}

/** `findNode` for many paths of one tree: each folder is read once. */
export function createNodeFinder(
  reader: Pick<StoreReader, 'readTree'>,
  tree: ContentHash | null,
): (path: string) => TreeEntry | undefined {
  if (tree === null) return () => undefined;
  const folders = new Map<ContentHash, readonly TreeEntry[]>();
  const readTree = (hash: ContentHash): readonly TreeEntry[] => {
    const known = folders.get(hash) ?? reader.readTree(hash);
    folders.set(hash, known);
    return known;
  };
  return (path) => findNode({ readTree }, tree, path);
}
