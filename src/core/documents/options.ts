import type { CellForm, Reason } from './documents.ts';

// What the calls of a project take: the same for the engine and both front ends.

export interface ListOptions {
  /** Local dates `YYYY-MM-DD`, both included. */
  readonly fromDay?: string | undefined;
  readonly toDay?: string | undefined;
  readonly reasons?: readonly Reason[] | undefined;
  readonly pinned?: boolean | undefined;
  readonly withMismatches?: boolean | undefined;
  readonly branch?: string | undefined;
  readonly limit?: number | undefined;
  readonly offset?: number | undefined;
}

export interface DiffOptions {
  /** Rows listed per table; the counts are always whole. Default 100; 0 lists none. */
  readonly rows?: number | undefined;
  /** Default `whole`. */
  readonly cells?: CellForm | undefined;
  /**
   * Names or paths of data directories of the sides: only these are compared, and no mismatches are
   * told, which are counted for all of a snapshot; none: all.
   */
  readonly data?: readonly string[] | undefined;
}

export interface CheckOptions {
  /**
   * Names or paths of data directories of the side: only what is found in them is told. Rows and files
   * are counted as everywhere, for rules lead from one data directory to another; none: all.
   */
  readonly data?: readonly string[] | undefined;
}

export interface RestoreOptions {
  /** SNAPSHOT as CLI.md has it. */
  readonly snapshot: string;
  /** Names or paths of data directories of the snapshot: they stand for their roots beside `only`. */
  readonly data?: readonly string[] | undefined;
  /** Paths relative to the project folder. */
  readonly only?: readonly string[] | undefined;
  /** `DB:TABLE`, split at the last colon: of these databases only these tables. */
  readonly table?: readonly string[] | undefined;
  /** Paths that stay as they are although `only` has them. */
  readonly except?: readonly string[] | undefined;
  /** `DB:TABLE`: tables that stay as they are. */
  readonly exceptTable?: readonly string[] | undefined;
  readonly keepNew?: boolean | undefined;
  /** Absolute path of a new or empty folder. */
  readonly to?: string | undefined;
  /** Rows listed per table in the plan. */
  readonly rows?: number | undefined;
  /** Default `whole`. */
  readonly cells?: CellForm | undefined;
  /**
   * Token of an earlier plan of the same snapshot in this process: its look at live data is used
   * again, so that ticks in a preview are answered at once. Ignored where it is not held any more.
   */
  readonly basedOn?: string | undefined;
  /**
   * Applied with a token: what is written meanwhile is no reason to refuse. Other paths, another schema
   * or another way to restore a database still are; what was made since the plan stays.
   */
  readonly underWrites?: boolean | undefined;
}

export interface SnapshotOptions {
  readonly label?: string | undefined;
  readonly pin?: boolean | undefined;
  /** Names or paths of data directories; none: all. */
  readonly data?: readonly string[] | undefined;
  readonly reason?: Reason | undefined;
  readonly command?: string | undefined;
  /** The agent that asks, where the environment cannot tell it: `Claude Code`. */
  readonly actor?: string | undefined;
}

/** What is written into savepoint.json for the user. */
export type ConfigChange =
  | { readonly kind: 'acceptRules'; readonly rules: readonly string[] }
  /** Mismatches that are expected: one of `path` (a glob in the data directory) and `rule`. */
  | {
      readonly kind: 'ignore';
      readonly dataDir: string;
      readonly path?: string | undefined;
      readonly rule?: string | undefined;
      readonly why?: string | undefined;
    };
