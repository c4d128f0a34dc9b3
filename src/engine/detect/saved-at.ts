// Which of the data directories that are found are in a snapshot, and since when.

import type { DetectionDocument, SnapshotDataDir } from '../../core/documents/documents.ts';
import type { StoreSession } from '../store/store-session.ts';

/** Older snapshots than these do not make a directory a saved one. */
const lookedAt = 1000;

export function withSavedAt(
  detection: DetectionDocument,
  store: StoreSession | null,
): DetectionDocument {
  const missing = new Set(detection.dataDirs.map(({ path }) => path));
  const saved = new Map<string, string>();
  for (const { at, dirs } of store === null ? [] : newestDataDirs(store)) {
    if (missing.size === 0) break;
    for (const { path } of JSON.parse(dirs) as readonly SnapshotDataDir[])
      if (missing.delete(path)) saved.set(path, new Date(at).toISOString());
  }
  const dataDirs = detection.dataDirs.map((dir) => ({
    ...dir,
    savedAt: saved.get(dir.path) ?? null,
  }));
  return { ...detection, dataDirs };
}

function newestDataDirs({ db }: StoreSession): Iterable<{ at: number; dirs: string }> {
  return db
    .prepare<{ at: number; dirs: string }>(
      `SELECT created_at AS at, json_extract(manifest, '$.dataDirs') AS dirs
       FROM snapshots ORDER BY seq DESC LIMIT ?`,
    )
    .iterate(lookedAt);
}
