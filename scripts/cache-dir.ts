// Where downloads that are no part of node_modules live, shared by all clones of one user.
import { homedir } from 'node:os';
import { join } from 'node:path';

/** `$SAVEPOINT_CACHE`, else `savepoint-dev` in the platform's folder for caches. Absolute. */
export function cacheDir(): string {
  const { SAVEPOINT_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (SAVEPOINT_CACHE) return SAVEPOINT_CACHE;
  return join(platformCaches(XDG_CACHE_HOME, LOCALAPPDATA), 'savepoint-dev');
}

function platformCaches(xdg: string | undefined, local: string | undefined): string {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  if (process.platform === 'win32') return local ?? join(homedir(), 'AppData', 'Local');
  return xdg || join(homedir(), '.cache');
}
