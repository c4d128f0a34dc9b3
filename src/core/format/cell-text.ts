// A value of a database cell and a row's key in a line of text.

import type { CellDocument, RowChange, RowDocument } from '../documents/documents.ts';
import { tableName } from './names.ts';
import { formatBytes } from './numbers.ts';
import { cutVisible } from './width.ts';

const valueWidth = 24;
const plainKey = /^[^\s"·|][^"·|]*$/u;

/** `"ready"`, `42`, `NULL`, `blob, 1 KB`; text in at most `width` columns. */
export function cellText(value: CellDocument, width = valueWidth): string {
  if (value === null) return 'NULL';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return `"${cutVisible(value, width)}"`;
  if ('int' in value) return value.int;
  if ('real' in value) return value.real;
  if ('text' in value) return `"${cutVisible(value.text, width)}"`;
  return `blob, ${formatBytes(value.bytes)}`;
}

/** `alpha · main · ""`, `rowid 12`, `(no key)`; each text in at most `width` columns. */
export function keyText(key: RowDocument, dot: string, width = valueWidth): string {
  const entries = Object.entries(key);
  const [first] = entries;
  if (first === undefined) return '(no key)';
  if (entries.length === 1 && first[0] === 'rowid') return `rowid ${cellText(first[1])}`;
  return entries.map(([, value]) => keyPart(value, width)).join(` ${dot} `);
}

/** What is behind the key: the first changed column, or what a row without a telling key holds. */
export function rowFacts({ op, key, before, after }: RowChange): string {
  if (op !== 'change') {
    const row = after ?? before ?? {};
    const names = Object.keys(key);
    // A number says nothing to those who look for a row, a word does.
    if (Object.values(key).some((value) => typeof value === 'string')) return '';
    const columns = Object.entries(row).filter(([name]) => !names.includes(name));
    return columns
      .slice(0, 3)
      .map(([name, value]) => `${tableName(name)} ${cellText(value)}`)
      .join(', ');
  }
  // A column that only one side has is told by the schema.
  const columns = Object.keys(after ?? {}).filter(
    (name) =>
      before !== null && Object.hasOwn(before, name) && !isSameCell(before[name], after?.[name]),
  );
  const [first] = columns;
  if (first === undefined) return '';
  const change = `${cellText(before?.[first] ?? null)} -> ${cellText(after?.[first] ?? null)}`;
  const more = columns.length - 1;
  const rest = more === 0 ? '' : `, ${more} more ${more === 1 ? 'column' : 'columns'}`;
  return `${tableName(first)} ${change}${rest}`;
}

function keyPart(value: CellDocument, width: number): string {
  if (typeof value !== 'string') return cellText(value, width);
  const text = cutVisible(value, width);
  return plainKey.test(text) ? text : `"${text}"`;
}

export function isSameCell(a: CellDocument | undefined, b: CellDocument | undefined): boolean {
  if (a === b) return true;
  return typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b);
}
