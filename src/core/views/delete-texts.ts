// The questions before snapshots are deleted for good.

import type { PruneDocument, SnapshotEntry } from '../documents/documents.ts';
import { formatBytes, plural } from '../format/numbers.ts';
import { dayHeading, timeOfDay, type Clock } from '../format/time.ts';
import { quotedSnapshot } from './restore-texts.ts';
import { snapshotLabel } from './snapshot-rows.ts';

const namedAtMost = 8;

export interface DeleteQuestion {
  readonly message: string;
  readonly detail: string;
  readonly button: string;
}

/** @param entries at least one. */
export function deleteQuestion(entries: readonly SnapshotEntry[], clock: Clock): DeleteQuestion {
  const pinned = entries.filter((entry) => entry.pinned);
  const button = pinned.length > 0 ? 'Unpin and Delete' : 'Delete';
  const [only] = entries;
  if (only !== undefined && entries.length === 1) {
    const pinnedWords = only.pinned ? ' It is pinned.' : '';
    return {
      message: `Delete ${quotedSnapshot(only)}?`,
      detail: `Taken ${taken(only, clock)}, ${formatBytes(only.storedBytes)} of its own.${pinnedWords} This cannot be undone.`,
      button,
    };
  }
  const pinnedWords =
    pinned.length === 0
      ? ''
      : `${pinned.length === 1 ? 'One of them is' : `${pinned.length} of them are`} pinned. `;
  return {
    message: `Delete ${plural(entries.length, 'snapshot')}?`,
    detail: `${namesOf(entries, clock)}\n\n${pinnedWords}This cannot be undone.`,
    button,
  };
}

/** The question before retention is applied by hand. */
export function pruneQuestion(plan: PruneDocument, clock: Clock): DeleteQuestion {
  return {
    message: `Delete ${plural(plan.deleted.length, 'snapshot')} (${formatBytes(plan.freedBytes)})?`,
    detail: namesOf(plan.deleted, clock),
    button: 'Delete',
  };
}

function namesOf(entries: readonly SnapshotEntry[], clock: Clock): string {
  const lines = entries
    .slice(0, namedAtMost)
    .map((entry) => `${snapshotLabel(entry)}, ${taken(entry, clock)}`);
  const more = entries.length - lines.length;
  return [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}

function taken(entry: SnapshotEntry, clock: Clock): string {
  const takenMs = Date.parse(entry.createdAt);
  const heading = dayHeading(takenMs, clock);
  const day = heading === 'Today' || heading === 'Yesterday' ? heading.toLowerCase() : heading;
  return `${day} ${timeOfDay(takenMs, clock)}`;
}
