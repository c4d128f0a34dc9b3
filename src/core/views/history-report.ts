// The document of Show History: the chart, and the same in a table.

import type { HistoryDocument, HistoryPoint } from '../documents/documents.ts';
import { formatBytes, formatCount, plural } from '../format/numbers.ts';
import { dayHeading, timeOfDay, type Clock } from '../format/time.ts';
import { visible } from '../format/width.ts';
import {
  changedTables,
  chartMarkdown,
  historyChart,
  tableName,
  type ChartColors,
} from './history-chart.ts';
import { escapeMarkdown } from './markdown.ts';
import { reasonNames } from './snapshot-rows.ts';

const tableColumns = 4;

/** Markdown; newest first in the table. */
export function historyReport(
  { dataDir, points }: HistoryDocument,
  colors: ChartColors,
  clock: Clock,
): string {
  const heading = `# History of ${escapeMarkdown(visible(dataDir))}`;
  if (points.length === 0) return `${heading}\n\nNo snapshot holds it yet.\n`;
  const chart = historyChart(points, colors);
  const tables = changedTables(points, tableColumns);
  const names = tables.map((table) => `Rows of ${escapeMarkdown(visible(tableName(table)))}`);
  const head = ['Taken', 'Snapshot', 'Size', 'Files', 'Mismatches', ...names];
  const rows = points.toReversed().map((point) => cells(point, tables, clock));
  return [
    heading,
    `${plural(points.length, 'snapshot')}, the newest first in the table.`,
    ...(chart ? [chartMarkdown(chart)] : []),
    [
      tableLine(head),
      tableLine(head.map((_, column) => (column < 2 ? '---' : '---:'))),
      ...rows.map(tableLine),
    ].join('\n'),
    '',
  ].join('\n\n');
}

/** `rows in the last snapshots: 200, 210, 214`, oldest first; undefined where none has the table. */
export function tableHistoryText(
  points: readonly HistoryPoint[],
  database: string,
  table: string,
): string | undefined {
  const counts = points.flatMap(({ tables }) => tables[`${database}:${table}`] ?? []);
  if (counts.length === 0) return undefined;
  const last =
    counts.length === 1 ? 'In the last snapshot' : `In the last ${counts.length} snapshots`;
  const listed = counts.map(formatCount).join(' -> ');
  return `${last}: ${listed} ${counts.at(-1) === 1 ? 'row' : 'rows'}`;
}

function cells(point: HistoryPoint, tables: readonly string[], clock: Clock): readonly string[] {
  const takenMs = Date.parse(point.createdAt);
  const rows = tables.map((table) => {
    const count = point.tables[table];
    return count === undefined ? '' : formatCount(count);
  });
  return [
    unbroken(`${dayHeading(takenMs, clock)} ${timeOfDay(takenMs, clock)}`),
    escapeMarkdown(visible(point.label ?? reasonNames[point.reason])),
    unbroken(formatBytes(point.bytes)),
    formatCount(point.files),
    point.mismatches === null ? 'not checked' : formatCount(point.mismatches),
    ...rows,
  ];
}

/** A narrow column would break it at its spaces. */
function unbroken(text: string): string {
  return text.replaceAll(' ', '\u00a0');
}

function tableLine(columns: readonly string[]): string {
  return `| ${columns.join(' | ')} |`;
}
