// What every renderer takes, and columns that line up.

import { plainStyle, type Style } from './style.ts';
import type { Clock } from './time.ts';
import { displayWidth, padTo, visible, wrapWords } from './width.ts';

export interface TextOptions {
  readonly clock: Clock;
  /** Columns that a line may take; 80 in a contract. Ids are never cut, labels and paths are. */
  readonly columns: number;
  readonly style: Style;
}

/** What a terminal without any wish gets. */
export function plainText(clock: Clock): TextOptions {
  return { clock, columns: 80, style: plainStyle };
}

export interface Cell {
  readonly text: string;
  readonly paint?: ((text: string) => string) | undefined;
}

/**
 * Rows with their cells one below the other. The last cell of a row is not padded.
 * @param widths least width of each column; a column grows to its widest cell.
 */
export function alignColumns(
  rows: readonly (readonly Cell[])[],
  { gap = 2, indent = '', widths = [] }: { gap?: number; indent?: string; widths?: number[] } = {},
): readonly string[] {
  const columns: number[] = [...widths];
  for (const row of rows) {
    row.slice(0, -1).forEach(({ text }, index) => {
      columns[index] = Math.max(columns[index] ?? 0, displayWidth(text));
    });
  }
  return rows.map((row) => {
    const cells = row.map(({ text, paint }, index) => {
      const painted = paint === undefined ? text : paint(text);
      if (index === row.length - 1) return painted;
      return painted + padTo('', (columns[index] ?? 0) - displayWidth(text) + gap);
    });
    return (indent + cells.join('')).trimEnd();
  });
}

/** A sentence to mind, with the sign for it before its first line. */
export function noteLines(text: string, options: TextOptions): readonly string[] {
  const { style } = options;
  return markedLines(text, style.warn(style.signs.notice), options);
}

export function markedLines(
  text: string,
  mark: string,
  { columns }: TextOptions,
): readonly string[] {
  return wrapWords(visible(text), columns - 2).map((line, index) =>
    index === 0 ? `${mark} ${line}` : `  ${line}`,
  );
}
