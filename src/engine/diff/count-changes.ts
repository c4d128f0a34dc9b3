// What each snapshot tells of itself in the list: how much changed against the one before. It is
// counted while the snapshot is taken, so only what is cheap is counted, and nothing is guessed.

import type { ChangeCounts } from '../../core/documents.ts';
import { diffDatabasePair, hasOtherBytes, type DiffSide } from './diff-snapshots.ts';
import { diffTrees, type DatabasePair } from './diff-trees.ts';
import type { DriverOptions } from './open-images.ts';

/** Changed databases that are larger than this together are not opened at every snapshot. */
export const MAX_COUNTED_BYTES = 16 * 1024 * 1024;

/**
 * Counts as `diffSnapshots` does. The rows are null where the changed databases are too large
 * together, or one of them could not be compared as a whole.
 * @throws EngineError STORE_DAMAGED, NO_SPACE
 */
export async function countChanges(
  before: DiffSide,
  after: DiffSide,
  signal: AbortSignal,
  options: DriverOptions = {},
): Promise<ChangeCounts> {
  const { files, databases } = await diffTrees(before, after, signal);
  const rows = await countRowChanges(
    databases.filter(hasOtherBytes),
    before,
    after,
    signal,
    options,
  );
  return { files: files.length, ...rows };
}

type RowCounts = Omit<ChangeCounts, 'files'>;

const notCounted: RowCounts = { rows: null, rowsAdded: null, rowsRemoved: null, rowsChanged: null };

async function countRowChanges(
  databases: readonly DatabasePair[],
  before: DiffSide,
  after: DiffSide,
  signal: AbortSignal,
  options: DriverOptions,
): Promise<RowCounts> {
  const bytes = databases.reduce(
    (sum, pair) => sum + Math.max(pair.before?.size ?? 0, pair.after?.size ?? 0),
    0,
  );
  if (bytes > MAX_COUNTED_BYTES) return notCounted;
  let [rowsAdded, rowsRemoved, rowsChanged] = [0, 0, 0];
  for (const pair of databases) {
    const diff = await diffDatabasePair(pair, before, after, { ...options, rows: 0, signal });
    if (diff.problem !== null) return notCounted;
    for (const table of diff.tables) {
      rowsAdded += table.added;
      rowsRemoved += table.removed;
      rowsChanged += table.changed;
    }
  }
  return { rows: rowsAdded + rowsRemoved + rowsChanged, rowsAdded, rowsRemoved, rowsChanged };
}
