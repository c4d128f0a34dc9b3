// The rows of the Snapshots view.

import type { BrowseEntry, TableInfo } from '../documents/browse.ts';
import type { ChangeCounts, SnapshotEntry } from '../documents/documents.ts';
import { changesText } from '../format/counts.ts';
import { formatBytes, formatCompact, formatCount, plural } from '../format/numbers.ts';
import { snapshotTitle } from '../snapshots/snapshot-words.ts';
import { localDay, shortAge, spokenAge, timeOfDay, type Clock } from '../format/time.ts';
import { cut, visible } from '../format/width.ts';
import { dotted, errorColor, spokenList, warningColor, type Row } from './row.ts';

const commandColumns = 40;
/** A row of 300 pixels has room for some 32 letters: the time must be among them. */
const rowColumns = 26;

const reasonIcons = {
  manual: 'bookmark',
  guard: 'shield',
  safety: 'discard',
  schedule: 'clock',
  import: 'package',
} as const satisfies Record<SnapshotEntry['reason'], string>;

/** What each kind is called in the filter, the tooltip and aloud. */
export const reasonNames = {
  manual: 'By hand',
  guard: 'Guard',
  safety: 'Before restore',
  schedule: 'Scheduled',
  import: 'Imported',
} as const satisfies Record<SnapshotEntry['reason'], string>;

/** What a snapshot is called: the user's label, else its command or a word for its reason; one line. */
export function snapshotLabel(entry: SnapshotEntry): string {
  const title = visible(snapshotTitle(entry).replaceAll(/\s+/g, ' '));
  return entry.label === null ? cut(title, commandColumns) : title;
}

export function snapshotRow(entry: SnapshotEntry, clock: Clock): Row {
  const label = snapshotLabel(entry);
  const [icon, iconColor] = snapshotIcon(entry);
  const ofWhich = ofWhichRestore(entry, label);
  const short = ofWhich === '' ? label : label.slice(0, -ofWhich.length).trimEnd();
  return {
    id: `snapshot/${entry.id}`,
    context: snapshotContext(entry),
    icon,
    iconColor,
    label: entry.label === null ? short : cut(label, rowColumns),
    description: dotted([
      damageWord(entry),
      snapshotTime(entry, clock),
      ofWhich,
      entry.actor,
      changesText(entry.changes).replaceAll(', ', ' · '),
      formatBytes(entry.storedBytes),
    ]),
    spoken: spokenSnapshot(entry, label, clock),
    expand: 'collapsed',
  };
}

/** `of "Before migration"`, which stands behind the time in a row; empty where the label says no such thing. */
function ofWhichRestore({ label, beforeRestoreOf }: SnapshotEntry, title: string): string {
  if (label !== null || beforeRestoreOf === undefined) return '';
  return / of .*$/.exec(title)?.[0].trimStart() ?? '';
}

/** `12m` of today, `16:20` of another day of these two weeks, `Fri 2, 16:20` before. */
function snapshotTime(entry: SnapshotEntry, clock: Clock): string {
  const takenMs = Date.parse(entry.createdAt);
  const day = localDay(takenMs, clock);
  if (day === localDay(clock.nowMs, clock)) return shortAge(takenMs, clock);
  const time = timeOfDay(takenMs, clock);
  const date = new Date(`${day}T00:00:00Z`);
  const days = Math.round((Date.parse(localDay(clock.nowMs, clock)) - date.getTime()) / 86_400_000);
  const weekday = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][date.getUTCDay()] ?? '';
  return days < 14 ? time : `${weekday} ${date.getUTCDate()}, ${time}`;
}

export function snapshotIcon(entry: SnapshotEntry): readonly [string, string | null] {
  if (entry.damaged) return ['error', errorColor];
  if (!entry.consistent) return ['warning', warningColor];
  if (entry.pinned) return ['pinned', null];
  return [entry.actor === null ? reasonIcons[entry.reason] : 'hubot', null];
}

/** `+12 -3 ~5 rows · 14 files` against the snapshot `before`, which was taken at `beforeTime`. */
export function changesRow(snapshotId: string, changes: ChangeCounts, beforeTime: string): Row {
  const text = changesText(changes).replaceAll(', ', ' · ');
  return {
    id: `snapshot/${snapshotId}/changes`,
    context: 'changes',
    icon: 'diff-multiple',
    iconColor: null,
    label: `Changes since ${beforeTime}`,
    description: text,
    spoken: `Changes since ${beforeTime}: ${spokenChanges(changes)}`,
    expand: 'none',
  };
}

/** `2 mismatches`, and how many of them the snapshot before did not have; null where there are none. */
export function snapshotMismatchesRow(entry: SnapshotEntry, canExpand: boolean): Row | null {
  const count = entry.mismatches ?? 0;
  if (count === 0) return null;
  const label = plural(count, 'mismatch', 'mismatches');
  const description = newText(entry);
  return {
    id: `snapshot/${entry.id}/mismatches`,
    context: 'mismatches',
    icon: 'warning',
    iconColor: warningColor,
    label,
    description,
    spoken: spokenList([label, description]),
    expand: canExpand ? 'collapsed' : 'none',
  };
}

const entryIcons = {
  directory: 'folder',
  file: 'file',
  symlink: 'file-symlink-file',
  database: 'database',
} as const satisfies Record<BrowseEntry['kind'], string>;

/** A file, folder or database inside a snapshot. */
export function entryRow(snapshotId: string, path: string, entry: BrowseEntry): Row {
  const name = visible(entry.name);
  const isFolder = entry.kind === 'directory';
  const size = isFolder ? '' : formatBytes(entry.bytes);
  return {
    id: `snapshot/${snapshotId}/entry/${path}`,
    context: isFolder ? 'dir' : entry.kind === 'database' ? 'database' : 'file',
    icon: entryIcons[entry.kind],
    iconColor: null,
    label: name,
    description: entry.kind === 'symlink' ? 'link' : size,
    spoken: spokenList([name, entry.kind === 'symlink' ? 'link' : entry.kind, size]),
    expand: isFolder || entry.kind === 'database' ? 'collapsed' : 'none',
  };
}

export function schemaRow(snapshotId: string, database: string): Row {
  return {
    id: `snapshot/${snapshotId}/schema/${database}`,
    context: 'schema',
    icon: 'symbol-structure',
    iconColor: null,
    label: 'Schema',
    description: '',
    spoken: `Schema of ${visible(database)}`,
    expand: 'none',
  };
}

/** @param idPrefix tells the same table of two snapshots, or of live data, apart. */
export function tableRow(idPrefix: string, database: string, table: TableInfo): Row {
  const name = visible(table.name);
  return {
    id: `${idPrefix}/table/${database}:${table.name}`,
    context: 'table',
    icon: 'table',
    iconColor: null,
    label: name,
    description: rowCount(table.rows),
    spoken: `${name}, ${plural(table.rows, 'row')}`,
    expand: 'none',
  };
}

/** `214 rows`, from a million on `1.2M rows`. */
function rowCount(rows: number): string {
  return `${formatCompact(rows, 1_000_000)} ${rows === 1 ? 'row' : 'rows'}`;
}

function snapshotContext(entry: SnapshotEntry): string {
  const words = ['snapshot', entry.reason, entry.pinned ? 'pinned' : 'unpinned'];
  if (!entry.consistent) words.push('incomplete');
  if (entry.damaged) words.push('damaged');
  if (entry.actor !== null) words.push('agent');
  return words.join(' ');
}

function damageWord(entry: SnapshotEntry): string {
  if (entry.damaged) return 'damaged';
  return entry.consistent ? '' : 'incomplete';
}

function spokenSnapshot(entry: SnapshotEntry, label: string, clock: Clock): string {
  return spokenList([
    label,
    damageWord(entry),
    reasonNames[entry.reason].toLowerCase(),
    entry.actor !== null && `by ${entry.actor}`,
    entry.pinned && 'pinned',
    spokenAge(Date.parse(entry.createdAt), clock),
    entry.changes === null ? 'the first one' : spokenChanges(entry.changes),
    (entry.mismatches ?? 0) > 0 && plural(entry.mismatches ?? 0, 'mismatch', 'mismatches'),
    newText(entry),
  ]);
}

function newText({ newMismatches = 0 }: SnapshotEntry): string {
  return newMismatches > 0 ? `${formatCount(newMismatches)} new` : '';
}

/** `12 rows added, 3 removed, 5 changed, 14 files`. */
function spokenChanges(changes: ChangeCounts): string {
  const { rows, rowsAdded, rowsRemoved, rowsChanged, schema = 0, files } = changes;
  const counted = [
    { count: rowsAdded ?? 0, verb: 'added' },
    { count: rowsRemoved ?? 0, verb: 'removed' },
    { count: rowsChanged ?? 0, verb: 'changed' },
  ].filter(({ count }) => count > 0);
  const words = counted.map(({ count, verb }, index) =>
    index === 0 ? `${plural(count, 'row')} ${verb}` : `${formatCount(count)} ${verb}`,
  );
  const uncounted = rows === null ? 'rows changed' : '';
  const schemaWords = schema > 0 ? 'schema changed' : '';
  const fileWords = files > 0 ? plural(files, 'file') : '';
  return spokenList([...words, uncounted, schemaWords, fileWords]) || 'no change';
}
