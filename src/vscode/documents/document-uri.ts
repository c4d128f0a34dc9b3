// Addresses of documents: `savepoint://{id|live}/{path from the project folder}?{project folder}`.
// Both sides of a comparison have the same path and differ in the authority, else VS Code shows a
// rename. It lower-cases authorities, so an id is brought back to its own case here. What differs in a
// table is told by two sides together, so such an address names both.

import { Uri } from 'vscode';
import type { RowDocument } from '../../core/documents/documents.ts';
import { parseSnapshotId } from '../../core/snapshot-id.ts';
import {
  documentPath,
  namesOfDocumentPath,
  rowChangesSegment,
  tableRowsSegment,
  schemaFile,
  tableOfRowChangesName,
} from '../../core/views/document-path.ts';

export const snapshotScheme = 'savepoint';

/** Stands for a side of a comparison that does not exist: each of its documents is empty. */
export const nowhere = 'nowhere';

/** Two sides as they stand beside each other: ids or `live`, `a` left. */
export interface Sides {
  readonly a: string;
  readonly b: string;
  /** In which words the difference is told. */
  readonly mode: 'restore' | 'compare';
}

interface RowKey {
  readonly key: RowDocument;
}

export interface DocumentAddress {
  /** Absolute path of the project folder. */
  readonly cwd: string;
  /** An id, `live` or `nowhere`. */
  readonly snapshot: string;
  /** From the project folder down, decoded; inside a database the document's name comes last. */
  readonly names: readonly string[];
  /** Set for a `.rows` document. */
  readonly sides?: Sides;
  /** Set for the document of one row of a table. */
  readonly key?: RowDocument;
}

/** A `.rows` document: what differs in a table, on one of two sides. */
export interface RowChangesAddress {
  readonly cwd: string;
  readonly database: string;
  readonly table: string;
  readonly sides: Sides;
  readonly isLeft: boolean;
}

/** @param path relative to the project folder. */
export function documentUri(cwd: string, snapshot: string, path: string): Uri {
  return Uri.from({
    scheme: snapshotScheme,
    authority: snapshot,
    path: documentPath(path),
    query: cwd,
  });
}

export function schemaUri(cwd: string, snapshot: string, database: string): Uri {
  return Uri.joinPath(documentUri(cwd, snapshot, database), schemaFile);
}

export function tableRowsUri(cwd: string, snapshot: string, database: string, table: string): Uri {
  const folder = documentUri(cwd, snapshot, database);
  return folder.with({ path: `${folder.path}/${tableRowsSegment(table)}` });
}

/** Of one row, for a table whose document is cut before it. */
export function rowUri(
  cwd: string,
  snapshot: string,
  database: string,
  table: string,
  key: RowDocument,
): Uri {
  return tableRowsUri(cwd, snapshot, database, table).with({ query: JSON.stringify({ cwd, key }) });
}

/** Both documents of what differs in a table, left and right. */
export function rowChangesUris(
  cwd: string,
  sides: Sides,
  database: string,
  table: string,
): readonly [Uri, Uri] {
  const uri = (snapshot: string): Uri => {
    const folder = documentUri(cwd, snapshot, database);
    const query = JSON.stringify({ cwd, ...sides });
    return folder.with({ path: `${folder.path}/${rowChangesSegment(table)}`, query });
  };
  return [uri(sides.a), uri(sides.b)];
}

export function parseDocumentUri(uri: Uri): DocumentAddress {
  const snapshot = parseSnapshotId(uri.authority) ?? uri.authority;
  const names = namesOfDocumentPath(uri.path);
  // No absolute path begins so.
  if (!uri.query.startsWith('{')) return { cwd: uri.query, snapshot, names };
  const { cwd, ...rest } = JSON.parse(uri.query) as { readonly cwd: string } & (Sides | RowKey);
  return { cwd, snapshot, names, ...('key' in rest ? rest : { sides: rest }) };
}

/** Undefined for another document. */
export function rowChangesAddress(address: DocumentAddress): RowChangesAddress | undefined {
  const { cwd, snapshot, names, sides } = address;
  const table = tableOfRowChangesName(names.at(-1) ?? '');
  if (sides === undefined || table === undefined) return undefined;
  const database = names.slice(0, -1).join('/');
  return { cwd, database, table, sides, isLeft: snapshot === sides.a };
}
