// The paths that a row needs, looked up among those that are there.

import { createHash } from 'node:crypto';
import { renderPaths, type RenderedPaths, type RowPath } from '../../core/check/render-template.ts';
import type { ColumnValue } from '../../core/check/column-value.ts';
import type { HashText } from '../../core/check/template-steps.ts';
import type { PathTemplate } from '../../core/check/template.ts';
import type { BelowFinder } from './below-finder.ts';
import type { FileIndex } from './file-index.ts';
import { inBase } from './rule-folder.ts';

export interface PathLookup {
  has(path: string): boolean;
  below: BelowFinder;
}

export type NeededPaths =
  | { readonly kind: 'paths'; readonly paths: readonly NeededPath[] }
  | Exclude<RenderedPaths, { kind: 'paths' }>;

export interface NeededPath {
  /** As the row names it: with a `**` where it may lie in any folder. */
  readonly path: string;
  /** Undefined for one that has one place only. */
  readonly below: RowPath['below'];
  /** Where it is; several only where any folder will do. */
  readonly found: readonly string[];
}

export function neededPaths(
  template: PathTemplate,
  valueOf: (column: string) => ColumnValue,
  lookup: PathLookup,
): NeededPaths {
  const rendered = renderPaths(template, { valueOf, hashText });
  if (rendered.kind !== 'paths') return rendered;
  const paths = rendered.paths.map(({ path, below }): NeededPath => {
    if (below !== undefined) return { path, below, found: lookup.below(below.folder, below.path) };
    return { path, below, found: lookup.has(path) ? [path] : [] };
  });
  return { kind: 'paths', paths };
}

export const hashText: HashText = (algorithm, text) =>
  createHash(algorithm).update(text).digest('hex');

/** Among the files of a state, by paths that are relative to the folder of a rule. */
export function lookupIn(files: Pick<FileIndex, 'kinds' | 'below'>, base: string): PathLookup {
  const start = base === '' || base === '.' ? 0 : base.length + 1;
  return {
    has: (path) => files.kinds.has(inBase(base, path)),
    below: (folder, path) =>
      files.below(inBase(base, folder), path).map((found) => found.slice(start)),
  };
}
