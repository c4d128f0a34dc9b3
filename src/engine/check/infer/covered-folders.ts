// The other direction: which paths each need a row. Where nearly all paths at the places of a rule
// have one, the rest are files that no row knows; what an application puts beside each file is told
// by its name.

import { templateNames } from '../../../core/check/template.ts';
import type { PathKind } from '../file-index.ts';
import { exactMatcher } from '../glob-matchers.ts';
import { escapeGlob } from '../../detect/exclusion-matcher.ts';
import type { Claims } from './choose-templates.ts';
import { holds, leastFits } from './thresholds.ts';

export interface Coverage {
  readonly covers: string;
  readonly tombstones: readonly string[];
}

/** Files that are being written. */
const unfinished = ['**/*.tmp', '**/*.part'];
/** So many files beside others make a habit. */
const leastBeside = 3;

/** What there is beside the paths of one rule. */
export interface Surroundings {
  /** Paths of all rules. */
  readonly claims: Claims;
  readonly entries: ReadonlyMap<string, PathKind>;
  readonly isDatabase: (path: string) => boolean;
  /** Of files that no rule knows, those that a row names all the same; undefined where nobody can tell. */
  readonly mentioned: (paths: readonly string[]) => ReadonlySet<string> | undefined;
}

/** @param found paths of the rule; all are of one template */
export function coverageOf(
  template: string,
  found: ReadonlySet<string>,
  surroundings: Surroundings,
): Coverage | undefined {
  for (const covers of globsOf(template, found)) {
    const coverage = tryCover(covers, surroundings);
    if (coverage !== undefined) return coverage;
  }
  return undefined;
}

/** The widest first. None where they would reach over everything. */
function globsOf(template: string, found: ReadonlySet<string>): string[] {
  const names = templateNames(template);
  const depths = new Set<number>();
  for (const path of found) depths.add(namesIn(path));
  const [depth] = depths;
  if (depth === undefined) return [];
  const isField = (name: string | undefined): boolean =>
    /(?:^|[^{])(?:\{\{)*\{(?!\{)/.test(name ?? '');
  const wideName = (name: string): string => (isField(name) ? '*' : plainGlob(name));
  const anywhere = names.indexOf('**');
  let globs: string[];
  if (anywhere !== -1) {
    globs = [[...names.slice(0, anywhere).map(wideName), '**'].join('/')];
  } else if (depths.size === 1 && depth === names.length) {
    const last = names.findLastIndex(isField);
    const wide = names.slice(0, last + 1).map(wideName);
    const head = wide.slice(0, -1);
    const affix = [...head, affixGlob(names[last] ?? '')].join('/');
    // Names that begin alike are a kind of their own; of endings a folder may have several.
    const isKind = /^[^{]*\p{L}/u.test(names[last] ?? '');
    globs = isKind ? [affix] : [wide.join('/'), affix];
  } else {
    const fixed = withoutDays(commonFolder(found, depth), names.findIndex(isField));
    const rest = depths.size === 1 ? Array(depth - fixed.length).fill('*') : ['**'];
    globs = [[...fixed.map(escapeGlob), ...rest].join('/')];
  }
  return [...new Set(globs)].filter((glob) => !glob.startsWith('*'));
}

function namesIn(path: string): number {
  let count = 1;
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) count += 1;
  return count;
}

/** A name of a template without a column. */
function plainGlob(name: string): string {
  return escapeGlob(name.replaceAll('{{', '{').replaceAll('}}', '}'));
}

/** `*.webp` of `{id:07}.webp`. */
function affixGlob(name: string): string {
  const [head = ''] = name.split('{');
  const end = name.slice(name.lastIndexOf('}') + 1);
  return `${escapeGlob(head)}*${escapeGlob(end)}`;
}

/** Folders that only the day of a row makes are others tomorrow; those that the template itself names stay. */
export function withoutDays(names: readonly string[], own: number): string[] {
  const last = names.findLastIndex((name) => !/^\d[\d_.-]*$/.test(name));
  return names.slice(0, Math.max(last + 1, own));
}

/** Names of the deepest folder that has all of the paths in it. */
export function commonFolder(paths: ReadonlySet<string>, depth = Infinity): string[] {
  let common: string[] | undefined;
  for (const path of paths) {
    const names = path.split('/').slice(0, -1);
    common ??= names;
    const end = common.findIndex((name, index) => name !== names[index]);
    if (end !== -1) common = common.slice(0, end);
  }
  return (common ?? []).slice(0, depth - 1);
}

/**
 * The coverage that goes for a rule among those of all: where another one reaches over the same
 * folder and deeper, that one, so that what one of them knows is no orphan of the other.
 */
export function widest(
  own: Coverage | undefined,
  all: readonly (Coverage | undefined)[],
): Coverage | undefined {
  if (own === undefined) return undefined;
  const folder = own.covers.replace(/[^/]*$/, '');
  const wider = all.filter(
    (one) => one?.covers.endsWith('/**') === true && folder.startsWith(one.covers.slice(0, -2)),
  );
  return wider.toSorted((a, b) => (a?.covers.length ?? 0) - (b?.covers.length ?? 0))[0] ?? own;
}

function tryCover(
  covers: string,
  { claims, entries, isDatabase, mentioned }: Surroundings,
): Coverage | undefined {
  const matches = exactMatcher(covers);
  const wildcard = covers.search(/(?<!\\)[*]/);
  const start = covers.slice(0, covers.lastIndexOf('/', wildcard) + 1).replaceAll(/\\(.)/g, '$1');
  const filesOnly = covers.includes('**');
  let covered = 0;
  let filesHere = false;
  const open = new Map<string, PathKind>();
  for (const [path, kind] of entries) {
    if (!path.startsWith(start) || (filesOnly && kind === 'directory') || !matches(path)) continue;
    if (claims.has(path)) {
      covered += 1;
      filesHere ||= kind !== 'directory';
    } else if (!isUnfinished(path)) open.set(path, kind);
  }
  const { own, names } = withoutStandIns([...open.keys()], start);
  const { tombstones, rest } = besides(own, claims, start);
  // Where rows have files, a folder beside them is another matter.
  const folders = filesHere ? rest.filter((path) => open.get(path) === 'directory') : [];
  const files = rest.filter((path) => !folders.includes(path));
  const apart = foldersApart(folders, claims, start);
  if (apart.length > maxApart || files.length > covered) return undefined;
  const lost = files.filter((path) => !isDatabase(path));
  const known = lost.length === 0 ? new Set<string>() : mentioned(lost);
  if (!mayBeLost(lost, known, covered, endingsOf(claims, matches))) return undefined;
  const others = [
    ...names.map((name) => `${escapeGlob(start)}**/${name}`),
    ...apart,
    ...[...(known ?? [])].map(escapeGlob),
  ];
  return { covers, tombstones: [...tombstones, ...others.toSorted(), ...unfinished] };
}

/** As globs: of the folders of old versions that mirror those of the files only the one above them all. */
function foldersApart(folders: readonly string[], { claimed }: Claims, start: string): string[] {
  if (folders.length === 0) return [];
  const used = new Set<string>();
  for (const path of claimed) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const above = path.slice(0, at);
      if (used.has(above)) break;
      used.add(above);
    }
  }
  const globs = folders.map((folder) => {
    let at = folder.indexOf('/', start.length);
    while (at !== -1 && used.has(folder.slice(0, at))) at = folder.indexOf('/', at + 1);
    return at === -1 ? escapeGlob(folder) : `${escapeGlob(folder.slice(0, at))}/**`;
  });
  return [...new Set(globs)];
}

/** More of them beside files, or more that a row names by chance: the place is not only for these. */
const maxApart = 20;

/**
 * True where files without a row are few enough to be told one by one. One more of them may not make
 * all of them silent: a quarter of what rows have, as long as they look like it and no row names them.
 */
function mayBeLost(
  lost: readonly string[],
  known: ReadonlySet<string> | undefined,
  covered: number,
  endings: ReadonlySet<string>,
): boolean {
  if (known === undefined) return holds(covered, covered + lost.length);
  const unknown = lost.filter((path) => !known.has(path));
  if (known.size > maxApart) return false;
  if (holds(covered, covered + unknown.length)) return true;
  if (covered < leastFits * 2) return false;
  const unlike = unknown.filter((path) => !endings.has(endingOf(path)));
  return unknown.length * 4 <= covered && unlike.length * 10 <= covered;
}

function endingsOf({ claimed }: Claims, matches: (path: string) => boolean): ReadonlySet<string> {
  const endings = new Set<string>();
  for (const path of claimed) {
    const ending = endingOf(path);
    if (!endings.has(ending) && matches(path)) endings.add(ending);
  }
  return endings;
}

function endingOf(path: string): string {
  return /(?<=[^/])\.[^./]*$/.exec(path)?.[0].toLowerCase() ?? '';
}

/** What all rows share, or none needs: a default picture, a page that keeps lists away. */
const standIn =
  /^(?:[a-z]+[-_ ])?(?:default|placeholder|fallback|anonymous|blank|empty|missing|unknown|no[-_ ]?(?:image|img|photo|picture|avatar|cover|icon|thumb(?:nail)?))(?:[-_ .@].*)?$|^(?:readme|index|license|robots|favicon)\.[a-z]+$/i;

/** The paths without such files and what is hidden, and globs of these names. */
function withoutStandIns(
  paths: readonly string[],
  start: string,
): { readonly own: readonly string[]; readonly names: readonly string[] } {
  const names = new Set<string>();
  const own = paths.filter((path) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const isHidden = /(?:^|\/)\./.test(path.slice(start.length));
    if (isHidden) names.add('.*');
    else if (standIn.test(name)) names.add(escapeGlob(name));
    else return true;
    return false;
  });
  return { own, names: [...names] };
}

function isUnfinished(path: string): boolean {
  return /\.(?:tmp|part|gitkeep|gitignore|keep|DS_Store)$/.test(path);
}

/** What lies beside claimed files under names made of theirs, as globs; and what is left. */
function besides(
  open: readonly string[],
  { claimed }: Claims,
  start: string,
): { readonly tombstones: readonly string[]; readonly rest: readonly string[] } {
  const stems = stemsOf(claimed, start);
  const shapes = new Map<string, number>();
  for (const path of open) {
    const shape = besideShape(path, claimed, stems);
    if (shape !== undefined) shapes.set(shape, (shapes.get(shape) ?? 0) + 1);
  }
  const habits = [...shapes].filter(([, count]) => count >= leastBeside).map(([shape]) => shape);
  // Also what lies beside a file that is not there any more.
  const isHabit = habits.map(exactMatcher);
  const rest = open.filter((path) => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return !isHabit.some((matches) => matches(name));
  });
  const tombstones = habits.map((shape) => `${escapeGlob(start)}**/${shape}`).toSorted();
  return { tombstones, rest };
}

/** Folder and name without its ending, of what is claimed. */
function stemsOf(claimed: ReadonlySet<string>, start: string): ReadonlySet<string> {
  const stems = new Set<string>();
  for (const path of claimed) {
    if (path.startsWith(start)) stems.add(path.replace(/(?<=[^/])\.[^./]*$/, ''));
  }
  return stems;
}

/** Glob of the last name: `*.attrs`, `thumbs_*`, `*__*`. */
function besideShape(
  path: string,
  claimed: ReadonlySet<string>,
  stems: ReadonlySet<string>,
): string | undefined {
  const slash = path.lastIndexOf('/') + 1;
  const folder = path.slice(0, slash);
  const name = path.slice(slash);
  for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
    const isOf = claimed.has(folder + name.slice(0, dot)) || stems.has(folder + name.slice(0, dot));
    if (isOf) return `*${escapeGlob(name.slice(dot))}`;
  }
  const mark = /^[A-Za-z0-9]{2,16}[_-]/.exec(name)?.[0];
  if (mark !== undefined && claimed.has(folder + name.slice(mark.length))) {
    return `${escapeGlob(mark)}*`;
  }
  for (const between of ['__', '@', '_', '-']) {
    const at = name.indexOf(between);
    if (at > 2 && stems.has(folder + name.slice(0, at))) return `*${escapeGlob(between)}*`;
  }
  return undefined;
}
