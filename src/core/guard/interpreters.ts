// Programs that run code: given in an option, as a module, or in a file.

import { optionValue, optionValues, splitArguments } from './options.ts';

export type Interpreted =
  /** A line for a shell, and what `$0` and `$1` are in it. */
  | { readonly kind: 'text'; readonly text: string; readonly args: readonly string[] }
  /** Code of another language. */
  | { readonly kind: 'code'; readonly code: string }
  /** A program by the name of its module, with its arguments. */
  | { readonly kind: 'module'; readonly words: readonly string[] }
  /** A file of code, with its arguments. */
  | { readonly kind: 'file'; readonly words: readonly string[] }
  /** What it reads on its input. */
  | { readonly kind: 'input' }
  /** It only looks whether it can be read. */
  | { readonly kind: 'nothing' };

interface Interpreter {
  readonly programs: RegExp;
  readonly isShell?: boolean;
  readonly code: readonly string[];
  readonly module?: string;
  readonly valueOptions: readonly string[];
  /** Options with which nothing is run. */
  readonly looks?: RegExp;
}

const interpreters: readonly Interpreter[] = [
  {
    programs: /^(sh|bash|dash|zsh|ksh|mksh|ash|fish|rbash)$/,
    isShell: true,
    code: ['-c'],
    valueOptions: ['-o', '-O', '--rcfile', '--init-file'],
    looks: /^-[a-zA-Z]*n[a-zA-Z]*$/,
  },
  {
    programs: /^(pwsh|powershell)$/,
    isShell: true,
    code: ['-c', '-Command', '-command', '-CommandWithArgs'],
    valueOptions: ['-ExecutionPolicy', '-WorkingDirectory'],
  },
  {
    programs:
      /^(node|nodejs|tsx|ts-node|ts-node-esm|swc-node|esno|jiti|vite-node|babel-node|electron)$/,
    code: ['-e', '--eval', '-p', '--print', '-pe'],
    looks: /^(-c|--check|--test|-v|-h)$/,
    valueOptions: [
      '-r',
      '--require',
      '--import',
      '--loader',
      '--experimental-loader',
      '-C',
      '--conditions',
      '--tsconfig',
      '-P',
      '--project',
      '-O',
      '--env-file',
    ],
  },
  {
    programs: /^bun$/,
    code: ['-e', '--eval'],
    valueOptions: ['-r', '--preload', '--cwd', '--env-file'],
  },
  {
    programs: /^(python|python[23](\.\d+)?|pypy3?|py|ipython)$/,
    code: ['-c'],
    module: '-m',
    valueOptions: ['-W', '-X', '-Q'],
  },
  { programs: /^(ruby|jruby)$/, code: ['-e'], valueOptions: ['-I', '-r', '-C'], looks: /^-c$/ },
  {
    programs: /^php\d*(\.\d+)?$/,
    code: ['-r'],
    valueOptions: ['-d', '-c', '-S', '-t'],
    looks: /^(-l|-i|-m|--ini|--ri|-S)$/,
  },
  {
    programs: /^perl(5[\d.]*)?$/,
    code: ['-e', '-E'],
    valueOptions: ['-I'],
    looks: /^-[a-zA-Z]*c$/,
  },
  { programs: /^(lua|luajit|lua5[\d.]*)$/, code: ['-e'], valueOptions: ['-l'] },
  {
    programs:
      /^(tclsh|wish|expect|guile|sbcl|clisp|racket|escript|erl|julia|rscript|r|ghci|runghc|stack|swipl|groovy|scala|kotlin|jshell|crystal|nim|janet|fennel|raku|gjs|osascript)$/,
    code: [],
    valueOptions: [],
  },
  { programs: /^(elixir|iex)$/, code: ['-e', '--eval'], module: '-S', valueOptions: ['-r'] },
  {
    programs: /^(uvicorn|gunicorn|hypercorn|daphne|granian|fastapi)$/,
    code: [],
    valueOptions: [
      '--host',
      '--port',
      '-b',
      '--bind',
      '-w',
      '--workers',
      '-k',
      '--worker-class',
      '--app-dir',
      '--env-file',
      '--log-level',
      '-c',
      '--config',
      '--root-path',
      '--reload-dir',
      '--interface',
    ],
  },
];

/**
 * Tools of frameworks and compilers that run code of the project by a verb of their own.
 * Undefined where the program is none.
 */
export function interpretRunner(program: string, args: readonly string[]): Interpreted | undefined {
  const [verb = '', ...rest] = args;
  const built = interpretBuilder(program, args);
  if (built !== undefined) return built;
  if (program === 'rails' && /^(runner|r)$/.test(verb)) {
    const [what = ''] = splitArguments(rest, ['-e', '--environment']).positional;
    return /^[\w./-]+\.rb$/.test(what)
      ? { kind: 'file', words: [what] }
      : { kind: 'code', code: what };
  }
  if (program === 'deno' && verb === 'eval')
    return { kind: 'code', code: splitArguments(rest).positional.join('\n') };
  const option =
    program === 'artisan' && verb === 'tinker'
      ? ['--execute']
      : /^(manage\.py|django-admin|flask)$/.test(program) && /^shell(_plus)?$/.test(verb)
        ? ['-c', '--command']
        : [];
  const code = option.length === 0 ? undefined : optionValue(rest, ...option);
  return code === undefined ? undefined : { kind: 'code', code };
}

interface Builder {
  readonly programs: RegExp;
  readonly verbs: RegExp;
  /** Options whose value names what is built; without them the first word does. */
  readonly names: readonly string[];
  readonly valueOptions: readonly string[];
}

const builders: readonly Builder[] = [
  {
    programs: /^cargo$/,
    verbs: /^(run|r)$/,
    names: ['--bin', '--example', '-p', '--package'],
    valueOptions: ['--features', '-F', '--profile', '--target', '--manifest-path', '-j'],
  },
  {
    programs: /^dotnet$/,
    verbs: /^run$/,
    names: ['--project'],
    valueOptions: ['-c', '--configuration', '-f', '--framework', '--launch-profile', '-p'],
  },
  {
    programs: /^go$/,
    verbs: /^run$/,
    names: [],
    valueOptions: ['-C', '-tags', '-mod', '-modfile', '-ldflags', '-gcflags', '-exec', '-p'],
  },
  { programs: /^swift$/, verbs: /^run$/, names: [], valueOptions: ['-c', '--package-path'] },
];

/** `cargo run --bin migrate -- up`, `go run ./cmd/migrate up`: a program of the project by its name. */
function interpretBuilder(program: string, args: readonly string[]): Interpreted | undefined {
  const builder = builders.find(({ programs }) => programs.test(program));
  const [verb = '', ...rest] = args;
  if (builder === undefined || !builder.verbs.test(verb)) return undefined;
  const { names, valueOptions } = builder;
  const dashes = rest.indexOf('--');
  const own = dashes < 0 ? rest : rest.slice(0, dashes);
  const { places } = splitArguments(own, [...names, ...valueOptions]);
  const given = [
    ...own.slice(places[0] ?? own.length),
    ...(dashes < 0 ? [] : rest.slice(dashes + 1)),
  ];
  if (names.length > 0)
    return { kind: 'file', words: [optionValue(own, ...names) ?? ownProgram, ...given] };
  const [first = ownProgram, ...others] = given;
  return { kind: 'file', words: [/^\.{1,2}$/.test(first) ? ownProgram : first, ...others] };
}

/** For the project's own program, which has no name there. */
const ownProgram = 'main';

/** Undefined where the program is no interpreter. */
export function interpret(program: string, args: readonly string[]): Interpreted | undefined {
  const interpreter = interpreters.find(({ programs }) => programs.test(program));
  if (interpreter === undefined) return undefined;
  const { isShell = false, module, valueOptions, looks } = interpreter;
  const code = [...interpreter.code, ...joinedOptions(args, interpreter.code)];
  const modules = module === undefined ? [] : [module];
  const { places } = splitArguments(
    args,
    isShell ? valueOptions : [...valueOptions, ...code, ...modules],
  );
  const own = args.slice(0, places[0] ?? args.length);
  const rest = args.slice(own.length);
  if (own.some((word) => looks?.test(word) === true)) return { kind: 'nothing' };
  if (isShell) return interpretShell(own, rest, code);
  const inline = optionValues(own, ...code);
  if (inline.length > 0) return { kind: 'code', code: inline.join('\n') };
  const moduleAt = own.findIndex((word) => modules.includes(word));
  if (moduleAt >= 0) return { kind: 'module', words: args.slice(moduleAt + 1) };
  return fileOrInput(rest);
}

function interpretShell(
  own: readonly string[],
  rest: readonly string[],
  code: readonly string[],
): Interpreted {
  const [text = '', ...args] = rest;
  if (own.some((word) => code.includes(word))) return { kind: 'text', text, args };
  // `bash -s ARG < FILE`
  return own.some((word) => /^-[a-zA-Z]*s$/.test(word)) ? { kind: 'input' } : fileOrInput(rest);
}

function fileOrInput(words: readonly string[]): Interpreted {
  const [first] = words;
  if (first === undefined || first === '-') return { kind: 'input' };
  // `tsx watch FILE`
  return { kind: 'file', words: first === 'watch' ? words.slice(1) : words };
}

/** Letters may come together: `-lc TEXT`, `-ne CODE`. */
function joinedOptions(args: readonly string[], code: readonly string[]): readonly string[] {
  return args.filter(
    (word) => /^-[a-zA-Z]{2,}$/.test(word) && code.includes(`-${word.at(-1) ?? ''}`),
  );
}
