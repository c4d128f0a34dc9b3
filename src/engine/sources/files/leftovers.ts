// What a killed restore leaves in the data: its staging folders. Whoever holds the store's write lock
// may take them away, because a restore holds it from beginning to end.

import { restorableRoots } from '../../store/snapshot-roots.ts';
import { projectPath, type DiskPath } from '../../../core/names.ts';
import { createPlace } from './place.ts';
import { readIntent, writeIntent } from '../../store/restore-records.ts';
import { openSafePaths } from './file-restore-paths.ts';
import { removeLeftStaging } from './file-restore-staging.ts';
import { selectManifest } from '../../store/snapshot-rows.ts';
import type { WriteSession } from '../../store/store-session.ts';

/**
 * Removes the staging folders of a restore that was killed. One that had replaced nothing leaves no
 * more than that, and is forgotten.
 * @param projectDir absolute real path
 */
export function removeLeftovers({ db }: WriteSession, projectDir: DiskPath): void {
  const intent = readIntent(db);
  if (intent === undefined) return;
  const roots = restorableRoots(selectManifest(db, intent.snapshot) ?? { dataDirs: [] });
  const paths = openSafePaths(createPlace(projectDir, roots), { unlock: true });
  try {
    for (const folder of intent.staging) removeLeftStaging(paths, projectPath(folder));
  } finally {
    paths.close();
  }
  if (intent.phase === 'preparing') writeIntent(db, undefined);
}

/** The same on the way of something else: only where nothing but those folders is left, and nothing fails by it. */
export function tidyUpAfterKill(writer: WriteSession, projectDir: DiskPath): void {
  try {
    if (readIntent(writer.db)?.phase === 'preparing') removeLeftovers(writer, projectDir);
  } catch (error) {
    writer.options.log.warn(`what a killed restore left stays: ${String(error)}`);
  }
}
