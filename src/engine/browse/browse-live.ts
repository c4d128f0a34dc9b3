// Folders of live data, as the editor's read-only file system shows them. What is left out of
// snapshots is there too: an older snapshot may hold it, and is compared with what is there now.

import type { BrowseEntry } from '../../core/documents/browse.ts';
import { EngineError } from '../../core/errors.ts';
import { walkWithStats, type WalkRoot } from '../disk/folder-walk.ts';
import { uncancelled } from '../options.ts';
import { sourceOf } from '../sources/all-sources.ts';

/**
 * Entries of the folder in byte order of their names.
 * @throws EngineError PATH_NOT_IN_SNAPSHOT also where it is no folder; IO where it cannot be read
 */
export async function browseLive(
  folder: Pick<WalkRoot, 'path' | 'absolutePath'>,
): Promise<readonly BrowseEntry[]> {
  const { path } = folder;
  const isDatabase = ({ path, absolutePath }: typeof folder): boolean =>
    sourceOf(path).isDatabase(absolutePath);
  const problems = new Map<string, string>();
  const walk = walkWithStats({
    signal: uncancelled.signal,
    isDatabase,
    onUnreadable: (at, reason) => void problems.set(at, reason),
  });
  const root = walk.root({ ...folder, exclusion: () => undefined });
  const entries = root?.kind === 'directory' ? await walk.below(root) : undefined;
  if (entries === undefined) {
    const problem = problems.get(path);
    if (problem !== undefined) throw new EngineError('IO', `"${path}": ${problem}`, { path });
    throw new EngineError('PATH_NOT_IN_SNAPSHOT', `no such folder: "${path}"`, { path });
  }
  return [...entries].flatMap((found): BrowseEntry[] => {
    if (found.kind === 'special') return [];
    const { name, seen } = found;
    // All that is left out here is a folder on another file system, and a data directory may lie there.
    const kind = found.kind === 'left out' ? 'directory' : found.kind;
    return [
      {
        name,
        kind: kind === 'file' && isDatabase(found) ? 'database' : kind,
        bytes: Number(seen.size),
        mtimeMs: Number(seen.mtimeNs / 1_000_000n),
      },
    ];
  });
}
