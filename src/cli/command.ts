// What a command gets and what it answers: parse -> Project call -> text or JSON -> exit code.

import type { CallOptions, EngineOptions, Project } from '../engine/index.ts';
import type { Terminal } from './terminal.ts';

/** Options that every command takes. */
export interface GlobalOptions {
  readonly cwd?: string;
  readonly store?: string;
  readonly data: readonly string[];
  readonly json: boolean;
  readonly quiet: boolean;
  readonly debug: boolean;
}

export interface CommandContext {
  readonly terminal: Terminal;
  readonly globals: GlobalOptions;
  readonly engine: EngineOptions;
  /** Fires on Ctrl+C. */
  readonly signal: AbortSignal;
  /** The project that `--cwd` or the current directory means; opened once. */
  readonly project: () => Promise<Project>;
  /** Runs a longer call with a progress bar; the bar is gone when it ends. */
  readonly withProgress: <T>(work: (call: CallOptions) => Promise<T>) => Promise<T>;
}

export interface Outcome {
  /** The document of `--json`. */
  readonly document: unknown;
  readonly lines: () => readonly string[];
  /** 0 where it is left out. */
  readonly exitCode?: number;
}

/** @typeParam O the command's own options as commander names them. */
export type RunCommand<O extends object = object> = (
  context: CommandContext,
  args: readonly string[],
  options: O,
) => Promise<Outcome | null>;
