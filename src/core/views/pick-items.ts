// A snapshot where one is chosen from a list.

import type { SnapshotEntry } from '../documents/documents.ts';
import { changesText } from '../format/counts.ts';
import { plural } from '../format/numbers.ts';
import { dotted } from './row.ts';
import { snapshotIcon, snapshotLabel } from './snapshot-rows.ts';

export function snapshotPickItem(entry: SnapshotEntry): {
  readonly icon: string;
  readonly label: string;
  readonly detail: string;
} {
  const mismatches = entry.mismatches ?? 0;
  return {
    icon: snapshotIcon(entry)[0],
    label: snapshotLabel(entry),
    detail: dotted([
      entry.damaged && 'damaged',
      changesText(entry.changes).replaceAll(', ', ' · '),
      mismatches > 0 && plural(mismatches, 'mismatch', 'mismatches'),
    ]),
  };
}
