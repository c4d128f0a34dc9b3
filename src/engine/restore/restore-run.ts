// One restore as its steps see it: what is restored, where, and what an earlier one left undone.

import { restorableRoots } from '../store/snapshot-roots.ts';
import type { SnapshotManifest } from '../../core/documents/documents.ts';
import { joinSelections, type RestoreSelection } from '../../core/restore/selection.ts';
import type { CallOptions } from '../options.ts';
import type { FoundDataDirs } from '../detect/found.ts';
import type { ProjectContext } from '../project/project-context.ts';
import { findManifest, snapshotSide, type Side } from '../capture/open-side.ts';
import type { SnapshotTaken } from '../snapshot/take-snapshot.ts';
import type { Place } from '../sources/files/file-restore-paths.ts';
import type { WriteSession } from '../store/store-session.ts';
import { flattenTree, type FlatTree } from '../store/flatten-tree.ts';
import { createPlace } from '../sources/files/place.ts';
import type { WorkedOutPlan } from './plan-restore.ts';
import { readIntent, selectionOf, type RestoreIntent } from '../store/restore-records.ts';
import { parseSelection } from './selection.ts';
import type { ShownPlan } from './shown-plan.ts';
import { isUndo } from './undo.ts';
import type { RestoreOptions } from '../../core/documents/options.ts';
import { restoreRoots } from '../capture/capture-roots.ts';

export interface Run {
  readonly context: ProjectContext;
  readonly writer: WriteSession;
  readonly manifest: SnapshotManifest;
  readonly tree: FlatTree;
  readonly snapshot: Side;
  readonly place: Place;
  /** What detection found when it began. */
  readonly found: FoundDataDirs;
  readonly roots: ReturnType<typeof restoreRoots>;
  readonly selection: RestoreSelection;
  readonly isUndo: boolean;
  readonly keepNew: boolean;
  /** `RestoreOptions.underWrites` */
  readonly isUnderWrites: boolean;
  readonly shown: ShownPlan | undefined;
  /** Of a restore that was interrupted before this one. */
  readonly pending: RestoreIntent | undefined;
}

export function openRun(
  context: ProjectContext,
  writer: WriteSession,
  options: RestoreOptions,
  shown: ShownPlan | undefined,
  call: CallOptions,
): Run {
  const manifest = findManifest(writer, options.snapshot);
  const dataRoots = restorableRoots(manifest);
  const tree = flattenTree(writer.reader, manifest.tree, dataRoots);
  const selection = parseSelection(options, manifest.dataDirs);
  const found = context.find();
  return {
    context,
    writer,
    manifest,
    tree,
    snapshot: snapshotSide(writer, manifest, writer.tempDir, call.signal),
    place: createPlace(context.projectDir, dataRoots),
    found,
    roots: restoreRoots(manifest, tree, found),
    selection,
    isUndo: isUndo(writer, manifest.id, selection),
    keepNew: options.keepNew ?? false,
    isUnderWrites: options.underWrites ?? false,
    shown,
    pending: readIntent(writer.db),
  };
}

/** The intent of a restore that was interrupted earlier; it stays until a later one has done all of it. */
export function interrupted({ pending }: Run): RestoreIntent | undefined {
  return pending?.phase === 'replacing' ? { ...pending, staging: [] } : undefined;
}

export function safetySide({ writer }: Run, manifest: SnapshotManifest, call: CallOptions): Side {
  return snapshotSide(writer, manifest, writer.tempDir, call.signal);
}

export function newIntent(run: Run, safety: SnapshotTaken, { plan }: WorkedOutPlan): RestoreIntent {
  const { manifest, selection, writer } = run;
  const before = interrupted(run);
  const isUndo = before !== undefined && before.safetySnapshot === manifest.id;
  return {
    snapshot: manifest.id,
    label: manifest.label,
    ...(before === undefined ? selection : joinSelections(selection, before)),
    keepNew: run.keepNew,
    safetySnapshot: before?.safetySnapshot ?? safety.manifest.id,
    startedAt: new Date(writer.options.now()).toISOString(),
    pid: process.pid,
    phase: before === undefined ? 'preparing' : 'replacing',
    filesWritten: 0,
    filesTotal: plan.write.length + plan.link.length + plan.remove.length,
    staging: [],
    redo: isUndo ? (before.redo ?? { ...selectionOf(before), snapshot: before.snapshot }) : null,
  };
}
