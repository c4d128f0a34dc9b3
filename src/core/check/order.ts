// The order in which mismatches are told.

import { compareText } from '../compare-text.ts';
import type { Mismatch, Severity } from '../documents/documents.ts';

const ranks: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** Errors first, then by rule, path and key. */
export function compareMismatches(a: Mismatch, b: Mismatch): number {
  return (
    ranks[a.severity] - ranks[b.severity] ||
    compareText(a.rule, b.rule) ||
    compareText(a.path ?? '', b.path ?? '') ||
    compareText(JSON.stringify(a.key), JSON.stringify(b.key))
  );
}
