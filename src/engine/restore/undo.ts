// What `undo` would do, and whether the data is still as the last restore left it.

import { createHash } from 'node:crypto';
import type { PendingRestore } from '../../core/documents/documents.ts';
import { EngineError } from '../../core/errors.ts';
import { isSameSelection, type RestoreSelection } from '../../core/restore/selection.ts';
import type { CallOptions, EngineOptions } from '../options.ts';
import { walkRoots } from '../sources/files/file-walk.ts';
import type { CaptureRoot, WalkedEntry } from '../sources/files/walked.ts';
import { emptyIndex } from '../store/live-index.ts';
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

/** A hash of what `lstat` tells of everything below the roots; the times of folders do not count. */
export async function liveStateOf(
  roots: readonly CaptureRoot[],
  options: EngineOptions,
  call: CallOptions,
): Promise<string> {
  const walk = await walkRoots(roots, emptyIndex, options.now, call);
  const hash = createHash('sha256');
  const visit = (entry: WalkedEntry | null): void => {
    if (entry === null) return;
    if (entry.kind !== 'directory') hash.update(JSON.stringify([entry.path, entry.signature]));
    else {
      hash.update(JSON.stringify([entry.path, entry.node.mode]));
      for (const child of entry.children) visit(child);
    }
  };
  for (const root of walk.roots) visit(root);
  return hash.digest('hex');
}
