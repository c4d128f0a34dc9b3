// What a guard did and what it would do: plain, as it travels between the engine and its faces.

export interface GuardDocument {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** True where nothing had changed since, so that no snapshot was taken. */
  readonly reused: boolean;
  /** Why files were left out and databases alone were saved; null where everything was. */
  readonly databasesOnly: string | null;
}

export interface GuardMatchDocument extends GuardMatch {
  /** What savepoint.json says of a snapshot that fails. */
  readonly onFailure: GuardFailure;
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
  /**
   * What it deletes or overwrites by name outside of the data, be it there or not: absolute. Patterns
   * of the shell as they are, `**` for anything below; a name that is there as it stands is meant itself.
   */
  readonly outside: readonly string[];
  /** True where there is more of that than is listed. */
  readonly moreOutside: boolean;
  /** Null where it works on no database by what it is; else those it names, without user and password. */
  readonly databases: readonly string[] | null;
}
