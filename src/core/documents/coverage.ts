// What is saved and what is not, place by place.

/** A place that holds data: saved by the next snapshot, or not and why. */
export interface CoverageEntry {
  /** Relative to the project folder, absolute, or the address of a server without user and password. */
  readonly path: string;
  readonly kind: 'folder' | 'database' | 'server' | 'volume';
  readonly covered: boolean;
  /** In words; null where it is covered. */
  readonly reason: string | null;
  /** How it was found, one sentence each: `392 of 400 auth_user.avatar`. */
  readonly evidence: readonly string[];
  /** Null where they were not counted. */
  readonly files: number | null;
  readonly bytes: number | null;
  /** The command line that covers it; null where none does. */
  readonly mend: string | null;
}
