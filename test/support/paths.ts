// Paths of tests as the engine wants them.

import { projectPath, type DiskPath } from '../../src/core/names.ts';
import { livePath, realPathSoFar } from '../../src/engine/disk/real-path.ts';

/** Where a test put something: it made the folders itself, so no link leads there. */
export function onDisk(path: string): DiskPath {
  return livePath(realPathSoFar('/'), projectPath(path));
}
