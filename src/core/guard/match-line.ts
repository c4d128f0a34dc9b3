// A command line against everything: is it destructive to this project's data? What a command leads to
// is followed (scripts, targets, shells, wrappers), a bounded number of times.

import { resolvePath, unknownText } from './data-paths.ts';
import type { GuardFacts } from './facts.ts';
import { matchRedirections } from './file-commands.ts';
import { matchWords } from './match-words.ts';
import type { GuardPattern } from '../config/guard-patterns.ts';
import { commandOfWords, type ShellCommand, type ShellStep, type ShellWord } from './shell-step.ts';
import {
  destructive,
  harmless,
  placedPath,
  unknown,
  worst,
  type CommandPlace,
  type Verdict,
} from './verdict.ts';
import type { LineReader, ReadCommand } from './line-reader.ts';
import type { GuardMatch } from '../documents/guard.ts';

export interface MatchContext {
  readonly facts: GuardFacts;
  /** Absolute folder that the line is typed in. */
  readonly cwd: string;
  /** Of savepoint.json. */
  readonly patterns: readonly GuardPattern[];
}

/** Any text that a shell would run. */
export function matchLine(line: string, context: MatchContext): GuardMatch {
  return toMatch(read(() => createReader(context).readText(line, placeOf(context), 0)));
}

/** Arguments as a process got them. */
export function matchArguments(words: readonly string[], context: MatchContext): GuardMatch {
  const reader = createReader(context);
  return toMatch(read(() => reader.readSteps([commandOfWords(words)], placeOf(context), 0)));
}

/** Nested or grown beyond what a stack or a text can hold, a line is not harmless for that. */
function read(verdict: () => Verdict): Verdict {
  try {
    return verdict();
  } catch (error) {
    if (error instanceof RangeError) return unread;
    throw error;
  }
}

/** Scripts that call scripts, shells in shells: deeper nobody nests by hand. */
const maxDepth = 12;

/** A line may lead to many others; together no more than these are read. */
const maxCommands = 10_000;

/** Longer texts are read so far: nobody types them, and a hook has to answer at once. */
const maxTextLength = 64 * 1024;

/** Nobody has seen the rest: it counts as what it may be. */
const unread = destructive({ words: ['…'] }, 'more than can be read');

interface StepReader extends LineReader {
  readonly readSteps: (steps: readonly ShellStep[], place: CommandPlace, depth: number) => Verdict;
}

function createReader({ facts, patterns }: MatchContext): StepReader {
  let left = maxCommands;
  const reader: StepReader = {
    readText: (text, place, depth) => {
      if (depth > maxDepth) return unknown;
      const start = reader.readSteps(facts.parse(text.slice(0, maxTextLength)), place, depth);
      return text.length > maxTextLength ? worst([start, unread]) : start;
    },
    readSteps: (steps, place, depth) => worst(stepVerdicts(steps, place, reader, depth)),
    readWords: (command, place, depth) => {
      left -= 1;
      if (depth > maxDepth) return unknown;
      if (left < 0) return unread;
      return matchWords(command, { place, patterns, reader, depth });
    },
  };
  return reader;
}

type Variables = ReadonlyMap<string, readonly string[]>;

interface Scope {
  readonly cwd: string;
  readonly variables: Variables;
}

function* stepVerdicts(
  steps: readonly ShellStep[],
  place: CommandPlace,
  reader: LineReader,
  depth: number,
): Generator<Verdict> {
  const outer: Scope[] = [];
  let scope: Scope = { cwd: place.cwd, variables: new Map() };
  let upstream: readonly string[] = [];
  for (const step of steps) {
    const valueOf = (word: ShellWord) => evaluate(word, scope, place.facts);
    if (step.kind === 'enter') outer.push(scope);
    else if (step.kind === 'leave') scope = outer.pop() ?? scope;
    else if (step.kind === 'loop')
      scope = { ...scope, variables: assigned(scope, step.name, step.words.flatMap(valueOf)) };
    else {
      const here = { ...place, cwd: scope.cwd };
      const command = toRead(step, valueOf, step.piped ? upstream : []);
      yield redirected(step, valueOf, command, here);
      if (command.words.length > 0) yield reader.readWords(command, here, depth);
      scope = after(step, command.words, valueOf, scope, here);
      upstream = step.piped ? [...upstream, ...command.words] : command.words;
    }
  }
}

function toRead(
  step: ShellCommand,
  valueOf: (word: ShellWord) => readonly string[],
  upstream: readonly string[],
): ReadCommand {
  const words = step.words.flatMap(valueOf).filter((word, index) => index > 0 || word !== '');
  const inputFiles = step.redirections
    .filter(({ operator }) => operator === '<')
    .flatMap(({ target }) => valueOf(target));
  // `$RESET` may hold a whole command.
  const split =
    words[0]?.includes(' ') === true ? [...words[0].trim().split(/\s+/), ...words.slice(1)] : words;
  return {
    words: split,
    input: step.input,
    inputFiles,
    isFed: step.piped || inputFiles.length > 0 || step.input !== null,
    upstream: upstream.slice(1),
  };
}

function redirected(
  step: ShellCommand,
  valueOf: (word: ShellWord) => readonly string[],
  { words }: ReadCommand,
  place: CommandPlace,
): Verdict {
  const redirections = step.redirections.flatMap(({ operator, target }) =>
    valueOf(target).map((path) => ({ operator, path })),
  );
  if (redirections.length === 0) return harmless;
  const shown = {
    words:
      words.length > 0 ? words : redirections.map(({ operator, path }) => `${operator} ${path}`),
  };
  const plain = { program: '', input: null, inputFiles: [], isFed: false, upstream: [] };
  return matchRedirections(redirections, { ...plain, ...shown }, place);
}

/** What `cd` and assignments change for the commands that follow. */
function after(
  { assignments, words: written }: ShellCommand,
  words: readonly string[],
  valueOf: (word: ShellWord) => readonly string[],
  scope: Scope,
  place: CommandPlace,
): Scope {
  const [program, folder] = words;
  if (program === 'cd' || program === 'pushd')
    return { ...scope, cwd: cdTarget(folder, scope, place) };
  const declares =
    written.length === 0 || /^(export|declare|local|readonly|typeset)$/.test(program ?? '');
  if (!declares) return scope;
  return assignments.reduce<Scope>(
    (result, { name, value }) => ({ ...result, variables: assigned(result, name, valueOf(value)) }),
    scope,
  );
}

function cdTarget(folder: string | undefined, { cwd }: Scope, place: CommandPlace): string {
  if (folder === undefined) return place.facts.home;
  if (folder.startsWith('-')) return cwd;
  if (folder.includes(unknownText)) return `/${folder}`;
  return folder.startsWith('~') ? placedPath(folder, place) : resolvePath(folder, cwd);
}

function assigned({ variables }: Scope, name: string, values: readonly string[]): Variables {
  return new Map([...variables, [name, values]]);
}

/** The texts that a word may stand for: several only for the variable of a loop. */
function evaluate(word: ShellWord, scope: Scope, facts: GuardFacts): readonly string[] {
  return word.reduce<readonly string[]>(
    (texts, piece) => {
      const values =
        piece.kind === 'text'
          ? [piece.text]
          : piece.kind === 'unknown'
            ? [unknownText]
            : variableValues(piece, scope, facts);
      return texts.flatMap((text) => values.map((value) => text + value)).slice(0, 256);
    },
    [''],
  );
}

function variableValues(
  { name, fallback }: Extract<ShellWord[number], { readonly kind: 'variable' }>,
  scope: Scope,
  facts: GuardFacts,
): readonly string[] {
  if (name === 'PWD') return [scope.cwd];
  if (name === 'HOME') return [facts.home];
  const assigned = scope.variables.get(name);
  if (assigned !== undefined) return assigned;
  const value = facts.variable(name);
  if (value !== undefined) return [value];
  return fallback === null ? [unknownText] : evaluate(fallback, scope, facts);
}

function placeOf({ facts, cwd }: MatchContext): CommandPlace {
  return { facts, cwd, isContainer: false };
}

function toMatch(verdict: Verdict): GuardMatch {
  if (verdict.kind !== 'destructive')
    return { destructive: false, rule: null, command: null, paths: [] };
  const { rule, command, paths } = verdict;
  const plain = (text: string): string => text.replaceAll(unknownText, '…');
  return { destructive: true, rule, command: plain(command), paths: paths.map(plain) };
}
