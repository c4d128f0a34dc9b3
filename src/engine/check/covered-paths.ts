// Paths that each need a row. A path has one where a row's path is it, or lies in it, or has it in it.

import type { PathTarget } from '../../core/check/rule.ts';
import { ClaimedPaths } from './claimed-paths.ts';
import type { FileIndex, PathKind } from './file-index.ts';
import { exactMatcher, pathMatcher } from './glob-matchers.ts';
import { coveredFolder, inBase } from './rule-folder.ts';

export type CoveringTarget = PathTarget & { readonly covers: string };

/** How many paths need a row by what the rule covers. */
export function countCovered(target: CoveringTarget, files: FileIndex): number {
  const none = new ClaimedPaths(target.base);
  return new CoveredPaths(target, target.covers, none).unclaimed(files).length;
}

export class CoveredPaths {
  readonly #target: PathTarget;
  readonly #covers: string;
  readonly #claims: ClaimedPaths;

  constructor(target: PathTarget, covers: string, claims: ClaimedPaths) {
    this.#target = target;
    this.#covers = covers;
    this.#claims = claims;
  }

  /** Paths in the project, sorted. A database that is captured is no file without a row. */
  orphans(files: FileIndex): readonly string[] {
    return this.unclaimed(files).filter((path) => !files.isDatabase(path));
  }

  /** Databases among them. */
  unclaimed(files: Pick<FileIndex, 'kinds'>): readonly string[] {
    const { base, tombstones } = this.#target;
    const isDead = tombstones.map(pathMatcher);
    const matches = exactMatcher(this.#covers);
    const folder = inBase(base, coveredFolder(this.#covers));
    const start = folder === '' ? '' : `${folder}/`;
    const skip = base === '' || base === '.' ? 0 : base.length + 1;
    const filesOnly = this.#covers.includes('**');
    const found: string[] = [];
    const folders = new Set<string>();
    for (const [full, kind] of files.kinds) {
      if (!full.startsWith(start) || (filesOnly && kind === 'directory')) continue;
      const path = full.slice(skip);
      if (!matches(path) || this.#claims.has(path) || isDead.some((dead) => dead(path))) continue;
      if (kind === 'directory') folders.add(full);
      else if (!isByTheWay(full)) found.push(full);
    }
    const full = folders.size === 0 ? [] : this.#withFiles(folders, files.kinds, start, skip);
    return [...found, ...full].toSorted();
  }

  /** Those of the folders that have a file somewhere in them. */
  #withFiles(
    folders: ReadonlySet<string>,
    kinds: ReadonlyMap<string, PathKind>,
    start: string,
    skip: number,
  ): readonly string[] {
    const isDead = this.#target.tombstones.map(pathMatcher);
    const found = new Set<string>();
    for (const [path, kind] of kinds) {
      if (kind === 'directory' || !path.startsWith(start) || isByTheWay(path)) continue;
      if (isDead.some((dead) => dead(path.slice(skip)))) continue;
      for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
        const folder = path.slice(0, end);
        if (folders.has(folder)) found.add(folder);
      }
    }
    return [...found];
  }
}

/** What desktops and git leave lying about: no row knows it anywhere. */
function isByTheWay(path: string): boolean {
  return /(?:^|\/)(?:\.DS_Store|\._[^/]*|Thumbs\.db|desktop\.ini|\.directory|\.gitkeep|\.gitignore|\.keep)$/.test(
    path,
  );
}
