// Which of the templates that hold are the rules: the same files never belong to two, a folder is none
// where its files have rows of their own, and numbers alone prove nothing.

import type { PathTemplate } from '../../../core/check/template.ts';
import type { Join } from '../../../core/check/rule.ts';
import type { RuleEvidence } from '../../../core/documents/rule-evidence.ts';
import type { PathKind } from '../file-index.ts';
import { leastFits } from './thresholds.ts';

export interface Candidate {
  readonly table: number;
  readonly tableName: string;
  /** Relative to the scope. */
  readonly template: PathTemplate;
  /** Of its table, those that the template has columns of. */
  readonly joins: readonly Join[];
  readonly where: string | null;
  readonly state: 'checked' | 'suggested';
  readonly evidence: RuleEvidence;
  /** Paths of its rows that are there, whatever `where` says. */
  readonly found: ReadonlySet<string>;
  readonly isFolder: boolean;
  readonly isNumber: boolean;
}

/**
 * @param known paths of rules that are known already
 * @param tops data directories: words right below one are no names
 */
export function chooseTemplates(
  candidates: readonly Candidate[],
  entries: ReadonlyMap<string, PathKind>,
  known: readonly ReadonlySet<string>[],
  tops: readonly string[],
): { readonly chosen: readonly Candidate[]; readonly claims: Claims } {
  const chosen: Candidate[] = [];
  const claims = new Claims();
  for (const one of known) claims.add(one);
  const rank = (one: Candidate): readonly number[] => [
    one.isFolder ? 1 : 0,
    isCounted(one) ? (isNamesake(one) ? 1 : 2) : 0,
    one.state === 'checked' ? 0 : 1,
    -one.found.size,
    cost(one.template),
  ];
  const doubtful = candidates.filter((one) => isCounted(one) || isPlainWords(one));
  const siblings = countSiblings(doubtful, entries);
  const ranked = candidates.map((one) => ({ one, rank: rank(one) }));
  for (const { one } of ranked.toSorted((a, b) => compare(a.rank, b.rank))) {
    if (claims.newOf(one.found, one.isFolder) < Math.max(leastFits, one.found.size / 5)) continue;
    if (isCounted(one)) {
      if (!isNumbering(one, siblings.get(one) ?? 0, chosen)) continue;
    } else if (isPlainWords(one)) {
      const isAtTop = tops.includes(one.template.text.split('{')[0]?.replace(/\/$/, '') ?? '');
      if (isAtTop || !isNaming(one, siblings.get(one) ?? 0)) continue;
    }
    if (belongsElsewhere(one, candidates, entries) || isExplained(one, candidates)) continue;
    claims.add(one.found, one.joins.length > 0);
    chosen.push(one);
  }
  return { chosen, claims };
}

function belongsElsewhere(
  one: Candidate,
  candidates: readonly Candidate[],
  entries: ReadonlyMap<string, PathKind>,
): boolean {
  return candidates.some((other) => isBeside(one, other)) || isAnywhere(one, entries);
}

/** True for files in any folder where a rule that is checked has their folders from columns of the row. */
function isExplained(one: Candidate, candidates: readonly Candidate[]): boolean {
  if (one.template.parts.every(({ kind }) => kind !== 'below')) return false;
  const anchor = one.template.columns.at(-1);
  return candidates.some(
    (other) =>
      other.table === one.table &&
      other.state === 'checked' &&
      other.template.columns.at(-1) === anchor &&
      other.found.size >= one.found.size * 0.9 &&
      hasFoldersOfRow(other.template),
  );
}

/** A day may be that of another zone: it tells no folder surely. */
function hasFoldersOfRow({ parts }: PathTemplate): boolean {
  if (parts.some(({ kind }) => kind === 'below')) return false;
  return parts.slice(0, -1).some((part, index) => {
    if (part.kind !== 'column' || part.steps.some(({ op }) => op === 'date')) return false;
    const next = parts[index + 1];
    return next?.kind === 'text' && next.text.includes('/');
  });
}

/** True for what lies beside each file of another rule under its name: `{file}.attrs`. */
function isBeside(one: Candidate, other: Candidate): boolean {
  if (one.table !== other.table || other.found.size < one.found.size * 0.8) return false;
  return isBesideText(one.template.text, other.template.text);
}

/** True where a template is another one with an ending. */
export function isBesideText(text: string, other: string): boolean {
  const isLonger = text.length > other.length && other.endsWith('}') && text.startsWith(other);
  return isLonger && !/[/{]/.test(text.slice(other.length));
}

/** Paths that rules have, and the folders on the way to them. */
export class Claims {
  readonly claimed = new Set<string>();
  readonly above = new Set<string>();
  /** Those that the row of another table has: it may need the folder by itself. */
  readonly #joined = new Set<string>();

  add(paths: ReadonlySet<string>, isJoined = false): void {
    const above = isJoined ? this.#joined : this.above;
    for (const path of paths) {
      this.claimed.add(path);
      for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
        const folder = path.slice(0, end);
        if (above.has(folder)) break;
        above.add(folder);
      }
    }
  }

  /** @param mayBeJoined folders that only a row of another table has are new */
  newOf(paths: ReadonlySet<string>, mayBeJoined = false): number {
    if (this.claimed.size === 0) return paths.size;
    let count = 0;
    for (const path of paths) {
      const isOnTheWay = !mayBeJoined && this.#joined.has(path);
      if (!isOnTheWay && !this.#has(path)) count += 1;
    }
    return count;
  }

  /** True also for a folder on the way to a claimed path, and for what lies in one. */
  has(path: string): boolean {
    return this.#joined.has(path) || this.#has(path);
  }

  #has(path: string): boolean {
    if (this.claimed.has(path) || this.above.has(path)) return true;
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      if (this.claimed.has(path.slice(0, end))) return true;
    }
    return false;
  }
}

/** Padding costs nothing, and a path without what a container has in front is still that path. */
const discounts: Readonly<Partial<Record<string, number>>> = { pad: 29, from: 15 };
/** A folder that is not told is the last resort. */
const belowCost = 250;

/** Fewer columns are simpler, and a column as it is is simpler than a part of one. */
export function cost({ parts, text }: PathTemplate): number {
  const fields = parts.filter((part) => part.kind === 'column');
  const steps = fields.flatMap(({ steps: of }) =>
    of.filter(({ op }) => op !== 'each' && op !== 'json'),
  );
  const discount = steps.reduce((sum, { op }) => sum + (discounts[op] ?? 0), 0);
  // Fields of one element belong together more than one of them and a column.
  const elements = fields.filter(({ steps: of }) => of.some(({ op }) => op === 'each')).length;
  const mixed = elements > 0 && elements < fields.length ? 5 : 0;
  // A column that has the ending too knows it of every row.
  const ending = /\}[^{}/]+$/.test(text) ? 2 : 0;
  const below = parts.some((part) => part.kind === 'below') ? belowCost : 0;
  return (
    below + fields.length * 20 + steps.length * 30 - discount + mixed + ending + text.length / 100
  );
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

/**
 * Rows are numbered from one on everywhere, and so are files: only where just the numbers that have a
 * row have a file, and numbers are missing in between, or the place has the name of the table, or the
 * table has files in the same folders anyway, the one follows from the other.
 */
function isNumbering(one: Candidate, siblings: number, chosen: readonly Candidate[]): boolean {
  if (one.found.size < siblings * 0.95) return false;
  // Many rows of one day do not name its file.
  if (!one.isNumber && one.found.size < one.evidence.fits * 0.9) return false;
  const values = numbersOf(one);
  const span = Math.max(...values) - Math.min(...values) + 1;
  if (span - values.size >= 3) return true;
  const isMany = one.found.size >= leastNumbers;
  if (isMany && isNamesake(one)) return true;
  const folder = upperFolder(one.template);
  const beside = chosen.filter(
    (other) => other.table === one.table && upperFolder(other.template) === folder,
  );
  return beside.some(
    (other) => !isCounted(other) || (isMany && sameNumbers(numbersOf(other), values)),
  );
}

/** Fewer numbers are soon the same by chance. */
const leastNumbers = 10;

function numbersOf(one: Candidate): ReadonlySet<number> {
  return new Set(valuesOf(one).map(countOf));
}

/** What the last column stands for in the paths that were found. */
function valuesOf({ found, template: { parts } }: Candidate): string[] {
  const last = parts.at(-1);
  const ending = last?.kind === 'text' ? last.text.length : 0;
  return [...found].map((path) => path.slice(0, path.length - ending).replace(/^.*\//s, ''));
}

/** Days and months are counted, too. */
function countOf(value: string): number {
  const [, year = '', month = '', day] = /(\d{4})-?(\d\d)(?:-?(\d\d))?$/.exec(value) ?? [];
  if (year === '' || Number(month) > 12) return Number(/\d+$/.exec(value)?.[0] ?? 0);
  const months = Number(year) * 12 + Number(month);
  return day === undefined
    ? months
    : Date.UTC(Number(year), Number(month) - 1, Number(day)) / 86_400_000;
}

/** True where numbers or days tie the two together, be they numbers in their column or texts. */
function isCounted(one: Candidate): boolean {
  if (one.isNumber) return true;
  const values = valuesOf({ ...one, found: new Set([...one.found].slice(0, 200)) });
  const isCount = (value: string): boolean => /^(?:\d{1,8}|\d{4}-\d\d(?:-\d\d)?)$/.test(value);
  return values.filter(isCount).length * 2 > values.length;
}

function sameNumbers(own: ReadonlySet<number>, others: ReadonlySet<number>): boolean {
  return own.size === others.size && [...own].every((value) => others.has(value));
}

/** True where the folder, or what stands in front of the number, is called like the table: `photos/{id}.jpg` of `app_photo`. */
function isNamesake({ tableName, template: { text } }: Candidate): boolean {
  const names = (text.split('{')[0] ?? '').split('/');
  const places = names.slice(-2).map((name) => singular(name.replace(/[^\p{L}\d]+$/u, '')));
  const table = tableName.toLowerCase();
  const own = [table, table.slice(table.lastIndexOf('_') + 1)].map(singular);
  return places.some((place) => place !== '' && own.includes(place));
}

/** Near enough to compare names with. */
function singular(word: string): string {
  return word
    .toLowerCase()
    .replace(/ies$/, 'y')
    .replace(/(?:(?<=x|ch|sh|ss)e)?s$/, '');
}

/** The folder above the one that the last name is in. */
function upperFolder({ text }: PathTemplate): string {
  const names = text.split('{')[0]?.split('/').slice(0, -1) ?? [];
  return names.slice(0, Math.max(1, names.length - 1)).join('/');
}

/** True where most names that were found are words or years that stand anywhere: `about`, `logo.png`, `2024`. */
function isPlainWords({ found }: Candidate): boolean {
  let words = 0;
  for (const path of found) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    if (/^(?:[\p{L} _-]{1,24}|\d{1,4})(?:\.[a-z0-9]{1,5})*$/iu.test(name)) words += 1;
  }
  return words * 2 > found.size;
}

/** True where many rows share a few words, such as the icons of a type: what nobody has chosen yet is not lost. */
export function isChoice(one: Candidate): boolean {
  return isPlainWords(one) && one.found.size * 2 <= one.evidence.fits;
}

/**
 * Words meet by chance. They name what lies there only where nearly everything beside it is named by
 * a row, too; and folders only where each row has its own.
 */
function isNaming(one: Candidate, siblings: number): boolean {
  if (one.found.size < siblings * 0.9) return false;
  return !one.isFolder || one.found.size >= one.evidence.fits * 0.9;
}

/**
 * True where the names that were found in one folder stand in several others just so: pages of many
 * sites, files of many versions. Which of them a row means, its columns do not tell.
 */
function isAnywhere({ found }: Candidate, entries: ReadonlyMap<string, PathKind>): boolean {
  const [first = ''] = found;
  const own = folderOf(first);
  const names = new Set([...found].map((path) => path.slice(own.length)));
  if (own === '' || [...found].some((path) => folderOf(path) !== own)) return false;
  const counts = new Map<string, number>();
  for (const path of entries.keys()) {
    const folder = folderOf(path);
    if (folder === own || !names.has(path.slice(folder.length))) continue;
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  const alike = [...counts.values()].filter((count) => count >= names.size * 0.9).length;
  return alike > mostCopies;
}

/** Thumbnails and the like have the names of their originals. */
const mostCopies = 2;

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** How many paths of its kind look as if the template had made them. */
function countSiblings(
  candidates: readonly Candidate[],
  entries: ReadonlyMap<string, PathKind>,
): ReadonlyMap<Candidate, number> {
  const counts = new Map<Candidate, number>();
  if (candidates.length === 0) return counts;
  const shapes = candidates.map((one) => ({ one, shape: shapeOf(one) }));
  for (const [path, kind] of entries) {
    for (const { one, shape } of shapes) {
      const isOfKind = (kind === 'directory') === one.isFolder;
      if (isOfKind && shape.test(path)) counts.set(one, (counts.get(one) ?? 0) + 1);
    }
  }
  return counts;
}

function shapeOf({ template: { parts }, isNumber }: Candidate): RegExp {
  const pattern = parts.map((part, index) => {
    if (part.kind === 'below') return '(?:.*/)?';
    if (part.kind === 'text') return part.text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
    const isLast = parts.slice(index + 1).every(({ kind }) => kind === 'text');
    return isLast && isNumber ? '\\d+' : '[^/]+';
  });
  return new RegExp(`^${pattern.join('')}$`, 's');
}
