// One snapshot named on the command line answers its entry, several answer theirs in a list.

import type { SnapshotEntry } from '../core/documents/documents.ts';

export function entryOrEntries(
  entries: readonly SnapshotEntry[],
  named: readonly string[],
): SnapshotEntry | readonly SnapshotEntry[] {
  const [only] = entries;
  return named.length === 1 && only !== undefined ? only : entries;
}
