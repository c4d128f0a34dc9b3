// What the columns of one row make of a template.

import { nameFromBytes } from '../names.ts';
import type { ColumnValue } from './column-value.ts';
import {
  applyStep,
  textsAfter,
  type HashText,
  type PlainStep,
  type Step,
} from './template-steps.ts';
import { insidePath, takesEach, type ColumnPart, type PathTemplate } from './template.ts';

/**
 * `paths`: without `.` and double slashes, each once, none for an empty list. `none`: a column is
 * NULL. `empty`: a column is the empty text. `unaddressable`: it would lead out of the folder, or is
 * no path at all.
 */
export type RenderedPaths =
  { readonly kind: 'paths'; readonly paths: readonly RowPath[] } | NoPaths;

export type RenderedTexts = { readonly kind: 'texts'; readonly texts: readonly string[] } | NoPaths;

type NoPaths =
  | { readonly kind: 'none' }
  | { readonly kind: 'empty'; readonly column: string }
  | { readonly kind: 'unaddressable'; readonly why: string };

export interface RowPath {
  /** With a `**` in it: in the folder in front of it or anywhere below. */
  readonly path: string;
  /** Undefined for a plain path: the folder, '' for all there is, and what lies in it or deeper. */
  readonly below: { readonly folder: string; readonly path: string } | undefined;
}

export interface RowValues {
  readonly valueOf: (column: string) => ColumnValue;
  readonly hashText: HashText;
}

/** The paths of one row. Never absolute, never with `..`, never with a NUL. */
export function renderPaths(template: PathTemplate, row: RowValues): RenderedPaths {
  const rendered = renderMarked(template, row);
  if (rendered.kind !== 'texts') return rendered;
  const isBelow = template.parts.some(({ kind }) => kind === 'below');
  const texts = rendered.texts.length < 2 ? rendered.texts : [...new Set(rendered.texts)];
  const paths: RowPath[] = [];
  for (const text of texts) {
    const path = isBelow ? pathBelow(text) : plainPath(text);
    if (path === undefined) {
      const why = `${JSON.stringify(text.replace(belowMark, '**/'))} leads out of the data directory`;
      return { kind: 'unaddressable', why };
    }
    paths.push(path);
  }
  return { kind: 'paths', paths };
}

/** No value has it: a NUL is in no path. */
const belowMark = '\0/';

function plainPath(text: string): RowPath | undefined {
  const path = insidePath(text);
  return path === undefined ? undefined : { path, below: undefined };
}

function pathBelow(text: string): RowPath | undefined {
  const at = text.indexOf(belowMark);
  const folder = at === 0 ? '' : insidePath(text.slice(0, at));
  const path = insidePath(text.slice(at + belowMark.length));
  if (folder === undefined || path === undefined) return undefined;
  return { path: `${folder === '' ? '' : `${folder}/`}**/${path}`, below: { folder, path } };
}

/** The same as plain texts, for values that are not paths. */
export function renderTexts(template: PathTemplate, row: RowValues): RenderedTexts {
  const rendered = renderMarked(template, row);
  if (rendered.kind !== 'texts') return rendered;
  return { kind: 'texts', texts: rendered.texts.map((text) => text.replace(belowMark, '**/')) };
}

function renderMarked(template: PathTemplate, row: RowValues): RenderedTexts {
  let text = '';
  for (const part of template.parts) {
    if (part.kind === 'text') text += part.text;
    else if (part.kind === 'below') text += belowMark;
    else if (part.steps.length > 0) return renderSteps(template, row);
    else {
      const piece = textOf(row.valueOf(part.column)) || (part.fallback ?? null);
      if (piece === null) return noText(part.column, row);
      text += piece;
    }
  }
  return { kind: 'texts', texts: [text] };
}

/** Most templates have bare columns only, and most rows a value in each: what has steps is rendered here. */
function renderSteps(template: PathTemplate, row: RowValues): RenderedTexts {
  // One of several elements that lacks a field has no path: null.
  let heads: (string | null)[] = [''];
  const elements = new Map<string, readonly unknown[]>();
  for (const part of template.parts) {
    if (part.kind !== 'column') {
      const text = part.kind === 'text' ? part.text : belowMark;
      heads = heads.map((head) => (head === null ? null : head + text));
      continue;
    }
    const pieces = piecesOf(part, row, elements);
    if (takesEach(part)) {
      const whole = heads.length === 1 ? pieces.map(() => heads[0] ?? null) : heads;
      heads = whole.map((head, index) => (head === null ? null : join(head, pieces[index])));
      continue;
    }
    const [piece] = pieces;
    if (piece === undefined || piece === null) return { kind: 'none' };
    if (piece === '' && part.fallback === undefined) return { kind: 'empty', column: part.column };
    heads = heads.map((head) => (head === null ? null : head + piece));
  }
  return { kind: 'texts', texts: heads.filter((head) => head !== null) };
}

/** NULL is no reference; the empty text may be one that is lacking. */
function noText(column: string, { valueOf }: RowValues): RenderedTexts {
  return valueOf(column) === '' ? { kind: 'empty', column } : { kind: 'none' };
}

function join(head: string | null, piece: string | null | undefined): string | null {
  return head === null || piece === null || piece === undefined || piece === ''
    ? null
    : head + piece;
}

/** The texts of one field, several where it takes each element; null where there is none. */
function piecesOf(
  part: ColumnPart,
  { valueOf, hashText }: RowValues,
  elements: Map<string, readonly unknown[]>,
): readonly (string | null)[] {
  let values: readonly unknown[] = [valueOf(part.column)];
  for (const [index, step] of part.steps.entries()) {
    if (step.op === 'each' || step.op === 'after') {
      // Fields over one list read it once, so that their elements stay together.
      const path = step.op === 'each' ? step.path : [];
      const listed = step.op === 'each' ? { op: 'each' } : step;
      const key = JSON.stringify([part.column, part.steps.slice(0, index), listed]);
      const list = elements.get(key) ?? listOf(step, values[0]);
      elements.set(key, list);
      values = list.map((one) => fieldOf(one, path));
    } else values = values.map((one) => valueAfter(step, one, hashText));
  }
  return values.map((one) => {
    const text = textOf(one);
    if ((text === null || text === '') && part.fallback !== undefined) return part.fallback;
    return text;
  });
}

function listOf(step: Extract<Step, { op: 'each' | 'after' }>, value: unknown): readonly unknown[] {
  if (step.op === 'after') return textsAfter(parseJson(textOf(value)), step.start);
  return elementsOf(value);
}

function valueAfter(
  step: PlainStep | Extract<Step, { op: 'json' }>,
  value: unknown,
  hashText: HashText,
): unknown {
  if (step.op === 'json') return fieldOf(parseJson(value), step.path);
  const text = textOf(value);
  return text === null ? null : applyStep(step, text, hashText);
}

function elementsOf(value: unknown): readonly unknown[] {
  const parsed = parseJson(value);
  if (Array.isArray(parsed)) return parsed;
  if (typeof parsed === 'object' && parsed !== null) return Object.values(parsed);
  // A column for several that holds one, as PocketBase has it, holds it bare.
  return parsed === null || parsed === '' ? [] : [parsed];
}

function fieldOf(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const name of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return null;
    at = (at as Readonly<Record<string, unknown>>)[name];
  }
  return at;
}

/** JSON in a text as its value; any other text as itself. */
function parseJson(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{"]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** Bytes are a name as the disk has it. */
function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return value instanceof Uint8Array ? nameFromBytes(value) : null;
}
