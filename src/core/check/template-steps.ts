// What a template does with the value of a column, one step after the other: `{key:0..2}`.

import { dateText, timeOfValue } from './time-value.ts';

export type Step =
  | { readonly op: 'pad'; readonly width: number }
  | { readonly op: 'slice'; readonly from: number; readonly to: number | undefined }
  | { readonly op: 'url' | 'base' | 'stem' | 'ext' | 'lower' }
  | { readonly op: 'hash'; readonly algorithm: TextHash }
  | { readonly op: 'date'; readonly format: string }
  | { readonly op: 'from'; readonly name: string }
  | { readonly op: 'json'; readonly path: readonly string[] }
  | { readonly op: 'each'; readonly path: readonly string[] }
  | { readonly op: 'after'; readonly start: string };

export type TextHash = 'md5' | 'sha1' | 'sha256';

/** Of a text's UTF-8 bytes, in lower-case hex: core has no hashes of its own. */
export type HashText = (algorithm: TextHash, text: string) => string;

/** Steps that make one text of one text. */
export type PlainStep = Exclude<Step, { op: 'each' | 'json' | 'after' }>;

/** For messages. */
export const stepNames =
  ':07, :0..2, :url, :base, :from.NAME, :stem, :ext, :lower, :md5, :sha1, :sha256, :%Y/%m, :json.NAME, :each, :each.NAME and :after."TEXT"';

/** `:a:b."x:y"` as its steps; a colon in quotes is none. */
export function splitSteps(steps: string): readonly string[] {
  const found = steps.match(/:(?:"(?:[^"]|"")*"|[^:"])*/g) ?? [];
  return found.map((step) => step.slice(1).trim());
}

/** Undefined where there is no such step. */
export function parseStep(step: string): Step | undefined {
  const width = /^0(\d{1,2})$/.exec(step)?.[1];
  if (width !== undefined) return { op: 'pad', width: Number(width) };
  const slice = /^(\d{1,4})\.\.(\d{0,4})$/.exec(step);
  if (slice !== null) {
    const to = slice[2] === '' ? undefined : Number(slice[2]);
    return { op: 'slice', from: Number(slice[1]), to };
  }
  if (/^(?:%[YymdH]|[/_.-])+$/.test(step) && step.startsWith('%')) {
    return { op: 'date', format: step };
  }
  const simple = (['url', 'base', 'stem', 'ext', 'lower'] as const).find((op) => op === step);
  if (simple !== undefined) return { op: simple };
  const algorithm = (['md5', 'sha1', 'sha256'] as const).find((name) => name === step);
  if (algorithm !== undefined) return { op: 'hash', algorithm };
  const start = /^after\.(?:"((?:[^"]|"")+)"|([^"]+))$/s.exec(step);
  if (start !== null) {
    return { op: 'after', start: start[1]?.replaceAll('""', '"') ?? start[2] ?? '' };
  }
  return parseNamed(step.split('.'));
}

function parseNamed([word, ...path]: readonly string[]): Step | undefined {
  if (path.includes('')) return undefined;
  if (word === 'from' && path.length > 0) return { op: 'from', name: path.join('.') };
  if (word === 'each') return { op: 'each', path };
  if (word === 'json' && path.length > 0) return { op: 'json', path };
  return undefined;
}

/** Null where the text has no such part. */
export function applyStep(step: PlainStep, text: string, hashText: HashText): string | null {
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
      return baseOf(text).replace(/(?<=.)\.[^.]*$/s, '');
    case 'ext':
      return /(?<=.)\.[^.]*$/s.exec(baseOf(text))?.[0] ?? '';
    case 'lower':
      return text.toLowerCase();
    case 'hash':
      return hashText(step.algorithm, text);
    case 'date': {
      const ms = timeOfValue(text);
      return ms === undefined ? null : dateText(ms, step.format);
    }
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

const maxTexts = 10_000;

/**
 * What stands behind `start` wherever it begins a piece of the text. A text in JSON that begins with it
 * is one piece as it stands; in pages and notes pieces end at white space, quotes, brackets, commas, `?`
 * and `#`.
 */
export function textsAfter(value: unknown, start: string): readonly string[] {
  const found: string[] = [];
  const visit = (one: unknown, isWhole: boolean): void => {
    if (found.length >= maxTexts) return;
    if (typeof one === 'string') found.push(...piecesAfter(one, start, isWhole));
    else if (typeof one === 'object' && one !== null) {
      for (const child of Object.values(one)) visit(child, true);
    }
  };
  visit(value, false);
  return [...new Set(found)];
}

function piecesAfter(text: string, start: string, isWhole: boolean): readonly string[] {
  if (isWhole && text.startsWith(start)) return [text.slice(start.length)];
  const found: string[] = [];
  for (let at = text.indexOf(start); at !== -1; at = text.indexOf(start, at + start.length)) {
    if (at > 0 && !pieceStarts.test(text[at - 1] ?? '')) continue;
    const from = at + start.length;
    const rest = text.slice(from, from + maxPieceLength);
    const length = rest.search(pieceEnds);
    found.push((length === -1 ? rest : rest.slice(0, length)).replace(/[.:!]+$/, ''));
  }
  return found.filter((piece) => piece !== '');
}

const maxPieceLength = 4096;
const pieceStarts = /[\s"'`<>()[\]{}\\,;|=]/;
const pieceEnds = /[\s"'`<>()[\]{}\\,;|?#]/;
