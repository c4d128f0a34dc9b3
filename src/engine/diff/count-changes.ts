// What each snapshot tells of itself in the list: how much changed against the one before. It is
// counted while the snapshot is taken, so only what is cheap is counted, and nothing is guessed.

import type { ChangeCounts } from '../../core/documents/documents.ts';
import {
  diffDatabasePair,
  diffPagesOfPair,
  hasOtherBytes,
  type DiffSide,
} from './diff-snapshots.ts';
import { diffTrees, type DatabasePair } from './diff-trees.ts';

/** Databases up to this size together are compared in any case; of each other one only what changed, up to so much. */
export const MAX_COUNTED_BYTES = 16 * 1024 * 1024;

/**
 * Counts as `diffSnapshots` does, of the paths that `isCounted` has. The rows are null, and the schema is absent, where too much of large databases changed,
 * or one of them could not be compared as a whole.
 * @throws EngineError STORE_DAMAGED, NO_SPACE
 */
export async function countChanges(
  before: DiffSide,
  after: DiffSide,
  signal: AbortSignal,
  isCounted: (path: string) => boolean = () => true,
): Promise<ChangeCounts> {
  const all = await diffTrees(before, after, signal);
  const files = all.files.filter(({ path }) => isCounted(path));
  const databases = all.databases.filter(({ path }) => isCounted(path));
  const rows = await countRowChanges(databases.filter(hasOtherBytes), before, after, signal);
  return { files: files.length, ...rows };
}

type RowCounts = Omit<ChangeCounts, 'files'>;

const notCounted: RowCounts = { rows: null, rowsAdded: null, rowsRemoved: null, rowsChanged: null };

async function countRowChanges(
  databases: readonly DatabasePair[],
  before: DiffSide,
  after: DiffSide,
  signal: AbortSignal,
): Promise<RowCounts> {
  let [rowsAdded, rowsRemoved, rowsChanged, schema] = [0, 0, 0, 0];
  let wholeBytes = 0;
  // The largest first: where it is too much, no other need be opened.
  for (const pair of databases.toSorted((a, b) => bytesOf(b) - bytesOf(a))) {
    const call = { rows: 0, signal };
    const isSmall = wholeBytes + bytesOf(pair) <= MAX_COUNTED_BYTES;
    if (isSmall) wholeBytes += bytesOf(pair);
    const diff = isSmall
      ? await diffDatabasePair(pair, before, after, call)
      : await diffPagesOfPair(pair, before, after, { ...call, maxReadBytes: MAX_COUNTED_BYTES });
    if (diff === undefined || diff.problem !== null) return notCounted;
    schema += diff.schema.length;
    for (const table of diff.tables) {
      rowsAdded += table.added;
      rowsRemoved += table.removed;
      rowsChanged += table.changed;
    }
  }
  const rows = rowsAdded + rowsRemoved + rowsChanged;
  return { rows, rowsAdded, rowsRemoved, rowsChanged, schema };
}

function bytesOf({ before, after }: DatabasePair): number {
  return Math.max(before?.size ?? 0, after?.size ?? 0);
}
