// `savepoint list` for people: by day, newest first.

import type { SnapshotEntry, StoreSize } from '../documents/documents.ts';
import { changesText } from '../format/counts.ts';
import { alignColumns, type Cell, type TextOptions } from '../format/lines.ts';
import { storeSizeText } from '../format/names.ts';
import { plural } from '../format/numbers.ts';
import { snapshotTitle } from '../snapshots/snapshot-words.ts';
import { dayHeading, timeOfDay } from '../format/time.ts';
import { cut, displayWidth, visible } from '../format/width.ts';

const changesWidth = 24;
const widestChanges = 34;
const marksWidth = 3;
const gap = 2;

export function listText(
  newestFirst: readonly SnapshotEntry[],
  store: StoreSize,
  options: TextOptions,
): readonly string[] {
  if (newestFirst.length === 0) return ['No snapshot yet: savepoint snapshot'];
  const cells = newestFirst.map((entry) => entryCells(entry, options));
  const used = Math.max(0, ...cells.map((row) => leftWidth(row)));
  const rows = cells.map((row): Cell[] => {
    const label = row[row.length - 1];
    return [
      ...row.slice(0, -1),
      { ...label, text: cut(label?.text ?? '', options.columns - used) },
    ];
  });
  const widths = [0, 0, changesWidth, marksWidth];
  const lines = alignColumns(rows, { gap, indent: '  ', widths });
  return [
    ...withDayHeadings(newestFirst, lines, options),
    `${plural(newestFirst.length, 'snapshot')}, ${storeSizeText(store)}`,
  ];
}

function entryCells(entry: SnapshotEntry, { style, clock }: TextOptions): Cell[] {
  return [
    { text: entry.id, paint: style.id },
    { text: timeOfDay(Date.parse(entry.createdAt), clock) },
    { text: cut(entryChanges(entry), widestChanges) },
    { text: entryMarks(entry), paint: style.warn },
    { text: visible(snapshotTitle(entry)) },
  ];
}

/** What comes first is what should worry. */
function entryChanges(entry: SnapshotEntry): string {
  const worry = entry.damaged ? 'damaged, ' : entry.consistent ? '' : 'incomplete, ';
  return worry + changesText(entry.changes, changesWidth - worry.length);
}

function entryMarks({ mismatches, pinned }: SnapshotEntry): string {
  const marks = [pinned ? 'pin' : '', mismatches ? `!${mismatches}` : ''];
  return marks.filter((mark) => mark !== '').join(' ');
}

/** Columns that stand before the label in the widest row. */
function leftWidth(row: readonly Cell[]): number {
  const least = [0, 0, changesWidth, marksWidth];
  return row
    .slice(0, -1)
    .reduce((sum, { text }, i) => sum + Math.max(displayWidth(text), least[i] ?? 0) + gap, gap);
}

function withDayHeadings(
  entries: readonly SnapshotEntry[],
  lines: readonly string[],
  { clock, style }: TextOptions,
): readonly string[] {
  let last = '';
  return lines.flatMap((line, index) => {
    const heading = dayHeading(Date.parse(entries[index]?.createdAt ?? ''), clock);
    if (heading === last) return [line];
    last = heading;
    return [style.strong(heading), line];
  });
}
