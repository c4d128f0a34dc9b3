// Rows and files that came, went and changed: `+12 -3 ~5 rows, 14 files`.

import type { ChangeCounts, DatabaseDiff, TableDiff } from '../documents/documents.ts';
import { formatCompact, formatCount, plural } from './numbers.ts';

export interface RowCounts {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
}

export function totalRows({ added, removed, changed }: RowCounts): number {
  return added + removed + changed;
}

/** Rows of all tables together. */
export function sumRows(tables: readonly RowCounts[]): RowCounts {
  return {
    added: tables.reduce((sum, { added }) => sum + added, 0),
    removed: tables.reduce((sum, { removed }) => sum + removed, 0),
    changed: tables.reduce((sum, { changed }) => sum + changed, 0),
  };
}

export function allTables(databases: readonly (DatabaseDiff | null)[]): readonly TableDiff[] {
  return databases.flatMap((database) => database?.tables ?? []);
}

/** `+12 -3 ~5`; what is zero is left out; empty where all is. */
export function signedRows(rows: RowCounts, format = formatCount): string {
  const parts = [
    rows.added > 0 ? `+${format(rows.added)}` : '',
    rows.removed > 0 ? `-${format(rows.removed)}` : '',
    rows.changed > 0 ? `~${format(rows.changed)}` : '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** `+12 -3 ~5 rows`, `~1 row`; empty where nothing changed. */
export function rowsText(rows: RowCounts, format = formatCount): string {
  const signed = signedRows(rows, format);
  return signed === '' ? '' : `${signed} ${totalRows(rows) === 1 ? 'row' : 'rows'}`;
}

/**
 * What changed against the snapshot before: `+12 -3 ~5 rows, schema, 14 files`, `no change`, `first`.
 * @param width from which numbers are shortened, `12k`.
 */
export function changesText(
  changes: ChangeCounts | null,
  width = Number.POSITIVE_INFINITY,
): string {
  if (changes === null) return 'first';
  const write = (format: (count: number) => string): string => {
    const files = changes.files === 1 ? '1 file' : `${format(changes.files)} files`;
    const schema = (changes.schema ?? 0) > 0 ? 'schema' : '';
    const parts = [rowsOf(changes, format), schema, changes.files > 0 ? files : ''];
    return parts.filter((part) => part !== '').join(', ');
  };
  const exact = write(formatCount);
  if (exact === '') return 'no change';
  return exact.length <= width ? exact : write((count) => formatCompact(count, 1000));
}

/** `20 rows and 14 files`; what is zero is left out, `nothing` where both are. */
export function rowsAndFiles(rows: number, files: number): string {
  const parts = [rows > 0 ? plural(rows, 'row') : '', files > 0 ? plural(files, 'file') : ''];
  return parts.filter((part) => part !== '').join(' and ') || 'nothing';
}

function rowsOf(changes: ChangeCounts, format: (count: number) => string): string {
  const { rows, rowsAdded, rowsRemoved, rowsChanged } = changes;
  // A large database changed and was not counted: never a number that is wrong.
  if (rows === null) return 'rows';
  if (rowsAdded === null || rowsRemoved === null || rowsChanged === null) {
    return rows === 0 ? '' : `${format(rows)} ${rows === 1 ? 'row' : 'rows'}`;
  }
  return rowsText({ added: rowsAdded, removed: rowsRemoved, changed: rowsChanged }, format);
}
