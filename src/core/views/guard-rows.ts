// Rows of the Data view that the guard adds: quiet, until they are dismissed or a day old.

import { snapshotLabel } from './snapshot-rows.ts';
import type { SnapshotEntry } from '../documents/documents.ts';
import type { NotSaved } from '../documents/not-saved.ts';
import { leftOutText } from '../text/guard-text.ts';
import { shortAge, spokenAge, timeOfDay, type Clock } from '../format/time.ts';
import { cut, visible } from '../format/width.ts';
import { infoColor, type Row } from './row.ts';

export interface UnguardedRun {
  /** Unique in the window. */
  readonly id: string;
  /** Without secrets. */
  readonly command: string;
  /** When it ended; milliseconds since the Unix epoch. */
  readonly atMs: number;
  /** What it may have destroyed and no snapshot can hold. */
  readonly notSaved?: readonly NotSaved[];
}

export interface BranchSnapshot {
  readonly id: string;
  readonly branch: string;
  /** The newest one of that branch. */
  readonly entry: SnapshotEntry;
  /** When the branch was checked out; milliseconds since the Unix epoch. */
  readonly atMs: number;
}

const maxCommand = 80;

/** `Ran unguarded: alembic downgrade` / `11:02`. */
export function unguardedRow({ id, command, atMs }: UnguardedRun, clock: Clock): Row {
  const label = `Ran unguarded: ${cut(visible(command), maxCommand)}`;
  return {
    id: `unguarded/${id}`,
    context: 'unguarded',
    icon: 'info',
    iconColor: infoColor,
    label,
    description: timeOfDay(atMs, clock),
    spoken: `${label}, ${spokenAge(atMs, clock)}`,
    expand: 'none',
  };
}

/** What the tooltip says: what there is to go back to, if anything. */
export function unguardedTooltip(
  { command, notSaved = [] }: UnguardedRun,
  before: SnapshotEntry | null,
  clock: Clock,
): string {
  const saved =
    before === null
      ? 'There is no snapshot from before it.'
      : `Newest snapshot before it: ${snapshotLabel(before)}, ${shortAge(Date.parse(before.createdAt), clock)} old.`;
  const never = notSaved.map(leftOutText).join('; ');
  const left = never === '' ? '' : `\n\nIn no snapshot at all: ${never}.`;
  return `No snapshot was taken before this ran:\n\n    ${visible(command)}\n\n${saved}${left}`;
}

/** `Snapshot of feature/x: Seeded` / `2d`. */
export function branchRow({ id, branch, entry }: BranchSnapshot, clock: Clock): Row {
  const label = `Snapshot of ${visible(branch)}: ${snapshotLabel(entry)}`;
  const createdMs = Date.parse(entry.createdAt);
  return {
    id: `branch/${id}`,
    context: 'branchSnapshot',
    icon: 'git-branch',
    iconColor: null,
    label,
    description: shortAge(createdMs, clock),
    spoken: `${label}, ${spokenAge(createdMs, clock)}`,
    expand: 'none',
  };
}
