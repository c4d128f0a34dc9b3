// The command line that does a restore again, as it is typed.

import type { PendingRestore } from '../documents/documents.ts';
import { shellWord } from '../format/shell-word.ts';
import { shortSnapshotId } from '../snapshot-id.ts';

/** `savepoint restore k3f9 --only data/files`: finishes a restore that was interrupted, and no more. */
export function restoreCommand({
  snapshot,
  selection,
}: Pick<PendingRestore, 'snapshot' | 'selection'>): string {
  const options: [string, readonly string[]][] =
    selection === undefined
      ? []
      : [
          ['--only', selection.only],
          ['--table', selection.table],
          ['--except', selection.except],
          ['--except-table', selection.exceptTable],
        ];
  const words = options.flatMap(([name, values]) =>
    values.map((text) => `${name} ${shellWord(text)}`),
  );
  if (selection?.keepNew === true) words.push('--keep-new');
  return ['savepoint restore', shortSnapshotId(snapshot), ...words].join(' ');
}
