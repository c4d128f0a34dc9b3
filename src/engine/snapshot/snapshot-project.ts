// `snapshot`: detection, capture, retention, and the document that tells of them.

import type {
  PruneDocument,
  SnapshotDocument,
  SnapshotManifest,
} from '../../core/documents/documents.ts';
import type { ProjectPath } from '../../core/names.ts';
import { checkLabel } from '../../core/snapshots/resolve-snapshot.ts';
import { retentionRules } from '../../core/snapshots/retention.ts';
import { countChanges } from '../diff/count-changes.ts';
import { tidyUpAfterKill } from '../sources/files/leftovers.ts';
import type { FoundDataDir, FoundDataDirs } from '../detect/found.ts';
import type { CallOptions } from '../options.ts';
import type { ProjectContext } from '../project/project-context.ts';
import type { CaptureRoot } from '../sources/files/walked.ts';
import { pruneStore } from '../store/plan-prune.ts';
import { storeBytes, type WriteSession } from '../store/store-session.ts';
import { learnedCommands } from '../store/learned-commands.ts';
import { assertTrusted } from '../project/trust.ts';
import { writeWatched } from '../project/watched-paths.ts';
import {
  chooseDataDirs,
  rootsBeside,
  rootsOf,
  rootsOfSnapshot,
  toSnapshotDataDir,
  withGone,
} from '../capture/capture-roots.ts';
import { notCoveredBy } from '../coverage/describe-project.ts';
import { findCovered, keepCovered, keepRows, type CoveredData } from '../coverage/find-covered.ts';
import { snapshotSide } from '../capture/open-side.ts';
import { readOrigin } from './origin.ts';
import { checkRoom } from './room.ts';
import { checkRecorder, type RecorderFacts } from './record-mismatches.ts';
import { takeSnapshot, type SnapshotRequest } from './take-snapshot.ts';
import type { SnapshotOptions } from '../../core/documents/options.ts';

/** What only the guard asks for. */
export interface SpecialSnapshot {
  /** What detection found, where it was asked already. */
  readonly found?: FoundDataDirs;
  /** Answers the newest snapshot where nothing changed since, and takes none. */
  readonly reuse?: boolean;
  /** These with these roots, instead of what `data` names. */
  readonly dataDirs?: readonly FoundDataDir[];
  /** What a command names beside the data. */
  readonly beside?: readonly ProjectPath[];
}

/** With `reused` an earlier snapshot, and none was taken. */
export type TakenDocument = SnapshotDocument & { readonly reused?: true };

/** @throws EngineError NO_DATA_DIRECTORY, LABEL_INVALID, OVER_LIMIT, NO_ROOM and what the store throws */
export async function snapshotProject(
  context: ProjectContext,
  options: SnapshotOptions,
  call: CallOptions,
  special: SpecialSnapshot = {},
): Promise<TakenDocument> {
  // Before something is lost the copy is made all the same: of bytes, without anything that is configured.
  if (options.reason !== 'guard') assertTrusted(context.options);
  const label = checkLabel(options.label ?? '');
  call.progress.phase('looking');
  const covered = await coveredData(context, special.found ?? context.find(), call);
  const { found } = covered;
  const { dataDirs, gone, roots, beside } = whatIsTaken(context, found, options, special);
  const rules = retentionRules(found.config.retention);
  keepCovered(context, covered);
  const { storePath } = context.place();
  writeWatched(context.options, found, learnedCommands(storePath));
  return await context.write(call.signal, async (writer) => {
    tidyUpAfterKill(writer, context.projectDir);
    keepRows(writer, covered);
    const request = requestFor(context, writer, { roots, found }, call);
    const { manifest, reused } = await takeSnapshot(
      writer,
      {
        ...request,
        roots: [...roots, ...beside],
        beside: beside.map(({ path }) => path),
        origin: {
          ...request.origin,
          command: options.command ?? null,
          actor: options.actor ?? request.origin.actor,
        },
        dataDirs: withGone(dataDirs.map(toSnapshotDataDir), gone),
        reason: options.reason ?? 'manual',
        label,
        notCovered: notCoveredBy(covered, context.options),
        pin: options.pin ?? false,
        reuse: special.reuse ?? false,
        beforeRead: (files) => checkRoom(files, writer.storePath, rules.maxBytes),
      },
      call,
    );
    // What the project wants kept is not read in an untrusted workspace.
    const pruned =
      reused || !context.options.trusted
        ? { deleted: [], kept: [], freedBytes: 0 }
        : pruneStore(writer, rules, call.signal);
    const document = toDocument(manifest, writer, rules.maxBytes, pruned);
    return reused ? { ...document, reused } : document;
  });
}

interface WhatIsTaken extends Pick<FoundDataDirs, 'gone'> {
  readonly dataDirs: readonly FoundDataDir[];
  /** Of the data. */
  readonly roots: readonly CaptureRoot[];
  readonly beside: readonly CaptureRoot[];
}

/** @throws EngineError USAGE, NO_DATA_DIRECTORY */
function whatIsTaken(
  { projectDir }: ProjectContext,
  found: FoundDataDirs,
  { data, reason = 'manual' }: SnapshotOptions,
  { dataDirs: only, beside: named = [] }: SpecialSnapshot,
): WhatIsTaken {
  // What lies beside no data at all is saved by itself.
  const isAlone = named.length > 0 && found.dataDirs.length === 0;
  const dataDirs = only ?? (isAlone ? [] : chooseDataDirs(found, data ?? []));
  // Who takes one by hand has seen what is there; what is taken by itself does not make a loss normal.
  const isByHand = reason === 'manual' || data !== undefined;
  const gone = isByHand || only !== undefined ? [] : found.gone;
  const roots = [...rootsOf(projectDir, dataDirs), ...rootsOfSnapshot(projectDir, gone, found)];
  return { dataDirs, gone, roots, beside: rootsBeside(projectDir, named, roots) };
}

/** Rows may name more than is found; nothing that stands in the way of a look keeps data from being saved. */
async function coveredData(
  context: ProjectContext,
  found: FoundDataDirs,
  call: CallOptions,
): Promise<CoveredData> {
  try {
    return await findCovered(context, found, call);
  } catch (error) {
    call.signal.throwIfAborted();
    context.options.log.warn(`what rows name was not looked at: ${String(error)}`);
    return { found, offered: [], learned: [], remembered: {} };
  }
}

/** What every snapshot of this project is taken with, whatever it is taken for. */
export function requestFor(
  context: ProjectContext,
  writer: WriteSession,
  { roots, found }: RecorderFacts,
  call: CallOptions,
): Pick<SnapshotRequest, 'roots' | 'origin' | 'countChanges' | 'recordCheck'> {
  return {
    roots,
    origin: readOrigin(context.projectDir, context.options),
    countChanges: async (before, { tree, overlay, images }, isData) => {
      const side = snapshotSide(writer, before, writer.tempDir, call.signal);
      const after = {
        reader: overlay.reader,
        tree,
        databaseImage: async (path: string) => images.get(path) ?? null,
        existingImage: (path: string) => images.get(path) ?? null,
      };
      return await countChanges(side, after, call.signal, isData);
    },
    recordCheck: checkRecorder(context, writer, { roots, found }, call),
  };
}

function toDocument(
  manifest: SnapshotManifest,
  writer: WriteSession,
  capBytes: number | null,
  pruned: PruneDocument,
): SnapshotDocument {
  const { id, createdAt, reason, label, files, bytes, storedBytes, durationMs } = manifest;
  const { consistent, unsettled, skipped, databases, mismatches, newMismatches } = manifest;
  return {
    id,
    createdAt,
    reason,
    label,
    dataDirs: manifest.dataDirs.map((dir) => dir.path),
    files,
    bytes,
    storedBytes,
    durationMs,
    consistent,
    unsettled,
    skipped,
    ...(manifest.notCovered === undefined ? {} : { notCovered: manifest.notCovered }),
    databases,
    mismatches,
    ...(newMismatches === undefined ? {} : { newMismatches }),
    unchanged: manifest.unchanged,
    store: { bytes: storeBytes(writer), capBytes },
    pruned: pruned.deleted.map((entry) => entry.id),
  };
}
