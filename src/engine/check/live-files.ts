// The index of live data: one look into each folder, names and kinds alone.

import { type DiskPath } from '../../core/names.ts';
import { walkKinds, type FoundFolder, type Kinds, type WalkRoot } from '../disk/folder-walk.ts';
import { sourceOf } from '../sources/all-sources.ts';
import { createFileIndex, type FileIndex, type PathKind } from './file-index.ts';
import { diskSource } from './path-sources.ts';

/** @throws the signal's reason */
export async function indexLiveFiles(
  projectDir: DiskPath,
  roots: readonly WalkRoot[],
  signal: AbortSignal,
): Promise<FileIndex> {
  const kinds = new Map<string, PathKind>();
  const unreadable = new Map<string, string>();
  const leftOut = new Set<string>();
  const walk = walkKinds({
    signal,
    isDatabase: ({ path, absolutePath }) => sourceOf(path).isDatabase(absolutePath),
    onUnreadable: (path, reason) => void unreadable.set(path, reason),
  });
  const enter = async (folder: FoundFolder<Kinds>): Promise<void> => {
    const entries = await walk.below(folder);
    if (entries === undefined) return;
    kinds.set(folder.path, 'directory');
    for (const found of entries) {
      if (found.kind === 'directory') await enter(found);
      else if (found.kind === 'left out') leftOut.add(found.path);
      else if (found.kind !== 'special') kinds.set(found.path, found.kind);
    }
  };
  for (const root of roots) {
    const found = walk.root(root);
    if (found?.kind === 'directory') await enter(found);
    else if (found !== undefined && found.kind !== 'special') kinds.set(root.path, found.kind);
  }
  return createFileIndex({
    kinds,
    unreadable,
    leftOut,
    roots: roots.map((root) => root.path),
    content: diskSource(projectDir),
  });
}
