// What the shell itself does: commands that change the folder, variables and what runs here.

import { harmless, mayReach, placedPath, worst, type Verdict } from '../verdict.ts';
import { knownTextAt } from './files.ts';
import {
  inFolders,
  withUnknownVariables,
  withVariable,
  type Scope,
  type ScriptArguments,
} from './scope.ts';
import { placeIn, type Shell } from './shell.ts';
import { isUnknown, linesOf, unknownText } from './texts.ts';

interface Ran {
  readonly verdict?: Verdict;
  readonly scope: Scope;
  readonly succeeded?: Scope;
  readonly ends?: boolean;
  readonly output?: () => string;
}

/** Runs a text in this shell. */
type RunHere = (text: string, args?: ScriptArguments) => Required<Ran>;

interface Call {
  readonly args: readonly string[];
  readonly words: readonly string[];
  readonly scope: Scope;
  readonly shell: Shell;
  readonly runHere: RunHere;
}

/** Undefined where it is none that changes anything for what follows. */
export function runBuiltin(
  words: readonly string[],
  scope: Scope,
  shell: Shell,
  runHere: RunHere,
): Ran | undefined {
  const [program = '', ...args] = words;
  if (/^(command|builtin)$/.test(program) && Object.hasOwn(builtins, args[0] ?? ''))
    return runBuiltin(args, scope, shell, runHere);
  if (!Object.hasOwn(builtins, program)) return undefined;
  return builtins[program]?.({ args, words, scope, shell, runHere });
}

type Builtin = (call: Call) => Ran;

const changeFolder: Builtin = ({ args, words, scope, shell }) => {
  const [folder] = args.filter((word) => !/^-[LPe@q]+$|^--$/.test(word));
  const past = [...scope.past.slice(-maxPast), scope.cwd];
  const isHome = folder === undefined && words[0] === 'cd';
  const goals = isHome ? [shell.facts.home] : goalsOf(folder ?? '-', scope, shell);
  const succeeded = { ...inFolders(scope, goals), past };
  const isThere = goals.every((goal) => !isUnknown(goal) && shell.facts.isFolder(goal));
  // Where it fails, and nothing minds, what follows runs in the folder from before.
  if (isThere || scope.isStrict) return { scope: succeeded, succeeded };
  return { scope: { ...inFolders(scope, [...goals, ...scope.cwd]), past }, succeeded };
};

const maxPast = 20;

function goalsOf(folder: string, scope: Scope, shell: Shell): readonly string[] {
  if (folder === '-') return scope.past.at(-1) ?? [`/${unknownText}`];
  if (/^[-+]\d+$/.test(folder)) return [`/${unknownText}`];
  return scope.cwd.map((cwd) => placedPath(folder, placeIn(cwd, scope, shell)));
}

/** The folders of the stack are those that it came from. */
const popFolder: Builtin = ({ scope }) => {
  const goals = scope.past.length === 0 ? [`/${unknownText}`] : scope.past.flat();
  return { scope: { ...inFolders(scope, goals), past: scope.past.slice(0, -1) } };
};

/** `export A=b`: the values are in the words, too, as the parser gives them. */
const declare: Builtin = ({ args, words, scope }) => {
  const exports = words[0] === 'export' || args.some((word) => /^-[a-zA-Z]*x/.test(word));
  const after = args.reduce((now, word) => {
    const [, name, added, value] = /^([A-Za-z_]\w*)(?:(\+)?=([^]*))?$/.exec(word) ?? [];
    // `export $(cat .env)`: any variable may be another one now.
    if (name === undefined) return isUnknown(word) ? withUnknownVariables(now) : now;
    const known = now.variables.get(name);
    const isExported = exports || known?.isExported === true;
    if (value === undefined)
      return known === undefined ? now : withVariable(now, name, { ...known, isExported });
    const before = added === undefined ? [] : (known?.texts ?? [unknownText]);
    return withVariable(now, name, { texts: [...before, value], isExported });
  }, scope);
  return { scope: after };
};

const unset: Builtin = ({ args, scope }) => {
  const variables = new Map(scope.variables);
  const functions = new Map(scope.functions);
  for (const name of args) {
    if (args[0] === '-f') functions.delete(name);
    else if (variables.has(name)) variables.set(name, { texts: [''], isExported: false });
  }
  return { scope: { ...scope, variables, functions } };
};

const setOptions: Builtin = ({ args, scope }) => {
  let { isStrict, exportsAll } = scope;
  let given: readonly string[] | undefined;
  for (let index = 0; index < args.length && given === undefined; index += 1) {
    const word = args[index] ?? '';
    if (!/^[-+]./.test(word) || word === '--')
      given = args.slice(word === '--' ? index + 1 : index);
    else {
      const isOn = word.startsWith('-');
      const letters = word.endsWith('o')
        ? `${word}${longOptions.get(args[(index += 1)] ?? '') ?? ''}`
        : word;
      if (letters.includes('e')) isStrict = isOn;
      if (letters.includes('a')) exportsAll = isOn;
    }
  }
  const replaced = given && { ...scope.args, rest: given, isShifted: false };
  return { scope: { ...scope, isStrict, exportsAll, args: replaced ?? scope.args } };
};

const longOptions: ReadonlyMap<string, string> = new Map([
  ['errexit', 'e'],
  ['allexport', 'a'],
]);

const shift: Builtin = ({ scope }) => ({
  scope: { ...scope, args: { ...scope.args, isShifted: true } },
});

/** One name gets the lines; of several nobody knows which gets what. */
const readLines: Builtin = ({ args, scope }) => {
  const names = args.filter(
    (word, index) => /^[A-Za-z_]\w*$/.test(word) && !takesValue(args[index - 1]),
  );
  const given = names.length === 0 ? ['REPLY'] : names;
  const lines = scope.stdin.isFed ? linesOf(scope.stdin.text()) : [unknownText];
  const texts = names.length > 1 ? [unknownText] : lines;
  return {
    scope: given.reduce(
      (now, name) => withVariable(now, name, { texts, isExported: false }),
      scope,
    ),
  };
};

function takesValue(option: string | undefined): boolean {
  return /^-[a-zA-Z]*[dnNptuiC]$/.test(option ?? '');
}

const getOptions: Builtin = ({ args, scope }) => ({
  scope: ['OPTARG', args[1] ?? ''].reduce(
    (now, name) => withVariable(now, name, { texts: [unknownText], isExported: false }),
    scope,
  ),
});

const source: Builtin = ({ args, words, scope, shell, runHere }) => {
  const [path = '', ...rest] = args;
  const texts = scope.cwd.map((cwd) => knownTextAt(path, placeIn(cwd, scope, shell)));
  const given = rest.length > 0 ? rest : scope.args.rest;
  const ran = texts.map((text) =>
    text === null
      ? { verdict: mayReach({ words }, 'what is sourced is not to be read here'), scope }
      : runHere(text, { program: path, rest: given, isShifted: false }),
  );
  const last = ran.at(-1)?.scope ?? scope;
  return {
    verdict: worst(ran.map(({ verdict }) => verdict)),
    scope: { ...last, args: scope.args },
  };
};

const evaluate: Builtin = ({ args, runHere }) => ({ ...runHere(args.join(' ')), ends: false });

const trap: Builtin = ({ args, scope, runHere }) => ({
  verdict: (args[0] ?? '-').startsWith('-') ? harmless : runHere(args[0] ?? '').verdict,
  scope,
});

/** `alias x='rm -rf data'`: a function by another name. */
const alias: Builtin = ({ args, scope, shell }) => ({
  scope: args.reduce((now, word) => {
    const [, name = '', text] = /^([^=\s]+)=([^]*)$/.exec(word) ?? [];
    if (text === undefined) return now;
    // Its own name in it is that of the program.
    const steps = shell.reader.parse(`${text} "$@"`);
    return { ...now, functions: new Map(now.functions).set(name, steps) };
  }, scope),
});

const end: Builtin = ({ scope }) => ({ scope, ends: true });

const builtins: Readonly<Record<string, Builtin>> = {
  cd: changeFolder,
  chdir: changeFolder,
  pushd: changeFolder,
  popd: popFolder,
  export: declare,
  declare,
  local: declare,
  readonly: declare,
  typeset: declare,
  unset,
  set: setOptions,
  shift,
  read: readLines,
  mapfile: readLines,
  readarray: readLines,
  getopts: getOptions,
  source,
  '.': source,
  eval: evaluate,
  trap,
  alias,
  exit: end,
  return: end,
};
