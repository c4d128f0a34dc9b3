// git over data directories. What git does not keep it leaves alone, except where it is told to clean.

import { claims, judged, type Claim } from './claims.ts';
import { unknownText } from './line/texts.ts';
import { hasOption, optionValue, splitArguments, type Arguments } from './options.ts';
import {
  harmless,
  inFolder,
  mayReach,
  worst,
  type CommandPlace,
  type PlainCommand,
  type Verdict,
} from './verdict.ts';

const globalOptions = ['-C', '-c', '--git-dir', '--work-tree', '--namespace', '--exec-path'];

export function matchGit(command: PlainCommand, place: CommandPlace): Verdict {
  const all = command.words.slice(1);
  const { positional, places } = splitArguments(all, globalOptions);
  const [verb] = positional;
  const own = all.slice(0, places[0] ?? all.length);
  if (verb === undefined) return harmless;
  const inside = foldersOf(own).reduce(inFolder, place);
  const rest = all.slice((places[0] ?? all.length) + 1);
  const taken = Object.hasOwn(verbs, verb) ? verbs[verb]?.(rest, inside) : undefined;
  const written = optionValue(rest, '--output') ?? '';
  return worst([
    // A word that is none of git's own is an alias, and may be anything.
    taken === undefined && !quiet.has(verb)
      ? mayReach(command, `nobody knows what git ${verb} does`)
      : judged(command, `git ${verb}`, taken ?? [], inside),
    judged(command, `git ${verb}`, claims('overwrite', [written]), inside),
    runsPrograms(verb, rest) ||
    own.some((word) => /^(alias\.|core\.(editor|pager|hooksPath)|.*=!)/.test(word))
      ? mayReach(command, 'it runs what an option names')
      : harmless,
  ]);
}

const mayRunPrograms = /^(bisect|rebase|submodule|difftool|mergetool|pull)$/;

/** Verbs that leave files of the work tree alone that git does not keep. */
const quiet: ReadonlySet<string> = new Set(
  'status log diff show add commit push fetch pull clone init branch tag remote config blame annotate grep ls-files ls-tree ls-remote rev-parse rev-list describe shortlog reflog cat-file hash-object merge merge-base rebase cherry-pick revert cherry range-diff notes bundle gc fsck prune maintenance count-objects pack-refs pack-objects repack verify-commit verify-tag verify-pack whatchanged name-rev for-each-ref show-ref show-branch symbolic-ref update-ref update-index write-tree commit-tree diff-tree diff-index diff-files var version help lfs credential check-ignore check-attr format-patch request-pull send-email instaweb gui gitk citool sparse-checkout submodule bisect difftool mergetool rerere stripspace interpret-trailers column mailinfo mailsplit fast-export subtree flow town cliff absorb secret crypt svn p4'.split(
    ' ',
  ),
);

/** Those of them that run no program that an argument names: for the shells. */
export const quietGitVerbs: readonly string[] = [...quiet].filter(
  (verb) => !mayRunPrograms.test(verb),
);

/** `git bisect run`, `git rebase -x`, `git submodule foreach`. */
function runsPrograms(verb: string, rest: readonly string[]): boolean {
  return (
    mayRunPrograms.test(verb) &&
    rest.some((word) => /^(run|foreach|deinit|-x.*|--exec.*|--extcmd.*)$/.test(word))
  );
}

function foldersOf(own: readonly string[]): readonly string[] {
  return own.flatMap((word, index) =>
    word === '-C' || word === '--work-tree'
      ? [own[index + 1] ?? unknownText]
      : word.startsWith('--work-tree=')
        ? [word.slice(12)]
        : [],
  );
}

/** What the verb with these arguments takes or overwrites. */
type Verb = (rest: readonly string[], place: CommandPlace) => readonly Claim[];

const clean: Verb = (rest, place) => {
  const args = splitArguments(rest, ['-e', '--exclude']);
  if (hasOption(args, '-n', '--dry-run')) return [];
  // With these git widens what it is given to the folder above that is ignored.
  const isWide = hasOption(args, '-x', '-X');
  const top = place.facts.workTree(place.cwd);
  const whole = isWide && top !== null ? [top] : [];
  return claims(isWide ? 'untracked' : 'unignored', [
    ...(args.positional.length === 0 || isWide ? ['.'] : []),
    ...whole,
    ...args.positional,
  ]);
};

const checkout: Verb = (rest, place) => {
  const args = splitArguments(rest, ['-b', '-B', '--orphan', '-c', '-C']);
  const isForced = hasOption(args, '-f', '--force', '--discard-changes');
  return claims('tracked', isForced ? wholeTree(place) : pathsOf(rest, args));
};

const restore: Verb = (rest) => {
  const args = splitArguments(rest, ['-s', '--source']);
  const indexOnly = hasOption(args, '-S', '--staged') && !hasOption(args, '-W', '--worktree');
  return indexOnly ? [] : claims('tracked', args.positional);
};

const switching: Verb = (rest, place) =>
  hasOption(splitArguments(rest), '-f', '--force', '--discard-changes')
    ? claims('tracked', wholeTree(place))
    : [];

const reset: Verb = (rest, place) =>
  hasOption(splitArguments(rest), '--hard', '--merge', '--keep')
    ? claims('tracked', wholeTree(place))
    : [];

/** From whatever folder of it, git goes over all of the work tree. */
function wholeTree({ facts, cwd }: CommandPlace): readonly string[] {
  return [facts.workTree(cwd) ?? '.'];
}

const stash: Verb = (rest) => {
  const args = splitArguments(rest, ['-m', '--message']);
  const [verb = 'push', ...named] = args.positional;
  if (verb !== 'push' && verb !== 'save') return [];
  const paths = verb === 'push' && named.length > 0 ? named : ['.'];
  const takesAll = hasOption(args, '-a', '--all', '-u', '--include-untracked');
  return claims(takesAll ? 'put away' : 'kept', paths);
};

const remove: Verb = (rest) => {
  const args = splitArguments(rest);
  if (hasOption(args, '--cached', '-n', '--dry-run')) return [];
  // Without force git removes nothing that was changed.
  return claims(hasOption(args, '-f', '--force') ? 'tracked' : 'kept', args.positional);
};

const worktree: Verb = (rest) => {
  const [verb, ...paths] = splitArguments(rest).positional;
  return verb === 'remove' ? claims('tree', paths) : [];
};

const archive: Verb = (rest) => claims('overwrite', [optionValue(rest, '-o', '--output') ?? '']);

const verbs: Readonly<Record<string, Verb>> = {
  clean,
  checkout,
  restore,
  switch: switching,
  reset,
  stash,
  rm: remove,
  mv: (rest) => claims('kept', splitArguments(rest).positional.slice(0, -1)),
  worktree,
  archive,
};

/** `checkout BRANCH` keeps what differs; `checkout [BRANCH] -- PATH`, `checkout .` do not. */
function pathsOf(rest: readonly string[], args: Arguments): readonly string[] {
  const dashes = rest.indexOf('--');
  if (dashes >= 0) return rest.slice(dashes + 1);
  return args.positional.filter((word, index) => index > 0 || /^\.{1,2}$|\/|\./.test(word));
}
