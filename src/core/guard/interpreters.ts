// Programs that run code: given in an option, as a module, or in a file.

import { optionValue, splitArguments } from './options.ts';

export type Interpreted =
  /** A line for a shell. */
  | { readonly kind: 'text'; readonly text: string }
  /** Code of another language. */
  | { readonly kind: 'code'; readonly code: string }
  /** A program by its module's name or its file's path, with its arguments. */
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'nothing' };

interface Interpreter {
  readonly programs: RegExp;
  readonly isShell?: boolean;
  readonly code: readonly string[];
  readonly module?: string;
  readonly valueOptions: readonly string[];
}

const interpreters: readonly Interpreter[] = [
  {
    programs: /^(sh|bash|dash|zsh|ksh|mksh|ash|fish|rbash)$/,
    isShell: true,
    code: ['-c'],
    valueOptions: ['-o', '-O', '--rcfile', '--init-file'],
  },
  {
    programs: /^(pwsh|powershell)$/,
    isShell: true,
    code: ['-c', '-Command', '-command', '-CommandWithArgs'],
    valueOptions: ['-File', '-f', '-ExecutionPolicy', '-WorkingDirectory'],
  },
  {
    programs:
      /^(node|nodejs|tsx|ts-node|ts-node-esm|swc-node|esno|jiti|vite-node|babel-node|electron)$/,
    code: ['-e', '--eval', '-p', '--print', '-pe'],
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
  { programs: /^(ruby|jruby)$/, code: ['-e'], valueOptions: ['-I', '-r', '-C'] },
  { programs: /^php\d*(\.\d+)?$/, code: ['-r'], valueOptions: ['-d', '-c'] },
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
      ? { kind: 'words', words: [what] }
      : { kind: 'code', code: what };
  }
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
    return { kind: 'words', words: [optionValue(own, ...names) ?? ownProgram, ...given] };
  const [first = ownProgram, ...others] = given;
  return { kind: 'words', words: [/^\.{1,2}$/.test(first) ? ownProgram : first, ...others] };
}

/** For the project's own program, which has no name there. */
const ownProgram = 'main';

/** Undefined where the program is no interpreter. */
export function interpret(program: string, args: readonly string[]): Interpreted | undefined {
  const interpreter = interpreters.find(({ programs }) => programs.test(program));
  if (interpreter === undefined) return undefined;
  const { isShell = false, code, module, valueOptions } = interpreter;
  if (isShell) return interpretShell(args, interpreter);
  const { places } = splitArguments(args, [...valueOptions, ...code, ...(module ? [module] : [])]);
  const own = args.slice(0, places[0] ?? args.length);
  const inline = code.length === 0 ? undefined : optionValue(own, ...code);
  if (inline !== undefined) return { kind: 'code', code: inline };
  const moduleAt = module === undefined ? -1 : own.indexOf(module);
  if (moduleAt >= 0) return { kind: 'words', words: args.slice(moduleAt + 1) };
  const at = places[0];
  return at === undefined ? { kind: 'nothing' } : { kind: 'words', words: args.slice(at) };
}

/** `-lc TEXT` and `-c TEXT`; else a script, or nothing where one types. */
function interpretShell(args: readonly string[], { code, valueOptions }: Interpreter): Interpreted {
  const { places } = splitArguments(args, valueOptions);
  const own = args.slice(0, places[0] ?? args.length);
  const takesText = own.some((word) => code.includes(word) || /^-[a-zA-Z]*c$/.test(word));
  const at = places[0];
  if (at === undefined) return { kind: 'nothing' };
  if (takesText) return { kind: 'text', text: args[at] ?? '' };
  return { kind: 'words', words: args.slice(at) };
}
