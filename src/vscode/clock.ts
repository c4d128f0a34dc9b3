import type { Clock } from '../core/text/time.ts';

/** This moment, in the zone that the extension host runs in: that of the data. */
export function clockNow(): Clock {
  return { nowMs: Date.now(), offsetMinutes: (ms) => new Date(ms).getTimezoneOffset() };
}
