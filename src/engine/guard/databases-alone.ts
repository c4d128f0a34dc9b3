// What a guard saves where everything would be more than the store may have: the databases. They are
// roots of their own, so that restoring such a snapshot touches nothing else.

import { describeDataDirs } from '../detect/describe-data-dirs.ts';
import type { FoundDataDir } from '../detect/found.ts';
import type { CallOptions } from '../options.ts';
import type { ProjectContext } from '../project/project-context.ts';
import { chooseDataDirs } from '../capture/capture-roots.ts';

/** The data directories with their databases as their only roots; those without any are left out. */
export async function databasesAlone(
  context: ProjectContext,
  names: readonly string[],
  call: CallOptions,
): Promise<readonly FoundDataDir[]> {
  const found = context.find();
  const { dataDirs } = await describeDataDirs(found, context.options, call);
  return chooseDataDirs(found, names).flatMap((dir) => {
    const roots = dataDirs.find(({ name }) => name === dir.name)?.databases ?? [];
    return roots.length === 0 ? [] : [{ ...dir, roots: roots.map(({ path }) => path) }];
  });
}
