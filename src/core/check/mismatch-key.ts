// Short names of mismatches: equal for the same thing that does not match, from snapshot to snapshot.

import type { Mismatch } from '../documents/documents.ts';

/**
 * The name of a mismatch: 16 hex digits over what it is about. Its words, severity and sizes do not
 * count, so that a file which differs in another way today is no new mismatch; nor does it count by
 * which of several rules for one folder a file without a row is told.
 */
export function mismatchKey(
  mismatch: Pick<Mismatch, 'kind' | 'rule' | 'database' | 'table' | 'key' | 'path'>,
): string {
  const { kind, rule, database, table, key, path } = mismatch;
  if (kind === 'orphan-file') return hash64(JSON.stringify([kind, path]));
  return hash64(JSON.stringify([kind, rule, database, table, key, path]));
}

/** Two lanes of multiply and mix over UTF-16 units: good enough to tell thousands apart, and pure. */
function hash64(text: string): string {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return [b, a].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
}
