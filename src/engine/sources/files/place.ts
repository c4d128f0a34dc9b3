// Where a restore may write: the captured roots and nothing else. A path is turned into a place on
// the disk here and nowhere else.

import { dirname } from 'node:path';
import { livePath } from '../../disk/real-path.ts';
import { isOutside, segmentsOf, type DiskPath, type ProjectPath } from '../../../core/names.ts';
import { ancestors } from '../../../core/restore/plan-entries.ts';
import type { Location, Place } from './file-restore-paths.ts';

/**
 * @param projectDir absolute real path
 * @param roots as the documents have them: from the project folder, or absolute
 */
export function createPlace(projectDir: DiskPath, roots: readonly ProjectPath[]): Place {
  const known = new Set(roots);
  // A snapshot may have thousands of them.
  const rootOf = (path: ProjectPath): ProjectPath | undefined =>
    [path, ...ancestors(path)].find((one) => known.has(one));
  return {
    rootOf,
    livePath: (path) => livePath(projectDir, path),
    locate(path): Location {
      const root = rootOf(path);
      if (isOutside(path)) {
        const base = root ?? path;
        const anchor = dirname(base);
        const names = segmentsOf(path).slice(segmentsOf(anchor).length);
        return { anchor, names, rootDepth: root === undefined ? names.length : 1 };
      }
      const names = segmentsOf(path);
      const rootDepth = root === undefined ? names.length : segmentsOf(root).length;
      return { anchor: projectDir, names, rootDepth };
    },
  };
}
