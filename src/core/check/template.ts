// Templates of paths over the columns of a row: docs/references.md tells people how to write them.
// A path that would leave the folder it starts in is never made.

import { parseStep, splitSteps, stepNames, type Step } from './template-steps.ts';

export interface PathTemplate {
  /** As it was written. */
  readonly text: string;
  /** Names of the columns that it reads, each once, in order. */
  readonly columns: readonly string[];
  readonly parts: readonly TemplatePart[];
}

export type TemplatePart = TextPart | BelowPart | ColumnPart;

export interface TextPart {
  readonly kind: 'text';
  readonly text: string;
}

/** `**` with its slash: any folders, or none. A template has one at most. */
export interface BelowPart {
  readonly kind: 'below';
}

export interface ColumnPart {
  readonly kind: 'column';
  readonly column: string;
  readonly steps: readonly Step[];
  /** Stands in for an empty value or NULL. */
  readonly fallback: string | undefined;
}

export type ParsedTemplate =
  | { readonly template: PathTemplate; readonly problem?: undefined }
  | { readonly template?: undefined; readonly problem: string };

/** The template in `text`, or what is wrong with it, in words. */
export function parseTemplate(text: string): ParsedTemplate {
  const parts: TemplatePart[] = [];
  let literal = '';
  let rest = text;
  while (rest !== '') {
    const doubled = /^(\{\{|\}\})/.exec(rest)?.[0];
    const plain = doubled ?? /^[^{}]+/.exec(rest)?.[0];
    if (plain !== undefined) {
      literal += doubled === undefined ? plain : doubled.slice(1);
      rest = rest.slice(plain.length);
      continue;
    }
    const field = /^\{((?:"(?:[^"]|"")*"|[^{}"])*)\}/.exec(rest);
    if (field === null) return { problem: `${quote(text)} has a brace without its partner` };
    const part = parseField(field[1] ?? '');
    if (typeof part === 'string') return { problem: part };
    parts.push(...textParts(literal, parts.length === 0), part);
    literal = '';
    rest = rest.slice(field[0].length);
  }
  parts.push(...textParts(literal, parts.length === 0));
  return finish(text, parts);
}

/** Text between columns, taken apart where a whole name of it is `**`. */
function textParts(literal: string, isFirst: boolean): readonly (TextPart | BelowPart)[] {
  const parts: (TextPart | BelowPart)[] = [];
  const pieces = literal.split(/(?<=\/)\*\*\/+/);
  const starts = isFirst ? /^\*\*\/+/.exec(literal)?.[0] : undefined;
  if (starts !== undefined) pieces.splice(0, 1, '', (pieces[0] ?? '').slice(starts.length));
  for (const [index, piece] of pieces.entries()) {
    if (index > 0) parts.push({ kind: 'below' });
    if (piece !== '') parts.push({ kind: 'text', text: piece });
  }
  return parts;
}

/** `text` as a path below a folder; undefined where it would lead out of it or is none. */
export function insidePath(text: string): string | undefined {
  if (text.startsWith('/') || text.includes('\0') || /^[A-Za-z]:[\\/]/.test(text)) return undefined;
  if (isPlainPath(text)) return text;
  const segments = text.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (segments.length === 0 || segments.includes('..')) return undefined;
  return segments.join('/');
}

function isPlainPath(text: string): boolean {
  return text !== '' && !/(?:^|\/)\.{0,2}(?:\/|$)/.test(text);
}

/** The part before the first column, without the name that it ends in: every path lies below it. */
export function templateFolder(template: PathTemplate): string {
  const [first] = template.parts;
  if (first?.kind !== 'text') return '';
  const head = template.parts.length === 1 ? `${first.text}/` : first.text;
  return head.slice(0, Math.max(0, head.lastIndexOf('/'))).replaceAll(/\/+/g, '/');
}

/** The template name by name: a slash in braces is none between two. */
export function templateNames(text: string): readonly string[] {
  const names = [''];
  for (const [piece] of text.matchAll(
    /\{\{|\}\}|\{(?:"(?:[^"]|"")*"|[^{}"])*\}|\/|[^/{}]+|[{}]/g,
  )) {
    if (piece === '/') names.push('');
    else names[names.length - 1] += piece;
  }
  return names;
}

function finish(text: string, parts: readonly TemplatePart[]): ParsedTemplate {
  const fields = parts.filter((part) => part.kind === 'column');
  const each = new Set(fields.filter(takesEach).map((part) => part.column));
  if (each.size > 1) return { problem: `${quote(text)} takes each of two columns` };
  if (parts.length === 0) return { problem: 'a template is empty' };
  const belows = parts.filter((part) => part.kind === 'below').length;
  if (belows > 1) return { problem: `${quote(text)} has ** twice` };
  const literal = parts.map(sampleOf).join('');
  if (insidePath(literal) === undefined) {
    return { problem: `${quote(text)} leads out of the data directory` };
  }
  if (/(?:^|\/)\*\*$/.test(literal) || parts.at(-1)?.kind === 'below') {
    return { problem: `${quote(text)} ends in **: behind it stands the name of a file or folder` };
  }
  return { template: { text, columns: [...new Set(fields.map((part) => part.column))], parts } };
}

function sampleOf(part: TemplatePart): string {
  if (part.kind === 'text') return part.text;
  return part.kind === 'below' ? 'x/' : 'x';
}

/** True where one value may give several texts. */
export function takesEach(part: ColumnPart): boolean {
  return part.steps.some(({ op }) => op === 'each' || op === 'after');
}

const fieldPattern =
  /^\s*("(?:[^"]|"")*"|[^:|"]+?)\s*((?::(?:"(?:[^"]|"")*"|[^|"])*)?)(?:\|(.*))?$/s;

function parseField(field: string): ColumnPart | string {
  const match = fieldPattern.exec(field);
  if (match === null) return `{${field}} names no column`;
  const [, name = '', steps = '', fallback] = match;
  const column = name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
  const read: Step[] = [];
  for (const step of splitSteps(steps)) {
    const one = parseStep(step);
    if (one === undefined) return `{${field}}: unknown ${quote(step)}, known are ${stepNames}`;
    read.push(one);
  }
  return { kind: 'column', column, steps: read, fallback };
}

function quote(text: string): string {
  return JSON.stringify(text);
}
