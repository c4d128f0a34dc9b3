// Templates of paths over the columns of a row: docs/references.md tells people how to write them.
// A path that would leave the folder it starts in is never made.

/** Values as SQLite has them; integers beyond 2^53 as bigint. */
export type ColumnValue = null | number | bigint | string | Uint8Array;

export interface PathTemplate {
  /** As it was written. */
  readonly text: string;
  /** Names of the columns that it reads, each once, in order. */
  readonly columns: readonly string[];
  readonly parts: readonly TemplatePart[];
}

export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'column';
      readonly column: string;
      readonly steps: readonly Step[];
      /** Stands in for an empty value or NULL. */
      readonly fallback: string | undefined;
    };

export type Step =
  | { readonly op: 'pad'; readonly width: number }
  | { readonly op: 'slice'; readonly from: number; readonly to: number | undefined }
  | { readonly op: 'url' | 'base' | 'stem' | 'ext' | 'lower' }
  | { readonly op: 'from'; readonly name: string }
  | { readonly op: 'json'; readonly path: readonly string[] }
  | { readonly op: 'each'; readonly path: readonly string[] };

export type ParsedTemplate =
  | { readonly template: PathTemplate; readonly problem?: undefined }
  | { readonly template?: undefined; readonly problem: string };

/**
 * What a row's columns make of a template. `paths`: without `.` and double slashes, each once, none
 * for an empty list. `none`: a column is NULL. `empty`: a column is the empty text. `unaddressable`:
 * it would lead out of the folder, or is no path at all.
 */
export type RenderedPaths =
  | { readonly kind: 'paths'; readonly paths: readonly string[] }
  | { readonly kind: 'none' }
  | { readonly kind: 'empty'; readonly column: string }
  | { readonly kind: 'unaddressable'; readonly why: string };

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
    if (literal !== '') parts.push({ kind: 'text', text: literal });
    literal = '';
    parts.push(part);
    rest = rest.slice(field[0].length);
  }
  if (literal !== '') parts.push({ kind: 'text', text: literal });
  return finish(text, parts);
}

/** The paths of one row. Never absolute, never with `..`, never with a NUL. */
export function renderPaths(
  template: PathTemplate,
  valueOf: (column: string) => ColumnValue,
): RenderedPaths {
  const texts = renderTexts(template, valueOf);
  if (texts.kind !== 'paths') return texts;
  const paths: string[] = [];
  for (const text of texts.paths) {
    const path = insidePath(text);
    if (path === undefined) {
      return { kind: 'unaddressable', why: `${quote(text)} leads out of the data directory` };
    }
    paths.push(path);
  }
  return { kind: 'paths', paths: paths.length < 2 ? paths : [...new Set(paths)] };
}

/** The same as plain texts, for values that are not paths. */
export function renderTexts(
  template: PathTemplate,
  valueOf: (column: string) => ColumnValue,
): RenderedPaths {
  let text = '';
  for (const part of template.parts) {
    if (part.kind === 'text') text += part.text;
    else if (part.steps.length > 0) return renderSteps(template, valueOf);
    else {
      const piece = textOf(valueOf(part.column)) || (part.fallback ?? null);
      if (piece === null) return noText(part.column, valueOf);
      text += piece;
    }
  }
  return { kind: 'paths', paths: [text] };
}

/** Most templates have bare columns only, and most rows a value in each: what has steps is rendered here. */
function renderSteps(
  template: PathTemplate,
  valueOf: (column: string) => ColumnValue,
): RenderedPaths {
  // One of several elements that lacks a field has no path: null.
  let heads: (string | null)[] = [''];
  const elements = new Map<string, readonly unknown[]>();
  for (const part of template.parts) {
    if (part.kind === 'text') {
      heads = heads.map((head) => (head === null ? null : head + part.text));
      continue;
    }
    const pieces = piecesOf(part, valueOf(part.column), elements);
    if (usesEach(part)) {
      const whole = heads.length === 1 ? pieces.map(() => heads[0] ?? null) : heads;
      heads = whole.map((head, index) => (head === null ? null : join(head, pieces[index])));
      continue;
    }
    const [piece] = pieces;
    if (piece === undefined || piece === null) return { kind: 'none' };
    if (piece === '' && part.fallback === undefined) return { kind: 'empty', column: part.column };
    heads = heads.map((head) => (head === null ? null : head + piece));
  }
  return { kind: 'paths', paths: heads.filter((head) => head !== null) };
}

/** NULL is no reference; the empty text may be one that is lacking. */
function noText(column: string, valueOf: (column: string) => ColumnValue): RenderedPaths {
  return valueOf(column) === '' ? { kind: 'empty', column } : { kind: 'none' };
}

function join(head: string | null, piece: string | null | undefined): string | null {
  return head === null || piece === null || piece === undefined || piece === ''
    ? null
    : head + piece;
}

/** `text` as a path below a folder; undefined where it would lead out of it or is none. */
export function insidePath(text: string): string | undefined {
  if (text.startsWith('/') || text.includes('\0') || /^[A-Za-z]:[\\/]/.test(text)) return undefined;
  if (isPlainPath(text)) return text;
  const segments = text.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (segments.length === 0 || segments.includes('..')) return undefined;
  return segments.join('/');
}

/** The part before the first column, without the name that it ends in: every path lies below it. */
export function templateFolder(template: PathTemplate): string {
  const [first] = template.parts;
  if (first?.kind !== 'text') return '';
  const head = template.parts.length === 1 ? `${first.text}/` : first.text;
  return head.slice(0, Math.max(0, head.lastIndexOf('/'))).replaceAll(/\/+/g, '/');
}

function isPlainPath(text: string): boolean {
  return text !== '' && !/(?:^|\/)\.{0,2}(?:\/|$)/.test(text);
}

function finish(text: string, parts: readonly TemplatePart[]): ParsedTemplate {
  const fields = parts.filter((part) => part.kind === 'column');
  const each = new Set(fields.filter(usesEach).map((part) => part.column));
  if (each.size > 1) return { problem: `${quote(text)} takes each of two columns` };
  if (parts.length === 0) return { problem: 'a template is empty' };
  const literal = parts.map((part) => (part.kind === 'text' ? part.text : 'x')).join('');
  if (insidePath(literal) === undefined) {
    return { problem: `${quote(text)} leads out of the data directory` };
  }
  return { template: { text, columns: [...new Set(fields.map((part) => part.column))], parts } };
}

const fieldPattern = /^\s*("(?:[^"]|"")*"|[^:|"]+?)\s*((?::[^|]*)?)(?:\|(.*))?$/s;

function parseField(field: string): TemplatePart | string {
  const match = fieldPattern.exec(field);
  if (match === null) return `{${field}} names no column`;
  const [, name = '', steps = '', fallback] = match;
  const column = name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
  const read: Step[] = [];
  for (const step of steps.split(':').slice(1)) {
    const one = parseStep(step.trim());
    if (one === undefined) return `{${field}}: unknown ${quote(step.trim())}, known are ${known}`;
    read.push(one);
  }
  return { kind: 'column', column, steps: read, fallback };
}

const known =
  ':07, :0..2, :url, :base, :from.NAME, :stem, :ext, :lower, :json.NAME, :each and :each.NAME';

function parseStep(step: string): Step | undefined {
  const width = /^0(\d{1,2})$/.exec(step)?.[1];
  if (width !== undefined) return { op: 'pad', width: Number(width) };
  const slice = /^(\d{1,4})\.\.(\d{0,4})$/.exec(step);
  if (slice !== null) {
    const to = slice[2] === '' ? undefined : Number(slice[2]);
    return { op: 'slice', from: Number(slice[1]), to };
  }
  const simple = (['url', 'base', 'stem', 'ext', 'lower'] as const).find((op) => op === step);
  if (simple !== undefined) return { op: simple };
  const [word, ...path] = step.split('.');
  if (path.includes('')) return undefined;
  if (word === 'from' && path.length > 0) return { op: 'from', name: path.join('.') };
  if (word === 'each') return { op: 'each', path };
  if (word === 'json' && path.length > 0) return { op: 'json', path };
  return undefined;
}

type Field = Extract<TemplatePart, { kind: 'column' }>;

function usesEach(part: Field): boolean {
  return part.steps.some((step) => step.op === 'each');
}

/** The texts of one field, several where it takes each element; null where there is none. */
function piecesOf(
  part: Field,
  value: ColumnValue,
  elements: Map<string, readonly unknown[]>,
): readonly (string | null)[] {
  let values: readonly unknown[] = [value];
  for (const [index, step] of part.steps.entries()) {
    if (step.op === 'each') {
      // Fields over one list read it once, so that their elements stay together.
      const key = JSON.stringify([part.column, part.steps.slice(0, index)]);
      const list = elements.get(key) ?? elementsOf(values[0]);
      elements.set(key, list);
      values = list.map((one) => fieldOf(one, step.path));
    } else values = values.map((one) => applyStep(step, one));
  }
  return values.map((one) => {
    const text = textOf(one);
    if ((text === null || text === '') && part.fallback !== undefined) return part.fallback;
    return text;
  });
}

function applyStep(step: Exclude<Step, { op: 'each' }>, value: unknown): unknown {
  if (step.op === 'json') return fieldOf(parseJson(value), step.path);
  const text = textOf(value);
  if (text === null) return null;
  switch (step.op) {
    case 'pad':
      return text.padStart(step.width, '0');
    case 'slice':
      return text.slice(step.from, step.to);
    case 'url':
      return pathOfUrl(text);
    case 'base':
      return baseOf(text);
    case 'from':
      return fromName(text, step.name);
    case 'stem':
      return baseOf(text).replace(/(?<=.)\.[^.]*$/, '');
    case 'ext':
      return /(?<=.)\.[^.]*$/.exec(baseOf(text))?.[0] ?? '';
    case 'lower':
      return text.toLowerCase();
  }
}

/** The path of a URL or of a link on a page, without what is in front of its first name and behind it. */
function pathOfUrl(text: string): string {
  const path = text
    .replace(/^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?#]*/, '')
    .replace(/[?#].*$/s, '')
    .replace(/^\/+/, '');
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Behind the last slash of either kind. */
function baseOf(text: string): string {
  return text.slice(Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\')) + 1);
}

/** The path from the first folder of that name on; null where it leads through none. */
function fromName(text: string, name: string): string | null {
  const names = text.replaceAll('\\', '/').split('/');
  const start = names.indexOf(name);
  return start === -1 ? null : names.slice(start).join('/');
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

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return null;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
