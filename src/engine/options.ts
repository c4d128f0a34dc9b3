// What the engine gets from outside, once: no module below reads a clock, an environment or a switch of its own.

export interface Logger {
  trace(message: string): void;
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export interface EngineOptions {
  /** Absolute path of the folder that holds the stores of all projects. */
  readonly storeDir: string;
  /** The JavaScript file that workers and child processes start from; it calls `runRole` first. */
  readonly processEntry: string;
  readonly log: Logger;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** False in an untrusted workspace: nothing of the repository is opened, executed or followed. */
  readonly trusted: boolean;
  /** Called at each named step that must survive a kill; tests end the process in it. */
  readonly faultPoint?: ((name: FaultPoint) => void) | undefined;
}

/** Steps between which a kill must lose nothing. Tests enumerate this list. */
export const faultPoints = [
  'snapshot:before-copy',
  'snapshot:after-copy',
  'pack:half-written',
  'pack:before-fsync',
  'pack:before-rename',
  'pack:before-commit',
  'pack:after-commit',
  'prune:before-commit',
  'prune:before-unlink',
  'log:half-written',
  'restore:intent-written',
  'restore:prepared',
  'restore:staged',
  'restore:half-files',
  'restore:before-databases',
  'restore:in-database',
  'restore:before-deletions',
  'restore:before-proof',
  'restore:before-clear',
] as const;

export type FaultPoint = (typeof faultPoints)[number];

export type Phase =
  | 'looking'
  | 'reading'
  | 'checking'
  | 'comparing'
  | 'safety snapshot'
  | 'preparing'
  | 'replacing'
  | 'proving'
  | 'verifying';

/** Facts, never sentences or percentages: front ends format and throttle. */
export interface Progress {
  /** A new phase begins; its totals are unknown until `total`. From `replacing` on a restore cannot be cancelled. */
  phase(phase: Phase): void;
  total(files: number, bytes: number): void;
  advance(files: number, bytes: number): void;
}

export const noProgress: Progress = {
  phase: () => undefined,
  total: () => undefined,
  advance: () => undefined,
};

/** What every longer call takes, last. */
export interface CallOptions {
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** A call that nobody cancels or follows: a short one, or one that must not stop half way. */
export const uncancelled: CallOptions = {
  signal: new AbortController().signal,
  progress: noProgress,
};
