// Commands that destroy by the paths they are given: they count where a path reaches into the data.

import { matchesSegment, namesData } from './data-paths.ts';
import { hasOption, optionValue, splitArguments, type Arguments } from './options.ts';
import { matchGit } from './git-commands.ts';
import {
  destructive,
  harmless,
  placedPath,
  reachIn,
  touched,
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

/** `> data/app.db`: what is there is gone before the program starts. */
export function matchRedirections(
  redirections: readonly { readonly operator: string; readonly path: string }[],
  command: PlainCommand,
  place: CommandPlace,
): Verdict {
  const paths = redirections.flatMap(({ operator, path }) => {
    const isAppending = operator === '>>' || operator === '&>>';
    if (!isAppending && !/^(>|>\||&>|>&|<>)$/.test(operator)) return [];
    return overwritten([path], place, isAppending);
  });
  return verdictOf(command, 'a redirection over data', paths);
}

/** Files inside the data that are there; appending harms databases alone. */
function overwritten(
  paths: readonly string[],
  place: CommandPlace,
  databasesOnly = false,
): readonly string[] {
  return touched(paths, place).filter((path) => {
    if (place.isContainer) return true;
    const isDatabase = place.facts.databases.includes(placedPath(path, place));
    return isDatabase || (!databasesOnly && place.facts.exists(placedPath(path, place)));
  });
}

const deleting: Matcher = (command, place) => {
  const args = splitArguments(command.words.slice(1));
  // `find data | xargs rm`: what is listed is in what the commands before it name.
  const fed = command.isFed ? command.upstream : [];
  const isWhole =
    /^(rimraf|trash|trash-put|del-cli|rd|gio|fd)$/.test(command.program) ||
    hasOption(args, '-r', '-R', '--recursive', '-Recurse', '-d', '--dir') ||
    args.positional.includes('/s');
  return verdictOf(
    command,
    command.program,
    isWhole
      ? touched([...args.positional, ...fed], place, { andOver: true })
      : [...singleFiles(args.positional, place), ...touched(fed, place)],
  );
};

/** Without -r a folder stays: its content and databases by themselves go. */
function singleFiles(paths: readonly string[], place: CommandPlace): readonly string[] {
  const { facts } = place;
  const databases = { ...place, facts: { ...facts, dataRoots: facts.databases } };
  return paths.filter(
    (path) => reachIn(path, place) === 'inside' || touched([path], databases).length > 0,
  );
}

const moving: Matcher = (command, place) => {
  const args = splitArguments(command.words.slice(1), ['-t', '--target-directory', '-S']);
  const { sources, target } = sourcesAndTarget(command.words.slice(1), args);
  const gone = touched(sources, place, { andOver: true });
  const replaced = hasOption(args, '-n', '--no-clobber') ? [] : replacedBy(sources, target, place);
  return verdictOf(command, 'mv', [...gone, ...replaced]);
};

const copying: Matcher = (command, place) => {
  const args = splitArguments(command.words.slice(1), ['-t', '--target-directory', '-S', '-m']);
  if (hasOption(args, '-n', '--no-clobber')) return harmless;
  const { sources, target } = sourcesAndTarget(command.words.slice(1), args);
  const isDeep = hasOption(args, '-r', '-R', '-a', '--recursive', '--archive');
  const merged =
    isDeep && place.facts.exists(placedPath(target, place)) ? touched([target], place) : [];
  return verdictOf(command, command.program, [...merged, ...replacedBy(sources, target, place)]);
};

/** Files of the data that have the name which a source gets at the target. */
function replacedBy(
  sources: readonly string[],
  target: string,
  place: CommandPlace,
): readonly string[] {
  const inFolder = sources.map(
    (source) => `${target}/${source.slice(source.lastIndexOf('/') + 1)}`,
  );
  const { dataRoots, databases, exists } = place.facts;
  const isFolder =
    dataRoots.includes(placedPath(target, place)) && !databases.includes(placedPath(target, place));
  const hit = overwritten(isFolder ? inFolder : [target, ...inFolder], place);
  // A glob as source may bring anything; what lies there already decides nothing.
  const isGlob =
    sources.some((source) => /[*?[]/.test(source)) && exists(placedPath(target, place));
  return isGlob ? [...hit, ...touched([target], place)] : hit;
}

function sourcesAndTarget(
  all: readonly string[],
  { positional }: Arguments,
): { readonly sources: readonly string[]; readonly target: string } {
  const named = optionValue(all, '-t', '--target-directory', '-Destination');
  if (named !== undefined) return { sources: positional, target: named };
  return { sources: positional.slice(0, -1), target: positional.at(-1) ?? '' };
}

const synchronizing: Matcher = (command, place) => {
  const args = splitArguments(command.words.slice(1), [
    '-e',
    '--exclude',
    '--include',
    '-f',
    '--rsh',
  ]);
  const target = args.positional.at(-1) ?? '';
  if (hasOption(args, '-n', '--dry-run') || /^[^/]+:/.test(target)) return harmless;
  const deletes = args.options.some((option) => option.startsWith('--delete'));
  const sources = hasOption(args, '--remove-source-files') ? args.positional.slice(0, -1) : [];
  return verdictOf(command, 'rsync', [
    ...touched([target], place, { andOver: deletes }),
    ...touched(sources, place),
  ]);
};

const writing: Matcher = (command, place) => {
  const args = splitArguments(command.words.slice(1), ['-s', '--size', '-o', '-l']);
  const isAppending = command.program === 'tee' && hasOption(args, '-a', '--append');
  return verdictOf(command, command.program, overwritten(args.positional, place, isAppending));
};

/** `gzip FILE` puts another file in its place. */
const packing: Matcher = (command, place) => {
  const args = splitArguments(command.words.slice(1), ['-S', '--suffix']);
  const isElsewhere = hasOption(args, '-c', '--stdout', '--to-stdout', '-k', '-l', '-t', '--test');
  const isKept = isElsewhere && !hasOption(args, '-f', '--force');
  return isKept ? harmless : verdictOf(command, command.program, touched(args.positional, place));
};

const downloading: Matcher = (command, place) => {
  const names = command.program === 'wget' ? ['-O', '--output-document'] : ['-o', '--output'];
  // Letters may come together: `curl -sSLo FILE`.
  const joined = command.words.find((word) => /^-[a-zA-Z]+[oO]$/.test(word)) ?? '-';
  const target = optionValue(command.words.slice(1), ...names, joined);
  return verdictOf(
    command,
    command.program,
    target === undefined ? [] : overwritten([target], place),
  );
};

/** `rclone sync SOURCE TARGET`. */
const mirroring: Matcher = (command, place) => {
  const [verb = '', source = '', target = ''] = splitArguments(command.words.slice(1)).positional;
  if (!/^(sync|copy|move|copyto|moveto|bisync|purge|delete)$/.test(verb)) return harmless;
  const taken = /^(move|moveto|purge|delete|bisync)$/.test(verb) ? [source] : [];
  return verdictOf(
    command,
    `rclone ${verb}`,
    touched([target, ...taken], place, { andOver: true }),
  );
};

const copyingBlocks: Matcher = (command, place) => {
  const targets = command.words.flatMap((word) => (word.startsWith('of=') ? [word.slice(3)] : []));
  return verdictOf(command, 'dd', touched(targets, place));
};

const unpacking: Matcher = (command, place) => {
  const all = command.words.slice(1);
  const isTar = command.program.endsWith('tar');
  const [first = ''] = all;
  const extracts = !isTar || all.includes('--extract') || /^-?[a-zA-Z]*x/.test(first);
  if (!extracts) return harmless;
  const folder = isTar ? ['-C', '--directory'] : [command.program === 'unzip' ? '-d' : '-o'];
  const target = optionValue(all, ...folder) ?? '.';
  return verdictOf(command, command.program, touched([target], place));
};

const editing: Matcher = (command, place) => {
  const args = splitArguments(command.words.slice(1), ['-e', '-f']);
  if (!args.options.some((option) => /^-[a-zA-Z]*i|^--in-place/.test(option))) return harmless;
  return verdictOf(command, `${command.program} -i`, touched(args.positional, place));
};

const finding: Matcher = (command, place) => {
  const all = command.words.slice(1);
  const from = all.findIndex((word) => /^[-(!\\]/.test(word));
  const starts = from <= 0 ? (all.length === 0 || from === 0 ? ['.'] : all) : all.slice(0, from);
  const tests = from < 0 ? [] : all.slice(from);
  const deletes =
    tests.includes('-delete') ||
    tests.some(
      (word, index) =>
        /^-(exec|execdir|ok|okdir)$/.test(word) &&
        /^(.*\/)?(rm|unlink|shred|mv|truncate|rmdir|sh|bash)$/.test(tests[index + 1] ?? ''),
    );
  if (!deletes) return harmless;
  const inside = touched(starts, place);
  if (inside.length > 0) return verdictOf(command, 'find that deletes', inside);
  const above = touched(starts, place, { andOver: true });
  const names = ['-name', '-iname', '-path', '-wholename', '-ipath'].flatMap((option) => {
    const value = optionValue(tests, option);
    return value === undefined ? [] : [value];
  });
  const fits = names.length === 0 || names.some((name) => namesOne(name, place));
  return verdictOf(command, 'find that deletes', fits ? above : []);
};

/** A name, or the names that a path consists of. */
function namesOne(pattern: string, { facts }: CommandPlace): boolean {
  return pattern
    .split('/')
    .filter((part) => part !== '' && part !== '.' && (part !== '*' || pattern === '*'))
    .some((part) => namesData(part, facts) || matchesSegment(part, 'file.db'));
}

function verdictOf(command: PlainCommand, rule: string, paths: readonly string[]): Verdict {
  return paths.length === 0 ? harmless : destructive(command, rule, [...new Set(paths)]);
}

const matchers: readonly (readonly [RegExp, Matcher])[] = [
  [
    /^(rm|unlink|shred|srm|rimraf|del-cli|trash|trash-put|gio|del|erase|rd|ri|remove-item|rmdir)$/,
    deleting,
  ],
  [/^(mv|move|move-item|rename|ren)$/, moving],
  [/^(cp|copy|copy-item|install|ln|scp)$/, copying],
  [/^(rsync|robocopy)$/, synchronizing],
  [/^(tee|truncate|sponge|clear-content|set-content|out-file)$/, writing],
  [/^dd$/, copyingBlocks],
  [/^(gzip|gunzip|xz|unxz|bzip2|bunzip2|zstd|unzstd)$/, packing],
  [/^(curl|wget)$/, downloading],
  [/^rclone$/, mirroring],
  [/^(tar|bsdtar|gtar|unzip|7z|7za|cpio)$/, unpacking],
  [/^(sed|gsed|perl)$/, editing],
  [/^(find|gfind)$/, finding],
  [/^git$/, matchGit],
];
