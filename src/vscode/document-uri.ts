// Addresses of documents: `savepoint://{id|live}/{path from the project folder}?{project folder}`.
// Both sides of a comparison have the same path and differ in the authority, else VS Code shows a
// rename. It lower-cases authorities, so an id is brought back to its own case here.

import { Uri } from 'vscode';
import { parseSnapshotId } from '../core/snapshot-id.ts';
import {
  documentPath,
  namesOfDocumentPath,
  rowsSegment,
  schemaFile,
} from '../core/views/document-path.ts';

export const snapshotScheme = 'savepoint';

/** Stands for a side of a comparison that does not exist: each of its documents is empty. */
export const nowhere = 'nowhere';

export interface DocumentAddress {
  /** Absolute path of the project folder. */
  readonly cwd: string;
  /** An id, `live` or `nowhere`. */
  readonly snapshot: string;
  /** From the project folder down, decoded; inside a database the document's name comes last. */
  readonly names: readonly string[];
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

export function rowsUri(cwd: string, snapshot: string, database: string, table: string): Uri {
  const folder = documentUri(cwd, snapshot, database);
  return folder.with({ path: `${folder.path}/${rowsSegment(table)}` });
}

export function parseDocumentUri(uri: Uri): DocumentAddress {
  return {
    cwd: uri.query,
    snapshot: parseSnapshotId(uri.authority) ?? uri.authority,
    names: namesOfDocumentPath(uri.path),
  };
}
