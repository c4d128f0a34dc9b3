// What detection finds: plain data that the rest of the engine captures by.

import { type DiskPath, type ProjectPath } from '../../core/names.ts';
import type {
  ConfigProblem,
  Confidence,
  RejectedPlace,
  SnapshotDataDir,
  SnapshotDatabase,
} from '../../core/documents/documents.ts';
import type {
  IgnoreConfig,
  ProjectConfig,
  ReferenceConfig,
} from '../../core/config/project-config.ts';
import type { Exclusion, LayoutReference } from '../../core/layouts/layout.ts';

/** One installation. Its roots never overlap with those of another. */
export interface FoundDataDir {
  /** Unique in the project; `--data` takes it. */
  readonly name: string;
  /**
   * Relative to the project folder with `/`, `.` where it is the project folder itself (then its
   * roots lie below), or absolute. A folder, or a database file by itself.
   */
  readonly path: string;
  /** Real and absolute. */
  readonly absolutePath: DiskPath;
  /** What is captured, written as `path` is: `path` itself, or folders and files below it. Never empty. */
  readonly roots: readonly ProjectPath[];
  readonly layout: string;
  readonly confidence: Confidence;
  readonly evidence: readonly string[];
  readonly missing: readonly string[];
  /** What is left out unless `include` overrules it. */
  readonly exclusions: readonly Exclusion[];
  /** Patterns of savepoint.json, relative to `path`. */
  readonly exclude: readonly string[];
  readonly include: readonly string[];
  /** Of savepoint.json. */
  readonly references: readonly ReferenceConfig[];
  readonly layoutReferences: readonly LayoutReference[];
  readonly ignore: readonly IgnoreConfig[];
  /** Globs, relative to `path`, of JSON files that must parse to be whole. */
  readonly jsonFiles: readonly string[];
}

export interface FoundDataDirs {
  /** Absolute real path. */
  readonly projectDir: DiskPath;
  /** In the order of their paths. */
  readonly dataDirs: readonly FoundDataDir[];
  readonly foldersLookedAt: number;
  /** True where the search stopped at its bound. */
  readonly boundHit: boolean;
  /** Of the newest snapshot: data directories, or those roots of them, that are not there now, or empty. */
  readonly gone: readonly KnownDataDir[];
  /** Places that look like data or were named as such, and were not taken; in the order of their paths. */
  readonly rejected: readonly RejectedPlace[];
  /** What was seen beside the data: what the rows of the databases may name. */
  readonly beside: BesideData;
  readonly configProblems: readonly ConfigProblem[];
  readonly config: ProjectConfig;
  /** Of the newest snapshot, as documents have their paths: a file there that is none any more is damaged. */
  readonly soundDatabases: ReadonlySet<string>;
}

/** Files of the project that are no data, as far as they were looked at; paths relative to it. */
export interface BesideData {
  /** Neither source code by their names nor anything that tools make. */
  readonly files: readonly string[];
  readonly folders: readonly string[];
  /** Folders that hold more than `files` tells. */
  readonly partial: readonly string[];
  /** Absolute paths of the databases that the search itself came upon. */
  readonly databases: readonly string[];
}

export type KnownDataDir = Pick<SnapshotDataDir, 'name' | 'path' | 'roots' | 'layout'>;

/** Of the newest snapshot. */
export interface KnownContents {
  readonly dataDirs: readonly KnownDataDir[];
  readonly databases: readonly Pick<SnapshotDatabase, 'path' | 'state'>[];
}
