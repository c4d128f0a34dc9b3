// Which mismatches savepoint.json expects.

import type { Mismatch } from '../../core/documents/documents.ts';
import type { IgnoredMismatch, Rule } from '../../core/check/rule.ts';
import { pathMatcher } from './glob-matchers.ts';

export interface IgnoreMatcher {
  isIgnored(mismatch: Mismatch): boolean;
  /** What no mismatch was meant by so far. */
  unused(): readonly IgnoredMismatch[];
}

/** @param rules those that mismatches are of */
export function ignoreMatcher(
  ignored: readonly IgnoredMismatch[],
  rules: readonly Pick<Rule, 'id' | 'dataDir'>[],
): IgnoreMatcher {
  const dirOf = new Map(rules.map(({ id, dataDir }) => [id, dataDir]));
  const unused = new Set(ignored);
  const tests = ignored.map((one) => ({ one, fits: testOf(one, dirOf) }));
  return {
    isIgnored(mismatch) {
      const meant = tests.filter(({ fits }) => fits(mismatch));
      for (const { one } of meant) unused.delete(one);
      return meant.length > 0;
    },
    unused: () => [...unused],
  };
}

function testOf(
  { base, dataDir, path, rule, kind }: IgnoredMismatch,
  dirOf: ReadonlyMap<string, string>,
): (mismatch: Mismatch) => boolean {
  const fits = path === undefined ? undefined : pathMatcher(path);
  const prefix = base === '' || base === '.' ? '' : `${base}/`;
  return (mismatch) => {
    if (rule !== undefined && mismatch.rule !== rule) return false;
    if (kind !== undefined && mismatch.kind !== kind) return false;
    if (fits === undefined) return rule !== undefined;
    const at = mismatch.path;
    if (at === null) return false;
    if (at.startsWith(prefix)) return fits(at.slice(prefix.length));
    // Files of its rows that lie in another data directory: their paths are those of the project.
    return dataDir !== undefined && dirOf.get(mismatch.rule) === dataDir && fits(at);
  };
}
