// Whether a path that a command names reaches into the data: a pattern of the shell against the roots
// of the data directories. Letters' case makes no difference, as on the disks where it makes none.

import { matchesSegment } from './glob-match.ts';
import { isUnknown, unknownText } from './line/texts.ts';

export interface DataPlaces {
  /** Absolute paths of data directories' roots: folders, or databases by themselves. */
  readonly dataRoots: readonly string[];
  /** Absolute paths of the databases in them. */
  readonly databases: readonly string[];
  /** Is there something below the root whose name fits the pattern? */
  readonly holds: (root: string, pattern: string) => 'yes' | 'maybe' | 'no';
}

export type Reach =
  | 'inside'
  /** The root itself. */
  | 'same'
  /** A folder above the root. */
  | 'over'
  /** A part of it is not known, and with some text there it would reach. */
  | 'unknown'
  | 'none';

const maxLength = 8192;
const furthestFirst: readonly Reach[] = ['inside', 'same', 'over', 'unknown'];

/**
 * The furthest reach of `path`, absolute or relative to `cwd`, over all roots.
 * @param path may hold `*`, `?`, `[…]`, `{a,b}` and unknown parts; so may `cwd`
 */
export function reachOf(path: string, cwd: string, places: DataPlaces): Reach {
  // No path is so long; what becomes of it is left open.
  if (path.length > maxLength) return 'unknown';
  const reaches = new Set<Reach>();
  for (const one of expandBraces(path)) {
    const segments = segmentsOf(resolvePath(one, cwd));
    for (const root of places.dataRoots) reaches.add(reachOfOne(segments, root, places));
  }
  return furthestFirst.find((reach) => reaches.has(reach)) ?? 'none';
}

/** Absolute, without `.` and `..`; what begins with an unknown text may be absolute by itself. */
export function resolvePath(path: string, cwd: string): string {
  const isAbsolute = path.startsWith('/') || path.startsWith(unknownText);
  const segments: string[] = [];
  for (const segment of `${isAbsolute ? '' : `${cwd}/`}${path}`.split('/')) {
    if (segment === '' || segment === '.') continue;
    // Above what is not known is not known either.
    if (segment !== '..') segments.push(segment);
    else if (!isUnknown(segments.at(-1) ?? '')) segments.pop();
  }
  return `/${segments.join('/')}`;
}

/** True where the name, which may be a pattern, is that of a database or of a root. */
export function namesData(pattern: string, { dataRoots, databases }: DataPlaces): boolean {
  return [...dataRoots, ...databases].some((path) => matchesSegment(pattern, baseName(path)));
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** True for a pattern of the shell. */
export function isPattern(path: string): boolean {
  return /[*?[{]/.test(path);
}

/** `a{b,c}` as `ab` and `ac`; nested ones too. Where they would be too many, they are not known. */
function expandBraces(path: string): readonly string[] {
  if (!path.includes('{')) return [path];
  // A single choice in braces is text.
  let texts: readonly string[] = [path.replaceAll(/\{([^{},]*)\}/g, `${opened}$1${closed}`)];
  for (let lists = 0; ; lists += 1) {
    const choices = list.exec(texts[0] ?? '')?.[1]?.split(',');
    if (choices === undefined) break;
    // All of them have the same lists left, in the same order.
    const isTooMuch = texts.length * choices.length > maxListed || lists > maxLists;
    const into = isTooMuch ? [unknownText] : choices;
    texts = texts.flatMap((text) => into.map((one) => text.replace(list, () => one)));
  }
  return texts.map((text) => text.replaceAll(opened, '{').replaceAll(closed, '}'));
}

const list = /\{([^{}]*)\}/;
const opened = '\u0001';
const closed = '\u0002';
const maxListed = 64;
const maxLists = 16;

function reachOfOne(segments: readonly string[], root: string, places: DataPlaces): Reach {
  const target = segmentsOf(root);
  const open = segments.findIndex((segment) => segment === '**' || isUnknown(segment));
  const fixed = open < 0 ? segments : segments.slice(0, open);
  const common = Math.min(fixed.length, target.length);
  const fits = fixed
    .slice(0, common)
    .every((segment, index) => matchesSegment(segment, target[index] ?? ''));
  if (!fits) return 'none';
  if (open >= 0) return reachOfOpen({ segments, open, root, places });
  if (fixed.length === target.length) return 'same';
  return fixed.length > target.length ? 'inside' : 'over';
}

interface OpenPath {
  readonly segments: readonly string[];
  /** From this one on the path may be anything; the names that follow may tell. */
  readonly open: number;
  readonly root: string;
  readonly places: DataPlaces;
}

function reachOfOpen({ segments, open, root, places }: OpenPath): Reach {
  const target = segmentsOf(root);
  const segment = segments[open] ?? '';
  const rest = segments.slice(open + 1);
  if (open >= target.length) return 'inside';
  if (segment === '**') return reachBelow(rest, root, places);
  const [head = ''] = segment.split(unknownText);
  if (head !== '' && !matchesSegment(`${head}*`, target[open] ?? '')) return 'none';
  return reachByNames(rest, places) ?? 'unknown';
}

/** `**` goes anywhere below: what its last segment names decides. */
function reachBelow(rest: readonly string[], root: string, places: DataPlaces): Reach {
  const last = rest.at(-1) ?? '**';
  if (/^\*+$/.test(last)) return 'inside';
  if (isUnknown(last)) return 'unknown';
  if (namesData(last, places)) return 'inside';
  return ({ yes: 'inside', maybe: 'unknown', no: 'none' } as const)[places.holds(root, last)];
}

/** `$SOMEWHERE/data/app.db` names the data, wherever that is; undefined where it does not. */
function reachByNames(rest: readonly string[], places: DataPlaces): Reach | undefined {
  const at = rest.findIndex((segment) => !isUnknown(segment) && namesData(segment, places));
  if (at < 0) return undefined;
  const isDatabase = places.databases.some(
    (path) => !places.dataRoots.includes(path) && matchesSegment(rest[at] ?? '', baseName(path)),
  );
  return isDatabase || at < rest.length - 1 ? 'inside' : 'same';
}

function segmentsOf(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '');
}
