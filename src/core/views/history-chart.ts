// How a data directory went from snapshot to snapshot, as images: no view of our own is needed for
// them. Sizes and rows are lines, mismatches are bars, numbers stand beside both: colour says nothing
// alone. An image cannot read the theme's colours, so they come with the call.

import { byName } from '../compare-text.ts';
import type { HistoryPoint } from '../documents/documents.ts';
import { formatBytes, formatCount, plural } from '../format/numbers.ts';
import { visible } from '../format/width.ts';

export interface ChartColors {
  readonly line: string;
  readonly bar: string;
  readonly text: string;
  readonly grid: string;
}

export type ChartTheme = 'light' | 'dark' | 'highContrast' | 'highContrastLight';

/** Each readable on the backgrounds that VS Code's own themes have. */
export const chartColors: Readonly<Record<ChartTheme, ChartColors>> = {
  light: { line: '#005fb8', bar: '#a4510b', text: '#3b3b3b', grid: '#d0d0d0' },
  dark: { line: '#4daafc', bar: '#e2a35f', text: '#cccccc', grid: '#4a4a4a' },
  highContrast: { line: '#ffffff', bar: '#ffffff', text: '#ffffff', grid: '#6fc3df' },
  highContrastLight: { line: '#0f4a85', bar: '#0f4a85', text: '#292929', grid: '#292929' },
};

export interface Chart {
  readonly svg: string;
  /** The same in words. */
  readonly altText: string;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const small = { width: 260, height: 60 };
const large = { width: 720, panel: 84 };
const maxTables = 6;
const leastSpan = 0.05;

/**
 * Size and mismatches in 260 by 60, for a tooltip; undefined where two snapshots are missing.
 * @param points oldest first.
 */
export function historyThumbnail(
  points: readonly HistoryPoint[],
  colors: ChartColors,
): Chart | undefined {
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < 2) return undefined;
  const { width, height } = small;
  const sizes = points.map(({ bytes }) => bytes);
  const mismatches = points.map((point) => point.mismatches);
  const words = lastMismatches(mismatches);
  const parts = [
    line(sizes, { left: 6, right: width - 6, top: 6, bottom: 30 }, colors),
    bars(mismatches, { left: 6, right: width - 6, top: 33, bottom: 46 }, colors),
    text(6, 57, 'start', formatBytes(first.bytes), colors),
    words === '' ? '' : text(width / 2, 57, 'middle', words, colors),
    text(width - 6, 57, 'end', formatBytes(last.bytes), colors),
  ];
  return { svg: svg(width, height, parts), altText: altText(points) };
}

/**
 * Size, mismatches and, of tables whose rows changed, those that changed most, one below the other, in 720 by as much as
 * they need; undefined where two snapshots are missing.
 * @param points oldest first.
 */
export function historyChart(
  points: readonly HistoryPoint[],
  colors: ChartColors,
): Chart | undefined {
  if (points.length < 2) return undefined;
  const mismatches = points.map((point) => point.mismatches);
  const panels: ((box: Box) => readonly string[])[] = [
    (box) =>
      linePanel(
        'Size',
        points.map(({ bytes }) => bytes),
        formatBytes,
        box,
        colors,
      ),
  ];
  if (mismatches.some((count) => count !== null)) {
    panels.push((box) => [
      text(
        box.left,
        box.top - 8,
        'start',
        `Mismatches: ${ends(
          mismatches.filter((count) => count !== null),
          formatCount,
        )}`,
        colors,
      ),
      baseline(box, colors),
      bars(mismatches, box, colors),
    ]);
  }
  for (const table of changedTables(points, maxTables)) {
    const rows = points.map(({ tables }) => tables[table] ?? 0);
    if (rows.every((count) => count === rows[0])) continue;
    panels.push((box) =>
      linePanel(`Rows of ${visible(tableName(table))}`, rows, formatCount, box, colors),
    );
  }
  const { width, panel } = large;
  const parts = panels.flatMap((draw, index) =>
    draw({ left: 8, right: width - 8, top: index * panel + 24, bottom: (index + 1) * panel - 10 }),
  );
  return { svg: svg(width, panels.length * panel, parts), altText: altText(points) };
}

/** `DATABASE:TABLE` of tables by how much their rows changed, then by rows; at most `limit`. */
export function changedTables(points: readonly HistoryPoint[], limit: number): readonly string[] {
  const names = new Set(points.flatMap(({ tables }) => Object.keys(tables)));
  const facts = [...names].map((name) => {
    const rows = points.map(({ tables }) => tables[name] ?? 0);
    const most = Math.max(...rows);
    return { name, change: most - Math.min(...rows), rows: most };
  });
  const sorted = facts.toSorted((a, b) => b.change - a.change || b.rows - a.rows || byName(a, b));
  return sorted.slice(0, limit).map(({ name }) => name);
}

/** `projects` of `data/docsfy.db:projects`. */
export function tableName(table: string): string {
  return table.slice(table.lastIndexOf(':') + 1);
}

/** The image as Markdown has it. */
export function chartMarkdown({ svg: image, altText: alt }: Chart): string {
  return `![${alt}](data:image/svg+xml;base64,${Buffer.from(image).toString('base64')})`;
}

function altText(points: readonly HistoryPoint[]): string {
  const words = lastMismatches(points.map(({ mismatches }) => mismatches));
  const [from = 0, to = 0] = [points[0]?.bytes, points.at(-1)?.bytes];
  const size = `Size over the last ${plural(points.length, 'snapshot')}: from ${formatBytes(from)} to ${formatBytes(to)}`;
  return words === '' ? size : `${size}, ${words}`;
}

/** `2 mismatches` of the newest that was checked; empty where none was. */
function lastMismatches(counts: readonly (number | null)[]): string {
  const last = counts.findLast((count) => count !== null) ?? null;
  if (last === null) return '';
  return last === 0 ? 'no mismatches' : plural(last, 'mismatch', 'mismatches');
}

/** `0 -> 2`, `0 -> 2, at most 6`. */
function ends(values: readonly number[], format: (value: number) => string): string {
  const [first = 0, last = 0, most] = [values[0], values.at(-1), Math.max(...values)];
  const between = most > Math.max(first, last) ? `, at most ${format(most)}` : '';
  return `${format(first)} -> ${format(last)}${between}`;
}

function linePanel(
  title: string,
  values: readonly number[],
  format: (value: number) => string,
  box: Box,
  colors: ChartColors,
): readonly string[] {
  return [
    text(box.left, box.top - 8, 'start', `${title}: ${ends(values, format)}`, colors),
    baseline(box, colors),
    line(values, box, colors),
  ];
}

function line(values: readonly number[], box: Box, { line: color }: ChartColors): string {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  // A change of some bytes in a gigabyte must not look like a cliff.
  const span = Math.max(most - least, most * leastSpan);
  const points = values.map((value, index) => {
    const share = span === 0 ? 0.5 : (value - (least + most) / 2) / span + 0.5;
    const y = box.bottom - 3 - share * (box.bottom - box.top - 6);
    return `${place(index, values.length, box).toFixed(1)},${y.toFixed(1)}`;
  });
  const [endX, endY] = points.at(-1)?.split(',') ?? [];
  return `<polyline points="${points.join(' ')}" fill="none" stroke="${color}" stroke-width="1.5"/><circle cx="${endX}" cy="${endY}" r="2.5" fill="${color}"/>`;
}

/** None where nothing was checked or all matched: a bar is always something to see. */
function bars(counts: readonly (number | null)[], box: Box, { bar }: ChartColors): string {
  const most = Math.max(1, ...counts.map((count) => count ?? 0));
  const room = (box.right - box.left) / counts.length;
  const width = Math.min(8, Math.max(1, room * 0.6));
  return counts
    .map((count, index) => {
      if (count === null || count === 0) return '';
      const height = 3 + (count / most) * (box.bottom - box.top - 3);
      const x = place(index, counts.length, box) - width / 2;
      return `<rect x="${x.toFixed(1)}" y="${(box.bottom - height).toFixed(1)}" width="${width.toFixed(1)}" height="${height.toFixed(1)}" fill="${bar}"/>`;
    })
    .join('');
}

function baseline({ left, right, bottom }: Box, { grid }: ChartColors): string {
  return `<line x1="${left}" y1="${bottom}" x2="${right}" y2="${bottom}" stroke="${grid}" stroke-width="1"/>`;
}

function place(index: number, count: number, { left, right }: Box): number {
  return left + (index / Math.max(1, count - 1)) * (right - left);
}

function text(
  x: number,
  y: number,
  anchor: 'start' | 'middle' | 'end',
  words: string,
  colors: ChartColors,
): string {
  const safe = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" font-family="sans-serif" font-size="11" fill="${colors.text}">${safe}</text>`;
}

function svg(width: number, height: number, parts: readonly string[]): string {
  const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`;
  return [head, ...parts, '</svg>'].join('');
}
