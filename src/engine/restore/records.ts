// What outlives a restore in the store's catalog: the intent, from before its first write until it is
// proven, and what the last one did, for `undo`. An intent that is found later tells of a restore
// that was interrupted. It is never finished by itself.

import type { PendingRestore } from '../../core/documents.ts';
import { isWithin } from '../../core/names.ts';
import type { Database } from '../sqlite-driver.ts';
import { getState, setState } from '../store/catalog.ts';

/** A snapshot and the paths of it; none: all. */
export interface RestoreScope {
  readonly snapshot: string;
  readonly only: readonly string[];
}

export interface RestoreIntent extends RestoreScope {
  readonly label: string | null;
  /** The state before the first of the restores that were interrupted: where `undo` goes. */
  readonly safetySnapshot: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
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
  return readRecord(db, intentKey) as RestoreIntent | undefined;
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
  return readRecord(db, lastKey) as LastRestore | undefined;
}

/** The restore is proven: its intent goes, and what `undo` needs comes, in one step. */
export function writeLastRestore(db: Database, last: LastRestore): void {
  db.transaction('immediate', () => {
    setState(db, lastKey, JSON.stringify(last));
    setState(db, intentKey, null);
  });
}

/** The interrupted restore as it is told; one that had not begun to replace is none. */
export function toPending(intent: RestoreIntent | undefined): PendingRestore | null {
  if (intent === undefined || intent.phase === 'preparing') return null;
  const { snapshot, label, safetySnapshot, startedAt, filesWritten, filesTotal } = intent;
  return { snapshot, label, safetySnapshot, startedAt, filesWritten, filesTotal };
}

/** True where restoring the paths of `a` leaves nothing of `b` behind. */
export function coversScope(a: readonly string[], b: readonly string[]): boolean {
  if (a.length === 0) return true;
  return b.length > 0 && b.every((path) => a.some((scope) => isWithin(path, scope)));
}

/** Both together; none is all. */
export function joinScopes(a: readonly string[], b: readonly string[]): readonly string[] {
  return a.length === 0 || b.length === 0 ? [] : [...new Set([...a, ...b])];
}

function readRecord(db: Database, key: string): unknown {
  const text = getState(db, key);
  return text === undefined ? undefined : JSON.parse(text);
}
