// The part of an open project that keeps its snapshots: listing, naming, pinning, deleting, verifying.

import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { type ProjectPath } from '../../core/names.ts';
import { livePath } from '../disk/real-path.ts';
import type { SnapshotEntry } from '../../core/documents/documents.ts';
import { EngineError } from '../../core/errors.ts';
import { checkLabel } from '../../core/snapshots/resolve-snapshot.ts';
import { retentionRules } from '../../core/snapshots/retention.ts';
import type { Project } from '../project/project.ts';
import { type ProjectContext, sizeOf } from '../project/project-context.ts';
import { interruptedRestore } from '../store/restore-records.ts';
import { uncancelled } from '../options.ts';
import { findManifest } from '../capture/open-side.ts';
import { openCatalogForReading } from '../store/catalog.ts';
import { appendLog, type LogLine } from '../store/change-log.ts';
import { deleteSnapshots } from '../store/collect-garbage.ts';
import { planStorePrune, pruneStore } from '../store/plan-prune.ts';
import {
  countByDay,
  selectEntries,
  setLabel,
  setPinned,
  resolveEntry,
} from '../store/snapshot-rows.ts';
import type { WriteSession } from '../store/store-session.ts';
import { verifyStore } from '../verify/verify-store.ts';

type SnapshotsPart = Pick<
  Project,
  | 'list'
  | 'countByDay'
  | 'resolve'
  | 'show'
  | 'verify'
  | 'planPrune'
  | 'applyPrune'
  | 'delete'
  | 'pin'
  | 'rename'
  | 'storeSize'
>;

export function snapshotsPart(context: ProjectContext): SnapshotsPart {
  return { ...readingPart(context), ...retentionPart(context), ...changingPart(context) };
}

function readingPart(
  context: ProjectContext,
): Pick<SnapshotsPart, 'list' | 'countByDay' | 'resolve' | 'show' | 'storeSize'> {
  return {
    list: async (options) =>
      context.read((store) => (store === null ? [] : selectEntries(store.db, options))),
    countByDay: async (options) =>
      context.read((store) => (store === null ? [] : countByDay(store.db, options))),
    resolve: async (snapshot) => context.read((store) => resolveEntry(store, snapshot)),
    show: async (snapshot) => context.read((store) => findManifest(store, snapshot)),
    storeSize: async () => context.read((store) => sizeOf(store, context)),
  };
}

function retentionPart(
  context: ProjectContext,
): Pick<SnapshotsPart, 'verify' | 'planPrune' | 'applyPrune'> {
  return {
    async verify(snapshots, { deep = false }, call) {
      setDamagedCatalogAside(context);
      return await context.write(call.signal, async (writer) => {
        const named = snapshots.map((snapshot) => findManifest(writer, snapshot));
        const all = selectEntries(writer.db).map((entry) => findManifest(writer, entry.id));
        const options = {
          deep,
          livePath: (path: ProjectPath) => livePath(context.projectDir, path),
        };
        return await verifyStore(writer, named.length > 0 ? named : all, options, call);
      });
    },

    planPrune: async () =>
      context.read((store) =>
        store === null
          ? { deleted: [], kept: [], freedBytes: 0 }
          : planStorePrune(store, retentionRules(context.config().retention)),
      ),
    applyPrune: async ({ signal }) =>
      await context.write(signal, async (writer) =>
        pruneStore(writer, retentionRules(context.config().retention), signal),
      ),
  };
}

function changingPart(context: ProjectContext): Pick<SnapshotsPart, 'delete' | 'pin' | 'rename'> {
  return {
    async delete(snapshots) {
      context.read((store) => snapshots.map((snapshot) => resolveEntry(store, snapshot)));
      return await context.write(uncancelled.signal, async (writer) => {
        const entries = unique(snapshots.map((snapshot) => resolveEntry(writer, snapshot)));
        refuseNeeded(writer, entries);
        deleteSnapshots(writer, entries, uncancelled.signal);
        return entries;
      });
    },

    async pin(snapshots, pinned) {
      context.read((store) => snapshots.map((snapshot) => resolveEntry(store, snapshot)));
      return await context.write(uncancelled.signal, async (writer) => {
        const entries = unique(snapshots.map((snapshot) => resolveEntry(writer, snapshot)));
        const op = pinned ? 'pin' : 'unpin';
        log(
          writer,
          entries.map(({ id }) => ({ op, id, at: at(writer) })),
        );
        writer.db.transaction('immediate', () => {
          for (const { id } of entries) setPinned(writer.db, id, pinned);
        });
        return entries.map((entry) => ({ ...entry, pinned }));
      });
    },

    async rename(snapshot, label) {
      context.read((store) => resolveEntry(store, snapshot));
      const kept = checkLabel(label);
      return await context.write(uncancelled.signal, async (writer) => {
        const entry = resolveEntry(writer, snapshot);
        log(writer, [{ op: 'label', id: entry.id, label: kept, at: at(writer) }]);
        setLabel(writer.db, entry.id, kept);
        return { ...entry, label: kept };
      });
    },
  };
}

/** A catalog that cannot be read is kept beside, and made anew from the packs by whoever writes next. */
function setDamagedCatalogAside(context: ProjectContext): void {
  const { storePath } = context.place();
  try {
    openCatalogForReading(storePath)?.close();
  } catch (error) {
    const path = join(storePath, 'catalog.db');
    if (!(error instanceof EngineError) || error.code !== 'STORE_DAMAGED') throw error;
    if (existsSync(path)) renameSync(path, `${path}.damaged-${context.options.now()}`);
    context.options.log.warn(
      `the catalog was damaged: it is made anew from the packs (${storePath})`,
    );
  }
}

/** Without them an interrupted restore could be neither finished nor taken back. */
function refuseNeeded(writer: WriteSession, entries: readonly SnapshotEntry[]): void {
  const pending = interruptedRestore(writer);
  const needed = entries.find(
    ({ id }) => id === pending?.safetySnapshot || id === pending?.snapshot,
  );
  if (needed === undefined) return;
  throw new EngineError(
    'RESTORE_PENDING',
    `${needed.id} belongs to a restore that was interrupted`,
    {
      hint: 'savepoint undo takes it back, then delete',
    },
  );
}

function unique(entries: readonly SnapshotEntry[]): readonly SnapshotEntry[] {
  return [...new Map(entries.map((entry) => [entry.id, entry])).values()];
}

function log(writer: WriteSession, lines: readonly LogLine[]): void {
  appendLog(writer.storePath, lines, writer.options.faultPoint);
}

function at(writer: WriteSession): string {
  return new Date(writer.options.now()).toISOString();
}
