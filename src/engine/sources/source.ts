// What a source is: a kind of database that is found, captured, looked into, brought back and proven in
// a way of its own. Nothing above this room names one: it asks all-sources.ts. Files need no such
// thing, for every source but them is a database; sources/files/ is the walk in which those that are
// files are found. Whatever a source is, the image to look into is a SQLite file: so rules, row
// differences, previews and `.rows` have one version.

import { type DiskPath, type ProjectPath } from '../../core/names.ts';
import type {
  DatabaseEngine,
  DatabaseState,
  DetectedDatabase,
  JournalMode,
  SnapshotDatabase,
} from '../../core/documents/documents.ts';
import type { TableChoice } from '../../core/restore/selection.ts';
import type { CallOptions, EngineOptions } from '../options.ts';
import type { FileNode, StoreReader } from '../store/store.ts';

export interface Source {
  /** As manifests and documents name it. */
  readonly engine: DatabaseEngine;
  /** True where a database that the project knows by this path is one of this source. */
  owns(key: string): boolean;
  /** True where the live one is there and looks like a database: cheap, opens no connection. */
  isDatabase(path: DiskPath): boolean;
  /** What can be told of a live file that may be a database, without a connection; undefined: it is none. */
  describe(file: FileToDescribe): DescribedDatabase | undefined;
  /** What to tell of a file of this size in the place where a database was. */
  describeLost(sizeBytes: number): DescribedDatabase;
  /**
   * Cheap, opens nothing: equal texts mean that nothing was written in between. One that ends in `~`
   * equals none.
   */
  signature(path: DiskPath): string;
  /** True where both tell of the same content, the second one of a database that is locked for a restore. */
  isSameUnderLock(known: string, now: string): boolean;
  /** Every path of it that another program may have open. */
  files<Path extends ProjectPath | DiskPath>(path: Path): readonly Path[];
  /** Copies of all of them, of one moment, leaving no trace. What cannot be had of one is its state. */
  capture(
    databases: readonly LiveDatabase[],
    context: CaptureDatabasesContext,
  ): Promise<CaptureResult>;
  /**
   * Writes what was stored as a SQLite file to `path`, which must not exist.
   * @throws EngineError STORE_DAMAGED
   */
  writeImage(stored: StoredDatabase, path: string, signal: AbortSignal): void;
  checkImage(
    imagePath: string,
    options: { readonly deep: boolean },
    context: RestoreDatabaseContext,
  ): Promise<ImageCheck>;
  /**
   * Why it cannot be restored under whoever has it open, in words: nobody may have it open then, and its
   * tables cannot come back one by one. Null: it can.
   */
  whyNotLive(path: DiskPath): string | null;
  /** Why this image has to replace it although it could be restored live, in words; null: it has not. */
  whyReplaced(path: DiskPath, then: SnapshotDatabase | undefined): string | null;
  /** Makes the live database what the image is: all or nothing, durable. Believe it only once proven. */
  restore(
    request: RestoreDatabaseRequest,
    context: RestoreDatabaseContext,
  ): Promise<RestoredDatabase>;
  /** The same of some tables; every other row and the schema stay. Answers the signature then. */
  restoreTables(request: RestoreTablesRequest, context: RestoreDatabaseContext): Promise<string>;
  prove(
    imagePath: string,
    live: LiveDatabase,
    context: CaptureDatabasesContext,
  ): Promise<DatabaseProof>;
  /** `changed`: they differ, and it is not as `signature` says any more. */
  proveTables(
    imagePath: string,
    live: LiveDatabase,
    proven: { readonly tables: TableChoice; readonly signature: string },
    context: CaptureDatabasesContext,
  ): Promise<'equal' | 'changed' | 'different' | 'damaged'>;
}

export interface FileToDescribe {
  readonly path: DiskPath;
  readonly sizeBytes: number;
  /** Endings of the names beside it that begin with its own. */
  readonly sidecars: readonly string[];
  /** False in an untrusted workspace: then its name has to do. */
  readonly mayOpen: boolean;
}

export type DescribedDatabase = Pick<DetectedDatabase, 'engine' | 'journalMode' | 'state'>;

/** A database as the store has it. */
export interface StoredDatabase {
  readonly reader: StoreReader;
  readonly node: FileNode;
}

export interface LiveDatabase {
  readonly path: DiskPath;
  readonly key: ProjectPath;
}

export interface CaptureDatabasesContext {
  /** A folder of ours; the copies lie in a new folder in it. */
  readonly tempDir: string;
  readonly options: EngineOptions;
  readonly call: CallOptions;
  /** False: the copies are made one sound file each, but neither checked nor counted; they are `unchecked`. */
  readonly check?: boolean | undefined;
}

export interface GroupFile {
  readonly suffix: GroupSuffix;
  readonly copyPath: string;
  readonly bytes: number;
}

export interface CapturedDatabase {
  readonly key: ProjectPath;
  readonly path: DiskPath;
  readonly state: DatabaseState;
  /** Why the state is not `ok`, in words; else null. */
  readonly detail: string | null;
  /** One file that opens without sidecars (header bytes 18 and 19 are 1), never empty; null where there is none. */
  readonly imagePath: string | null;
  /** What header bytes 18 and 19 of the live database say, to be put back where the image is stored. */
  readonly writeVersion: 1 | 2;
  /** Where there is no image: the files as they are, all of one moment, the database first. Empty where they cannot be read. */
  readonly groupFiles: readonly GroupFile[];
  readonly journalMode: JournalMode;
  /** 0 where it is not known. */
  readonly pageSize: number;
  /** Of the image, or of the group's files together. */
  readonly bytes: number;
  /** Rows per ordinary table. */
  readonly tables: Readonly<Record<string, number>>;
  /**
   * Its signature when it was captured. It ends in `~`, and so never equals one, where a later
   * change could leave the signature as it is.
   */
  readonly signature: string;
  /** False where it is not of the same moment as the others, or could not be had. */
  readonly consistent: boolean;
  /** Null where it could not be had. */
  readonly method: 'raw' | 'connection' | null;
}

export interface CaptureResult {
  /** In the given order, one each. */
  readonly databases: readonly CapturedDatabase[];
  /** True where all of them are of one moment. */
  readonly consistent: boolean;
}

export interface RestoreDatabaseRequest {
  /** A sound database in one file; header bytes 18 and 19 are 1. May be empty. */
  readonly imagePath: string;
  /** The live database; its folder is there. */
  readonly target: DiskPath;
  readonly key: ProjectPath;
  /** What the image was made of. */
  readonly stored: StoredDatabase;
  /** What a replaced or new file gets; undefined: as the file has it that is replaced. */
  readonly ownership?: FileOwnership | undefined;
  /**
   * Called once, before anything is changed: where it goes under whoever has it open, while the target
   * is locked for writing. `signature` is the target's then. `copyCurrent` captures what is
   * there now into a new folder in `tempDir`; null where there is nothing. What it throws ends the
   * restore with nothing changed. Writers wait meanwhile.
   */
  readonly beforeWrite: (
    copyCurrent: (tempDir: string) => Promise<CapturedDatabase | null>,
    signature: string,
  ) => Promise<void>;
  /** How long a locked target is tried again. Default 10 seconds. */
  readonly timeoutMs?: number | undefined;
}

export interface RestoreDatabaseContext {
  readonly options: EngineOptions;
  /** Cancels until `beforeWrite` has returned; after that the restore is done to its end. */
  readonly call: CallOptions;
}

export interface RestoredDatabase {
  /** `live`: other connections stay open; `replace`: a new file in its place. */
  readonly method: 'live' | 'replace';
  /** As the file says now; where somebody was in the way, not what it was when captured. */
  readonly journalMode: JournalMode;
}

export interface RestoreTablesRequest extends Pick<
  RestoreDatabaseRequest,
  'imagePath' | 'target' | 'key' | 'beforeWrite' | 'timeoutMs'
> {
  readonly choice: TableChoice;
}

export interface DatabaseProof {
  /** True where every page is as in the image: that is the whole proof. */
  readonly equal: boolean;
  /** What the live database holds where it is not: a writer may have been quicker. Null where it could not be opened or had. */
  readonly check: ImageCheck | null;
  /** Of what was looked at. */
  readonly signature: string;
}

export interface ImageCheck {
  readonly state: DatabaseState;
  /** Why it is not `ok`, in words; else null. */
  readonly detail: string | null;
  /** Rows per ordinary table, in name order; without virtual tables and what belongs to them. */
  readonly tables: Readonly<Record<string, number>>;
  /** 0 for an empty file. */
  readonly pageSize: number;
  /** What the live file's header said (byte 18): 2 for a write-ahead log. */
  readonly writeVersion: 1 | 2;
  readonly bytes: number;
}

export interface FileOwnership {
  /** Permission bits. */
  readonly mode: number;
  /** Set where that is allowed. */
  readonly uid: number;
  readonly gid: number;
}

/** The -shm holds nothing that SQLite would not make anew. */
export type GroupSuffix = '' | '-wal' | '-journal';
