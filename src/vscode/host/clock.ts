import type { Clock } from '../../core/format/time.ts';

export const minuteMs = 60_000;

/**
 * This minute, in the zone that the extension host runs in: that of the data. No finer, so that what
 * is drawn now and what was drawn some seconds ago tell the same age.
 */
export function clockNow(): Clock {
  const nowMs = Math.floor(Date.now() / minuteMs) * minuteMs;
  return { nowMs, offsetMinutes: (ms) => new Date(ms).getTimezoneOffset() };
}
