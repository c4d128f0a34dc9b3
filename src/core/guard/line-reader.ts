import type { ScriptArguments, Stream } from './line/scope.ts';
import type { ShellStep } from './line/shell-step.ts';
import type { CommandPlace, Verdict } from './verdict.ts';

/** Reads what a command leads to; every call is one level deeper. */
export interface LineReader {
  /** The steps of a text; what is too long ends in one that says so. */
  readonly parse: (text: string) => readonly ShellStep[];
  /** Called for every command: a line may lead to no more than can be read in time. */
  readonly spend: () => void;
  /** A text that a shell of its own runs. */
  readonly readText: (text: string, place: CommandPlace, args?: ScriptArguments) => Verdict;
  readonly readWords: (command: ReadCommand, place: CommandPlace) => Verdict;
}

/** A command with its words known, and what is fed to it. */
export interface ReadCommand {
  readonly words: readonly string[];
  readonly stdin: Stream;
}
