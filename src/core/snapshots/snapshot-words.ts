// How a snapshot is called where people read it.

import type { Reason } from '../documents/documents.ts';
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

export interface TitledSnapshot {
  readonly label: string | null;
  readonly command: string | null;
  readonly reason: Reason;
  readonly beforeUndo?: true;
  readonly beforeRestoreOf?: { readonly id: string; readonly label: string | null };
}

/** The user's label, else the command line that the guard saw, else a word for the reason. Not escaped, not cut. */
export function snapshotTitle(entry: TitledSnapshot): string {
  const { beforeUndo, beforeRestoreOf: restored } = entry;
  if (entry.label === null && beforeUndo === true) return 'Before undo';
  if (entry.label === null && restored !== undefined) {
    const name = nameOf(restored);
    return `Before restore of ${restored.label === null ? name : `"${name}"`}`;
  }
  return entry.label ?? (entry.reason === 'guard' ? entry.command : null) ?? titles[entry.reason];
}

/**
 * What it is called in a sentence: a command alone would read as what is to be done, so it is
 * `Before npm run db:migrate`. Null where only its id tells it from others.
 */
export function snapshotPhrase(entry: TitledSnapshot): string | null {
  const { label, reason, command, beforeUndo, beforeRestoreOf: restored } = entry;
  if (label !== null) return label;
  if (reason === 'guard' && command !== null) return `Before ${command.replaceAll(/\s+/g, ' ')}`;
  if (beforeUndo === true) return snapshotTitle(entry);
  // The whole is quoted where it stands: a label has no quotes of its own then.
  return restored === undefined ? null : `Before restore of ${nameOf(restored)}`;
}

function nameOf({ id, label }: NonNullable<TitledSnapshot['beforeRestoreOf']>): string {
  return label ?? shortSnapshotId(id);
}
