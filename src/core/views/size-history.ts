// A small line of how large the data was, for a tooltip: an image, so that no view of our own is needed.

import type { SnapshotEntry } from '../documents.ts';
import { formatBytes } from '../text/numbers.ts';

export interface ChartColors {
  readonly line: string;
  readonly text: string;
}

const width = 260;
const height = 60;
const shown = 30;

/**
 * The size of the last snapshots as an SVG of 260 by 60, with its text in words; undefined where two
 * snapshots are missing.
 * @param history newest first.
 */
export function sizeHistorySvg(
  history: readonly SnapshotEntry[],
  colors: ChartColors,
): { readonly svg: string; readonly altText: string } | undefined {
  const sizes = history
    .slice(0, shown)
    .map((entry) => entry.bytes)
    .toReversed();
  const first = sizes[0];
  const last = sizes.at(-1);
  if (first === undefined || last === undefined || sizes.length < 2) return undefined;
  const least = Math.min(...sizes);
  const most = Math.max(...sizes);
  const span = most - least || 1;
  const points = sizes.map((bytes, index) => {
    const x = 6 + (index / (sizes.length - 1)) * (width - 12);
    const y = most === least ? 30 : 42 - ((bytes - least) / span) * 24;
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  const [endX, endY] = points.at(-1)?.split(',') ?? [];
  const label = (x: number, anchor: string, text: string) =>
    `<text x="${x}" y="56" text-anchor="${anchor}" font-family="sans-serif" font-size="10" fill="${colors.text}">${text}</text>`;
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">`,
    `<polyline points="${points.join(' ')}" fill="none" stroke="${colors.line}" stroke-width="1.5"/>`,
    `<circle cx="${endX}" cy="${endY}" r="2.5" fill="${colors.line}"/>`,
    label(6, 'start', formatBytes(first)),
    label(width - 6, 'end', formatBytes(last)),
    '</svg>',
  ].join('');
  const altText = `Size over the last ${sizes.length} snapshots: from ${formatBytes(first)} to ${formatBytes(last)}`;
  return { svg, altText };
}
