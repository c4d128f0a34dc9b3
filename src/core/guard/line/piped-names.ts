// Programs that put names, which others print or find, behind a command: `xargs`, `parallel`, `find -exec`.

import { executedCommands, findArguments, foundPaths } from '../find-command.ts';
import type { ReadCommand } from '../line-reader.ts';
import { knownTextAt } from './files.ts';
import type { CommandPlace } from '../verdict.ts';
import { linesOf, splitWords, unknownText } from './texts.ts';

export interface NamedCommands {
  /** Each as it runs, with the names in it. */
  readonly commands: readonly (readonly string[])[];
  /** The same as a line for a shell. */
  readonly isText: boolean;
}

/** Undefined where the program takes no names so. */
export function namedCommands(
  program: string,
  command: ReadCommand,
  place: CommandPlace,
): NamedCommands | undefined {
  const args = command.words.slice(1);
  if (/^g?xargs$/.test(program)) return { commands: ofXargs(args, command, place), isText: false };
  if (/^(parallel|rush)$/.test(program))
    return { commands: ofParallel(args, command), isText: true };
  if (/^g?find$/.test(program)) return { commands: ofFind(args), isText: false };
  return undefined;
}

const maxCommands = 32;

/** The command for each name, or for all of them where none has a place of its own. */
function withNames(
  words: readonly string[],
  names: readonly string[],
  replaced: string | undefined,
): readonly (readonly string[])[] {
  if (replaced === undefined) return [[...words, ...names]];
  const each = names.length > maxCommands ? [unknownText] : names;
  return each.map((name) => words.map((word) => word.replaceAll(replaced, () => name)));
}

interface Option {
  readonly letter: string;
  readonly value: string;
}

/** Options before the command, and where that begins. */
function xargsOptions(args: readonly string[]): {
  readonly options: readonly Option[];
  readonly words: readonly string[];
} {
  const options: Option[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? '';
    if (word === '--') return { options, words: args.slice(index + 1) };
    if (!word.startsWith('-')) return { options, words: args.slice(index) };
    const option = xargsOption(word);
    const takesNext = option.value === '' && /^-[IJadEsnPLR]$/.test(word);
    options.push(takesNext ? { ...option, value: args[index + 1] ?? '' } : option);
    if (takesNext) index += 1;
  }
  return { options, words: [] };
}

function xargsOption(word: string): Option {
  const [, name, value = ''] = /^--([\w-]+)(?:=(.*))?$/.exec(word) ?? [];
  return name === undefined
    ? { letter: word.charAt(1), value: word.slice(2) }
    : { letter: longXargs.get(name) ?? '', value };
}

const longXargs: ReadonlyMap<string, string> = new Map([
  ['replace', 'i'],
  ['arg-file', 'a'],
  ['null', '0'],
  ['delimiter', 'd'],
]);

function ofXargs(
  args: readonly string[],
  { stdin }: ReadCommand,
  place: CommandPlace,
): readonly (readonly string[])[] {
  const { options, words } = xargsOptions(args);
  if (words.length === 0) return [];
  const valueOf = (letters: RegExp): string | undefined =>
    options.findLast(({ letter }) => letters.test(letter))?.value;
  const file = valueOf(/^a$/);
  const fed = stdin.isFed ? stdin.text() : unknownText;
  const text = file === undefined ? fed : (knownTextAt(file, place) ?? unknownText);
  const byLines = options.some(({ letter }) => /^[0dIJi]$/.test(letter));
  const replaced = valueOf(/^[IJi]$/);
  const names = byLines ? linesOf(text) : splitWords(text);
  return withNames(words, names, replaced === '' ? '{}' : replaced);
}

/** `parallel rm {} ::: a b`: what stands behind `:::` are the names. */
function ofParallel(
  args: readonly string[],
  { stdin }: ReadCommand,
): readonly (readonly string[])[] {
  const at = args.findIndex((word) => /^:::+\+?$/.test(word));
  const own = at < 0 ? args : args.slice(0, at);
  const from = own.findIndex(
    (word, index) => !word.startsWith('-') && !/^-[jPSanNId]$/.test(own[index - 1] ?? ''),
  );
  const words = from < 0 ? [] : own.slice(from);
  const fed = stdin.isFed ? linesOf(stdin.text()) : [unknownText];
  const names = at < 0 ? fed : args[at] === ':::' ? args.slice(at + 1) : [unknownText];
  const hasPlace = words.some((word) => word.includes('{'));
  const plain = words.map((word) => word.replaceAll(/\{[^{}\s]*\}/g, '{}'));
  if (words.length === 0) return names.map((name) => [name]);
  return withNames(plain, names, hasPlace ? '{}' : undefined);
}

function ofFind(args: readonly string[]): readonly (readonly string[])[] {
  const { tests } = findArguments(args);
  const paths = foundPaths(args);
  return executedCommands(tests).flatMap((words) =>
    words.some((word) => word !== '{}' && word.includes('{}'))
      ? withNames(words, paths, '{}')
      : [words.flatMap((word) => (word === '{}' ? paths : [word]))],
  );
}
