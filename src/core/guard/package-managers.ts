// Which scripts of a package or targets of a file a command runs.

import type { TargetRunner } from './facts.ts';
import { optionValue, optionValues, splitArguments } from './options.ts';

export type Delegation =
  | {
      readonly kind: 'scripts';
      /** Names; `*` stands for any text in them. */
      readonly names: readonly string[];
      /** Relative to the current directory; null for that one. */
      readonly folder: string | null;
      /** Packages of the workspace that are meant, all for an empty list; null for the nearest alone. */
      readonly packages: readonly string[] | null;
      /** What follows the script's own line. */
      readonly args: readonly string[];
      /** What it is where no script has the name: yarn and pnpm run a program then, npm fails. */
      readonly orWords: readonly string[];
    }
  | {
      readonly kind: 'targets';
      readonly runner: TargetRunner;
      /** Null: the first one. */
      readonly names: readonly (string | null)[];
      readonly folder: string | null;
      readonly file: string | null;
      readonly variables: ReadonlyMap<string, string>;
    }
  /** Tasks of a file that is not read. */
  | { readonly kind: 'tasks'; readonly names: readonly string[] };

const managers = /^(npm|pnpm|yarn|yarnpkg|bun|berry|deno)$/;
/** Options that take a value, before the manager's own command. */
export const managerOptions: readonly string[] = [
  '--prefix',
  '-C',
  '--dir',
  '--cwd',
  '-w',
  '--workspace',
  '-F',
  '--filter',
  '--loglevel',
  '--userconfig',
  '--config',
];
const runWords = /^(run|run-script|rum|task)$/;
const installWords = /^(install|i|ci|add|clean-install)$/;
const ownScripts = /^(test|t|start|stop|restart)$/;
/** Verbs of the managers themselves, which are no scripts. */
const managerVerbs =
  /^(init|create|publish|pack|link|unlink|remove|rm|uninstall|update|up|upgrade|outdated|audit|why|list|ls|config|get|set|login|logout|whoami|cache|view|info|search|version|help|dedupe|prune|rebuild|patch|store|exec|x|dlx|import|pm|install|i|ci|add|fetch|approve-builds)$/;

/** Undefined where the program runs no scripts and targets. */
export function delegationOf(program: string, args: readonly string[]): Delegation | undefined {
  if (managers.test(program)) return managerDelegation(program, args);
  if (/^(npm-run-all|npm-run-all2|run-s|run-p)$/.test(program))
    return scripts(splitArguments(args).positional);
  if (/^(turbo|nx|lerna|wireit|moon|lage)$/.test(program)) return monorepoDelegation(args);
  if (/^(composer|mise|rtx|poe|poethepoet|invoke|inv)$/.test(program)) return taskNames(args);
  if (/^(make|gmake|mingw32-make)$/.test(program)) return makeDelegation(args);
  if (program === 'just') return justDelegation(args);
  if (/^(task|go-task)$/.test(program)) return taskDelegation(args);
  return undefined;
}

type Scripts = Extract<Delegation, { readonly kind: 'scripts' }>;

/** It only tells what it would do. */
const nothing: Delegation = { kind: 'tasks', names: [] };

function scripts(
  names: readonly string[],
  more: Partial<Omit<Scripts, 'kind' | 'names'>> = {},
): Delegation {
  return { kind: 'scripts', names, folder: null, packages: null, args: [], orWords: [], ...more };
}

/** `yarn workspace NAME COMMAND…`, `yarn workspaces foreach -A run NAME`. */
function workspaceWords(
  args: readonly string[],
  verb: string,
  next: number,
): { readonly words: readonly string[]; readonly packages: readonly string[] } | undefined {
  if (verb === 'workspace')
    return { words: args.slice(next + 1), packages: args.slice(next, next + 1) };
  const run = verb === 'workspaces' ? args.findIndex((word) => runWords.test(word)) : -1;
  return run < 0 ? undefined : { words: args.slice(run), packages: [] };
}

/** Packages that options name; null where none does. */
function packagesOf(args: readonly string[]): readonly string[] | null {
  const named = optionValues(args, '-w', '--workspace', '-F', '--filter');
  const all = args.some((word) => /^(--workspaces|-ws|-r|--recursive)$/.test(word));
  return named.length > 0 ? named : all ? [] : null;
}

/** What a script gets behind its line: npm keeps options for itself that stand before `--`. */
function scriptArguments(program: string, rest: readonly string[]): readonly string[] {
  const dashes = rest.indexOf('--');
  if (program !== 'npm') return rest.filter((_word, index) => index !== dashes);
  const own = dashes < 0 ? rest : rest.slice(0, dashes);
  const { positional } = splitArguments(own, managerOptions);
  return [...positional, ...(dashes < 0 ? [] : rest.slice(dashes + 1))];
}

function inPackages(
  found: Delegation | undefined,
  packages: readonly string[],
): Delegation | undefined {
  return found?.kind === 'scripts' ? { ...found, packages } : found;
}

function whereOf(args: readonly string[]): Pick<Scripts, 'folder' | 'packages'> {
  const folder = optionValue(args, '--prefix', '-C', '--dir', '--cwd') ?? null;
  return { folder, packages: packagesOf(args) };
}

function managerDelegation(program: string, args: readonly string[]): Delegation | undefined {
  const { positional, places } = splitArguments(args, managerOptions);
  const [verb = 'install', second] = positional;
  const [first = args.length, next = args.length] = places;
  const inWorkspaces = workspaceWords(args, verb, next);
  if (inWorkspaces !== undefined)
    return inPackages(managerDelegation(program, inWorkspaces.words), inWorkspaces.packages);
  const given = whereOf(args);
  if (runWords.test(verb)) {
    if (second === undefined) return nothing;
    const own = scriptArguments(program, args.slice(next + 1));
    return scripts([second], { ...given, args: own, orWords: args.slice(next) });
  }
  // With a package to add, the project's own scripts do not run.
  if (installWords.test(verb) && second === undefined)
    return scripts(['preinstall', 'install', 'postinstall', 'prepare'], given);
  const behind = { ...given, args: scriptArguments(program, args.slice(first + 1)) };
  if (ownScripts.test(verb)) return scripts([verb === 't' ? 'test' : verb], behind);
  const isOwnVerb = program === 'npm' || program === 'deno' || managerVerbs.test(verb);
  return isOwnVerb ? undefined : scripts([verb], { ...behind, orWords: args.slice(first) });
}

/** Runners whose files are not read: their tasks count by their names. */
function taskNames(args: readonly string[]): Delegation | undefined {
  const { positional } = splitArguments(args, ['-d', '--working-dir', '-C', '--cd', '-c']);
  const [verb, second] = positional;
  const name = /^(run|run-script|r)$/.test(verb ?? '') ? second : verb;
  return name === undefined ? undefined : { kind: 'tasks', names: [name] };
}

/** `turbo run db:reset`, `nx run api:migrate`, `nx migrate api`. */
function monorepoDelegation(args: readonly string[]): Delegation | undefined {
  const { positional, options } = splitArguments(args, ['--filter', '--scope', '-p', '--projects']);
  // `nx migrate latest` brings nx itself up to date.
  const [verb, version = ''] = positional;
  if (
    verb === 'migrate' &&
    (options.includes('--run-migrations') || /^(latest|next|.*@.*)$/.test(version))
  )
    return undefined;
  const names =
    positional[0] === 'run' || positional[0] === 'run-many' ? positional.slice(1) : positional;
  const target = optionValue(args, '-t', '--target', '--targets');
  const named = target === undefined ? names.slice(0, 1) : [target];
  return scripts(
    named.map((name) =>
      name.replace(/^[^:]+:(?=[^:]+$)/, (prefix) => (prefix === 'db:' ? prefix : '')),
    ),
    { packages: [] },
  );
}

/** `make DB=data/app.db drop` */
function assignmentsIn(words: readonly string[]): ReadonlyMap<string, string> {
  const pairs = words.flatMap((word) => {
    const [, name, value = ''] = /^([\w.-]+)[:?+]*=([^]*)$/.exec(word) ?? [];
    return name === undefined ? [] : [[name, value] as const];
  });
  return new Map(pairs);
}

function makeDelegation(args: readonly string[]): Delegation | undefined {
  const { positional, options } = splitArguments(args, [
    '-C',
    '-f',
    '--file',
    '--directory',
    '-I',
    '-o',
    '-W',
    '-j',
    '-l',
  ]);
  if (
    options.some((option) =>
      /^(-n|--just-print|--dry-run|--recon|-q|--question|-p|-v|--version|-h|--help)$/.test(option),
    )
  )
    return nothing;
  const names = positional.filter((word) => !word.includes('='));
  return {
    kind: 'targets',
    runner: 'make',
    names: names.length === 0 ? [null] : names,
    folder: optionValue(args, '-C', '--directory') ?? null,
    file: optionValue(args, '-f', '--file', '--makefile') ?? null,
    variables: assignmentsIn(positional),
  };
}

function justDelegation(args: readonly string[]): Delegation | undefined {
  const { positional, options } = splitArguments(args, [
    '-f',
    '--justfile',
    '-d',
    '--working-directory',
    '--set',
  ]);
  if (
    options.some((option) =>
      /^(-n|--dry-run|-l|--list|--show|-s|--summary|--evaluate|--fmt|--dump)$/.test(option),
    )
  )
    return nothing;
  const names = positional.filter((word) => !word.includes('='));
  return {
    kind: 'targets',
    runner: 'just',
    names: names.length === 0 ? [null] : names,
    folder: optionValue(args, '-d', '--working-directory') ?? null,
    file: optionValue(args, '-f', '--justfile') ?? null,
    variables: assignmentsIn(positional),
  };
}

function taskDelegation(args: readonly string[]): Delegation | undefined {
  const { positional, options } = splitArguments(args, [
    '-d',
    '--dir',
    '-t',
    '--taskfile',
    '-o',
    '-C',
  ]);
  if (
    options.some((option) => /^(-n|--dry|-l|--list|-a|--list-all|--summary|--status)$/.test(option))
  )
    return nothing;
  const dashes = args.indexOf('--');
  const own = dashes < 0 ? positional : splitArguments(args.slice(0, dashes)).positional;
  const names = own.filter((word) => !word.includes('='));
  return {
    kind: 'targets',
    runner: 'task',
    names: names.length === 0 ? ['default'] : names,
    folder: optionValue(args, '-d', '--dir') ?? null,
    file: optionValue(args, '-t', '--taskfile') ?? null,
    variables: assignmentsIn(own),
  };
}
