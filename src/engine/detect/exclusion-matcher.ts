// What of a data directory is left out, and why. Patterns are globs relative to the data directory;
// names are only ever what is matched, so they may hold any character that means something in a glob.

import picomatch from 'picomatch';
import { isWithin } from '../../core/names.ts';
import type { FoundDataDir } from './found.ts';

/** Why a path is left out; undefined where it is captured. */
export type ExclusionMatcher = (path: string, isDirectory: boolean) => string | undefined;

type Rules = Pick<FoundDataDir, 'exclusions' | 'exclude' | 'include'>;

/**
 * Decides for paths relative to the data directory, in any order. What lies in a folder that is left
 * out is left out; `include` wins over everything and takes what lies below with it. A folder that
 * is left out answers undefined where something below it may be included, so that a walk gets there.
 */
export function exclusionMatcher(rules: Rules): ExclusionMatcher {
  const excluded = [
    ...rules.exclude.map((pattern) => rule(pattern, 'left out by savepoint.json')),
    ...rules.exclusions.map(({ pattern, reason }) => rule(pattern, reason)),
  ];
  const included = rules.include.map((pattern) => rule(pattern, ''));
  if (excluded.length === 0) return () => undefined;
  const folders = new Map<string, Verdict>([['', captured]]);
  const verdictOf = (path: string, isDirectory: boolean): Verdict => {
    const known = isDirectory || path === '' ? folders.get(path) : undefined;
    if (known !== undefined) return known;
    const above = verdictOf(path.slice(0, Math.max(0, path.lastIndexOf('/'))), true);
    const verdict = decide(path, isDirectory, above, excluded, included);
    if (isDirectory) folders.set(path, verdict);
    return verdict;
  };
  return (path, isDirectory) => {
    const { reason, isIncluded } = verdictOf(path, isDirectory);
    if (reason === undefined || isIncluded) return undefined;
    const leadsToIncluded = isDirectory && included.some(({ base }) => mayHold(path, base));
    return leadsToIncluded ? undefined : reason;
  };
}

/** The pattern that matches exactly the path. */
export function escapeGlob(path: string): string {
  return path.replaceAll(/[\\*?[\]{}()!+@|^$]/g, (char) => `\\${char}`);
}

interface Rule {
  readonly matches: (path: string) => boolean;
  readonly foldersOnly: boolean;
  /** The part of the pattern before its first wildcard. */
  readonly base: string;
  readonly reason: string;
}

interface Verdict {
  readonly reason: string | undefined;
  readonly isIncluded: boolean;
}

const captured: Verdict = { reason: undefined, isIncluded: false };

function rule(written: string, reason: string): Rule {
  const foldersOnly = written.endsWith('/');
  const pattern = written.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');
  if (pattern === '') return { matches: () => false, foldersOnly, base: '\0', reason };
  const literal = literalPath(pattern);
  if (literal !== undefined) {
    return { matches: (path) => path === literal, foldersOnly, base: literal, reason };
  }
  // Paths have `/` here on every system, a backslash escapes, and a `!` in front means nothing:
  // whoever takes it for gitignore's would leave out everything else.
  const matches = picomatch(pattern, { dot: true, nonegate: true, windows: false });
  return { matches, foldersOnly, base: picomatch.scan(pattern).base, reason };
}

/**
 * The only path that a pattern means, without and with `/**` at its end, which is the same where what
 * lies in a folder goes with it. Undefined where it is a glob. By itself, because a glob cannot hold
 * every name: not a backslash, for one.
 */
function literalPath(pattern: string): string | undefined {
  const path = pattern.replace(/\/\*\*$/, '');
  if (/(?<!\\)(?:\\\\)*[*?[\]{}()!+@|]/.test(path)) return undefined;
  return path.replaceAll(/\\(.)/gs, '$1');
}

function decide(
  path: string,
  isDirectory: boolean,
  above: Verdict,
  excluded: readonly Rule[],
  included: readonly Rule[],
): Verdict {
  const fits = (one: Rule) => (isDirectory || !one.foldersOnly) && one.matches(path);
  const reason = above.reason ?? excluded.find(fits)?.reason;
  const isIncluded = reason !== undefined && (above.isIncluded || included.some(fits));
  return { reason, isIncluded };
}

/** True where something that the pattern with this base matches may lie below the folder. */
function mayHold(folder: string, base: string): boolean {
  return base === '' || base === '.' || isWithin(base, folder) || isWithin(folder, base);
}
