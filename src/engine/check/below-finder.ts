// Paths by how they end: where a row names a file and not the folders on the way to it.

import { joinRel } from '../../core/names.ts';

/** Those in `folder`, or deeper, that end in `path`; '' is all there is. */
export type BelowFinder = (folder: string, path: string) => readonly string[];

/** Over all of the paths; their last names are gathered when the first is asked for. */
export function belowFinder(kinds: ReadonlyMap<string, unknown>): BelowFinder {
  let byName: Map<string, string[]> | undefined;
  return (folder, path) => {
    byName ??= pathsByName(kinds);
    const start = folder === '' ? '' : `${folder}/`;
    const direct = joinRel(folder, path);
    const named = byName.get(path.slice(path.lastIndexOf('/') + 1)) ?? [];
    return named.filter(
      (one) => one === direct || (one.startsWith(start) && one.endsWith(`/${path}`)),
    );
  };
}

function pathsByName(kinds: ReadonlyMap<string, unknown>): Map<string, string[]> {
  const byName = new Map<string, string[]>();
  for (const path of kinds.keys()) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const known = byName.get(name);
    if (known === undefined) byName.set(name, [path]);
    else known.push(path);
  }
  return byName;
}
