// The recurring short phrases: what a snapshot is called, what it holds, where a path is.

import type { DataDirDocument, StoreSize } from '../documents/documents.ts';
import { shortSnapshotId } from '../snapshot-id.ts';
import { formatBytes, nameSome, plural } from './numbers.ts';
import type { Style } from './style.ts';
import { cut, visible } from './width.ts';

/** `k3f9 "Before migration"`, or `k3f9` alone; the label in at most `width` columns. */
export function snapshotName(
  snapshot: { readonly id: string; readonly label: string | null },
  style: Style,
  width = 40,
): string {
  const id = style.id(shortSnapshotId(snapshot.id));
  return snapshot.label === null ? id : `${id} ${quoteLabel(snapshot.label, width)}`;
}

const tableWidth = 30;

/** The name of a table or column in at most 30 columns; an empty one as `""`. */
export function tableName(name: string): string {
  return name === '' ? '""' : cut(visible(name), tableWidth);
}

export function quoteLabel(label: string, width = 40): string {
  return `"${cut(visible(label), width)}"`;
}

/** `1 database, 1,204 files, 345 MB`. */
export function holdsText(databases: number, files: number, bytes: number): string {
  const parts = [databases > 0 ? plural(databases, 'database') : '', plural(files, 'file')];
  return [...parts.filter((part) => part !== ''), formatBytes(bytes)].join(', ');
}

/** `412 MB of 5 GB`. */
export function storeSizeText({ bytes, capBytes }: StoreSize): string {
  return capBytes === null
    ? formatBytes(bytes)
    : `${formatBytes(bytes)} of ${formatBytes(capBytes)}`;
}

/** `SQLite, rollback journal`. */
export function journalText(mode: 'wal' | 'rollback'): string {
  return mode === 'wal' ? 'SQLite, WAL' : 'SQLite, rollback journal';
}

/** `path` as it stands below `folder`; itself where it does not. */
export function below(path: string, folder: string): string {
  return folder !== '' && path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path;
}

/**
 * What a data directory is headed by: its path; the databases where nothing else of the folder is taken,
 * for its name would promise whatever lies in it.
 */
export function dataDirHead({
  path,
  roots,
  databases,
}: Pick<DataDirDocument, 'path' | 'roots' | 'databases'>): string {
  const taken = new Set(databases.map((database) => database.path));
  const isDatabases = roots.length > 0 && roots.every((root) => taken.has(root));
  return isDatabases ? nameSome(roots, 1) : path;
}
