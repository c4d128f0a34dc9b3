import { compareText } from '../compare-text.ts';
// Names that one file system keeps apart and another takes for one: `A.txt` and `a.txt`, or the two
// Unicode forms of an accented letter.

/** What a file system takes for the same name. */
export interface NameFolding {
  readonly ignoresCase: boolean;
  readonly ignoresUnicodeForm: boolean;
}

/**
 * Groups of two or more paths that become one name under `folding`, each sorted, in path order.
 * Folders above are folded as well: `A/x` and `a/x` collide.
 */
export function findCollisions<Path extends string>(
  paths: readonly Path[],
  folding: NameFolding,
): readonly (readonly Path[])[] {
  if (!folding.ignoresCase && !folding.ignoresUnicodeForm) return [];
  const groups = new Map<string, Path[]>();
  for (const path of new Set(paths)) {
    const key = foldPath(path, folding);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [path]);
    else group.push(path);
  }
  return [...groups.values()]
    .filter((group) => group.length > 1)
    .map((group) => group.toSorted(compareText))
    .toSorted((a, b) => compareText(a[0] ?? '', b[0] ?? ''));
}

function foldPath(path: string, { ignoresCase, ignoresUnicodeForm }: NameFolding): string {
  const normal = ignoresUnicodeForm ? path.normalize('NFC') : path;
  return ignoresCase ? normal.toUpperCase().toLowerCase() : normal;
}
