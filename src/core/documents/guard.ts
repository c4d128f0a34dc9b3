// What a guard did and what it would do: plain, as it travels between the engine and its faces.

import type { NotSaved } from './not-saved.ts';

export interface GuardDocument {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** True where nothing had changed since, so that no snapshot was taken. */
  readonly reused: boolean;
  /** Why files were left out and databases alone were saved; null where everything was. */
  readonly databasesOnly: string | null;
  /** What the command may destroy and no snapshot holds. */
  readonly notSaved: readonly NotSaved[];
}

export interface GuardMatchDocument extends GuardMatch {
  /** What savepoint.json says of a snapshot that fails. */
  readonly onFailure: GuardFailure;
  /** Beside the data, what goes by name and no version control holds: the guard takes it, too. Paths of the project. */
  readonly beside: readonly string[];
  /** What it may destroy and no snapshot can hold. */
  readonly notSaved: readonly NotSaved[];
}

/** A line for a shell as it was typed, or the arguments of a process. */
export interface GuardedCommand {
  readonly command: string | readonly string[];
  /** Absolute folder that it runs in; the project folder where it is left out. */
  readonly cwd?: string | undefined;
  /** Backslashes of these are parts of paths. */
  readonly shell?: 'pwsh' | 'cmd' | 'posix' | undefined;
  /** Variables of the shell that the line names, beside those of the environment. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /**
   * Whether what it destroys beside the data counts, too: always, or in folders where Savepoint has
   * something to save already. Left out where nobody is about to run it.
   */
  readonly beside?: 'always' | 'in projects' | undefined;
}

/** What a guard does when its snapshot fails. */
export type GuardFailure = 'ask' | 'run' | 'stop';

export interface GuardMatch {
  /** True where a snapshot comes first. */
  readonly destructive: boolean;
  /** False where nobody could read to the end what it does: then it counts as able to reach the data. */
  readonly certain: boolean;
  /** In a few words, e.g. `prisma migrate reset`; null where it is not destructive. */
  readonly rule: string | null;
  /** The command itself, without what wraps it. */
  readonly command: string | null;
  /** What it takes, as it names it; empty where the command line alone decides. */
  readonly paths: readonly string[];
  /** What it deletes or overwrites by name outside of the data, be it there or not. */
  readonly outside: readonly NamedPath[];
  /** True where there is more of that than is listed, or only running it could tell which. */
  readonly moreOutside: boolean;
  /**
   * Null where it works on no database by what it is; else the servers that it names, without user and
   * password, and an empty text for the project's own.
   */
  readonly databases: readonly string[] | null;
}

export interface NamedPath {
  /**
   * Absolute. Patterns of the shell as they are, `**` for anything below; a name that is there as it
   * stands is meant itself.
   */
  readonly path: string;
  /**
   * - `all`: it goes with everything below it
   * - `file`: the same, but a folder that holds something stays
   * - `moved`: it is somewhere else afterwards
   * - `tracked`, `untracked`: what git keeps of it, or what git does not keep
   * - `unignored`: what git neither keeps nor ignores
   * - `some`: something of it may go, under names that nobody can tell
   */
  readonly takes: 'all' | 'file' | 'moved' | 'tracked' | 'untracked' | 'unignored' | 'some';
}
