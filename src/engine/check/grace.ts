// Whether a row is too young to be held to its rule: its file may be on the way.

import type { Grace } from '../../core/check/rule.ts';
import type { ColumnValue } from '../../core/check/template.ts';
import type { RowView } from './row-reader.ts';

export function isYoung(grace: Grace | null, row: RowView, nowMs: number): boolean {
  if (grace === null) return false;
  const at = timeOf(row.column(grace.column));
  return at !== undefined && nowMs - at < grace.ms;
}

/** Milliseconds since the Unix epoch; undefined for what is no time. */
function timeOf(value: ColumnValue): number | undefined {
  if (typeof value === 'bigint' || typeof value === 'number') return epochMs(Number(value));
  if (typeof value !== 'string') return undefined;
  if (/^\d{9,16}(?:\.\d+)?$/.test(value)) return epochMs(Number(value));
  // SQLite writes dates and times without a zone, in UTC.
  const text = value.trim().replace(' ', 'T');
  const hasZone = /(?:[Zz]|[+-]\d{2}:?\d{2})$/.test(text) || !text.includes('T');
  const ms = Date.parse(hasZone ? text : `${text}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** Seconds, milliseconds and microseconds of our time are told apart by their size. */
function epochMs(value: number): number {
  if (value < 1e11) return value * 1000;
  return value < 1e14 ? value : value / 1000;
}
