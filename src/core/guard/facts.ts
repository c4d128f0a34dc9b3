// What the matcher asks about the world around a command line. The caller looks it up; an answer is
// only asked for where a command leads to it.

import type { DataPlaces } from './data-paths.ts';
import type { ShellStep } from './line/shell-step.ts';

/** What a target of make, just or task runs. */
export interface ScriptLines {
  readonly commands: readonly string[];
  /** Targets that run before it. */
  readonly needs: readonly string[];
  /** True where the file has parts that were not understood: the target may do more. */
  readonly isPartial: boolean;
}

export type TargetRunner = 'make' | 'just' | 'task';

export interface TargetFile {
  readonly folder: string;
  /** Null: the one that the runner finds by itself. */
  readonly file: string | null;
  /** Given on the command line: they stand over those of the file. */
  readonly variables: ReadonlyMap<string, string>;
}

/** A package.json or deno.json. */
export interface PackageFile {
  readonly name: string;
  /** Absolute folder that its scripts run in. */
  readonly folder: string;
  readonly scripts: Readonly<Record<string, string>>;
  /** What npm gives its scripts: `npm_package_config_x`. */
  readonly variables: Readonly<Record<string, string>>;
}

export interface GuardFacts extends DataPlaces {
  readonly parse: (text: string) => readonly ShellStep[];
  /** Absolute, with `/`. */
  readonly home: string;
  readonly variable: (name: string) => string | undefined;
  /** Names of the layouts of the data directories, e.g. `docsfy`. */
  readonly layouts: readonly string[];
  readonly exists: (path: string) => boolean;
  readonly isFolder: (path: string) => boolean;
  /** False only where it is certain that git does not keep the path: then git does not touch it either. */
  readonly mayBeTracked: (path: string) => boolean;
  /** The top of git's work tree that the folder is in; null where it is in none. */
  readonly workTree: (folder: string) => string | null;
  /** False where nothing of the repository may be opened: then nothing is known of its scripts. */
  readonly readsProject: boolean;
  /** The nearest package file from the folder upwards; null where there is none. */
  readonly packageFile: (folder: string) => PackageFile | null;
  /** The packages of the workspace that the folder is in. */
  readonly workspaces: (folder: string) => readonly PackageFile[];
  /** Null where there is no such file; `missing` where it has no such target. */
  readonly target: (
    runner: TargetRunner,
    file: TargetFile,
    name: string | null,
  ) => ScriptLines | 'missing' | null;
  /** What a small file holds; null for anything else. */
  readonly text: (path: string) => string | null;
}
