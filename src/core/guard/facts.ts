// What the matcher asks about the world around a command line. The caller looks it up; an answer is
// only asked for where a command leads to it.

import type { ShellStep } from './shell-step.ts';

/** What a target of make, just or task, or a script of a package runs. */
export interface ScriptLines {
  readonly commands: readonly string[];
  /** Targets that run before it. */
  readonly needs: readonly string[];
}

export type TargetRunner = 'make' | 'just' | 'task';

export interface GuardFacts {
  readonly parse: (text: string) => readonly ShellStep[];
  /** Absolute, with `/`. */
  readonly home: string;
  readonly variable: (name: string) => string | undefined;
  /** Absolute paths of data directories' roots: folders, or databases by themselves. */
  readonly dataRoots: readonly string[];
  /** Absolute paths of the databases in them. */
  readonly databases: readonly string[];
  /** Names of the layouts of the data directories, e.g. `docsfy`. */
  readonly layouts: readonly string[];
  readonly exists: (path: string) => boolean;
  /** False only where it is certain that git does not keep the path: then git does not touch it either. */
  readonly mayBeTracked: (path: string) => boolean;
  /** Scripts of the nearest package.json from the folder upwards; null where there is none. */
  readonly packageScripts: (folder: string) => Readonly<Record<string, string>> | null;
  /** Null where the file or the target is not there. */
  readonly target: (
    runner: TargetRunner,
    place: { readonly folder: string; readonly file: string | null },
    name: string | null,
  ) => ScriptLines | null;
  /** Text of a small shell script; null for anything else. */
  readonly shellScript: (path: string) => string | null;
}
