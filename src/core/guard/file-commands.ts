// Commands that destroy by the paths they are given: what each does to which of its arguments.

import { unpacked } from './archives.ts';
import { claims, judged, type Claim } from './claims.ts';
import { baseName, isPattern } from './data-paths.ts';
import { findArguments, foundPaths } from './find-command.ts';
import { matchGit } from './git-commands.ts';
import { isUnknown } from './line/texts.ts';
import { hasOption, optionValue, splitArguments, type Arguments } from './options.ts';
import { awkReaches, sedFiles, sedRunsPrograms } from './text-programs.ts';
import {
  harmless,
  mayReach,
  placedPath,
  worst,
  type CommandPlace,
  type PlainCommand,
  type Verdict,
} from './verdict.ts';

type Matcher = (command: PlainCommand, place: CommandPlace) => Verdict;

/** Undefined where the program does nothing to files by itself. */
export function matchFiles(command: PlainCommand, place: CommandPlace): Verdict | undefined {
  const matcher = matchers.find(([programs]) => programs.test(command.program));
  return matcher?.[1](command, place);
}

/** The command takes this of its arguments. */
function taking(
  taken: (args: readonly string[], place: CommandPlace) => readonly Claim[],
  ruleOf: (command: PlainCommand) => string = ({ program }) => program,
): Matcher {
  return (command, place) =>
    judged(command, ruleOf(command), taken(command.words.slice(1), place), place);
}

const deleting: Matcher = (command, place) => {
  // `rd /s /q data`
  const isOfWindows = /^(rd|rmdir|del|erase)$/.test(command.program);
  const args = splitArguments(command.words.slice(1));
  const paths = args.positional.filter((path) => !isOfWindows || !/^\/[a-z]$/i.test(path));
  const isWhole =
    /^(rimraf|trash|trash-put|del-cli|rd|gio|fd)$/.test(command.program) ||
    hasOption(args, '-r', '-R', '--recursive', '-Recurse', '-d', '--dir') ||
    args.positional.includes('/s') ||
    args.options.some(isUnknown);
  return judged(command, command.program, claims(isWhole ? 'tree' : 'file', paths), place);
};

const moving = taking(
  (all, place) => {
    const args = splitArguments(all, ['-t', '--target-directory', '-S']);
    const { sources, target } = sourcesAndTarget(all, args);
    const replaced = hasOption(args, '-n', '--no-clobber') ? [] : putAt(sources, target, place);
    return [...claims('moved', sources), ...replaced];
  },
  () => 'mv',
);

const copying = taking((all, place) => {
  const args = splitArguments(all, ['-t', '--target-directory', '-S', '-m', '-o', '-g']);
  if (hasOption(args, '-n', '--no-clobber')) return [];
  const { sources, target } = sourcesAndTarget(all, args);
  // Of another machine.
  if (/^[\w.@-]+:/.test(target)) return [];
  const isDeep = hasOption(args, '-r', '-R', '-a', '--recursive', '--archive');
  const merged = isDeep && place.facts.exists(placedPath(target, place)) ? [target] : [];
  return [...claims('below', merged), ...putAt(sources, target, place)];
});

/** What has the names that the sources get at the target. */
function putAt(sources: readonly string[], target: string, place: CommandPlace): readonly Claim[] {
  const isFolder = target.endsWith('/') || place.facts.isFolder(placedPath(target, place));
  if (!isFolder && !place.isContainer) return claims('overwrite', [target]);
  const named = sources.filter((source) => !isPattern(source) && !isUnknown(source));
  const inFolder = named.map((source) => `${target}/${baseName(source.replace(/\/+$/, ''))}`);
  // What a pattern or the content of a folder brings has names that are not told here.
  const isOpen =
    named.length < sources.length || sources.some((path) => /(^|\/)\.{1,2}\/*$/.test(path));
  return [
    ...claims('overwrite', place.isContainer ? [target, ...inFolder] : inFolder),
    ...claims('fill', isOpen ? [target] : []),
  ];
}

function sourcesAndTarget(
  all: readonly string[],
  { positional }: Arguments,
): { readonly sources: readonly string[]; readonly target: string } {
  const named = optionValue(all, '-t', '--target-directory', '-Destination');
  if (named !== undefined) return { sources: positional, target: named };
  return { sources: positional.slice(0, -1), target: positional.at(-1) ?? '' };
}

const synchronizing = taking(
  (all) => {
    const args = splitArguments(all, ['-e', '--exclude', '--include', '-f', '--rsh']);
    const target = args.positional.at(-1) ?? '';
    if (hasOption(args, '-n', '--dry-run') || /^[^/]+:/.test(target)) return [];
    const deletes = args.options.some((option) => option.startsWith('--del'));
    const sources = hasOption(args, '--remove-source-files') ? args.positional.slice(0, -1) : [];
    return [...claims(deletes ? 'tree' : 'fill', [target]), ...claims('change', sources)];
  },
  () => 'rsync',
);

const writing = taking((all) => {
  const args = splitArguments(all, ['-s', '--size', '-o', '-l', '-r', '--reference']);
  return claims('overwrite', args.positional);
});

const teeing = taking((all) => {
  const args = splitArguments(all);
  return claims(hasOption(args, '-a', '--append') ? 'append' : 'overwrite', args.positional);
});

/** `gzip FILE` puts another file in its place. */
const packing = taking((all) => {
  const args = splitArguments(all, ['-S', '--suffix']);
  const isElsewhere = hasOption(args, '-c', '--stdout', '--to-stdout', '-k', '-l', '-t', '--test');
  const isKept = isElsewhere && !hasOption(args, '-f', '--force');
  return isKept ? [] : claims('change', args.positional);
});

const fetching = taking((all) => {
  // Letters may come together: `curl -sSLo FILE`.
  const joined = all.find((word) => /^-[a-zA-Z]+o$/.test(word)) ?? '-o';
  const target = optionValue(all, '-o', '--output', joined);
  const isNamedAlike = all.some((word) =>
    /^(-[a-zA-Z]*O[a-zA-Z]*|--remote-name(-all)?)$/.test(word),
  );
  const urls = isNamedAlike ? splitArguments(all, ['-o', '--output', joined]).positional : [];
  const names = urls.map((url) => baseName(url.replace(/[?#].*$/, '')));
  return claims('overwrite', [...(target === undefined ? [] : [target]), ...names]);
});

const downloading = taking((all) => {
  const joined = all.find((word) => /^-[a-zA-Z]+O$/.test(word)) ?? '-O';
  const target = optionValue(all, '-O', '--output-document', joined);
  return claims('overwrite', target === undefined ? [] : [target]);
});

/** `rclone sync SOURCE TARGET`. */
const mirroring = taking(
  (all) => {
    const [verb = '', source = '', target = ''] = splitArguments(all).positional;
    if (!/^(sync|copy|move|copyto|moveto|bisync|purge|delete|deletefile|rmdirs)$/.test(verb))
      return [];
    const taken = /^(move|moveto|purge|delete|deletefile|rmdirs|bisync)$/.test(verb)
      ? [source]
      : [];
    const isHere = (path: string): boolean => !/^[\w-]+:/.test(path);
    return claims('tree', [target, ...taken].filter(isHere));
  },
  ({ words }) => `rclone ${words[1] ?? ''}`.trim(),
);

const copyingBlocks = taking((all) =>
  claims(
    'change',
    all.flatMap((word) => (word.startsWith('of=') ? [word.slice(3)] : [])),
  ),
);

/** `sed -i`, and what a script of sed writes and runs. */
const editing: Matcher = (command, place) => {
  const all = command.words.slice(1);
  const args = splitArguments(all, ['-e', '-f', '--expression', '--file', '-l']);
  const given = optionValue(all, '-e', '--expression');
  const isFile = optionValue(all, '-f', '--file') !== undefined;
  const [first = '', ...others] = args.positional;
  const script = given ?? first;
  const files = given === undefined && !isFile ? others : args.positional;
  const isInPlace = args.options.some((option) => /^-[a-zA-Z]*i|^--in-place/.test(option));
  return worst([
    judged(command, `${command.program} -i`, isInPlace ? claims('change', files) : [], place),
    judged(command, 'sed that writes a file', claims('overwrite', sedFiles(script)), place),
    isFile || sedRunsPrograms(script) ? mayReach(command, 'its script is not known') : harmless,
  ]);
};

const printing: Matcher = (command, place) => {
  const all = command.words.slice(1);
  const { positional } = splitArguments(all, ['-F', '-v', '-f', '-i', '-e', '-l']);
  const isKnown = !all.some((word) =>
    /^(-f|--file|-i|--include|-l|--load|-e|--source|-E|--exec)/.test(word),
  );
  const program = positional[0] ?? '';
  const inPlace = optionValue(all, '-i') === 'inplace' ? positional.slice(1) : [];
  const reaches = !isKnown || awkReaches(program) || isUnknown(program);
  return worst([
    judged(command, 'awk in place', claims('change', inPlace), place),
    reaches ? mayReach(command, 'its program may write') : harmless,
  ]);
};

const finding: Matcher = (command, place) => {
  const all = command.words.slice(1);
  const { starts, tests } = findArguments(all);
  const deletes = tests.includes('-delete');
  const printed = ['-fprint', '-fprint0', '-fprintf', '-fls'].map(
    (name) => optionValue(tests, name) ?? '',
  );
  const [whole = '', below = ''] = foundPaths(all);
  const isAll = below === `${whole.replace(/\/+$/, '')}/**`;
  return judged(
    command,
    'find that deletes',
    [
      ...claims('tree', deletes ? (isAll ? starts : foundPaths(all)) : []),
      ...claims('overwrite', printed),
    ],
    place,
  );
};

/** Editors that are told what to do by their arguments; else somebody types into them, later. */
const scriptedEditor: Matcher = (command, place) => {
  const all = command.words.slice(1);
  const isScripted = all.some((word) =>
    /^(-[a-zA-Z]*[eEsSc]|--(cmd|headless|eval|batch|script|load|execute)|-W|\+(?!\d*$|\/).+)$/.test(
      word,
    ),
  );
  const isFed = command.stdin.isFed && /^(ed|ex)$/.test(command.program);
  if (!isFed && !isScripted) return harmless;
  const { positional } = splitArguments(all, ['-c', '-S', '--cmd', '-u', '-W']);
  const files = positional.filter((word) => !word.startsWith('+'));
  return worst([
    judged(command, `${command.program} with a script`, claims('change', files), place),
    mayReach(command, 'it does what its script says'),
  ]);
};

/** `docker cp FROM TO` */
export const matchDockerCopy = taking(
  (all, place) => {
    const [verb, from = '', to = ''] = splitArguments(all).positional;
    return verb !== 'cp' || /^[\w.-]+:/.test(to) ? [] : putAt([from], to, place);
  },
  () => 'docker cp',
);

const matchers: readonly (readonly [RegExp, Matcher])[] = [
  [
    /^(rm|unlink|shred|srm|rimraf|del-cli|trash|trash-put|gio|del|erase|rd|ri|remove-item|rmdir)$/,
    deleting,
  ],
  [/^(mv|move|move-item|rename|ren)$/, moving],
  [/^(cp|copy|copy-item|install|ln|scp)$/, copying],
  [/^(rsync|robocopy)$/, synchronizing],
  [/^(truncate|sponge|clear-content|set-content|out-file)$/, writing],
  [/^tee$/, teeing],
  [/^dd$/, copyingBlocks],
  [/^(gzip|gunzip|xz|unxz|bzip2|bunzip2|zstd|unzstd)$/, packing],
  [/^curl$/, fetching],
  [/^wget$/, downloading],
  [/^rclone$/, mirroring],
  [/^(tar|bsdtar|gtar|unzip|zip|7z|7za|cpio|jar|unrar)$/, unpacked],
  [/^(sed|gsed)$/, editing],
  [/^(awk|gawk|mawk|nawk)$/, printing],
  [/^(find|gfind)$/, finding],
  [/^(ed|ex|vi|vim|nvim|gvim|emacs)$/, scriptedEditor],
  [/^git$/, matchGit],
];
