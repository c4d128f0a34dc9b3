// From SQLite's values to the cells of documents, losing nothing: text that is not valid keeps its
// bytes as names do (core/names.ts), so it travels from SQLite as a blob with its type beside it.

import { createHash } from 'node:crypto';
import type { CellDocument, RowDocument } from '../../core/documents/documents.ts';
import { nameFromBytes, nameToBytes } from '../../core/names.ts';
import { maxTextShown } from '../../core/format/cell-lines.ts';
import type { Database } from './sqlite-driver.ts';

/** As the driver answers a value with safe integers. */
export type CellValue = null | bigint | number | string | Uint8Array;

/** What `PRAGMA encoding` answers. */
export type TextEncoding = 'UTF-8' | 'UTF-16le' | 'UTF-16be';

export function readEncoding(db: Database): TextEncoding {
  return db.pragma('encoding') as TextEncoding;
}

/**
 * Result columns for these column expressions: one each, and one more behind them with a letter
 * for the type of each (`n`, `i`, `r`, `t`, `b`).
 */
export function cellColumns(expressions: readonly string[]): readonly string[] {
  const cells = expressions.map(
    (sql) => `CASE typeof(${sql}) WHEN 'text' THEN CAST(${sql} AS BLOB) ELSE ${sql} END`,
  );
  const letters = expressions.map((sql) => `substr(typeof(${sql}), 1, 1)`);
  return [...cells, joinBalanced(letters, ' || ', "''")];
}

/** `a op b op c …` nested as a balanced tree: a plain chain of 2,000 columns is deeper than SQLite allows. */
export function joinBalanced(terms: readonly string[], operator: string, none: string): string {
  if (terms.length <= 1) return terms[0] ?? none;
  const middle = terms.length >> 1;
  const left = joinBalanced(terms.slice(0, middle), operator, none);
  const right = joinBalanced(terms.slice(middle), operator, none);
  return `(${left}${operator}${right})`;
}

/** The documents of what `cellColumns` selected, `values` starting at the first cell. */
export function toCells(
  values: readonly CellValue[],
  count: number,
  encoding: TextEncoding,
): CellDocument[] {
  const types = values[count] as string;
  return values.slice(0, count).map((value, i) => toCell(value, types[i] === 't', encoding));
}

/** A row as an object of its own properties, `__proto__` among them. */
export function toRow(names: readonly string[], cells: readonly CellDocument[]): RowDocument {
  return Object.fromEntries(names.map((name, i) => [name, cells[i] ?? null]));
}

/** An integer as JSON has it: a number as long as that is exact. */
export function integerCell(value: bigint): CellDocument {
  return value >= -MAX_EXACT && value <= MAX_EXACT ? Number(value) : { int: String(value) };
}

/** A real that reads as an integer in JSON, told apart from that integer. */
export function explicitReal(value: number): CellDocument {
  const digits = Object.is(value, -0) ? '-0' : String(value);
  return { real: digits.replace(/^(-?\d+)(?=e|$)/, '$1.0') };
}

/**
 * `cell`, read as a type of that letter, as people are shown it: long text cut, with its length and
 * hash, and every real told apart from an integer.
 */
export function shownCell(cell: CellDocument, typeLetter: string | undefined): CellDocument {
  if (typeof cell === 'number' && typeLetter === 'r') {
    return Number.isInteger(cell) ? explicitReal(cell) : cell;
  }
  if (typeof cell !== 'string' || cell.length <= maxTextShown) return cell;
  const end = /[\ud800-\udbff]$/.test(cell.slice(0, maxTextShown))
    ? maxTextShown - 1
    : maxTextShown;
  const sha256 = createHash('sha256').update(nameToBytes(cell)).digest('hex');
  return { text: cell.slice(0, end), characters: cell.length, sha256 };
}

const MAX_EXACT = 2n ** 53n;

function toCell(value: CellValue, isText: boolean, encoding: TextEncoding): CellDocument {
  if (typeof value === 'bigint') return integerCell(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : { real: String(value) };
  if (value === null || typeof value === 'string') return value;
  if (isText) return decodeText(value, encoding);
  return { blob: createHash('sha256').update(value).digest('hex'), bytes: value.byteLength };
}

function decodeText(bytes: Uint8Array, encoding: TextEncoding): string {
  if (encoding === 'UTF-8') return nameFromBytes(bytes);
  const even = Buffer.from(bytes.subarray(0, bytes.byteLength & ~1));
  return (encoding === 'UTF-16be' ? even.swap16() : even).toString('utf16le');
}
