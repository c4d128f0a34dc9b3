// `savepoint prune` for people: what goes and why, what stays and why.

import type { PruneDocument } from '../documents/documents.ts';
import { alignColumns, type Cell, type TextOptions } from '../format/lines.ts';
import { formatBytes, formatCount } from '../format/numbers.ts';
import { reasonWords, snapshotTitle } from '../snapshots/snapshot-words.ts';
import { cut, displayWidth, visible, wrapWords } from '../format/width.ts';

/** @param isPlan true for `--dry-run`: nothing was deleted. */
export function pruneText(
  prune: PruneDocument,
  { isPlan }: { readonly isPlan: boolean },
  options: TextOptions,
): readonly string[] {
  const { deleted, kept, freedBytes } = prune;
  const all = deleted.length + kept.length;
  if (deleted.length === 0) {
    const none = all === 0 ? 'Nothing to delete: no snapshot yet' : 'Nothing to delete';
    return [none, ...keepLines(kept, options)];
  }
  const count = `${formatCount(deleted.length)} of ${formatCount(all)}`;
  const head = isPlan
    ? `Would delete ${count}, freeing ${formatBytes(freedBytes)}`
    : `Deleted ${count}, freed ${formatBytes(freedBytes)}`;
  const reasonWidth = Math.max(...deleted.map(({ reason }) => reasonWords[reason].length));
  const rows = deleted.map((entry): Cell[] => {
    const why = entry.why ?? '';
    const room = options.columns - 31 - reasonWidth - (why === '' ? 0 : displayWidth(why) + 2);
    const title = cut(visible(snapshotTitle(entry)), Math.max(0, room));
    return [
      { text: `- ${entry.id}`, paint: (text) => `- ${options.style.id(text.slice(2))}` },
      { text: reasonWords[entry.reason] },
      { text: [why, room < 6 ? '' : title].filter((part) => part !== '').join('  ') },
    ];
  });
  return [head, ...alignColumns(rows, { indent: '  ' }), ...keepLines(kept, options)];
}

/** `Keep 5: 2 by hand (last 10), 1 pinned, 1 newest safety`. */
function keepLines(kept: PruneDocument['kept'], { columns }: TextOptions): readonly string[] {
  if (kept.length === 0) return [];
  const groups = new Map<string, number>();
  for (const { why } of kept) groups.set(why, (groups.get(why) ?? 0) + 1);
  const words = Array.from(groups, ([why, count]) => `${formatCount(count)} ${why}`).join(', ');
  return wrapWords(`Keep ${formatCount(kept.length)}: ${words}`, columns).map((line, index) =>
    index === 0 ? line : `  ${line}`,
  );
}
