// Data directories as real applications leave them, with what inference has to find in each: a
// hundred or so rows and files, and the exceptions that are no fault. Every call makes the same.

import { createHash } from 'node:crypto';
import type { Tree } from '../tree.ts';

export interface AppData {
  /** What lies in the data directory. */
  readonly entries: Tree;
  /** Each rule as `TABLE: TEMPLATE`, with ` where CONDITION` and ` covers GLOB` where there is one; sorted. */
  readonly rules: readonly string[];
  /** Files or folders that a row needs: whoever takes one away has made a mismatch. */
  readonly needed: readonly string[];
  /** Paths that are not there: a file at one of them is a file that no row knows. */
  readonly unknown: readonly string[];
  /** How they are told, where they are told by the folder that they are in. */
  readonly reported?: readonly string[];
  /** Paths that are not there and need no row either. */
  readonly tolerated: readonly string[];
}

/** Hex digits that look random and are always the same for the same seed. */
export function hex(seed: string, length: number): string {
  let digits = '';
  for (let part = 0; digits.length < length; part += 1) {
    digits += createHash('sha256').update(`${seed}/${part}`).digest('hex');
  }
  return digits.slice(0, length);
}

export function uuid(seed: string): string {
  const digits = hex(seed, 32);
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `a${digits.slice(17, 20)}`,
    digits.slice(20),
  ].join('-');
}

/** An id of lower-case letters and digits. */
export function letters(seed: string, length: number): string {
  return BigInt(`0x${hex(seed, length * 3)}`)
    .toString(36)
    .slice(-length);
}

/** The numbers from 1 to `last`. */
export function numbers(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}

/** One of the options, always the same for the same number, without a pattern that a column could follow. */
export function pick<T>(options: readonly [T, ...T[]], seed: string): T {
  const index = Number.parseInt(hex(seed, 8), 16) % options.length;
  return options[index] ?? options[0];
}

export type SqlCell = string | number | null;

/** One `INSERT` statement for all rows; every row has the keys of the first. */
export function insert(table: string, rows: readonly Readonly<Record<string, SqlCell>>[]): string {
  const [first] = rows;
  if (first === undefined) return '';
  const columns = Object.keys(first).map((column) => `"${column}"`);
  const values = rows.map((row) => {
    const cells = Object.values(row).map((cell) =>
      typeof cell === 'string' ? `'${cell.replaceAll("'", "''")}'` : String(cell ?? 'NULL'),
    );
    return `(${cells.join(', ')})`;
  });
  return `INSERT INTO "${table}" (${columns.join(', ')}) VALUES\n${values.join(',\n')};\n`;
}

/** Files with a content of their own each. */
export function files(paths: readonly string[]): Record<string, string> {
  return Object.fromEntries(paths.map((path) => [path, `content of ${path}\n`]));
}

export const day = (number: number): string =>
  new Date(Date.UTC(2026, 0, 1) + number * 86_400_000 + number * 1_234_567).toISOString();
