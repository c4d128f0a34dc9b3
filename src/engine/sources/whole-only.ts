// Why single tables cannot come back alone, as it is told whatever the source.

import type { BrokenForeignKey } from '../../core/documents/documents.ts';
import { EngineError } from '../../core/errors.ts';
import { nameSome, plural } from '../../core/format/numbers.ts';

/** The tables of this database cannot be chosen one by one. */
export function wholeOnly(
  key: string,
  why: string,
  hint = 'restore it without choosing tables',
): EngineError {
  const message = `"${key}" is restored whole or not at all, because ${why}`;
  return new EngineError('RESTORE_BLOCKED', message, {
    path: key,
    hint,
  });
}

/** @param broken at least one */
export function keysBreak(
  key: string,
  broken: readonly Omit<BrokenForeignKey, 'database'>[],
): EngineError {
  const rows = broken.map(
    ({ table, parent, rows }) =>
      `${plural(rows, 'row')} of "${table}" would have no row in "${parent}"`,
  );
  const tables = [...new Set(broken.flatMap(({ table, parent }) => [table, parent]))];
  return new EngineError('RESTORE_BLOCKED', `foreign keys of "${key}" break: ${rows.join(', ')}`, {
    path: key,
    hint: `restore ${nameSome(tables, 3)} together, or leave all of them out`,
  });
}
