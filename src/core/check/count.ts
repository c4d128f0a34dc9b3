// How many mismatches count: what a list shows, what a snapshot records, what makes `check` exit with 1.

import type { CheckDocument } from '../documents/documents.ts';

/**
 * Errors and warnings, a diagnosis as one. What is `info` is excusable and does not count: a sound
 * data directory has none.
 */
export function countMismatches({
  mismatches,
  diagnoses,
}: Pick<CheckDocument, 'mismatches' | 'diagnoses'>): number {
  const counted = [...mismatches, ...diagnoses];
  return counted.filter(({ severity }) => severity !== 'info').length;
}
