// Times as columns have them, read as UTC.

import type { ColumnValue } from './column-value.ts';

/**
 * Milliseconds since the Unix epoch of ISO 8601, SQLite's date and time, or seconds, milliseconds and
 * microseconds since then; undefined for what is no time.
 */
export function timeOfValue(value: ColumnValue): number | undefined {
  if (typeof value === 'bigint' || typeof value === 'number') return epochMs(Number(value));
  if (typeof value !== 'string') return undefined;
  if (/^\d{9,16}(?:\.\d+)?$/.test(value)) return epochMs(Number(value));
  if (!/^\s*\d{4}-\d\d/.test(value)) return undefined;
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

/** `format` with %Y, %y, %m, %d and %H filled in; null beyond the years that have four digits. */
export function dateText(ms: number, format: string): string | null {
  if (!(ms > -62_135_596_800_000 && ms < 253_402_300_800_000)) return null;
  const iso = new Date(ms).toISOString();
  const parts: Readonly<Record<string, string>> = {
    Y: iso.slice(0, 4),
    y: iso.slice(2, 4),
    m: iso.slice(5, 7),
    d: iso.slice(8, 10),
    H: iso.slice(11, 13),
  };
  return format.replaceAll(/%([YymdH])/g, (_, letter: string) => parts[letter] ?? '');
}
