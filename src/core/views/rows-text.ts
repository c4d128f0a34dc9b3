// The rows of a table as a document to browse: one JSON object a line.

import type { RowDocument } from '../documents.ts';
import { plural } from '../text/numbers.ts';

/** Rows that a document shows at most. */
export const maxRowsShown = 10_000;

/** Ends with a newline, empty where the table is; the last line says how many rows it leaves out. */
export function rowsText(rows: readonly RowDocument[], total: number): string {
  const lines = rows.map((row) => JSON.stringify(row));
  const left = total - rows.length;
  if (left > 0) lines.push(JSON.stringify({ '...': plural(left, 'more row') }));
  return lines.map((line) => `${line}\n`).join('');
}
