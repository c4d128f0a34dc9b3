// The engine as a front end sees it: one project, plain documents in and out. A front end opens it
// once, calls, and closes it; nothing here holds the store's lock longer than a call.

import type { BrowseEntry, DayCount, TableInfo } from '../../core/documents/browse.ts';
import type {
  CheckDocument,
  ConfigEdit,
  DetectionDocument,
  DiffDocument,
  HistoryDocument,
  PendingRestore,
  PruneDocument,
  RestoreDocument,
  RestorePlanDocument,
  RowDocument,
  SnapshotDocument,
  SnapshotEntry,
  SnapshotManifest,
  StatusDocument,
  StoreSize,
  VerifyDocument,
} from '../../core/documents/documents.ts';
import type {
  GuardDocument,
  GuardMatchDocument,
  GuardedCommand,
  GuardFailure,
} from '../../core/documents/guard.ts';
import type { EndedCommand, LearnedCommand } from '../../core/documents/learned.ts';
import type { CallOptions } from '../options.ts';
import type {
  CheckOptions,
  ConfigChange,
  DiffOptions,
  ListOptions,
  RestoreOptions,
  SnapshotOptions,
} from '../../core/documents/options.ts';
import type { CoverageEntry } from '../../core/documents/coverage.ts';

export interface GuardOptions {
  readonly label?: string | undefined;
  /** As it was typed; kept with secrets as `***`. */
  readonly command: string;
  /** Names or paths of data directories; none: all. */
  readonly data?: readonly string[] | undefined;
  /** The agent that runs it, where the environment cannot tell it. */
  readonly actor?: string | undefined;
  /** What `matchCommand` said of it: what it destroys beside the data is saved, too. */
  readonly match?: Pick<GuardMatchDocument, 'beside' | 'notSaved'> | undefined;
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

  /**
   * The snapshot before a command. Where nothing changed since the newest one, and no label is asked
   * for, that one is answered; above the size cap the databases alone are saved.
   * @throws EngineError as `snapshot`
   */
  guard(options: GuardOptions, call: CallOptions): Promise<GuardDocument>;
  /** Whether a command line is destructive to this project's data. Reads small files, runs nothing. */
  matchCommand(command: GuardedCommand): Promise<GuardMatchDocument>;
  /**
   * After a command that no rule knows: where data changed while it ran, and nobody else writes, it is
   * guarded from now on. Answers what is known of its commands now.
   */
  learn(ended: EndedCommand, call: CallOptions): Promise<readonly LearnedCommand[]>;
  /** Takes a learned command out, for good; answers it, or nothing where none is known by that name. */
  unlearn(command: string): Promise<readonly LearnedCommand[]>;
  /** What savepoint.json says of a guard whose snapshot fails; quick. */
  guardFailure(): Promise<GuardFailure>;

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

  /** Metadata against files, of a snapshot or of `live`. Reads, writes nothing. */
  check(snapshot: string, options: CheckOptions, call: CallOptions): Promise<CheckDocument>;

  /** Size, rows and mismatches of a data directory (its name or path) over its newest `limit` snapshots. */
  history(dataDir: string, limit: number): Promise<HistoryDocument>;

  /**
   * savepoint.json with a change made, comments kept; the caller writes it, so that an editor can undo it.
   * @throws EngineError USAGE where a rule or data directory is not known
   */
  editConfig(change: ConfigChange): Promise<ConfigEdit>;

  /** Never suggests this rule again in this project. */
  dismissRule(rule: string): Promise<void>;

  /** What `applyRestore` with the same options would do now. Changes nothing. */
  planRestore(options: RestoreOptions, call: CallOptions): Promise<RestorePlanDocument>;

  /**
   * True where what the plan may touch still is what it was made on, as far as its token can tell; false
   * also where the plan is not held any more. Quick: looks at signatures.
   */
  isPlanCurrent(token: string): Promise<boolean>;

  /** Lets go of what a plan holds for `basedOn`: temporary copies of databases. */
  closePlan(token: string): Promise<void>;

  /**
   * Takes a safety snapshot, makes the data what the plan says, proves it.
   * @param token of the plan that was shown; undefined plans anew without showing.
   * @throws EngineError PLAN_STALE it would do something else than was shown; nothing was changed
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
  /** Content of a file; a database as one file, of a link where it leads. `live` reads the disk. Cut at `maxBytes` where given. */
  readFile(snapshot: string, path: string, maxBytes?: number): Promise<Buffer>;
  /** Tables of a database with exact row counts, in name order. */
  tables(snapshot: string, database: string): Promise<readonly TableInfo[]>;
  /** `CREATE` statements, sorted by type and name, one a block. */
  schema(snapshot: string, database: string): Promise<string>;
  /** The first rows in key order, and how many there are; with `key` only those that have it. */
  rows(
    snapshot: string,
    database: string,
    table: string,
    limit: number,
    key?: RowDocument,
  ): Promise<{ readonly rows: readonly RowDocument[]; readonly total: number }>;

  /** Names a data directory in savepoint.json, comments kept; makes the file where it is missing. */
  addDataDir(path: string): Promise<DetectionDocument>;
  /** Adds (or takes away) an exclusion of a data directory in savepoint.json, comments kept. */
  setExcluded(path: string, excluded: boolean): Promise<void>;
  /** Makes savepoint.json with comments where it is missing; answers its absolute path. */
  createConfig(): Promise<string>;
  /** Lets a data directory outside the project folder be used. */
  allow(path: string): Promise<void>;
  /**
   * Takes a place in the project into the data, whatever detection thinks of it; answers what is told of it now.
   * @throws EngineError USAGE where it is not there, DATA_DIRECTORY_REFUSED
   */
  cover(path: string): Promise<CoverageEntry>;
  /** Takes a place out of the data, for good. */
  uncover(path: string): Promise<CoverageEntry>;
  /** Makes the snapshots of a project that lay at `oldPath` this one's. */
  adopt(oldPath: string): Promise<number>;
  /** Deletes all snapshots of this project, or of all. */
  forget(all: boolean): Promise<number>;

  close(): Promise<void>;
}
