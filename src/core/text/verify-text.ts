// `savepoint verify` for people.

import type { VerifyDocument } from '../documents/documents.ts';
import { shortSnapshotId } from '../snapshot-id.ts';
import type { TextOptions } from '../format/lines.ts';
import { formatBytes, plural } from '../format/numbers.ts';
import { formatDuration } from '../format/time.ts';
import { visible } from '../format/width.ts';

export function verifyText(verified: VerifyDocument, { style }: TextOptions): readonly string[] {
  const { checked, chunks, bytes, databases, durationMs, damaged } = verified;
  const lost = damaged.filter(({ repaired }) => !repaired).length;
  const sign = lost === 0 ? style.good(style.signs.done) : style.bad(style.signs.failed);
  const opened = `${plural(databases, 'database')} opened`;
  return [
    `${sign} ${plural(checked, 'snapshot')}, ${plural(chunks, 'chunk')}, ${formatBytes(bytes)} read back, ${opened}, in ${formatDuration(durationMs)}`,
    ...damaged.map(({ id, path, detail, repaired }) => {
      const what = `${style.id(shortSnapshotId(id))} ${visible(path)}`;
      const why = detail === '' ? '' : visible(detail);
      return repaired
        ? `${style.warn(style.signs.notice)} ${what} was damaged, ${why || 'repaired'}`
        : `${style.bad(style.signs.failed)} ${what} is damaged${why === '' ? '' : `: ${why}`}`;
    }),
    ...(lost === 0 ? [] : ['  What is damaged is not restored; everything else still is']),
  ];
}
