// `diff --data NAME-OR-PATH`: what differs in these data directories alone.

import type { DiffDocument, SnapshotDataDir } from '../core/documents/documents.ts';
import { isWithin } from '../core/names.ts';

/** Mismatches are counted for all of a snapshot: of a part none is told. */
export function diffOfDataDirs(
  diff: DiffDocument,
  dataDirs: readonly Pick<SnapshotDataDir, 'roots'>[],
): DiffDocument {
  const roots = dataDirs.flatMap((dir) => dir.roots);
  const isIn = (path: string): boolean => roots.some((root) => isWithin(path, root));
  const { files, skipped = [], ...rest } = diff;
  const hidden = skipped.filter(({ path }) => isIn(path));
  return {
    ...rest,
    files: {
      added: files.added.filter(isIn),
      removed: files.removed.filter(isIn),
      modified: files.modified.filter(isIn),
    },
    databases: diff.databases.filter(({ path }) => isIn(path)),
    fileChanges: diff.fileChanges.filter(({ path }) => isIn(path)),
    mismatches: { before: null, after: null },
    ...(hidden.length > 0 ? { skipped: hidden } : {}),
  };
}
