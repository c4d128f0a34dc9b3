// What the matcher says of one command, and what each of its parts is told about where that command runs.

import { resolvePath, reachOf, type Reach } from './data-paths.ts';
import type { GuardFacts } from './facts.ts';

export type Verdict =
  | {
      readonly kind: 'destructive';
      /** In a few words, e.g. `prisma migrate reset`. */
      readonly rule: string;
      /** The command itself, without what it was wrapped in. */
      readonly command: string;
      /** As the command names them; empty where the command line alone decides. */
      readonly paths: readonly string[];
    }
  | { readonly kind: 'harmless' }
  | { readonly kind: 'unknown' };

export const harmless: Verdict = { kind: 'harmless' };
export const unknown: Verdict = { kind: 'unknown' };

/** One command with everything that wrapped it taken off. */
export interface PlainCommand {
  /** Lower case, without its path, `.exe` and version. */
  readonly program: string;
  /** The program and its arguments as they were typed. */
  readonly words: readonly string[];
  /** Text that is fed to it; null where there is none or it is not known. */
  readonly input: string | null;
  /** Files that are fed to it. */
  readonly inputFiles: readonly string[];
  /** True where something is fed to it. */
  readonly isFed: boolean;
  /** Words of the commands before it in its pipe. */
  readonly upstream: readonly string[];
}

export interface CommandPlace {
  readonly facts: GuardFacts;
  /** Absolute. */
  readonly cwd: string;
  /** Inside a container paths are others: only names can be compared. */
  readonly isContainer: boolean;
}

/** The first destructive one; `unknown` where one is; else harmless. */
export function worst(verdicts: Iterable<Verdict>): Verdict {
  let result: Verdict = harmless;
  for (const verdict of verdicts) {
    if (verdict.kind === 'destructive') return verdict;
    if (verdict.kind === 'unknown') result = verdict;
  }
  return result;
}

export function destructive(
  { words }: Pick<PlainCommand, 'words'>,
  rule: string,
  paths: readonly string[] = [],
): Verdict {
  return { kind: 'destructive', rule, command: words.join(' '), paths };
}

export function reachIn(path: string, { cwd, isContainer, facts }: CommandPlace): Reach {
  const seen = isContainer ? `\0/${path}` : path;
  return reachOf(homePath(seen, facts.home), cwd, facts);
}

/** Those of `paths` that reach into the data, and with `andOver` those of folders above it too. */
export function touched(
  paths: readonly string[],
  place: CommandPlace,
  { andOver = false }: { readonly andOver?: boolean } = {},
): readonly string[] {
  return paths.filter((path) => {
    const reach = reachIn(path, place);
    return reach === 'inside' || reach === 'same' || (andOver && reach === 'over');
  });
}

/** Absolute path as it is on this machine. */
export function placedPath(path: string, { cwd, facts }: CommandPlace): string {
  return resolvePath(homePath(path, facts.home), cwd);
}

function homePath(path: string, home: string): string {
  return path === '~' || path.startsWith('~/') ? `${home}${path.slice(1)}` : path;
}
