// What small changes to snapshots say: pinned, renamed, deleted.

import type { SnapshotEntry } from '../documents/documents.ts';
import type { TextOptions } from '../format/lines.ts';
import { quoteLabel, snapshotName } from '../format/names.ts';
import { formatBytes, nameSome, plural } from '../format/numbers.ts';
import { ago } from '../format/time.ts';
import { visible } from '../format/width.ts';

/** `✓ Pinned 20261120T143205Z-k3f9 "Before migration"`, one line each. */
export function tellEntries(
  did: string,
  entries: readonly SnapshotEntry[],
  { style }: TextOptions,
): readonly string[] {
  return entries.map(({ id, label }) => {
    const name = label === null ? style.id(id) : `${style.id(id)} ${quoteLabel(label)}`;
    return `${style.good(style.signs.done)} ${did} ${name}`;
  });
}

export function doneLine(did: string, { style }: TextOptions): readonly string[] {
  return [`${style.good(style.signs.done)} ${visible(did)}`];
}

/** `Delete k3f9 "Before migration", taken 12 min ago, 3.1 MB of its own? This cannot be undone.` */
export function deleteQuestion(entries: readonly SnapshotEntry[], options: TextOptions): string {
  const { style, clock } = options;
  const [only] = entries;
  const pinned = entries.filter((entry) => entry.pinned);
  const end = 'This cannot be undone.';
  if (entries.length === 1 && only !== undefined) {
    const taken = ago(Date.parse(only.createdAt), clock);
    const facts = `taken ${taken}, ${formatBytes(only.storedBytes)} of its own`;
    const isPinned = only.pinned ? ' It is pinned.' : '';
    return `Delete ${snapshotName(only, style)}, ${facts}?${isPinned} ${end}`;
  }
  const names = nameSome(entries.map((entry) => snapshotName(entry, style)));
  const arePinned = pinned.length === 0 ? '' : ` ${plural(pinned.length, 'one is', 'are')} pinned.`;
  return `Delete ${plural(entries.length, 'snapshot')}: ${names}?${arePinned} ${end}`;
}
