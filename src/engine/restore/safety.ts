// The safety snapshot of a restore: everything that the restore may touch, as it is right before it.

import { uncancelled, type CallOptions } from '../options.ts';
import { checkRoom } from '../snapshot/room.ts';
import { requestFor } from '../snapshot/snapshot-project.ts';
import { takeSnapshot, type SnapshotTaken } from '../snapshot/take-snapshot.ts';
import { deleteSnapshots } from '../store/collect-garbage.ts';
import type { WriteSession } from '../store/store-session.ts';
import { readLastRestore } from '../store/restore-records.ts';
import { toEntry } from '../store/snapshot-rows.ts';
import type { Run } from './restore-run.ts';

/** @throws EngineError NO_ROOM and what a snapshot throws */
export async function takeSafetySnapshot(
  { context, writer, manifest, roots, found }: Run,
  call: CallOptions,
): Promise<SnapshotTaken> {
  call.progress.phase('safety snapshot');
  // Its own phases are details of this one.
  const { progress } = call;
  const inner: CallOptions = {
    ...call,
    progress: {
      phase: () => undefined,
      total: (files, bytes) => progress.total(files, bytes),
      advance: (files, bytes) => progress.advance(files, bytes),
    },
  };
  const { id, label } = manifest;
  const isUndo = readLastRestore(writer.db)?.undo.snapshot === id;
  const request = {
    ...requestFor(context, writer, { roots, found }, inner),
    dataDirs: manifest.dataDirs,
    beside: roots.flatMap((root) => (root.isBeside === true ? [root.path] : [])),
    reason: 'safety' as const,
    label: null,
    pin: false,
    beforeUndo: isUndo,
    beforeRestoreOf: isUndo ? undefined : { id, label },
    beforeRead: (files: Parameters<typeof checkRoom>[0]) =>
      checkRoom(files, writer.storePath, null),
  };
  return await takeSnapshot(writer, request, inner);
}

/** Nothing was restored after all: the list is as it was. */
export function dropSafetySnapshot(writer: WriteSession, { manifest }: SnapshotTaken): void {
  try {
    deleteSnapshots(writer, [toEntry(manifest)], uncancelled.signal);
  } catch (error) {
    // It stays in the list: harmless, and the reason for giving up is what has to be told.
    writer.options.log.warn(`the safety snapshot ${manifest.id} stays: ${String(error)}`);
  }
}
