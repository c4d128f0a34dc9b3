// Which mismatches savepoint.json expects.

import type { Mismatch } from '../../core/documents/documents.ts';
import type { IgnoredMismatch } from '../../core/check/rule.ts';
import { pathMatcher } from './glob-matchers.ts';

export function ignoreMatcher(
  ignored: readonly IgnoredMismatch[],
): (mismatch: Mismatch) => boolean {
  const tests = ignored.map(testOf);
  return (mismatch) => tests.some((test) => test(mismatch));
}

function testOf({ base, path, rule, kind }: IgnoredMismatch): (mismatch: Mismatch) => boolean {
  const fits = path === undefined ? undefined : pathMatcher(path);
  const prefix = base === '' || base === '.' ? '' : `${base}/`;
  return (mismatch) => {
    if (rule !== undefined && mismatch.rule !== rule) return false;
    if (kind !== undefined && mismatch.kind !== kind) return false;
    if (fits === undefined) return rule !== undefined;
    const at = mismatch.path;
    return at !== null && at.startsWith(prefix) && fits(at.slice(prefix.length));
  };
}
