// Members of an array or object in a text with comments, put in and taken out by their place in the text: what
// stands around them stays byte for byte. (jsonc-parser's own edits write the neighbours anew and drop
// the comments behind them.)

import { createScanner, type Node } from 'jsonc-parser';

const commaToken = 5;
const commentTokens: readonly number[] = [12, 13];

/**
 * `text` with `value` as the last member of `container`, indented as the others are.
 * @param key of the property where it is an object
 */
export function appendMember(text: string, container: Node, value: object, key?: string): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const last = container.children?.at(-1);
  if (last === undefined) {
    const indent = indentAt(text, container.offset) + indentUnit(text);
    const end = `${eol}${indentAt(text, container.offset)}`;
    const inner = `${eol}${indent}${written(value, key, indent, text, eol)}${end}`;
    return splice(text, container.offset + 1, container.offset + container.length - 1, inner);
  }
  const end = last.offset + last.length;
  const comma = commaAfter(text, end, container.offset + container.length);
  const indent = indentAt(text, last.offset);
  // A list that ends with a comma goes on doing so.
  const added = `${eol}${indent}${written(value, key, indent, text, eol)}${comma === undefined ? '' : ','}`;
  // Behind a comment that ends the line: it belongs to the element before.
  const place = lineEndAfter(text, comma === undefined ? end : comma + 1);
  const result = splice(text, place, place, added);
  return comma === undefined ? splice(result, end, end, ',') : result;
}

/** `text` without the member of `container` at `index`. */
export function removeMember(text: string, container: Node, index: number): string {
  const children = container.children ?? [];
  const own = children[index];
  if (own === undefined) return text;
  const end = own.offset + own.length;
  const containerEnd = container.offset + container.length;
  const next = children[index + 1];
  if (next !== undefined) return splice(text, own.offset, next.offset, '');
  const start = own.offset - (/\s*$/.exec(text.slice(0, own.offset))?.[0].length ?? 0);
  const trailing = commaAfter(text, end, containerEnd);
  const result = splice(text, start, trailing === undefined ? end : trailing + 1, '');
  const before = children[index - 1];
  if (before === undefined || trailing !== undefined) return result;
  const comma = commaAfter(text, before.offset + before.length, own.offset);
  return comma === undefined ? result : splice(result, comma, comma + 1, '');
}

function written(
  value: object,
  key: string | undefined,
  indent: string,
  text: string,
  eol: string,
): string {
  const name = key === undefined ? '' : `${JSON.stringify(key)}: `;
  const lines = JSON.stringify(value, null, indentUnit(text)).replaceAll('\n', `${eol}${indent}`);
  return name + lines;
}

/** As the file has it: the first indented line tells. */
export function indentUnit(text: string): string {
  return /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ';
}

/** Of the line that `offset` is in. */
function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start))?.[0] ?? '';
}

/** Where the first comma outside of comments stands; undefined where something else comes first. */
function commaAfter(text: string, from: number, to: number): number | undefined {
  const scanner = createScanner(text.slice(from, to), true);
  const token: number = scanner.scan();
  return token === commaToken ? from + scanner.getTokenOffset() : undefined;
}

/** The end of the line where nothing but a comment is left on it, else `from`. */
function lineEndAfter(text: string, from: number): number {
  const scanner = createScanner(text.slice(from), false);
  let end = from;
  for (;;) {
    const token: number = scanner.scan();
    const isBreak = token === 14;
    if (isBreak) return end;
    if (token !== 15 && !commentTokens.includes(token)) return from;
    if (token !== 15) end = from + scanner.getTokenOffset() + scanner.getTokenLength();
  }
}

function splice(text: string, from: number, to: number, inserted: string): string {
  return text.slice(0, from) + inserted + text.slice(to);
}
