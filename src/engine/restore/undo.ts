// What `undo` would do.

import type { PendingRestore } from '../../core/documents/documents.ts';
import { EngineError } from '../../core/errors.ts';
import { isSameSelection, type RestoreSelection } from '../../core/restore/selection.ts';
import { selectManifest } from '../store/snapshot-rows.ts';
import type { StoreSession } from '../store/store-session.ts';
import {
  interruptedRestore,
  readIntent,
  readLastRestore,
  selectionOf,
  toPending,
  type RestoreScope,
} from '../store/restore-records.ts';
import { optionsOf } from './selection.ts';
import type { RestoreOptions } from '../../core/documents/options.ts';

/**
 * The restore that takes the last one back, or the one that was interrupted.
 * @throws EngineError NOTHING_TO_UNDO
 */
export function undoOptionsOf(store: StoreSession | null): RestoreOptions {
  const scope = undoScope(store);
  if (scope === undefined) {
    throw new EngineError('NOTHING_TO_UNDO', 'there is no restore to undo', {
      hint: 'savepoint list shows what can be restored',
    });
  }
  if (store === null || selectManifest(store.db, scope.snapshot) === undefined) {
    throw new EngineError('NOTHING_TO_UNDO', `the safety snapshot ${scope.snapshot} was deleted`, {
      hint: 'savepoint list shows what can be restored',
    });
  }
  return { snapshot: scope.snapshot, ...optionsOf(scope) };
}

export function restoreStateOf(store: StoreSession | null): {
  canUndo: boolean;
  pending: PendingRestore | null;
} {
  const scope = undoScope(store);
  const canUndo =
    store !== null && scope !== undefined && selectManifest(store.db, scope.snapshot) !== undefined;
  return { canUndo, pending: interruptedRestore(store) };
}

function undoScope(store: StoreSession | null): RestoreScope | undefined {
  if (store === null) return undefined;
  const intent = readIntent(store.db);
  if (toPending(intent) !== null && intent !== undefined) {
    return { ...selectionOf(intent), snapshot: intent.safetySnapshot };
  }
  return readLastRestore(store.db)?.undo;
}

/**
 * True where this takes the last restore back. Then everything that is named was there once, although
 * it may be in neither the safety snapshot nor the data by now.
 */
export function isUndo(
  store: StoreSession | null,
  snapshot: string,
  selection: RestoreSelection,
): boolean {
  const scope = undoScope(store);
  return scope?.snapshot === snapshot && isSameSelection(scope, selection);
}
