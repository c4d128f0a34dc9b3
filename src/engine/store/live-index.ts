// The mutable index of live data in the catalog: what each folder and database looked like when it
// was last captured, and the content it had then. Losing it costs time, never data.

import type { Database } from '../sqlite/sqlite-driver.ts';
import type { DatabaseRow, LiveOverlay, SnapshotIndex } from './live-overlay.ts';
import type { StoreReader } from './store.ts';
import { escapeName, unescapeName } from './tree-format.ts';

/** Paths are kept escaped: SQLite's text is UTF-8, a file's name need not be. */
export function openLiveIndex(db: Database, reader: Pick<StoreReader, 'readTree'>): SnapshotIndex {
  const folder = db.prepare<{ signatures: string; tree: string }>(
    'SELECT signatures, tree FROM live_folders WHERE path = ?',
  );
  // There are few databases, and every file asks whether it is one.
  const databases = new Map(
    db
      .prepare<{ path: string; signature: string; content: string; facts: string }>(
        'SELECT path, signature, content, facts FROM live_databases',
      )
      .all()
      .map((row) => [unescapeName(row.path), row]),
  );
  return {
    folder: (path) => folder.get(escapeName(path)),
    database(path) {
      const row = databases.get(path);
      return row === undefined
        ? undefined
        : { ...row, facts: JSON.parse(row.facts) as DatabaseRow['facts'] };
    },
    isDatabase: () => false,
    readTree: reader.readTree,
    // Each statement by itself locks and unlocks the file: one read transaction does so once.
    hold: () => db.exec('BEGIN'),
    release: () => db.exec('COMMIT'),
  };
}

/** An index that knows nothing. */
export const emptyIndex: SnapshotIndex = {
  folder: () => undefined,
  database: () => undefined,
  isDatabase: () => false,
  readTree: () => [],
  hold: () => undefined,
  release: () => undefined,
};

/** Writes what a capture learned; part of the caller's transaction. */
export function saveOverlay(
  db: Database,
  overlay: Pick<LiveOverlay, 'folders' | 'databases'>,
): void {
  const folder = db.prepare('INSERT OR REPLACE INTO live_folders VALUES (?, ?, ?)');
  for (const [path, row] of overlay.folders) folder.run(escapeName(path), row.signatures, row.tree);
  const database = db.prepare('INSERT OR REPLACE INTO live_databases VALUES (?, ?, ?, ?)');
  const forget = db.prepare('DELETE FROM live_databases WHERE path = ?');
  for (const [path, row] of overlay.databases)
    if (row === null) forget.run(escapeName(path));
    else database.run(escapeName(path), row.signature, row.content, JSON.stringify(row.facts));
}

/** Forgets what refers to objects that are going to be removed. */
export function forgetDeadIndex(db: Database, isLive: (hash: string) => boolean): void {
  const folders = db
    .prepare<{ path: string; tree: string }>('SELECT path, tree FROM live_folders')
    .all();
  const forgetFolder = db.prepare('DELETE FROM live_folders WHERE path = ?');
  for (const { path, tree } of folders) if (!isLive(tree)) forgetFolder.run(path);
  const databases = db
    .prepare<{ path: string; content: string }>('SELECT path, content FROM live_databases')
    .all();
  const forgetDatabase = db.prepare('DELETE FROM live_databases WHERE path = ?');
  for (const { path, content } of databases) if (!isLive(content)) forgetDatabase.run(path);
}
