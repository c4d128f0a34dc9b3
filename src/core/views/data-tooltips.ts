// What the tooltips of the Data view say, as Markdown.

import type { TableInfo } from '../documents/browse.ts';
import type {
  DataDirDocument,
  DetectedDatabase,
  HistoryPoint,
  StatusDocument,
} from '../documents/documents.ts';
import { dataDirHead, holdsText, journalText, storeSizeText } from '../format/names.ts';
import { formatBytes, formatCount, nameSome, plural } from '../format/numbers.ts';
import { ago, type Clock } from '../format/time.ts';
import { visible } from '../format/width.ts';
import { chartMarkdown, historyThumbnail, type ChartColors } from './history-chart.ts';
import { tableHistoryText } from './history-report.ts';
import { escapeMarkdown, markdownLines } from './markdown.ts';

/** @param history over its last snapshots, oldest first. */
export function dataDirTooltip(
  dir: DataDirDocument,
  history: readonly HistoryPoint[],
  colors: ChartColors,
): string {
  const lines = markdownLines([
    `**${escapeMarkdown(visible(dataDirHead(dir)))}** · ${escapeMarkdown(dir.layout)} layout, ${dir.confidence}`,
    ...dir.evidence.map((sentence) => `Found by ${escapeMarkdown(visible(sentence))}`),
    `Holds ${holdsText(dir.databases.length, dir.files, dir.bytes)}`,
    dir.roots.length > 1 && `Captured: ${names(dir.roots)}`,
    dir.excluded.length > 0 && `Left out: ${names(dir.excluded.map(({ path }) => path))}`,
    dir.missing.length > 0 && `Missing for ${escapeMarkdown(dir.layout)}: ${names(dir.missing)}`,
  ]);
  const chart = historyThumbnail(history, colors);
  if (chart === undefined) return lines;
  return `${lines}\n\nIn the last ${plural(history.length, 'snapshot')}:\n\n${chartMarkdown(chart)}`;
}

export function databaseTooltip(database: DetectedDatabase): string {
  return markdownLines([
    `**${escapeMarkdown(visible(database.path))}**`,
    `${journalText(database.journalMode)}, ${formatBytes(database.bytes)}`,
    database.state !== 'ok' && `State: ${database.state}`,
  ]);
}

/** @param history of its data directory over the last snapshots, oldest first. */
export function tableTooltip(
  database: string,
  table: TableInfo,
  history: readonly HistoryPoint[] = [],
): string {
  const key = table.columns.filter((column) => column.key).map((column) => column.name);
  return markdownLines([
    `**${escapeMarkdown(visible(table.name))}** in ${escapeMarkdown(visible(database))}`,
    `${plural(table.rows, 'row')}, ${plural(table.columns.length, 'column')}`,
    key.length > 0 ? `Key: ${names(key)}` : 'No key',
    `Columns: ${names(table.columns.map((column) => column.name))}`,
    tableHistoryText(history, database, table.name),
  ]);
}

/** @param remoteName where the editor's files are, e.g. `SSH: host`; undefined: on this machine. */
export function storeTooltip(
  { store }: StatusDocument,
  remoteName: string | undefined,
  clock: Clock,
): string {
  return markdownLines([
    `**Store** · ${escapeMarkdown(store.path)}`,
    remoteName !== undefined && `Kept on ${escapeMarkdown(remoteName)}`,
    `${storeSizeText(store)} in ${plural(store.snapshots, 'snapshot')}`,
    store.freeBytes !== null && `${formatBytes(store.freeBytes)} free on the disk`,
    store.verifiedAt === null
      ? 'Never verified'
      : `Verified ${ago(Date.parse(store.verifiedAt), clock)}`,
    store.ephemeral !== null && escapeMarkdown(store.ephemeral),
    store.problem !== null && escapeMarkdown(store.problem),
  ]);
}

export function folderTooltip(cwd: string, status: StatusDocument | undefined): string {
  return markdownLines([
    `**${escapeMarkdown(cwd)}**`,
    status &&
      `${formatCount(status.store.snapshots)} snapshots in ${escapeMarkdown(status.store.path)}`,
  ]);
}

function names(list: readonly string[]): string {
  return escapeMarkdown(nameSome(list.map(visible), 8));
}
