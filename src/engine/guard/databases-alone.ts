// What a guard saves where everything would be more than the store may have: the databases. They are
// roots of their own, so that restoring such a snapshot touches nothing else.

import { projectPath } from '../../core/names.ts';
import { describeDataDirs } from '../detect/describe-data-dirs.ts';
import type { FoundDataDir, FoundDataDirs } from '../detect/found.ts';
import type { CallOptions, EngineOptions } from '../options.ts';
import { chooseDataDirs } from '../capture/capture-roots.ts';

/** The data directories with their databases as their only roots; those without any are left out. */
export async function databasesAlone(
  found: FoundDataDirs,
  names: readonly string[],
  options: EngineOptions,
  call: CallOptions,
): Promise<readonly FoundDataDir[]> {
  const { dataDirs } = await describeDataDirs(found, options, call);
  return chooseDataDirs(found, names).flatMap((dir) => {
    const roots = dataDirs.find(({ name }) => name === dir.name)?.databases ?? [];
    return roots.length === 0
      ? []
      : [{ ...dir, roots: roots.map(({ path }) => projectPath(path)) }];
  });
}
