// The engine as a front end sees it: one project, plain documents in and out. A front end opens it
// once, calls, and closes it; nothing here holds the store's lock longer than a call.

import type {
  BrowseEntry,
  DayCount,
  DetectionDocument,
  DiffDocument,
  PendingRestore,
  PruneDocument,
  Reason,
  RestoreDocument,
  RestorePlanDocument,
  RowDocument,
  SnapshotDocument,
  SnapshotEntry,
  SnapshotManifest,
  StatusDocument,
  StoreSize,
  TableInfo,
  VerifyDocument,
} from '../core/documents.ts';
import type { CallOptions } from './options.ts';

export interface SnapshotOptions {
  readonly label?: string | undefined;
  readonly pin?: boolean | undefined;
  /** Names or paths of data directories; none: all. */
  readonly data?: readonly string[] | undefined;
  readonly reason?: Reason | undefined;
  readonly command?: string | undefined;
}

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
}

export interface RestoreOptions {
  /** SNAPSHOT as CLI.md has it. */
  readonly snapshot: string;
  /** Paths relative to the project folder. */
  readonly only?: readonly string[] | undefined;
  /** `DB:TABLE`, split at the last colon. */
  readonly table?: readonly string[] | undefined;
  readonly keepNew?: boolean | undefined;
  /** Absolute path of a new or empty folder. */
  readonly to?: string | undefined;
  /** Rows listed per table in the plan. */
  readonly rows?: number | undefined;
}

export interface Project {
  /** Absolute real path of the project folder. */
  readonly path: string;
  /** Absolute path of this project's folder in the store; it need not exist yet. */
  readonly storePath: string;

  /** Finds the data directories. Reads, writes nothing. */
  detect(call: CallOptions): Promise<DetectionDocument>;

  /**
   * Takes one consistent snapshot, then applies retention. All or nothing: a failed or cancelled
   * call leaves no visible snapshot.
   * @throws EngineError NO_DATA_DIRECTORY, STORE_BUSY, NO_ROOM, NO_SPACE and others
   */
  snapshot(options: SnapshotOptions, call: CallOptions): Promise<SnapshotDocument>;

  /** Newest first. */
  list(options?: ListOptions): Promise<readonly SnapshotEntry[]>;

  /** Snapshots a day in local time, newest first: one query however many there are. */
  countByDay(options?: ListOptions): Promise<readonly DayCount[]>;

  /**
   * The entry that SNAPSHOT names; `live` is not one.
   * @throws EngineError SNAPSHOT_NOT_FOUND, SNAPSHOT_AMBIGUOUS
   */
  resolve(snapshot: string): Promise<SnapshotEntry>;

  show(snapshot: string): Promise<SnapshotManifest>;

  /** What changed from `a` to `b`; either may be `live`. */
  diff(a: string, b: string, options: DiffOptions, call: CallOptions): Promise<DiffDocument>;

  /** What `applyRestore` with the same options would do now. Changes nothing. */
  planRestore(options: RestoreOptions, call: CallOptions): Promise<RestorePlanDocument>;

  /**
   * Takes a safety snapshot, makes the data what the plan says, proves it.
   * @param token of the plan that was shown; undefined plans anew without showing.
   * @throws EngineError PLAN_STALE the data changed since the plan; nothing was changed
   */
  applyRestore(
    options: RestoreOptions,
    token: string | undefined,
    call: CallOptions,
  ): Promise<RestoreDocument>;

  /**
   * What the restore options of an undo are: the snapshot to go back to and the paths that the last restore touched.
   * @throws EngineError NOTHING_TO_UNDO
   */
  undoOptions(): Promise<RestoreOptions>;

  /** True where the data is still as the last restore left it, by signatures alone. */
  isUntouchedSinceRestore(call: CallOptions): Promise<boolean>;

  pendingRestore(): Promise<PendingRestore | null>;

  /** Reads back and hashes everything of the named snapshots (none: all), opens every database, repairs what live data or another snapshot still has. */
  verify(
    snapshots: readonly string[],
    options: { readonly deep?: boolean | undefined },
    call: CallOptions,
  ): Promise<VerifyDocument>;

  planPrune(): Promise<PruneDocument>;
  applyPrune(call: CallOptions): Promise<PruneDocument>;

  /** Deletes for good; pinned ones too, so ask first. Answers the entries as they were. */
  delete(snapshots: readonly string[]): Promise<readonly SnapshotEntry[]>;
  pin(snapshots: readonly string[], pinned: boolean): Promise<readonly SnapshotEntry[]>;
  /** An empty label takes it away. */
  rename(snapshot: string, label: string): Promise<SnapshotEntry>;

  status(call: CallOptions): Promise<StatusDocument>;
  /** Bytes of this project's folder in the store and the cap: quick, no detection. */
  storeSize(): Promise<StoreSize>;

  /** Entries of a folder in a snapshot or in live data; `''` is the project folder. Sorted by name. */
  browse(snapshot: string, path: string): Promise<readonly BrowseEntry[]>;
  /** Content of a file; a database as one file. `live` reads the disk. Cut at `maxBytes` where given. */
  readFile(snapshot: string, path: string, maxBytes?: number): Promise<Buffer>;
  /** Tables of a database with exact row counts, in name order. */
  tables(snapshot: string, database: string): Promise<readonly TableInfo[]>;
  /** `CREATE` statements, sorted by type and name, one a block. */
  schema(snapshot: string, database: string): Promise<string>;
  /** The first rows in key order. */
  rows(
    snapshot: string,
    database: string,
    table: string,
    limit: number,
  ): Promise<{ readonly rows: readonly RowDocument[]; readonly total: number }>;

  /** Names a data directory in savepoint.json, comments kept; makes the file where it is missing. */
  addDataDir(path: string): Promise<DetectionDocument>;
  /** Adds (or takes away) an exclusion of a data directory in savepoint.json, comments kept. */
  setExcluded(path: string, excluded: boolean): Promise<void>;
  /** Makes savepoint.json with comments where it is missing; answers its absolute path. */
  createConfig(): Promise<string>;
  /** Lets a data directory outside the project folder be used. */
  allow(path: string): Promise<void>;
  /** Makes the snapshots of a project that lay at `oldPath` this one's. */
  adopt(oldPath: string): Promise<number>;
  /** Deletes all snapshots of this project, or of all. */
  forget(all: boolean): Promise<number>;

  close(): Promise<void>;
}
