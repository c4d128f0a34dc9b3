// The documents that `--json` prints, that the editor's commands answer and that travel between the
// engine's process and the editor: plain, serialisable, read-only. CLI.md's contract in types.
// Every path is relative to the project folder with `/`, or absolute where it lies outside of it.
// Names that are not UTF-8 carry their bytes as lone surrogates U+DC80 to U+DCFF (see names.ts).

import type { HookState } from '../documents/agent-hooks.ts';
import type { ErrorCode } from '../errors.ts';
import type { CoverageEntry } from './coverage.ts';
import type { LearnedCommand } from './learned.ts';
import type { OpenFilePlan, PendingRestore } from './restore-documents.ts';
import type { ComparedColumn, RuleEvidence } from './rule-evidence.ts';

export type { OpenFilePlan, PendingRestore };

export type Reason = 'manual' | 'guard' | 'safety' | 'schedule' | 'import';
export type Confidence = 'certain' | 'likely' | 'guess';
export type JournalMode = 'wal' | 'rollback';
/** What keeps a database: one source of src/engine/sources each. */
export type DatabaseEngine = 'sqlite';

/** Whether a captured database could be proven: `unchecked` where it needs something that only its application has. */
export type DatabaseState =
  'ok' | 'unchecked' | 'damaged' | 'encrypted' | 'empty' | 'locked' | 'unreadable';

export interface DetectedDatabase {
  readonly path: string;
  readonly engine: DatabaseEngine;
  readonly journalMode: JournalMode;
  readonly bytes: number;
  readonly state: DatabaseState;
}

export interface Excluded {
  readonly path: string;
  /** In words, e.g. `cache of docsfy`, `left out by savepoint.json`. */
  readonly reason: string;
  readonly bytes: number | null;
  /** True where the user may take it back in through savepoint.json. */
  readonly canInclude: boolean;
}

export interface DetectedReference {
  readonly database: string;
  readonly table: string;
  readonly path: string;
  readonly direction: 'row-to-path' | 'path-to-row' | 'both';
}

/** One installation: what `detect` prints an entry for. */
export interface DataDirDocument {
  readonly name: string;
  readonly path: string;
  /** What is captured of it: `path` itself, or several folders or files below it. */
  readonly roots: readonly string[];
  readonly layout: string;
  readonly confidence: Confidence;
  /** How it was found, one sentence each: `DATA_DIR=/data in .env, mapped by docker-compose.yaml`. */
  readonly evidence: readonly string[];
  /** Marks of the layout that were looked for and not there; empty where it is certain. */
  readonly missing: readonly string[];
  readonly databases: readonly DetectedDatabase[];
  readonly files: number;
  readonly bytes: number;
  /** The same files by the folder on the first level that they are in, in order of their paths; those on the first level itself under `path`. */
  readonly contents?: readonly FolderContents[];
  readonly excluded: readonly Excluded[];
  readonly references: readonly DetectedReference[];
  /** ISO 8601 of the newest snapshot that holds it; null where none does, absent where nobody asked the store. */
  readonly savedAt?: string | null;
}

export interface FolderContents {
  readonly path: string;
  readonly files: number;
  /** Of these files, without databases. */
  readonly bytes: number;
}

/** A place that was looked at and not taken as a data directory. */
export interface RejectedPlace {
  readonly path: string;
  readonly reason: string;
  /** `volume`: a named volume of a container, `path` is its name. Absent: a place on this machine. */
  readonly kind?: 'volume';
  /** True: `savepoint cover` is refused for the same reason. */
  readonly isFinal?: true;
}

/** `detect` with what it saw on the way: for the report "What was looked at". */
export interface DetectionDocument {
  readonly dataDirs: readonly DataDirDocument[];
  readonly foldersLookedAt: number;
  /** True where the search stopped at its bound. */
  readonly boundHit: boolean;
  readonly rejected: readonly RejectedPlace[];
  /** Problems in savepoint.json, with their place: the rest of the file still holds. */
  readonly configProblems: readonly ConfigProblem[];
  /** One answer for every place that holds data; absent where only the data was looked for. */
  readonly coverage?: readonly CoverageEntry[];
}

export interface ConfigProblem {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface SkippedDocument {
  readonly path: string;
  readonly reason: string;
}

export interface SnapshotDatabase {
  readonly path: string;
  readonly engine: DatabaseEngine;
  /** False only where the captured copy is damaged or could not be taken. */
  readonly ok: boolean;
  readonly state: DatabaseState;
  readonly journalMode: JournalMode;
  readonly pageSize: number;
  readonly bytes: number;
  /** Rows per ordinary table; empty where it could not be opened. */
  readonly tables: Readonly<Record<string, number>>;
  /** Why it is not `ok`, in words. */
  readonly detail: string | null;
}

export interface SnapshotDataDir {
  readonly name: string;
  readonly path: string;
  readonly roots: readonly string[];
  readonly layout: string;
  /** Its own mismatches, where a snapshot holds several and was checked. */
  readonly mismatches?: number;
}

/** What changed against the snapshot before. `rows` is null where too much of a large database changed to be counted at every snapshot. */
export interface ChangeCounts {
  readonly files: number;
  readonly rows: number | null;
  readonly rowsAdded: number | null;
  readonly rowsRemoved: number | null;
  readonly rowsChanged: number | null;
  /** Schema changes that a diff lists; absent where `rows` is null, and in snapshots of older versions. */
  readonly schema?: number;
}

/** Who and what stood behind a snapshot. */
export interface Origin {
  /** With secrets as `***`. */
  readonly command: string | null;
  /** `null` for a person, else the agent's name. */
  readonly actor: string | null;
  readonly branch: string | null;
  readonly commit: string | null;
}

/** One snapshot as `list` tells it. */
export interface SnapshotEntry extends Origin {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly reason: Reason;
  readonly label: string | null;
  readonly pinned: boolean;
  readonly files: number;
  readonly bytes: number;
  /** Bytes that this snapshot added to the store. */
  readonly storedBytes: number;
  readonly mismatches: number | null;
  /** Of `mismatches`, those that the snapshot before did not have; absent where either was not checked. */
  readonly newMismatches?: number;
  /** Null for the first snapshot. */
  readonly changes: ChangeCounts | null;
  readonly consistent: boolean;
  /** Only with the safety snapshot of an undo. */
  readonly beforeUndo?: true;
  /** Only with the safety snapshot of another restore: what was to be restored, with its label then. */
  readonly beforeRestoreOf?: { readonly id: string; readonly label: string | null };
  /** True where something in it was found damaged, at capture or by `verify`. */
  readonly damaged: boolean;
  readonly unchanged: boolean;
}

/** One snapshot, whole: what `show` prints. What is in the pack's manifest.json, and the mutable facts. */
export interface SnapshotManifest extends SnapshotEntry {
  readonly formatVersion: number;
  /** SHA-256 of the tree object of the project folder. */
  readonly tree: string;
  readonly dataDirs: readonly SnapshotDataDir[];
  readonly databases: readonly SnapshotDatabase[];
  readonly unsettled: readonly string[];
  readonly skipped: readonly SkippedDocument[];
  /** What was left out on purpose; a restore leaves it alone. */
  readonly excluded: readonly Excluded[];
  /** Places beside the data that hold some and were not taken; absent where there were none. */
  readonly notCovered?: readonly CoverageEntry[];
  /** What the command that it was taken before named beside the data; absent where that was nothing. */
  readonly beside?: readonly string[];
  /** The hash of what `tree` would be without it; only with `beside`. */
  readonly dataTree?: string;
  readonly durationMs: number;
  readonly writtenBy: string;
  /** Short names of its mismatches (`mismatchKey`), sorted, at most 10,000; absent where it was not checked. */
  readonly mismatchKeys?: readonly string[];
  /** Which rules were asked, in short; absent where it was not checked. */
  readonly checkedBy?: string;
}

/** What `snapshot` prints. */
export interface SnapshotDocument {
  readonly id: string;
  readonly createdAt: string;
  readonly reason: Reason;
  readonly label: string | null;
  readonly dataDirs: readonly string[];
  readonly files: number;
  readonly bytes: number;
  readonly storedBytes: number;
  readonly durationMs: number;
  readonly consistent: boolean;
  readonly unsettled: readonly string[];
  readonly skipped: readonly SkippedDocument[];
  /** As in the manifest. */
  readonly notCovered?: readonly CoverageEntry[];
  readonly databases: readonly SnapshotDatabase[];
  readonly mismatches: number | null;
  readonly newMismatches?: number;
  readonly unchanged: boolean;
  /** The store after it; `null` cap means none. */
  readonly store: StoreSize;
  /** What retention took away after it. */
  readonly pruned: readonly string[];
}

export interface StoreSize {
  readonly bytes: number;
  readonly capBytes: number | null;
}

/** A value of a database cell in JSON: see CLI.md for what JSON cannot hold. */
export type CellDocument =
  | null
  | number
  | string
  | { readonly int: string }
  | { readonly real: string }
  | { readonly blob: string; readonly bytes: number }
  /** The first characters of a long text, how many it has and its SHA-256; only where `cells: 'shown'` was asked for. */
  | { readonly text: string; readonly characters: number; readonly sha256: string };

/**
 * How cells of listed rows are written. `whole`: all of them. `shown`, for `.rows` documents: text
 * over 2,000 characters cut, with its length and hash, and every real as `{real}` where JSON would
 * not tell it from an integer.
 */
export type CellForm = 'whole' | 'shown';

export type RowDocument = Readonly<Record<string, CellDocument>>;

export interface RowChange {
  readonly op: 'add' | 'remove' | 'change';
  readonly key: RowDocument;
  readonly before: RowDocument | null;
  readonly after: RowDocument | null;
}

export interface TableDiff {
  readonly name: string;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  /** At most the cap that was asked for; the counts are always whole. */
  readonly rows: readonly RowChange[];
  /** Present where a column came or went: rows are then compared on those that both sides have. */
  readonly columns?: ColumnsDiff;
}

export interface ColumnsDiff {
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
  /** How many columns rows were compared on. */
  readonly compared: number;
}

export interface SchemaChange {
  readonly op: 'add' | 'remove' | 'change';
  /** `table`, `index`, `view`, `trigger`, `column`, `pragma`, or `file` for the mode of the database file. */
  readonly type: string;
  readonly name: string;
  /** The SQL or value on each side, null where it is not there. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface DatabaseDiff {
  readonly path: string;
  readonly state: 'added' | 'removed' | 'changed';
  readonly schema: readonly SchemaChange[];
  /** Tables that differ, in name order. */
  readonly tables: readonly TableDiff[];
  /** Why it, or some of its tables, could not be compared; null where all was. */
  readonly problem: string | null;
}

/** A file that differs, with what the text form needs; `files` of the diff document has the paths. */
export interface FileChange {
  readonly path: string;
  readonly op: 'add' | 'remove' | 'change';
  readonly kind: FileKind;
  /** Null where the side has none. */
  readonly beforeBytes: number | null;
  readonly afterBytes: number | null;
  /** Permission bits, where nothing else differs: of a file, or of a folder itself. */
  readonly modes?: { readonly before: number; readonly after: number };
  /** The topmost folder that came or went as a whole with it; absent where the folder was there and stays. */
  readonly folder?: string;
}

export type FileKind = 'file' | 'directory' | 'symlink';

export interface DiffDocument {
  readonly files: {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly modified: readonly string[];
  };
  readonly databases: readonly DatabaseDiff[];
  readonly mismatches: { readonly before: number | null; readonly after: number | null };
  /** The same files with their sizes, sorted by path. */
  readonly fileChanges: readonly FileChange[];
  /** What only one side could read, so that nobody knows whether it differs; absent where there is none. */
  readonly skipped?: readonly SkippedDocument[];
  /** Links to what no snapshot has; absent where there is none. */
  readonly linkedAway?: readonly SkippedDocument[];
  /** The sides as they were resolved: an id, or `live`. */
  readonly a: string;
  readonly b: string;
}

export type MismatchKind =
  'missing-file' | 'orphan-file' | 'changed-file' | 'missing-row' | 'unreadable';

/** `error`: a row promises what is not there. `warning`: a file nobody knows, a size or hash that differs. `info`: excusable. */
export type Severity = 'error' | 'warning' | 'info';

/** Something that does not match: a row without its file, a file without its row, … */
export interface Mismatch {
  readonly kind: MismatchKind;
  readonly severity: Severity;
  /** Null where no row is meant. */
  readonly database: string | null;
  readonly table: string | null;
  readonly key: RowDocument | null;
  /** The missing or unknown path, relative to the project folder; null for a missing row. */
  readonly path: string | null;
  /** `CheckRule.id`. */
  readonly rule: string;
  /** In words: `no site/`, `4.1 KB, row says 3.9 KB`. */
  readonly detail: string;
  /** True where the newest snapshot did not have it; absent where that is not known. */
  readonly isNew?: boolean;
}

/** A named cause that stands for a flood of mismatches, which are not listed one by one then. */
export interface Diagnosis {
  /** For programs: `stale-layout`. */
  readonly code: string;
  readonly severity: Severity;
  /** For people: `Stale layout`. */
  readonly title: string;
  /** `214 sites lie one level higher: no branch level`. */
  readonly detail: string;
  readonly paths: readonly string[];
}

/** A rule that ties rows to paths or to other rows, and how it fared. */
export interface CheckRule {
  /** Stable and unique in a project. */
  readonly id: string;
  /** Short: `projects -> site`. */
  readonly title: string;
  /** `DataDirDocument.name`. */
  readonly dataDir: string;
  readonly database: string;
  readonly table: string;
  /** Template of the path, or `DATABASE:TABLE.COLUMN` of the row that each row needs. */
  readonly target: string;
  readonly where: string | null;
  /** Glob of the paths that each need a row; null where none do. */
  readonly covers: string | null;
  readonly origin: 'layout' | 'config' | 'inferred';
  /** `suggested`: it does not hold nearly everywhere, or nobody accepted it; it makes no mismatches. `broken`: it could not run. */
  readonly state: 'checked' | 'suggested' | 'broken';
  /** How often it holds; null where it is `broken`. */
  readonly evidence: RuleEvidence | null;
  /** Why it is `broken`, in one line. */
  readonly problem: string | null;
  /** Where its rows tell the size or the hash of their files. */
  readonly compared?: readonly ComparedColumn[];
  readonly mismatches: number;
  /** Mismatches that savepoint.json expects. */
  readonly ignored: number;
}

/** What `check` prints. */
export interface CheckDocument {
  /** `live` or the snapshot's id. */
  readonly side: string;
  /** Errors first, then by rule and path. */
  readonly mismatches: readonly Mismatch[];
  readonly diagnoses: readonly Diagnosis[];
  readonly rules: readonly CheckRule[];
  /** Mismatches that savepoint.json expects. */
  readonly ignored: number;
  readonly checkedRows: number;
  readonly checkedFiles: number;
  /** What is wrong in savepoint.json, rules that name what is not there included, with its place. */
  readonly configProblems: readonly ConfigProblem[];
  readonly durationMs: number;
}

/** A data directory over time, oldest first. */
export interface HistoryDocument {
  readonly dataDir: string;
  readonly points: readonly HistoryPoint[];
}

export interface HistoryPoint {
  readonly id: string;
  readonly createdAt: string;
  readonly label: string | null;
  readonly reason: Reason;
  readonly files: number;
  readonly bytes: number;
  readonly mismatches: number | null;
  /** Rows per table, `DATABASE:TABLE`. */
  readonly tables: Readonly<Record<string, number>>;
}

/** savepoint.json as a change would make it; nothing is written yet. */
export interface ConfigEdit {
  /** Absolute path. */
  readonly file: string;
  /** The whole text, comments kept. */
  readonly text: string;
  /** 1-based line of what was added. */
  readonly line: number;
}

/** A reference of rows to rows that ticks would break. */
export interface BrokenForeignKey {
  readonly database: string;
  readonly table: string;
  readonly parent: string;
  /** Rows of `table` that would have none in `parent`, beyond those that have none now. */
  readonly rows: number;
}

/** What a restore would do, for the summary, the modal and the preview. */
export interface RestorePlanDocument {
  /** Binds what is applied to what was shown. */
  readonly token: string;
  readonly snapshot: SnapshotEntry;
  /** Direction: live is before, the snapshot is after. `remove` is a deletion. */
  readonly fileChanges: readonly FileChange[];
  readonly files: {
    readonly written: number;
    readonly deleted: number;
    readonly unchanged: number;
  };
  readonly databases: readonly DatabasePlan[];
  /** Files that are replaced or deleted under a program that has them open; `warnings` has them in words. */
  readonly openFiles: readonly OpenFilePlan[];
  readonly mismatches: { readonly before: number | null; readonly after: number | null };
  /** Mismatches that the restore would leave and that are not there now; at most 1,000. */
  readonly newMismatches: readonly Mismatch[];
  /** Where it is not empty the restore is `blocked`. */
  readonly foreignKeys: readonly BrokenForeignKey[];
  /** In words: unsettled, damaged or incomplete parts, other branch, missing owner… */
  readonly warnings: readonly string[];
  /** Why it cannot run now, e.g. a damaged snapshot; null where it can. */
  readonly blocked: string | null;
  /** What to do about it; absent where nothing is to be said. */
  readonly blockedHint?: string;
  /** True where nothing would change. */
  readonly empty: boolean;
  /** Set for a restore into another folder: no safety snapshot. */
  readonly to: string | null;
  readonly keepNew: boolean;
}

export interface DatabasePlan {
  readonly path: string;
  readonly method: 'live' | 'replace' | 'delete' | 'none';
  /** Of what is brought back, as the ticks say. */
  readonly diff: DatabaseDiff | null;
  /** The tables that are brought back where not all are; null: the database as a whole. */
  readonly tables: readonly string[] | null;
  /** Tables that differ, brought back or not; absent where that is not known. */
  readonly tablesChanged?: number;
  /** Why tables cannot be chosen one by one, in words: `the schema differs`; null where they can. */
  readonly wholeBecause: string | null;
  /** Programs that have it open: `node (4242)`. */
  readonly openIn: readonly string[];
}

/** What `restore` and `undo` print. */
export interface RestoreDocument {
  readonly restored: string;
  readonly safetySnapshot: string | null;
  readonly files: {
    readonly written: number;
    readonly deleted: number;
    readonly unchanged: number;
  };
  readonly databases: readonly { path: string; method: string; ok: boolean }[];
  /** Files whose old version a program still has open; `warnings` has them in words. */
  readonly openFiles: readonly OpenFilePlan[];
  /** What was made after the plan was shown, and stays; `warnings` has it in words. */
  readonly madeSince: readonly string[];
  readonly mismatches: number | null;
  /** Rows that came, went and changed, by the plan. */
  readonly rows: { readonly added: number; readonly removed: number; readonly changed: number };
  readonly durationMs: number;
  readonly warnings: readonly string[];
  readonly to: string | null;
}

export interface VerifyDocument {
  readonly checked: number;
  readonly damaged: readonly { id: string; path: string; detail: string; repaired: boolean }[];
  readonly chunks: number;
  readonly bytes: number;
  readonly databases: number;
  readonly durationMs: number;
}

/** A snapshot that retention takes away, and why in words: `not among the last 10 of its kind`. */
export interface PrunedEntry extends SnapshotEntry {
  readonly why?: string;
}

export interface PruneDocument {
  readonly deleted: readonly PrunedEntry[];
  readonly kept: readonly { id: string; why: string }[];
  readonly freedBytes: number;
}

/** What the views, the status item and `doctor` tell. */
export interface StatusDocument {
  readonly project: { readonly id: string | null; readonly path: string };
  readonly store: {
    readonly path: string;
    readonly bytes: number;
    readonly capBytes: number | null;
    readonly freeBytes: number | null;
    readonly snapshots: number;
    /** ISO 8601 of the last `verify`; null for never. */
    readonly verifiedAt: string | null;
    /** In words, where a rebuild of the container would lose it. */
    readonly ephemeral: string | null;
    readonly problem: string | null;
    /** Of the error that keeps the store from being read; null for a `problem` that does not. */
    readonly problemCode: ErrorCode | null;
  };
  readonly newest: SnapshotEntry | null;
  readonly detection: DetectionDocument;
  readonly canUndo: boolean;
  readonly pending: PendingRestore | null;
  readonly tools: readonly { name: string; version: string | null; problem: string | null }[];
  /** Commands that are guarded because they changed data before, newest first; absent in older engines. */
  readonly learned?: readonly LearnedCommand[];
  /** Those of agents, where they were looked for. */
  readonly hooks?: readonly HookState[];
}
