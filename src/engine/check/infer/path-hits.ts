// Which paths carry a value of a sampled row in their last name: the name itself, without its ending,
// as a padded number, between other text, cut in pieces; or as a whole path of the row. One pass over
// all paths, a few looks into one map each.

import { literalText } from '../../../core/check/print-template.ts';
import type { PathKind } from '../file-index.ts';
import type { Field, RowView } from './row-fields.ts';

/** A path that a view may have named. */
export interface Hit {
  readonly view: RowView;
  /** In the project. */
  readonly path: string;
  readonly kind: PathKind;
  /** The column that the last names stand for, and what a template calls it. */
  readonly column: string;
  readonly field: string;
  /** True where only a number ties the two together. */
  readonly isNumber: boolean;
  /** What a template has for the last `names` names of the path. */
  readonly last: string;
  readonly names: number;
  /** The value that names further up may be the beginning of: `ab` of `ab12…`. */
  readonly value: string;
}

export interface SearchedPaths {
  readonly paths: Iterable<readonly [path: string, kind: PathKind]>;
  /** Paths that no row is looked for: databases, caches. */
  readonly skips: (path: string) => boolean;
  /** How many names a path has in front of those below its data directory. */
  readonly outerNames: (path: string) => number;
}

interface Use {
  readonly view: RowView;
  readonly field: Field;
  /** The names of a value that is a path itself. */
  readonly names: readonly string[] | undefined;
}

/** A value that more paths carry says nothing. */
const maxHitsPerValue = 48;
/** Values that more rows share, neither. */
const maxUsesPerValue = 48;

export function findHits(
  views: readonly RowView[],
  mayAnchor: (view: RowView, field: Field) => boolean,
  searched: SearchedPaths,
): Hit[] {
  const uses = usesOf(views, mayAnchor);
  if (uses.size === 0) return [];
  const hits: Hit[] = [];
  const counts = new Map<string, number>();
  const look = (token: string, make: (use: Use) => readonly Hit[]): void => {
    const found = uses.get(token);
    if (found === undefined) return;
    const count = (counts.get(token) ?? 0) + 1;
    counts.set(token, count);
    if (count > maxHitsPerValue) return;
    for (const use of found) hits.push(...make(use));
  };
  for (const [path, kind] of searched.paths) {
    if (!searched.skips(path)) lookAt(path, kind, look, searched.outerNames);
  }
  return hits;
}

function usesOf(
  views: readonly RowView[],
  mayAnchor: (view: RowView, field: Field) => boolean,
): ReadonlyMap<string, readonly Use[]> {
  const uses = new Map<string, Use[]>();
  for (const view of views) {
    for (const field of view.own) {
      const names = field.isNumber ? undefined : pathNames(field.value);
      const token = names?.at(-1) ?? field.value;
      if (!mayAnchor(view, field) || (!field.isNumber && token.length < 3)) continue;
      const known = uses.get(field.isNumber ? `#${token}` : token) ?? [];
      if (known.length >= maxUsesPerValue) continue;
      known.push({ view, field, names });
      uses.set(field.isNumber ? `#${token}` : token, known);
    }
  }
  return uses;
}

/** The names of a path or of a URL; undefined for a value without a slash. */
function pathNames(value: string): readonly string[] | undefined {
  if (!/[/\\]/.test(value) || value.length > 1024) return undefined;
  const isUrl = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(value) || value.startsWith('/');
  const path = isUrl
    ? value.replace(/^[A-Za-z][A-Za-z0-9+.-]*:\/\/[^/?#]*/, '').replace(/[?#].*$/s, '')
    : value;
  const names = path.split(/[/\\]/).filter((name) => name !== '' && name !== '.');
  if (names.length === 0 || names.includes('..')) return undefined;
  return isUrl ? names.map(decoded) : names;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

type Look = (token: string, make: (use: Use) => readonly Hit[]) => void;

function lookAt(
  path: string,
  kind: PathKind,
  look: Look,
  outerNames: SearchedPaths['outerNames'],
): void {
  const slash = path.lastIndexOf('/');
  const name = path.slice(slash + 1);
  look(name, (use) =>
    use.names === undefined ? [whole(use, path, kind)] : along(use, path, kind, outerNames(path)),
  );
  const dot = name.indexOf('.', 1);
  const lastDot = name.lastIndexOf('.');
  if (dot > 0) lookAtStem(path, kind, name.slice(0, dot), name.slice(dot), look);
  if (lastDot > dot) lookAtStem(path, kind, name.slice(0, lastDot), name.slice(lastDot), look);
  lookAtStem(path, kind, name, '', look);
  const bar = name.indexOf('_');
  if (bar > 2) {
    look(name.slice(0, bar), (use) => withRest(use, path, kind, name.slice(bar + 1)));
  }
  if (slash > 0) lookAtPieces(path, kind, name, slash, look);
}

function whole(use: Use, path: string, kind: PathKind): Hit {
  return hit(use, path, kind, `{${use.field.text}}`, 1);
}

function hit(use: Use, path: string, kind: PathKind, last: string, names: number): Hit {
  const { view, field } = use;
  const { column, isNumber, value } = field;
  return { view, path, kind, column, field: field.text, isNumber, last, names, value };
}

/** The stem is the value, or a number, or ends in one of them. */
function lookAtStem(path: string, kind: PathKind, stem: string, ending: string, look: Look): void {
  if (ending !== '') {
    look(stem, (use) =>
      use.names === undefined
        ? endings(use.view, ending).map((end) =>
            hit(use, path, kind, `{${use.field.text}}${end}`, 1),
          )
        : [],
    );
  }
  const digits = digitsAtEnd(stem);
  if (digits !== '' && digits.length < 16) {
    const head = stem.slice(0, -digits.length);
    if (/^(?:|.*[a-z_-])$/i.test(head) && head.length <= 24) {
      look(`#${digits.replace(/^0+(?=.)/, '')}`, ({ view, field }) =>
        padded(field.text, field.value, digits).map((term) =>
          hit(
            { view, field, names: undefined },
            path,
            kind,
            literalText(head) + term + literalText(ending),
            1,
          ),
        ),
      );
    }
  }
  const mark = /^[A-Za-z]+[-_.]/.exec(stem)?.[0];
  // Behind a dot there are endings.
  const least = mark?.endsWith('.') === true ? 6 : 3;
  if (mark !== undefined && stem.length - mark.length >= least) {
    look(stem.slice(mark.length), (use) =>
      use.names === undefined
        ? [hit(use, path, kind, `${literalText(mark)}{${use.field.text}}${literalText(ending)}`, 1)]
        : [],
    );
  }
}

/** A loop: a pattern would try anew at every digit of an id. */
function digitsAtEnd(text: string): string {
  let start = text.length;
  while (start > 0 && isDigit(text.charCodeAt(start - 1))) start -= 1;
  return text.slice(start);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function padded(text: string, value: string, digits: string): readonly string[] {
  const plain = `{${text}}`;
  const wide = `{${text}:0${digits.length}}`;
  if (digits.length > value.length) return [wide];
  return digits.length > 1 ? [plain, wide] : [plain];
}

/** What may stand for an ending: the text itself, or a field of the row. */
function endings(view: RowView, ending: string): readonly string[] {
  const bare = ending.slice(1);
  const columns = view.fields.flatMap(({ text, value, isNumber }) => {
    if (isNumber) return [];
    if (value === ending) return [`{${text}}`];
    if (value === bare) return [`.{${text}}`];
    if (value.toLowerCase() === bare) return [`.{${text}:lower}`];
    return value.length > ending.length && value.endsWith(ending) && extensionOf(value) === ending
      ? [`{${text}:ext}`]
      : [];
  });
  return [literalText(ending), ...columns];
}

function extensionOf(value: string): string {
  return /(?<=[^/\\])\.[^./\\]*$/.exec(value)?.[0] ?? '';
}

/** `{id}_{filename}`. */
function withRest(use: Use, path: string, kind: PathKind, rest: string): readonly Hit[] {
  if (use.names !== undefined || use.field.isNumber) return [];
  return use.view.fields
    .filter(({ value, isNumber }) => !isNumber && value === rest)
    .map(({ text }) => hit(use, path, kind, `{${use.field.text}}_{${text}}`, 1));
}

/** `ab/12/cd…`, the value cut in pieces of which the last is the longest. */
function lookAtPieces(path: string, kind: PathKind, name: string, slash: number, look: Look): void {
  const pieces = [name];
  let end = slash;
  for (let depth = 0; depth < 3 && end > 0; depth += 1) {
    const start = path.lastIndexOf('/', end - 1);
    const piece = path.slice(start + 1, end);
    if (piece.length > 4 || name.length < 8) return;
    pieces.unshift(piece);
    look(pieces.join(''), (use) =>
      use.names === undefined && !use.field.isNumber
        ? [hit(use, path, kind, slices(use.field.text, pieces), pieces.length)]
        : [],
    );
    end = start;
  }
}

function slices(text: string, pieces: readonly string[]): string {
  let at = 0;
  const parts = pieces.map((piece, index) => {
    const from = at;
    at += piece.length;
    return `{${text}:${from}..${index === pieces.length - 1 ? '' : at}}`;
  });
  return parts.join('/');
}

/** The value is a path: as much of its end as the path has in common with it below its data directory. */
function along(
  { view, field, names = [] }: Use,
  path: string,
  kind: PathKind,
  outer: number,
): readonly Hit[] {
  const own = path.split('/');
  let common = 0;
  while (common < Math.min(own.length, names.length) && isSame(own, names, common)) common += 1;
  const use = { view, field, names };
  const isPlain = names.join('/') === field.value;
  if (common === names.length) {
    return [hit(use, path, kind, isPlain ? `{${field.text}}` : `{${field.text}:url}`, common)];
  }
  const last = names.at(-1) ?? '';
  const base = field.value.endsWith(last) ? `{${field.text}:base}` : `{${field.text}:url:base}`;
  const hits = [hit(use, path, kind, base, 1)];
  const inner = Math.min(common, own.length - outer);
  const start = names.length - inner;
  const first = names[start] ?? '';
  const mayStart = inner > 1 && names.indexOf(first) === start && !/[:|{}]/.test(first);
  if (mayStart && field.value.endsWith(last)) {
    hits.push(hit(use, path, kind, `{${field.text}:from.${first}}`, inner));
  }
  return hits;
}

function isSame(own: readonly string[], names: readonly string[], common: number): boolean {
  return own[own.length - 1 - common] === names[names.length - 1 - common];
}
