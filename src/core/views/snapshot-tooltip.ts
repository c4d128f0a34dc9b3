// What the tooltip of a snapshot says, as Markdown.

import type { SnapshotEntry, SnapshotManifest } from '../documents/documents.ts';
import { changesText } from '../format/counts.ts';
import { holdsText } from '../format/names.ts';
import { formatBytes, plural } from '../format/numbers.ts';
import { ago, dayHeading, formatDuration, timeOfDay, type Clock } from '../format/time.ts';
import { visible } from '../format/width.ts';
import { escapeMarkdown, markdownLines } from './markdown.ts';
import { mismatchCounts } from './mismatch-rows.ts';
import { reasonNames, snapshotLabel } from './snapshot-rows.ts';

/** @param manifest what `show` answers; undefined while it is not known. */
export function snapshotTooltip(
  entry: SnapshotEntry,
  manifest: SnapshotManifest | undefined,
  clock: Clock,
): string {
  const takenMs = Date.parse(entry.createdAt);
  const took = manifest ? `, took ${formatDuration(manifest.durationMs)}` : '';
  const heading = dayHeading(takenMs, clock);
  const day = heading === 'Today' || heading === 'Yesterday' ? heading.toLowerCase() : heading;
  const when = `${day} ${timeOfDay(takenMs, clock)}`;
  return markdownLines([
    `**${escapeMarkdown(snapshotLabel(entry))}** · ${reasonNames[entry.reason]}${entry.pinned ? ', pinned' : ''}`,
    `Taken ${when} (${ago(takenMs, clock)})${took}`,
    `Holds ${holdings(entry, manifest)}`,
    `Takes ${formatBytes(entry.storedBytes)} of its own in the store`,
    entry.changes === null
      ? 'The first snapshot'
      : `Changed since the one before: ${changesText(entry.changes)}`,
    entry.mismatches !== null &&
      `Mismatches: ${mismatchCounts(entry.mismatches, entry.newMismatches ?? 0)}`,
    ...damage(entry, manifest),
    entry.command !== null && `Command: ${escapeMarkdown(visible(entry.command))}`,
    entry.actor !== null && `By ${escapeMarkdown(visible(entry.actor))}`,
    origin(entry),
    `Id: ${entry.id}`,
  ]);
}

function holdings(entry: SnapshotEntry, manifest: SnapshotManifest | undefined): string {
  const databases = manifest?.databases ?? [];
  const rows = databases
    .flatMap((database) => Object.values(database.tables))
    .reduce((sum, count) => sum + count, 0);
  const text = holdsText(databases.length, entry.files, entry.bytes);
  return rows > 0 ? `${text}; ${plural(rows, 'row')}` : text;
}

function damage(entry: SnapshotEntry, manifest: SnapshotManifest | undefined): readonly string[] {
  const lines: string[] = [];
  if (entry.damaged) lines.push('Damaged: Verify tells what');
  if (!entry.consistent) lines.push('Incomplete: not everything in it is of one moment');
  for (const path of manifest?.unsettled.slice(0, 3) ?? []) {
    lines.push(`Kept changing: ${escapeMarkdown(visible(path))}`);
  }
  for (const { path, reason } of manifest?.skipped.slice(0, 3) ?? []) {
    lines.push(`Left out: ${escapeMarkdown(visible(path))}: ${escapeMarkdown(reason)}`);
  }
  for (const { path, ok, detail } of manifest?.databases ?? []) {
    if (!ok) lines.push(`${escapeMarkdown(visible(path))}: ${escapeMarkdown(detail ?? 'damaged')}`);
  }
  return lines;
}

function origin({ branch, commit }: SnapshotEntry): string {
  if (branch === null && commit === null) return '';
  const at = commit === null ? '' : ` at ${escapeMarkdown(commit.slice(0, 8))}`;
  return `Branch: ${escapeMarkdown(branch ?? 'none')}${at}`;
}
