import type { CommandPlace, Verdict } from './verdict.ts';

export interface LineReader {
  readonly readText: (text: string, place: CommandPlace, depth: number) => Verdict;
  readonly readWords: (command: ReadCommand, place: CommandPlace, depth: number) => Verdict;
}

/** A command with its words known, and what is fed to it. */
export interface ReadCommand {
  readonly words: readonly string[];
  readonly input: string | null;
  readonly inputFiles: readonly string[];
  readonly isFed: boolean;
  readonly upstream: readonly string[];
}
