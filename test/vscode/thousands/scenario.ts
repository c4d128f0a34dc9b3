import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SnapshotManifest } from '../../../src/core/documents/documents.ts';
import { openDatabase, type Database } from '../../../src/engine/sqlite/sqlite-driver.ts';
import { insertSnapshot } from '../../../src/engine/store/snapshot-rows.ts';
import { runCli } from '../../support/cli.ts';
import { docsfyWorkspace } from '../../support/docsfy-workspace.ts';
import { writeTree } from '../../support/tree.ts';
import type { Scenario } from '../../support/vscode-scenario.ts';

const count = 5000;
const hourMs = 3_600_000;

/** A project with 5,000 snapshots, one an hour: the rows of one real snapshot, again and again. */
export const scenario: Scenario = {
  async prepare({ dir, store }) {
    const keepAll = '{ "retention": { "keepLast": 100000 } }';
    await writeTree(dir, { ...docsfyWorkspace(), 'savepoint.json': keepAll });
    const { code, stderr } = runCli(['snapshot'], { cwd: dir, env: { SAVEPOINT_STORE: store } });
    if (code !== 0) throw new Error(stderr);
    const project = readdirSync(store, { withFileTypes: true }).find((entry) =>
      entry.isDirectory(),
    );
    const db = openDatabase(join(store, project?.name ?? '', 'catalog.db'));
    db.transaction('immediate', () => multiply(db));
    db.close();
    return dir;
  },
};

function multiply(db: Database): void {
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
