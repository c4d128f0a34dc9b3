// What the matcher says of a command, and what its parts are told about where that command runs.
//
// There are three answers. `harmless`: it is known that the data stays as it is. `destructive`: it is
// known what of the data goes. Everything else is `may`: nobody could read to the end what it does, and
// so it counts as able to reach the data. Whoever answers "harmless" has to know; not to find anything
// is never a reason.

import type { NamedPath } from '../documents/guard.ts';
import { resolvePath, reachOf, type Reach } from './data-paths.ts';
import type { GuardFacts } from './facts.ts';
import type { Scope, Stream } from './line/scope.ts';
import { isUnknown, unknownText } from './line/texts.ts';

export interface Verdict {
  readonly kind: 'harmless' | 'may' | 'destructive';
  /** In a few words, e.g. `prisma migrate reset`. */
  readonly rule: string;
  /** The command itself, without what it was wrapped in. */
  readonly command: string;
  /** Of the data, as the command names them; empty where the command line alone decides. */
  readonly paths: readonly string[];
  /** What it deletes or overwrites by name outside of the data. */
  readonly outside: readonly NamedPath[];
  /** True where it does that to more, and only running it could tell to what. */
  readonly isOpen: boolean;
  /** What it works on where that is a database: servers that it names, `ownDatabase`; null where it works on none. */
  readonly databases: readonly string[] | null;
}

export const harmless: Verdict = {
  kind: 'harmless',
  rule: '',
  command: '',
  paths: [],
  outside: [],
  isOpen: false,
  databases: null,
};

type Worded = Pick<PlainCommand, 'words'>;

export function destructive(
  { words }: Worded,
  rule: string,
  { paths = [], databases = null }: Partial<Pick<Verdict, 'paths' | 'databases'>> = {},
): Verdict {
  return { ...harmless, kind: 'destructive', rule, command: words.join(' '), paths, databases };
}

/** @param why in a few words that follow "cannot be read to the end:" */
export function mayReach({ words }: Worded, why: string): Verdict {
  const rule = `cannot be read to the end: ${why}`;
  return { ...harmless, kind: 'may', rule, command: words.join(' ') };
}

const ranks = { harmless: 0, may: 1, destructive: 2 } as const;

/** The first of the worst, with what all of them name. */
export function worst(verdicts: readonly Verdict[]): Verdict {
  let result = harmless;
  for (const verdict of verdicts) if (ranks[verdict.kind] > ranks[result.kind]) result = verdict;
  const outside = verdicts.filter((verdict) => verdict.outside.length > 0);
  const databases = verdicts.flatMap((verdict) => verdict.databases ?? []);
  const worksOnOne = verdicts.some((verdict) => verdict.databases !== null);
  const isOpen = verdicts.some((verdict) => verdict.isOpen);
  if (outside.length === 0 && !worksOnOne && !isOpen) return result;
  return {
    ...result,
    isOpen,
    outside: outside.length === 1 ? (outside[0]?.outside ?? []) : merged(outside),
    databases: worksOnOne ? [...new Set(databases)] : null,
  };
}

/** One more than are told, so that it shows where there are more. */
export const maxOutside = 1000;

function merged(verdicts: readonly Verdict[]): readonly NamedPath[] {
  const named = new Map<string, NamedPath>();
  for (const verdict of verdicts) {
    for (const one of verdict.outside) {
      if (named.size > maxOutside) break;
      named.set(`${one.takes} ${one.path}`, one);
    }
  }
  return [...named.values()];
}

/** One command with everything that wrapped it taken off. */
export interface PlainCommand {
  /** Lower case, without its path, `.exe` and version. */
  readonly program: string;
  /** The program and its arguments as they were typed. */
  readonly words: readonly string[];
  readonly stdin: Stream;
}

export interface CommandPlace {
  readonly facts: GuardFacts;
  /** Absolute. */
  readonly cwd: string;
  /** Inside a container paths are others: only names can be compared. */
  readonly isContainer: boolean;
  /** What the line has made of its surroundings. */
  readonly scope: Scope;
  /** How many shells, scripts and wrappers lead here. */
  readonly depth: number;
  /** Scripts and targets that are being read. */
  readonly open: readonly string[];
}

export function reachIn(path: string, { cwd, isContainer, facts }: CommandPlace): Reach {
  if (!isContainer) return reachOf(homePath(path, facts.home), cwd, facts);
  const reach = reachOf(`${unknownText}/${path}`, cwd, facts);
  return reach === 'unknown' && !isUnknown(path) ? 'none' : reach;
}

/** Those of `paths` that reach into the data. */
export function touched(paths: readonly string[], place: CommandPlace): readonly string[] {
  return paths.filter((path) => ['inside', 'same'].includes(reachIn(path, place)));
}

/** Absolute path as it is on this machine. */
export function placedPath(path: string, { cwd, facts }: CommandPlace): string {
  return resolvePath(homePath(path, facts.home), cwd);
}

export function inFolder(place: CommandPlace, folder: string): CommandPlace {
  return { ...place, cwd: placedPath(folder, place) };
}

function homePath(path: string, home: string): string {
  return path === '~' || path.startsWith('~/') ? `${home}${path.slice(1)}` : path;
}
