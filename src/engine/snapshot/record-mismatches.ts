// Checks what a snapshot captured before it is sealed, so that the list tells its mismatches and which
// of them are new.

import { projectPath } from '../../core/names.ts';
import type { SnapshotDataDir, SnapshotManifest } from '../../core/documents/documents.ts';
import { checkedDirs } from '../check/checked-dirs.ts';
import { recordCheck, rulesKey, type RecordedCheck } from '../check/record-check.ts';
import { inferOptions, keepInferredRules } from '../check/remembered-rules.ts';
import type { FoundDataDirs } from '../detect/found.ts';
import type { CallOptions } from '../options.ts';
import type { ProjectContext } from '../project/project-context.ts';
import type { CaptureRoot } from '../sources/files/walked.ts';
import type { Database } from '../sqlite/sqlite-driver.ts';
import type { WriteSession } from '../store/store-session.ts';
import type { Capture } from '../capture/capture.ts';
import { liveImage } from '../capture/live-image.ts';
import type { MismatchFacts, SnapshotRequest } from './take-snapshot.ts';

export interface RecorderFacts {
  readonly roots: readonly CaptureRoot[];
  readonly found: FoundDataDirs;
}

export function checkRecorder(
  context: ProjectContext,
  writer: WriteSession,
  { roots, found }: RecorderFacts,
  call: CallOptions,
): SnapshotRequest['recordCheck'] {
  return async (before, capture, dataDirs) => {
    const checked = { context, db: writer.db, tempDir: writer.tempDir, roots, found, dataDirs };
    const checker = captureChecker(checked, call);
    const { checkedBy } = checker;
    if (before?.tree === capture.tree && before.checkedBy === checkedBy) return same(before);
    const recorded = await checker.check(capture);
    if (recorded === null) return null;
    if (recorded.rules !== null) keepInferredRules(writer.db, recorded.rules);
    return facts(recorded, before, dataDirs);
  };
}

export interface CheckedCapture {
  readonly context: ProjectContext;
  readonly db: Database | undefined;
  readonly tempDir: string;
  readonly roots: readonly CaptureRoot[];
  readonly found: FoundDataDirs;
  readonly dataDirs: readonly SnapshotDataDir[];
}

export interface CaptureChecker {
  /** `SnapshotManifest.checkedBy` of the rules as they are now. */
  readonly checkedBy: string;
  /** Null where it was not checked. */
  check(capture: Capture): Promise<RecordedCheck | null>;
}

/** Checks what was captured, within the time that a snapshot has. */
export function captureChecker(checked: CheckedCapture, call: CallOptions): CaptureChecker {
  const { context, db, tempDir, roots, found, dataDirs } = checked;
  const { options, projectDir } = context;
  const dirs = checkedDirs(dataDirs, found, options.trusted);
  const infer = inferOptions(db);
  return {
    checkedBy: rulesKey(dirs, infer),
    check: async (capture) => {
      const { overlay, tree, skipped, excluded, databases, images } = capture;
      const captured = { reader: overlay.reader, tree, skipped, excluded, databases, images };
      const copying = { projectDir, tempDir, options, call };
      const state = {
        ...captured,
        projectDir,
        roots: roots.map(({ path }) => path),
        liveImage: async (path: string) => await liveImage(projectPath(path), capture, copying),
        infer,
        nowMs: options.now(),
        tempDir,
      };
      return await recordCheck(state, dirs, call.signal);
    },
  };
}

/** Nothing changed since, neither the data nor the rules. */
function same(before: SnapshotManifest): MismatchFacts {
  const { mismatches, mismatchKeys = [], checkedBy, dataDirs } = before;
  return {
    mismatches,
    newMismatches: 0,
    mismatchKeys,
    ...(checkedBy === undefined ? {} : { checkedBy }),
    dataDirs,
  };
}

function facts(
  { mismatches, mismatchKeys, checkedBy, byDir }: RecordedCheck,
  before: SnapshotManifest | undefined,
  dataDirs: SnapshotManifest['dataDirs'],
): MismatchFacts {
  const known = before?.mismatchKeys === undefined ? undefined : new Set(before.mismatchKeys);
  const fresh = mismatchKeys.filter((key) => known?.has(key) === false).length;
  return {
    mismatches,
    ...(known === undefined ? {} : { newMismatches: fresh }),
    mismatchKeys,
    checkedBy,
    dataDirs:
      dataDirs.length === 1
        ? dataDirs
        : dataDirs.map((dir) => ({ ...dir, mismatches: byDir[dir.name] ?? 0 })),
  };
}
