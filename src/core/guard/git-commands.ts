// git over data directories. What git does not keep it leaves alone, except where it is told to clean.

import { hasOption, splitArguments, type Arguments } from './options.ts';
import {
  destructive,
  harmless,
  placedPath,
  touched,
  type CommandPlace,
  type PlainCommand,
  type Verdict,
} from './verdict.ts';

const globalOptions = ['-C', '-c', '--git-dir', '--work-tree', '--namespace'];

export function matchGit(command: PlainCommand, place: CommandPlace): Verdict {
  const all = command.words.slice(1);
  const { positional, places } = splitArguments(all, globalOptions);
  const [verb = ''] = positional;
  const at = all.indexOf('-C');
  const folder = at >= 0 && at < (places[0] ?? 0) ? all[at + 1] : undefined;
  const inside = folder === undefined ? place : { ...place, cwd: placedPath(folder, place) };
  const rest = all.slice((places[0] ?? all.length) + 1);
  const paths = verbs[verb]?.(rest, inside) ?? [];
  return paths.length === 0 ? harmless : destructive(command, `git ${verb}`, paths);
}

/** Paths that the verb with these arguments takes or overwrites. */
type Verb = (rest: readonly string[], place: CommandPlace) => readonly string[];

const clean: Verb = (rest, place) => {
  const args = splitArguments(rest, ['-e', '--exclude']);
  if (hasOption(args, '-n', '--dry-run')) return [];
  return touched(args.positional.length === 0 ? ['.'] : args.positional, place, { andOver: true });
};

const checkout: Verb = (rest, place) => {
  const args = splitArguments(rest, ['-b', '-B', '--orphan', '-c', '-C']);
  const isForced = hasOption(args, '-f', '--force', '--discard-changes');
  return isForced ? tracked(['.'], place) : tracked(pathsOf(rest, args), place);
};

const restore: Verb = (rest, place) => {
  const args = splitArguments(rest, ['-s', '--source']);
  const indexOnly = hasOption(args, '-S', '--staged') && !hasOption(args, '-W', '--worktree');
  return indexOnly ? [] : tracked(args.positional, place);
};

const switching: Verb = (rest, place) =>
  hasOption(splitArguments(rest), '-f', '--force', '--discard-changes')
    ? tracked(['.'], place)
    : [];

const reset: Verb = (rest, place) =>
  hasOption(splitArguments(rest), '--hard', '--merge', '--keep') ? tracked(['.'], place) : [];

const stash: Verb = (rest, place) => {
  const args = splitArguments(rest, ['-m', '--message']);
  const [verb = 'push', ...named] = args.positional;
  if (verb !== 'push' && verb !== 'save') return [];
  const paths = verb === 'push' && named.length > 0 ? named : ['.'];
  if (hasOption(args, '-a', '--all', '-u', '--include-untracked'))
    return touched(paths, place, { andOver: true });
  return tracked(paths, place);
};

const remove: Verb = (rest, place) => {
  const args = splitArguments(rest);
  return hasOption(args, '--cached', '-n', '--dry-run') ? [] : tracked(args.positional, place);
};

const worktree: Verb = (rest, place) => {
  const [verb, ...paths] = splitArguments(rest).positional;
  return verb === 'remove' ? touched(paths, place, { andOver: true }) : [];
};

const verbs: Readonly<Partial<Record<string, Verb>>> = {
  clean,
  checkout,
  restore,
  switch: switching,
  reset,
  stash,
  rm: remove,
  mv: (rest, place) => tracked(splitArguments(rest).positional.slice(0, -1), place),
  worktree,
};

/** `checkout BRANCH` keeps what differs; `checkout [BRANCH] -- PATH`, `checkout .` do not. */
function pathsOf(rest: readonly string[], args: Arguments): readonly string[] {
  const dashes = rest.indexOf('--');
  if (dashes >= 0) return rest.slice(dashes + 1);
  return args.positional.filter((word, index) => index > 0 || /^\.{1,2}$|\/|\./.test(word));
}

function tracked(paths: readonly string[], place: CommandPlace): readonly string[] {
  const { dataRoots, mayBeTracked } = place.facts;
  return dataRoots.some(mayBeTracked) ? touched(paths, place, { andOver: true }) : [];
}
