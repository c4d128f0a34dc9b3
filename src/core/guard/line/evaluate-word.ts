// The texts that a word of a line may stand for.

import type { GuardFacts } from '../facts.ts';
import type { Verdict } from '../verdict.ts';
import { folderOf, nameOf } from './path-texts.ts';
import type { Scope } from './scope.ts';
import type { ShellPiece, ShellStep, ShellWord } from './shell-step.ts';
import { combined, distinct, unknownText } from './texts.ts';

export interface Evaluator {
  readonly facts: GuardFacts;
  /** What is substituted runs, in a shell of its own. */
  readonly run: (steps: readonly ShellStep[], scope: Scope) => Substituted;
  /** Of what ran: added to as words are read. */
  readonly verdicts: Verdict[];
  /** Files that stand for what runs, by their paths. */
  readonly files: Map<string, () => string>;
}

export interface Substituted {
  readonly verdict: Verdict;
  readonly output: () => string;
}

/** Each of them is one reading of the word: the words that it becomes, none or several. */
export function evaluateWord(
  word: ShellWord,
  scope: Scope,
  evaluator: Evaluator,
): readonly (readonly string[])[] {
  const texts = combined(word.map((piece) => pieceTexts(piece, scope, evaluator)));
  return texts.map((text) =>
    text.includes(wordEnd) ? text.split(wordEnd).filter((one) => one !== '') : [text],
  );
}

/** All words that it may become. */
export function wordsOf(word: ShellWord, scope: Scope, evaluator: Evaluator): readonly string[] {
  return distinct(evaluateWord(word, scope, evaluator).flat());
}

/** As in an assignment or between quotes: nothing is split. */
export function textsOf(word: ShellWord, scope: Scope, evaluator: Evaluator): readonly string[] {
  return evaluateWord(word, scope, evaluator).map((words) => words.join(' '));
}

/** No text that is typed has it. */
const wordEnd = '\u0003';

function pieceTexts(piece: ShellPiece, scope: Scope, evaluator: Evaluator): readonly string[] {
  switch (piece.kind) {
    case 'text':
      return [piece.text];
    case 'unknown':
      evaluator.verdicts.push(evaluator.run(piece.steps, scope).verdict);
      return [unknownText];
    case 'stream':
      return [streamPath(piece.steps, scope, evaluator)];
    case 'output': {
      const { verdict, output } = evaluator.run(piece.steps, scope);
      evaluator.verdicts.push(verdict);
      return [split(output().trimEnd(), piece.isSplit)];
    }
    case 'variable': {
      const texts = partOf(variableTexts(piece, scope, evaluator), piece.part);
      return piece.isList ? [texts.join(wordEnd)] : texts.map((text) => split(text, piece.isSplit));
    }
  }
}

function split(text: string, isSplit: boolean): string {
  if (!isSplit) return text;
  return text === '' ? wordEnd : text.replaceAll(/\s+/g, wordEnd);
}

function streamPath(
  steps: readonly ShellStep[],
  scope: Scope,
  { run, verdicts, files }: Evaluator,
): string {
  const { verdict, output } = run(steps, scope);
  verdicts.push(verdict);
  const path = `/dev/fd/${scope.files.size + files.size}`;
  files.set(path, output);
  return path;
}

type VariablePiece = Extract<ShellPiece, { readonly kind: 'variable' }>;

function variableTexts(
  { name, fallback }: VariablePiece,
  scope: Scope,
  evaluator: Evaluator,
): readonly string[] {
  const instead = (): readonly string[] =>
    fallback === null ? [] : textsOf(fallback, scope, evaluator);
  if (/^\d+$/.test(name)) return numberedTexts(Number(name), scope, instead);
  const known = knownTexts(name, scope, evaluator.facts);
  if (known !== undefined) return known;
  const texts = fallback === null ? [] : instead();
  return fallback === null || scope.hasUnknown ? [...texts, unknownText] : texts;
}

function knownTexts(name: string, scope: Scope, facts: GuardFacts): readonly string[] | undefined {
  const assigned = scope.variables.get(name);
  if (assigned !== undefined) return assigned.texts;
  const { rest, program } = scope.args;
  switch (name) {
    case '@':
    case '*':
      return [rest === null ? unknownText : `${wordEnd}${rest.join(wordEnd)}`];
    case 'BASH_SOURCE':
      return [program];
    case 'PWD':
      return scope.cwd;
    case 'OLDPWD':
      return scope.past.at(-1) ?? [unknownText];
    case 'HOME':
      return [facts.home];
  }
  const value = facts.variable(name);
  if (value === undefined) return undefined;
  return scope.hasUnknown ? [value, unknownText] : [value];
}

function numberedTexts(
  number: number,
  { args }: Scope,
  instead: () => readonly string[],
): readonly string[] {
  if (number === 0) return [args.program];
  if (args.rest === null) return [unknownText, ...instead()];
  if (args.isShifted) return [...args.rest, unknownText];
  const text = args.rest[number - 1];
  if (text !== undefined) return [text];
  const texts = instead();
  return texts.length > 0 ? texts : [''];
}

function partOf(texts: readonly string[], part: VariablePiece['part']): readonly string[] {
  if (part === 'whole') return texts;
  return distinct(
    texts.flatMap((text) => (part === 'folder' ? folderOf(text, text) : nameOf(text))),
  );
}
