// Looks up a path in a tree of the store.

import { segmentsOf } from '../../core/names.ts';
import type { ContentHash, StoreReader, TreeEntry } from './store.ts';

/** The entry at `path` (relative to the project folder, or absolute); undefined where there is none. */
export function findNode(
  reader: Pick<StoreReader, 'readTree'>,
  tree: ContentHash,
  path: string,
): TreeEntry | undefined {
  return walkDown(
    (hash, name) => reader.readTree(hash).find((entry) => entry.name === name),
    tree,
    path,
  );
}

/** `findNode` for many paths of one tree: each folder is read once, and its names are looked up, not searched. */
export function createNodeFinder(
  reader: Pick<StoreReader, 'readTree'>,
  tree: ContentHash | null,
): (path: string) => TreeEntry | undefined {
  if (tree === null) return () => undefined;
  const folders = new Map<ContentHash, ReadonlyMap<string, TreeEntry>>();
  const entryIn = (hash: ContentHash, name: string): TreeEntry | undefined => {
    const known =
      folders.get(hash) ?? new Map(reader.readTree(hash).map((entry) => [entry.name, entry]));
    folders.set(hash, known);
    return known.get(name);
  };
  return (path) => walkDown(entryIn, tree, path);
}

function walkDown(
  entryIn: (tree: ContentHash, name: string) => TreeEntry | undefined,
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
    found = entryIn(at, name);
    if (found === undefined) return undefined;
  }
  return found;
}
