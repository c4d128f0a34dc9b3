// When a data directory was last saved: a newer snapshot that does not hold it is none for it.

import type { DataDirDocument, SnapshotEntry } from '../documents/documents.ts';

/**
 * Milliseconds since the Unix epoch; undefined where no snapshot holds it.
 * @param newest the project's newest snapshot, for a document that does not say it itself.
 */
export function savedAtMs(
  { savedAt }: Pick<DataDirDocument, 'savedAt'>,
  newest: SnapshotEntry | null,
): number | undefined {
  const at = savedAt === undefined ? newest?.createdAt : savedAt;
  return at === undefined || at === null ? undefined : Date.parse(at);
}
