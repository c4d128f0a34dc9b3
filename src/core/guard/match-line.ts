// A command line against everything: what may it do to this project's data? What a command leads to is
// followed (scripts, targets, shells, wrappers, what is piped and substituted), a bounded number of times.

import type { GuardPattern } from '../config/guard-patterns.ts';
import type { GuardMatch } from '../documents/guard.ts';
import type { GuardFacts } from './facts.ts';
import type { LineReader } from './line-reader.ts';
import { runSteps } from './line/read-steps.ts';
import { childScope, freshScope, unknownArguments } from './line/scope.ts';
import { maxDepth, tooDeep } from './line/shell.ts';
import { commandOfWords, type ShellStep } from './line/shell-step.ts';
import { shownText } from './line/texts.ts';
import { matchWords } from './match-words.ts';
import { maxOutside, mayReach, worst, type CommandPlace, type Verdict } from './verdict.ts';

export interface MatchContext {
  readonly facts: GuardFacts;
  /** Absolute folder that the line is typed in. */
  readonly cwd: string;
  /** Of savepoint.json. */
  readonly patterns: readonly GuardPattern[];
}

/** Any text that a shell would run. */
export function matchLine(line: string, context: MatchContext): GuardMatch {
  return matchSteps((reader) => reader.parse(line), context);
}

/** Arguments as a process got them. */
export function matchArguments(words: readonly string[], context: MatchContext): GuardMatch {
  return matchSteps(() => [commandOfWords(words)], context);
}

function matchSteps(
  stepsOf: (reader: LineReader) => readonly ShellStep[],
  context: MatchContext,
): GuardMatch {
  const { facts, cwd } = context;
  const reader = createReader(context);
  const shell = { facts, reader, isContainer: false, depth: 0, open: [] };
  try {
    return toMatch(runSteps(stepsOf(reader), freshScope(cwd), shell).verdict, false);
  } catch (error) {
    // Nested or grown beyond what is followed, a line is not harmless for that.
    if (error instanceof RangeError) return toMatch(unread, true);
    throw error;
  }
}

/** A line may lead to many others; together no more than these are read. */
const maxCommands = 20_000;
const maxCharacters = 2 * 1024 * 1024;

/** Longer texts are read so far: nobody types them, and a hook has to answer at once. */
const maxTextLength = 64 * 1024;

/** Nobody has seen the rest: it counts as what it may be. */
const unread = mayReach({ words: ['…'] }, 'it is more than can be read');

function createReader({ facts, patterns }: MatchContext): LineReader {
  let commandsLeft = maxCommands;
  let charactersLeft = maxCharacters;
  const reader: LineReader = {
    spend() {
      commandsLeft -= 1;
      if (commandsLeft < 0) throw new RangeError('more commands than are read');
    },
    parse(text) {
      charactersLeft -= text.length;
      if (charactersLeft < 0) throw new RangeError('more text than is read');
      const steps = facts.parse(text.slice(0, maxTextLength));
      return text.length > maxTextLength
        ? [...steps, { kind: 'unread', why: 'it is too long' }]
        : steps;
    },
    readText(text, place, args = unknownArguments) {
      if (place.depth > maxDepth) return tooDeep;
      const { isContainer, open } = place;
      const scope = childScope(place.scope, place.cwd, args);
      const shell = { facts, reader, isContainer, depth: place.depth + 1, open };
      return runSteps(reader.parse(text), scope, shell).verdict;
    },
    readWords(command, place) {
      reader.spend();
      if (place.depth > maxDepth) return tooDeep;
      return matchWords(command, { place: deeper(place), patterns, reader });
    },
  };
  return reader;
}

function deeper(place: CommandPlace): CommandPlace {
  return { ...place, depth: place.depth + 1 };
}

function toMatch(verdict: Verdict, isCut: boolean): GuardMatch {
  const { kind, rule, command, paths, outside, isOpen, databases } = worst([verdict]);
  const isFound = kind !== 'harmless';
  return {
    destructive: isFound,
    certain: kind !== 'may',
    rule: isFound ? rule : null,
    command: isFound ? shownText(command) : null,
    paths: paths.map(shownText),
    outside: outside.slice(0, maxOutside),
    moreOutside: isCut || isOpen || outside.length > maxOutside,
    databases,
  };
}
