// How a snapshot is called where people read it.

import type { Reason } from '../documents.ts';
import { shortSnapshotId } from '../snapshot-id.ts';

/** Why a snapshot was taken, in a sentence. */
export const reasonWords: Readonly<Record<Reason, string>> = {
  manual: 'by hand',
  guard: 'by the guard',
  safety: 'before a restore',
  schedule: 'scheduled',
  import: 'imported',
};

/** What stands for the label of a snapshot that has none. */
const titles: Readonly<Record<Reason, string>> = {
  manual: 'Snapshot',
  guard: 'Guarded command',
  safety: 'Before restore',
  schedule: 'Scheduled',
  import: 'Imported',
};

/** The user's label, else the command line that the guard saw, else a word for the reason. Not escaped, not cut. */
export function snapshotTitle(entry: {
  readonly label: string | null;
  readonly command: string | null;
  readonly reason: Reason;
  readonly beforeUndo?: true;
  readonly beforeRestoreOf?: { readonly id: string; readonly label: string | null };
}): string {
  const { beforeUndo, beforeRestoreOf: restored } = entry;
  if (entry.label === null && beforeUndo === true) return 'Before undo';
  if (entry.label === null && restored !== undefined) {
    const name = restored.label === null ? shortSnapshotId(restored.id) : `"${restored.label}"`;
    return `Before restore of ${name}`;
  }
  return entry.label ?? (entry.reason === 'guard' ? entry.command : null) ?? titles[entry.reason];
}
