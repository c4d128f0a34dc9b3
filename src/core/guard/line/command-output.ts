// What a command prints, as far as its words tell: names that a pipe or a substitution hands on. What is
// not known is a hole, with the folder before it where that is known: `find data` prints `data/…`.

import { isPattern } from '../data-paths.ts';
import { foundPaths } from '../find-command.ts';
import type { ReadCommand } from '../line-reader.ts';
import { hasOption, splitArguments } from '../options.ts';
import { placedPath, type CommandPlace } from '../verdict.ts';
import { textAt } from './files.ts';
import { folderOf, nameOf } from './path-texts.ts';
import { isUnknown, unknownText } from './texts.ts';

interface Printing {
  readonly args: readonly string[];
  readonly positional: readonly string[];
  readonly input: () => string;
  readonly place: CommandPlace;
}

export function outputOf({ words, stdin }: ReadCommand, place: CommandPlace): string {
  const [first = '', ...rest] = words;
  const prefixed = /^(command|builtin|\\|sudo|nice|time)$/.test(first) && !rest[0]?.startsWith('-');
  const [program = '', ...args] = prefixed ? rest : words;
  const print = Object.hasOwn(printers, program) ? printers[program] : undefined;
  if (print === undefined) return unknownText;
  const { positional } = splitArguments(args);
  const input = (): string => (stdin.isFed ? stdin.text() : unknownText);
  return print({ args, positional, input, place });
}

type Printer = (printing: Printing) => string;

const nothing: Printer = () => '';

/** `-n` and `-e` are its options, whatever follows is text. */
const echo: Printer = ({ args }) => {
  const at = args.findIndex((word) => !/^-[neE]+$/.test(word));
  const isEscaped = args.slice(0, Math.max(at, 0)).some((word) => word.includes('e'));
  const text = at < 0 ? '' : args.slice(at).join(' ');
  if (isEscaped) return `${unescaped(text)}\n`;
  // Some shells read escapes without being told.
  return /\\[nrtx0]/.test(text) ? `${text}\n${unescaped(text)}\n` : `${text}\n`;
};

/** A format with `%s` and the like, again for what is left over. */
const printf: Printer = ({ args }) => {
  const [format = '', ...values] = args[0] === '--' ? args.slice(1) : args;
  const plain = unescaped(format);
  const holders = plain.match(placeholder)?.length ?? 0;
  if (holders === 0 || values.length === 0) return plain.replaceAll(placeholder, '');
  let text = '';
  for (let from = 0; from < values.length && text.length < maxPrinted; from += holders) {
    let next = from;
    text += plain.replaceAll(placeholder, () => values[next++] ?? '');
  }
  return text;
};

const placeholder = /%[-+ 0#]*\d*(?:\.\d+)?[sbqdiuxXfc]/g;
const maxPrinted = 64 * 1024;

function unescaped(text: string): string {
  const known: Readonly<Record<string, string>> = {
    n: '\n',
    t: '\t',
    r: '\r',
    '0': '\n',
    '\\': '\\',
  };
  // Other escapes stand for characters that would have to be counted out.
  return text.replaceAll(/\\(.)/g, (_whole, letter: string) => known[letter] ?? unknownText);
}

const contents: Printer = ({ positional, input, place }) =>
  positional.length === 0
    ? input()
    : positional.map((path) => (path === '-' ? input() : textAt(path, place))).join('');

/** Some of the lines that it reads. */
const someLines: Printer = (printing) =>
  contents({
    ...printing,
    positional: printing.positional.filter((word) => !/^[+]?\d+$/.test(word)),
  });

/** Paths below those that are named. */
function below(paths: readonly string[]): string {
  return (paths.length === 0 ? ['.'] : paths)
    .flatMap((path) => [path, `${path.replace(/\/$/, '')}/${unknownText}`])
    .map((path) => `${path}\n`)
    .join('');
}

const find: Printer = ({ args }) =>
  foundPaths(args)
    .map((path) => `${path}\n`)
    .join('');

/** Names without their folder, unless patterns name the files themselves. */
const list: Printer = ({ args, positional }) => {
  const isItself = hasOption(splitArguments(args), '-d', '--directory');
  if (positional.length === 0) return `./${unknownText}\n`;
  const lines = positional.flatMap((path) =>
    isItself || isPattern(path) ? [path] : [path, `./${unknownText}`],
  );
  const isLong = hasOption(splitArguments(args), '-l', '-s', '-i', '-R');
  return isLong ? unknownText : lines.map((line) => `${line}\n`).join('');
};

/** With `-l` the names of files; without it lines of them. */
const search: Printer = ({ args, positional, input }) => {
  const options = splitArguments(args);
  if (hasOption(options, '-l', '--files-with-matches', '-L', '--files', '--files-without-match')) {
    const paths = hasOption(options, '-e', '--files') ? positional : positional.slice(1);
    return below(paths);
  }
  return positional.length > 1 || hasOption(options, '-o', '-n', '-c') ? unknownText : input();
};

const gitPrinter: Printer = ({ args, place }) => {
  const [verb, ...rest] = splitArguments(args, ['-C', '-c']).positional;
  if (args[0] === '-C') return unknownText;
  if (verb === 'rev-parse' && args.includes('--show-toplevel'))
    return place.facts.workTree(place.cwd) ?? unknownText;
  if (verb === 'rev-parse' && args.includes('--show-cdup')) return unknownText;
  if (verb === 'ls-files')
    return (
      below(rest.filter((path) => !isPattern(path))) +
      rest
        .filter(isPattern)
        .map((name) => `./**/${name}\n`)
        .join('')
    );
  if (verb === 'grep' && args.includes('-l')) return below(rest.slice(1));
  return unknownText;
};

/** One answer a path; where a path may have two, they are two lines. */
function eachPath(change: (path: string) => readonly string[]): Printer {
  return ({ positional }) => positional.flatMap(change).join('\n');
}

const resolved: Printer = ({ positional, place }) =>
  positional.map((path) => (isUnknown(path) ? path : placedPath(path, place))).join('\n');

/** A new path that nobody else has. */
const temporary: Printer = ({ args, positional, place }) => {
  const [template] = positional;
  const isElsewhere = args.some((word) => /^(-p|--tmpdir|-t)/.test(word));
  if (isElsewhere) return unknownText;
  const folder = place.facts.variable('TMPDIR') ?? '/tmp';
  return template === undefined
    ? `${folder}/${unknownText}`
    : template.replace(/X{3,}/, unknownText);
};

const printers: Readonly<Record<string, Printer>> = {
  echo,
  printf,
  cat: contents,
  head: someLines,
  tail: someLines,
  sort: contents,
  uniq: contents,
  tac: contents,
  tee: ({ input }) => input(),
  find,
  fd: ({ positional }) => below(positional.slice(1)),
  ls: list,
  grep: search,
  egrep: search,
  fgrep: search,
  rg: search,
  ag: search,
  git: gitPrinter,
  pwd: ({ place }) => place.cwd,
  dirname: eachPath((path) => folderOf(path, '.')),
  basename: ({ positional }) => nameOf(positional[0] ?? ''),
  realpath: resolved,
  readlink: (printing) =>
    printing.args.some((word) => /^-[a-z]*[fem]/.test(word)) ? resolved(printing) : unknownText,
  mktemp: temporary,
  ...Object.fromEntries(
    [
      'cd',
      'true',
      'false',
      ':',
      'test',
      '[',
      '[[',
      'mkdir',
      'touch',
      'export',
      'set',
      'unset',
      'read',
      'sleep',
      'wait',
      'shopt',
      'local',
      'rm',
      'cp',
      'mv',
      'chmod',
    ].map((name) => [name, nothing]),
  ),
};
