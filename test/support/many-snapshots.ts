// A store of thousands of snapshots: the rows of one real snapshot, again and again, one an hour.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SnapshotManifest } from '../../src/core/documents/documents.ts';
import { openDatabase, type Database } from '../../src/engine/sqlite/sqlite-driver.ts';
import { insertSnapshot } from '../../src/engine/store/snapshot-rows.ts';

const hourMs = 3_600_000;

/** @param store has one project, with one snapshot that gives way to the others */
export function multiplySnapshots(store: string, count: number): void {
  const project = readdirSync(store).find((name) => existsSync(join(store, name, 'catalog.db')));
  const db = openDatabase(join(store, project ?? '', 'catalog.db'));
  db.transaction('immediate', () => multiply(db, count));
  db.close();
}

function multiply(db: Database, count: number): void {
  const row = db.prepare('SELECT manifest FROM snapshots').get() as { manifest: string };
  const manifest = JSON.parse(row.manifest) as SnapshotManifest;
  db.exec('DELETE FROM snapshots');
  const nowMs = Date.now();
  for (let index = count - 1; index >= 0; index -= 1) {
    const createdAt = new Date(nowMs - index * hourMs).toISOString();
    const stamp = createdAt.replace(/\.\d+Z$/, 'Z').replaceAll(/[-:]/g, '');
    const id = `${stamp}-${index.toString(36).padStart(4, 'a')}`;
    const label = index % 100 === 0 ? `Number ${index}` : null;
    insertSnapshot(db, { ...manifest, id, createdAt, label }, { pinned: false, storedBytes: 0 });
  }
}
