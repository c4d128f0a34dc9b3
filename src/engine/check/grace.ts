// Whether a row is too young to be held to its rule: its file may be on the way.

import type { Grace } from '../../core/check/rule.ts';
import { timeOfValue } from '../../core/check/time-value.ts';
import type { RowView } from './row-reader.ts';

export function isYoung(grace: Grace | null, row: RowView, nowMs: number): boolean {
  if (grace === null) return false;
  const at = timeOfValue(row.column(grace.column));
  return at !== undefined && nowMs - at < grace.ms;
}
