// `savepoint snapshot` for people.

import type {
  SkippedDocument,
  SnapshotDatabase,
  SnapshotDocument,
} from '../documents/documents.ts';
import { coverageText, worthTelling } from './coverage-text.ts';
import { shortSnapshotId } from '../snapshot-id.ts';
import type { TextOptions } from '../format/lines.ts';
import { holdsText, quoteLabel, storeSizeText } from '../format/names.ts';
import { formatBytes, formatCount, nameSome, plural } from '../format/numbers.ts';
import { formatDuration } from '../format/time.ts';
import { visible } from '../format/width.ts';

export function snapshotText(taken: SnapshotDocument, options: TextOptions): readonly string[] {
  const { style } = options;
  const label = taken.label === null ? '' : ` ${quoteLabel(taken.label)}`;
  const holds = holdsText(taken.databases.length, taken.files, taken.bytes);
  const added = taken.unchanged ? 'nothing changed' : `${formatBytes(taken.storedBytes)} new`;
  const warn = (text: string): string => `${style.warn(style.signs.notice)} ${text}`;
  return [
    `${style.good(style.signs.done)} Saved ${style.id(taken.id)}${label} in ${formatDuration(taken.durationMs)}`,
    `  ${holds}; ${added}, store ${storeSizeText(taken.store)}`,
    ...captureProblems(taken).map(warn),
    ...worthTelling(taken.notCovered ?? []).map((entry) => warn(coverageText(entry))),
    ...(taken.mismatches === null || taken.mismatches === 0
      ? []
      : [warn(mismatchLine(taken.mismatches, taken.newMismatches ?? 0))]),
    ...(taken.pruned.length === 0
      ? []
      : [`  Retention deleted ${plural(taken.pruned.length, 'older snapshot')}`]),
    `  Bring it back: savepoint restore ${style.id(shortSnapshotId(taken.id))}`,
  ];
}

/** What of the data is not in a snapshot as it should be, one line each; empty where all is well. */
export function captureProblems(snapshot: {
  readonly consistent: boolean;
  readonly unsettled: readonly string[];
  readonly skipped: readonly SkippedDocument[];
  readonly databases: readonly SnapshotDatabase[];
}): readonly string[] {
  const { unsettled, skipped, databases, consistent } = snapshot;
  const lines = databases
    .filter(({ ok }) => !ok)
    .map(({ path, state, detail }) => `${visible(path)} is ${state}${because(detail)}`);
  if (unsettled.length > 0) {
    const files = unsettled.length === 1 ? '1 file' : `${unsettled.length} files`;
    lines.push(`${files} kept changing: ${nameSome(unsettled.map(visible))}`);
  } else if (!consistent) lines.push('The databases kept changing: they are not of one moment');
  if (skipped.length > 0) {
    const named = skipped.map(({ path, reason }) => `${visible(path)} (${visible(reason)})`);
    lines.push(`Not in it: ${nameSome(named, 3)}`);
  }
  return lines;
}

/** `2 mismatches, 1 new: savepoint check`. */
function mismatchLine(count: number, fresh: number): string {
  const mismatches = plural(count, 'mismatch', 'mismatches');
  return `${mismatches}${fresh === 0 ? '' : `, ${formatCount(fresh)} new`}: savepoint check`;
}

function because(detail: string | null): string {
  return detail === null ? '' : `: ${visible(detail)}`;
}
