// Folders of a snapshot, as the editor's read-only file system shows them.

import type { BrowseEntry } from '../../core/documents/browse.ts';
import { EngineError } from '../../core/errors.ts';
import { parseRelPath } from '../../core/names.ts';
import type { ContentHash, StoreReader, TreeEntry } from '../store/store.ts';

/**
 * Entries of the folder at `path` in byte order of their names; `''` is the project folder.
 * @throws EngineError PATH_NOT_IN_SNAPSHOT also where it is no folder; STORE_DAMAGED
 */
export function browseTree(
  reader: Pick<StoreReader, 'readTree'>,
  tree: ContentHash,
  path: string,
): readonly BrowseEntry[] {
  let entries = reader.readTree(tree);
  const segments = path === '' ? [] : (parseRelPath(path)?.split('/') ?? [undefined]);
  for (const segment of segments) {
    const entry = entries.find(({ name }) => name === segment);
    if (entry?.kind !== 'directory') {
      throw new EngineError('PATH_NOT_IN_SNAPSHOT', `no such folder in this snapshot: "${path}"`, {
        path,
      });
    }
    entries = reader.readTree(entry.content);
  }
  return entries.map(toBrowseEntry);
}

function toBrowseEntry(entry: TreeEntry): BrowseEntry {
  const { name, kind, mtimeNs } = entry;
  const bytes = 'size' in entry ? entry.size : 0;
  return { name, kind, bytes, mtimeMs: Number(mtimeNs / 1_000_000n) };
}
