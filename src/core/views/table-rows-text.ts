// The rows of a table as a document to browse: one JSON object a line.

import type { RowDocument } from '../documents/documents.ts';
import { plural } from '../format/numbers.ts';

/** Rows that a document shows at most. */
export const maxRowsShown = 10_000;

/** 0-based line of the row with this key; undefined where it is not among those shown. */
export function rowLine(text: string, key: RowDocument): number | undefined {
  const wanted = Object.entries(key).map(([name, value]) => [name, JSON.stringify(value)] as const);
  if (wanted.length === 0) return undefined;
  const index = text.split('\n').findIndex((line) => {
    if (line === '') return false;
    const row = JSON.parse(line) as RowDocument;
    return wanted.every(([name, value]) => JSON.stringify(row[name]) === value);
  });
  return index < 0 ? undefined : index;
}

/** Ends with a newline, empty where the table is; the last line says how many rows it leaves out. */
export function tableRowsText(rows: readonly RowDocument[], total: number): string {
  const lines = rows.map((row) => JSON.stringify(row));
  const left = total - rows.length;
  if (left > 0) lines.push(JSON.stringify({ '...': plural(left, 'more row') }));
  return lines.map((line) => `${line}\n`).join('');
}
