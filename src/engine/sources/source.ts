import type { DatabaseState, JournalMode } from '../../core/documents/documents.ts';
import type { CallOptions, EngineOptions } from '../options.ts';
import type { GroupSuffix } from './sqlite/sqlite-raw-copy.ts';

// What a source of data is.

export interface LiveDatabase {
  /** Absolute, in the form of core/names.ts. */
  readonly path: string;
  /** As the user knows it: relative to the project folder, or absolute. */
  readonly key: string;
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
  readonly key: string;
  readonly path: string;
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
   * `databaseSignature` of what was captured. It ends in `~`, and so never equals one, where a later
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
