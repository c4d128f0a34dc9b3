// Where snapshots live, and what a project's folder in there is called.

import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';

/**
 * The folder for the stores of all projects: `SAVEPOINT_STORE`, else the platform's place for a
 * user's data. Never inside a work tree, so that `git clean -fdx` and `rm -rf` leave it alone.
 */
export function defaultStoreDir(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  home: string,
): string {
  if (env['SAVEPOINT_STORE']) return env['SAVEPOINT_STORE'];
  if (platform === 'win32')
    return join(env['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'savepoint');
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'savepoint');
  // XDG Base Directory Specification: a relative value is to be ignored.
  const data = env['XDG_DATA_HOME'];
  return join(data?.startsWith('/') ? data : join(home, '.local', 'share'), 'savepoint');
}

/** A readable, unique folder name for the project at `projectPath` (absolute, real). */
export function projectFolderName(projectPath: string): string {
  const slug = basename(projectPath)
    .replaceAll(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[-.]+/, '')
    .slice(0, 40);
  const hash = createHash('sha256').update(projectPath).digest('hex').slice(0, 8);
  return `${slug === '' ? 'project' : slug}-${hash}`;
}
