// What the rules of a side come from: its data directories, and what savepoint.json says of them today.

import type { SnapshotDataDir } from '../../core/documents/documents.ts';
import { isWithin } from '../../core/names.ts';
import type { FoundDataDirs } from '../detect/found.ts';
import type { CheckedDataDir } from './collect-rules.ts';
import { inBase } from './rule-folder.ts';

/**
 * @param trusted false: nothing that a repository says counts
 */
export function checkedDirs(
  dirs: readonly Pick<SnapshotDataDir, 'name' | 'path' | 'roots' | 'layout'>[],
  found: FoundDataDirs,
  trusted: boolean,
): readonly CheckedDataDir[] {
  const own = dirs.map((dir): CheckedDataDir => {
    const now = found.dataDirs.find((one) => one.path === dir.path);
    return {
      name: dir.name,
      path: dir.path,
      layout: dir.layout,
      references: trusted ? (now?.references ?? []) : [],
      ignore: trusted ? (now?.ignore ?? []) : [],
    };
  });
  return trusted ? [...own, ...topLevel(dirs, found)] : own;
}

/** References and expected mismatches at the top of the file, which are relative to where they say. */
function topLevel(
  dirs: readonly Pick<SnapshotDataDir, 'name' | 'path'>[],
  { config }: FoundDataDirs,
): readonly CheckedDataDir[] {
  const bases = new Map<string, CheckedDataDir>();
  const entryOf = (dataDir: string | undefined, database: string): CheckedDataDir => {
    const dir = dirs.find((one) => one.name === dataDir || one.path === dataDir);
    const path = dir?.path ?? dataDir ?? '';
    const inside = inBase(path, database);
    const name = dir?.name ?? dirs.find((one) => isWithin(inside, one.path))?.name ?? path;
    const key = `${path}\0${name}`;
    const entry = bases.get(key) ?? { name, path, layout: 'generic', references: [], ignore: [] };
    bases.set(key, entry);
    return entry;
  };
  for (const reference of config.references) {
    const entry = entryOf(reference.dataDir, reference.database);
    bases.set(`${entry.path}\0${entry.name}`, {
      ...entry,
      references: [...entry.references, reference],
    });
  }
  for (const ignored of config.ignore) {
    const entry = entryOf(ignored.dataDir, '');
    bases.set(`${entry.path}\0${entry.name}`, { ...entry, ignore: [...entry.ignore, ignored] });
  }
  return [...bases.values()];
}
