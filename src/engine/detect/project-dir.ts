// Which folder is the project.

import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { realPath } from '../disk/real-path.ts';
import { configFileName } from './project-config.ts';

/**
 * The nearest folder from `cwd` upwards that has a savepoint.json or snapshots, else `cwd`.
 * @param hasSnapshots asked with absolute real paths
 */
export function findProjectDir(cwd: string, hasSnapshots: (dir: string) => boolean): string {
  const start = realPath(cwd) ?? resolve(cwd);
  for (let dir = start; ; dir = dirname(dir)) {
    if (existsSync(join(dir, configFileName)) || hasSnapshots(dir)) return dir;
    if (dirname(dir) === dir) return start;
  }
}
