// What a snapshot captured: the one place where text of the store becomes paths that a restore may
// write to.

import type { SnapshotDataDir, SnapshotManifest } from '../../core/documents/documents.ts';
import { EngineError } from '../../core/errors.ts';
import { parseProjectPath, type ProjectPath } from '../../core/names.ts';

/**
 * The roots of all data directories, in their order.
 * @throws EngineError STORE_DAMAGED for one that is no path of a project
 */
export function snapshotRoots(
  dataDirs: readonly Pick<SnapshotDataDir, 'roots'>[],
): readonly ProjectPath[] {
  return dataDirs.flatMap(({ roots }) => roots).map(rootOf);
}

/**
 * With what a command named beside the data: all that a restore may write to.
 * @throws EngineError STORE_DAMAGED
 */
export function restorableRoots({
  dataDirs,
  beside = [],
}: Pick<SnapshotManifest, 'dataDirs' | 'beside'>): readonly ProjectPath[] {
  return [...snapshotRoots(dataDirs), ...beside.map(rootOf)];
}

function rootOf(text: string): ProjectPath {
  const path = parseProjectPath(text);
  if (path === text) return path;
  throw new EngineError('STORE_DAMAGED', `a snapshot has a root that is no path: "${text}"`, {
    path: text,
    hint: 'savepoint verify tells what else is wrong',
  });
}
