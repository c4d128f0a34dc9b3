// What a command may destroy and no snapshot holds: said by every guard, and written by `run --status`.

export interface NotSaved {
  /** In words: `library (90 files, 4 GB)`, `PostgreSQL app on localhost:5432`. */
  readonly what: string;
  /** Relative to the project folder, absolute, or the address of a server; null where none is known. */
  readonly path: string | null;
  /** In words: `over the limit`. */
  readonly reason: string;
}

/** What a guard leaves behind for a program: `savepoint run --status FILE`. */
export interface GuardStatusDocument {
  /** The id of the snapshot; null where there is none. */
  readonly saved: string | null;
  /** True where nothing had changed since, so that no snapshot was taken. */
  readonly reused: boolean;
  readonly notSaved: readonly NotSaved[];
}
