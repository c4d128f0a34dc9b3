// The paths that rows of a rule have. Rules that cover the same folder share what their rows claim: a
// file that a row of any of them has is no orphan of another.

import type { Rule } from '../../core/check/rule.ts';
import { templateFolder } from '../../core/check/template.ts';
import { isWithin } from '../../core/names.ts';
import { coveredFolder, inBase } from './rule-folder.ts';

export class ClaimedPaths {
  readonly #base: string;
  readonly #claimed = new Set<string>();
  /** Folders on the way to what is claimed. */
  readonly #above = new Set<string>();

  /** @param base of the rule: what is claimed is relative to it */
  constructor(base: string) {
    this.#base = base === '' || base === '.' ? '' : `${base}/`;
  }

  claim(path: string): void {
    this.#claimed.add(path);
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end);
      if (this.#above.has(folder)) return;
      this.#above.add(folder);
    }
  }

  /** A row's path is it, or lies in it, or has it in it. */
  has(path: string): boolean {
    if (this.#claimed.has(path) || this.#above.has(path)) return true;
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      if (this.#claimed.has(path.slice(0, end))) return true;
    }
    return false;
  }

  /** The same for a path of the project. */
  hasInProject(path: string): boolean {
    return path.startsWith(this.#base) && this.has(path.slice(this.#base.length));
  }
}

/** Ids of the rules whose claims others have to know. */
export function sharedClaims(rules: readonly Rule[]): ReadonlySet<string> {
  const covering = rules.filter((rule) => coverFolderOf(rule) !== undefined);
  const shared = rules.filter((rule) =>
    covering.some((other) => other !== rule && mayClaimIn(rule, other)),
  );
  return new Set(shared.map(({ id }) => id));
}

function mayClaimIn(rule: Rule, covering: Rule): boolean {
  if (rule.target.kind !== 'path' || rule.state !== 'checked') return false;
  // A layout says itself which of its rules covers what.
  const isOfLayout = rule.origin === 'layout' && covering.origin === 'layout';
  if (isOfLayout && rule.target.covers === null) return false;
  const own = inBase(rule.target.base, templateFolder(rule.target.template));
  const folder = coverFolderOf(covering) ?? '';
  return own === '' || folder === '' || isWithin(own, folder) || isWithin(folder, own);
}

function coverFolderOf({ target, state }: Rule): string | undefined {
  if (target.kind !== 'path' || target.covers === null || state !== 'checked') return undefined;
  return inBase(target.base, coveredFolder(target.covers));
}
