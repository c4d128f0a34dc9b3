// What retention would take away from a store.

import type { PruneDocument } from '../../core/documents/documents.ts';
import { planPrune, type RetentionRules } from '../../core/snapshots/retention.ts';
import { snapshotsForUndo } from './restore-records.ts';
import { bytesWithout, deleteSnapshots } from './collect-garbage.ts';
import { selectEntries } from './snapshot-rows.ts';
import { storeBytes, type StoreSession, type WriteSession } from './store-session.ts';

/** Changes nothing. `freedBytes` is what the deleted ones alone hold. */
export function planStorePrune(store: StoreSession, rules: RetentionRules): PruneDocument {
  const entries = selectEntries(store.db);
  const needed = snapshotsForUndo(store.db);
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  // Below the cap nothing has to be weighed: walking all trees is the costly part.
  const overCap = rules.maxBytes !== null && storeBytes(store) > rules.maxBytes;
  const plan = planPrune({
    newestFirst: entries.map(({ id, reason, pinned }) => ({
      id,
      reason,
      pinned: pinned || needed.has(id),
    })),
    rules: overCap ? rules : { ...rules, maxBytes: null },
    bytesWithout: (ids) => bytesWithout(store, ids),
  });
  const deleted = plan.deleted.flatMap(({ id, why }) => {
    const entry = byId.get(id);
    return entry === undefined ? [] : [{ ...entry, why }];
  });
  const ids = deleted.map((entry) => entry.id);
  const freedBytes = ids.length === 0 ? 0 : bytesWithout(store, []) - bytesWithout(store, ids);
  const kept = plan.kept.map(({ id, why }) =>
    needed.has(id) && byId.get(id)?.pinned === false ? { id, why: 'undo goes to it' } : { id, why },
  );
  return { deleted, kept, freedBytes };
}

/** Applies the retention rules; a snapshot that was just taken and proven is there already. */
export function pruneStore(
  writer: WriteSession,
  rules: RetentionRules,
  signal: AbortSignal,
): PruneDocument {
  const plan = planStorePrune(writer, rules);
  if (plan.deleted.length === 0) return { ...plan, freedBytes: 0 };
  return { ...plan, freedBytes: deleteSnapshots(writer, plan.deleted, signal) };
}
