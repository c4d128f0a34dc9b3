// Whether a path that a command names reaches into the data: a pattern of the shell against the roots
// of the data directories. Letters' case makes no difference, as on the disks where it makes none.

import { join } from 'node:path/posix';

export interface DataPlaces {
  /** Absolute. */
  readonly dataRoots: readonly string[];
  readonly databases: readonly string[];
}

export type Reach =
  | 'inside'
  /** The root itself. */
  | 'same'
  /** A folder above the root. */
  | 'over'
  | 'none';

/** Stands for what only running the command could tell. */
export const unknownText = '\0';

/**
 * The furthest reach of `path`, absolute or relative to `cwd`, over all roots.
 * @param path may hold `*`, `?`, `[…]`, `{a,b}` and `unknownText`
 */
export function reachOf(path: string, cwd: string, places: DataPlaces): Reach {
  const reaches = expandBraces(path).flatMap((one) =>
    places.dataRoots.map((root) => reachOfOne(one, cwd, root, places)),
  );
  const furthest = (['inside', 'same', 'over'] as const).find((reach) => reaches.includes(reach));
  return furthest ?? 'none';
}

/** Absolute, without `.` and `..`. */
export function resolvePath(path: string, cwd: string): string {
  const plain = path.startsWith('/') ? join(path) : join(cwd, path);
  return plain.length > 1 ? plain.replace(/\/$/, '') : plain;
}

/** True where the name, which may be a pattern, is that of a database or of a root. */
export function namesData(pattern: string, { dataRoots, databases }: DataPlaces): boolean {
  return [...dataRoots, ...databases].some((path) => matchesSegment(pattern, baseName(path)));
}

/** `a{b,c}` as `ab` and `ac`; nested ones too. Where they would be too many, a list stands for any text. */
function expandBraces(path: string): readonly string[] {
  let texts: readonly string[] = [path];
  for (;;) {
    const open = /\{([^{}]*,[^{}]*)\}/.exec(texts[0] ?? '');
    if (open === null) return texts;
    const choices = (open[1] ?? '').split(',');
    // All of them have the same lists left, in the same order.
    const isTooMuch = texts.length * choices.length > maxListed;
    texts = texts.flatMap((text) =>
      isTooMuch ? text.replace(list, '*') : choices.map((one) => text.replace(list, () => one)),
    );
  }
}

const list = /\{[^{}]*,[^{}]*\}/;
const maxListed = 64;

/** A segment of a path against a pattern of the shell. */
export function matchesSegment(pattern: string, name: string): boolean {
  const plain = pattern.replace(/\*+/g, '*');
  // Comparing would take too long: more than the likes of `*.db*` nobody types.
  if (plain.split('*').length > maxStars) return true;
  const source = plain.replace(/\[[!^]?[^\]]*\]|[*?]|[.+^${}()|[\]\\]/g, (part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    return part.length > 1 ? part.replace(/^\[!/, '[^') : `\\${part}`;
  });
  try {
    return new RegExp(`^${source}$`, 'i').test(name);
  } catch {
    // A range such as [z-a]: the shell takes it as text, and so no file of ours is meant.
    return false;
  }
}

const maxStars = 8;

function reachOfOne(path: string, cwd: string, root: string, places: DataPlaces): Reach {
  const unknownAt = path.lastIndexOf(unknownText);
  if (unknownAt >= 0) return reachAfterUnknown(path.slice(unknownAt + 1), places);
  const segments = segmentsOf(resolvePath(path, cwd));
  const deep = segments.findIndex((segment) => segment === '**');
  const target = segmentsOf(root);
  const fixed = deep < 0 ? segments : segments.slice(0, deep);
  const common = Math.min(fixed.length, target.length);
  const fits = fixed
    .slice(0, common)
    .every((segment, index) => matchesSegment(segment, target[index] ?? ''));
  if (!fits) return 'none';
  if (deep >= 0) return reachBelow(segments, fixed.length > target.length, places);
  if (fixed.length === target.length) return 'same';
  return fixed.length > target.length ? 'inside' : 'over';
}

/** `**` goes anywhere below: what its last segment names decides. */
function reachBelow(segments: readonly string[], isInside: boolean, places: DataPlaces): Reach {
  const last = segments.at(-1) ?? '**';
  if (isInside || last === '**' || last === '*') return 'inside';
  return namesData(last, places) ? 'inside' : 'none';
}

/** `$SOMEWHERE/data/app.db`: only the names that follow can tell. */
function reachAfterUnknown(rest: string, places: DataPlaces): Reach {
  if (!rest.startsWith('/')) return 'none';
  const segments = segmentsOf(rest);
  const at = segments.findIndex((segment) => namesData(segment, places));
  if (at < 0) return 'none';
  const isDatabase = places.databases.some(
    (path) =>
      !places.dataRoots.includes(path) && matchesSegment(segments[at] ?? '', baseName(path)),
  );
  return isDatabase || at < segments.length - 1 ? 'inside' : 'same';
}

function segmentsOf(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '');
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
