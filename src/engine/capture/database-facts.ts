// What a capture tells of a database in the manifest.

import type { SnapshotDatabase } from '../../core/documents/documents.ts';
import { sourceOf } from '../sources/all-sources.ts';
import type { CapturedDatabase } from '../sources/source.ts';

/** A database's part of the manifest. */
export function databaseFacts(captured: CapturedDatabase): Omit<SnapshotDatabase, 'path'> {
  const { state, journalMode, pageSize, bytes, tables, detail } = captured;
  const ok = state === 'ok' || state === 'unchecked' || state === 'empty';
  const { engine } = sourceOf(captured.key);
  return { engine, ok, state, journalMode, pageSize, bytes, tables, detail };
}
