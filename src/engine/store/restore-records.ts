// What outlives a restore in the store's catalog: the intent, from before its first write until it is
// proven, and what the last one did, for `undo`. An intent that is found later tells of a restore
// that was interrupted. It is never finished by itself.

import type { PendingRestore } from '../../core/documents/documents.ts';
import { everything, isEverything, type RestoreSelection } from '../../core/restore/selection.ts';
import type { Database } from '../sqlite/sqlite-driver.ts';
import { getState, setState } from './catalog.ts';
import type { StoreSession } from './store-session.ts';
import { isBeingWritten, writerOf } from './write-lock.ts';

/** A snapshot and what of it. */
export interface RestoreScope extends RestoreSelection {
  readonly snapshot: string;
}

export interface RestoreIntent extends RestoreScope {
  readonly label: string | null;
  /** The state before the first of the restores that were interrupted: where `undo` goes. */
  readonly safetySnapshot: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Of the process that restores. */
  readonly pid: number;
  readonly keepNew: boolean;
  /** `preparing`: nothing but staging folders was made yet. */
  readonly phase: 'preparing' | 'replacing';
  readonly filesWritten: number;
  readonly filesTotal: number;
  /** Staging folders, as the documents have paths. */
  readonly staging: readonly string[];
  /** Where an undo of this one goes, if that is not the safety snapshot: it takes an undo back. */
  readonly redo: RestoreScope | null;
}

export interface LastRestore {
  /** What was restored. */
  readonly snapshot: string;
  /** Where `undo` goes. */
  readonly undo: RestoreScope;
  /** Hash of what `lstat` told of the data afterwards. */
  readonly liveState: string;
  /** ISO 8601, UTC. */
  readonly finishedAt: string;
}

const intentKey = 'restore_intent';
const lastKey = 'last_restore';

export function readIntent(db: Database): RestoreIntent | undefined {
  const intent = readRecord(db, intentKey) as RestoreIntent | undefined;
  if (intent === undefined) return undefined;
  const redo = intent.redo === null ? null : { ...everything, ...intent.redo };
  return { ...everything, ...intent, keepNew: intent.keepNew ?? false, redo };
}

/** Durable when it returns. */
export function writeIntent(db: Database, intent: RestoreIntent | undefined): void {
  setState(db, intentKey, intent === undefined ? null : JSON.stringify(intent));
}

/** The intent of a restore that runs; every change is durable when it returns. */
export interface IntentLog {
  readonly current: RestoreIntent;
  update(change: Partial<RestoreIntent>): void;
}

/** Writes nothing before the first `update`. */
export function createIntentLog(db: Database, intent: RestoreIntent): IntentLog {
  let current = intent;
  return {
    get current() {
      return current;
    },
    update(change) {
      current = { ...current, ...change };
      writeIntent(db, current);
    },
  };
}

export function readLastRestore(db: Database): LastRestore | undefined {
  const last = readRecord(db, lastKey) as LastRestore | undefined;
  return last === undefined ? undefined : { ...last, undo: { ...everything, ...last.undo } };
}

/** The restore is proven: its intent goes, and what `undo` needs comes, in one step. */
export function writeLastRestore(db: Database, last: LastRestore): void {
  db.transaction('immediate', () => {
    setState(db, lastKey, JSON.stringify(last));
    setState(db, intentKey, null);
  });
}

/** Snapshots that an undo, or finishing an interrupted restore, goes to. */
export function snapshotsForUndo(db: Database): ReadonlySet<string> {
  const intent = readIntent(db);
  return new Set(
    [
      intent?.safetySnapshot,
      intent?.snapshot,
      intent?.redo?.snapshot,
      readLastRestore(db)?.undo.snapshot,
    ].filter((id) => id !== undefined),
  );
}

/** The restore that was interrupted, as it is told; one that still runs is none. */
export function interruptedRestore(store: StoreSession | null): PendingRestore | null {
  const intent = store === null ? undefined : readIntent(store.db);
  if (store === null || intent === undefined || isRunning(store, intent)) return null;
  // It may have ended between the two looks.
  return readIntent(store.db)?.startedAt === intent.startedAt ? toPending(intent) : null;
}

function isRunning({ storePath }: StoreSession, intent: RestoreIntent): boolean {
  return isBeingWritten(storePath) && writerOf(storePath) === intent.pid;
}

/** The intent as it is told; one that had not begun to replace is none. */
export function toPending(intent: RestoreIntent | undefined): PendingRestore | null {
  if (intent === undefined || intent.phase === 'preparing') return null;
  const { snapshot, label, safetySnapshot, startedAt, filesWritten, filesTotal } = intent;
  const selection = selectionOf(intent);
  const pending = { snapshot, label, safetySnapshot, startedAt, filesWritten, filesTotal };
  if (isEverything(selection) && !intent.keepNew) return pending;
  return { ...pending, selection: { ...selection, keepNew: intent.keepNew } };
}

/** The selection alone. */
export function selectionOf(scope: RestoreSelection): RestoreSelection {
  const { only, except, table, exceptTable } = scope;
  return { only, except, table, exceptTable };
}

/** Of an older version it may have paths alone: what it lacks does not limit. */
function readRecord(db: Database, key: string): unknown {
  const text = getState(db, key);
  return text === undefined ? undefined : JSON.parse(text);
}
