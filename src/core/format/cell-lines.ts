// The value of a cell as lines of a `.rows` document, so that two values of different content or
// type never read the same, even where an editor does not show spaces at the end of a line.

import type { CellDocument } from '../documents/documents.ts';
import { formatCount } from './numbers.ts';

/** Longer text is cut by who reads the rows (`cells: 'shown'`). In UTF-16 code units. */
export const maxTextShown = 2000;

const digestShown = 12;
/** Line ends of every kind, control characters, halves of surrogate pairs, what turns the direction. */
const unsafe = /[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const needsQuotes = new RegExp(`(?!\\t)${unsafe.source}|\\s$`, 'u');

/** `NULL`, `42`, `2.0`, `"ready"`, `blob, 1,024 bytes, sha256 3b1f...`; text of several lines behind `|`. */
export function cellLines(value: CellDocument): readonly string[] {
  if (value === null) return ['NULL'];
  if (typeof value === 'number') return [numberText(value)];
  if (typeof value === 'string') return textLines(value);
  if ('int' in value) return [value.int];
  if ('real' in value) return [value.real];
  if ('blob' in value)
    return [`blob, ${formatCount(value.bytes)} bytes, ${digestText(value.blob)}`];
  const facts = `text, ${formatCount(value.characters)} characters, ${digestText(value.sha256)}`;
  return [facts, ...barredLines(value.text), '| ...'];
}

function textLines(text: string): readonly string[] {
  return text.includes('\n') ? barredLines(text) : [quoted(text)];
}

/** Raw behind `| `, and as a JSON string behind `|` where that would not be told apart. */
function barredLines(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => (needsQuotes.test(line) ? `|${quoted(line)}` : `| ${line}`));
}

/** A JSON string whose characters all stay on the line and in their direction. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(
    unsafe,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Only a real has an exponent. */
function numberText(value: number): string {
  return String(value).replace(/^(-?\d)e/, '$1.0e');
}

function digestText(sha256: string): string {
  return `sha256 ${sha256.slice(0, digestShown)}...`;
}
