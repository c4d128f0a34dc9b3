// Ages, dates and durations in words. The moment and the zone are parameters.

import { formatCount, plural } from './numbers.ts';

export interface Clock {
  /** Milliseconds since the Unix epoch. */
  readonly nowMs: number;
  /** Minutes that UTC is ahead of local time at that moment, as `Date.getTimezoneOffset` has it. */
  readonly offsetMinutes: (ms: number) => number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months =
  'January February March April May June July August September October November December'.split(
    ' ',
  );

/** `now`, `12m`, `3h`, `2d`, `5w`, then `2026-07-01`. */
export function shortAge(ms: number, clock: Clock): string {
  const age = Math.max(0, clock.nowMs - ms);
  if (age < minuteMs) return 'now';
  if (age < hourMs) return `${Math.floor(age / minuteMs)}m`;
  if (age < dayMs) return `${Math.floor(age / hourMs)}h`;
  if (age < 14 * dayMs) return `${Math.floor(age / dayMs)}d`;
  if (age < 70 * dayMs) return `${Math.floor(age / (7 * dayMs))}w`;
  return localDay(ms, clock);
}

/** In a sentence: `just now`, `12 min ago`, `3 h ago`, `yesterday 16:20`, `Tue, 17 November 14:00`. */
export function ago(ms: number, clock: Clock): string {
  const age = Math.max(0, clock.nowMs - ms);
  if (age < minuteMs) return 'just now';
  if (age < hourMs) return `${Math.floor(age / minuteMs)} min ago`;
  const days = dayNumber(clock.nowMs, clock) - dayNumber(ms, clock);
  if (days === 0 || age < 6 * hourMs) return `${Math.floor(age / hourMs)} h ago`;
  const time = timeOfDay(ms, clock);
  return days === 1 ? `yesterday ${time}` : `${dateWords(ms, clock)} ${time}`;
}

/** For a screen reader: `12 minutes ago`, `3 hours ago`, `9 days ago`. */
export function spokenAge(ms: number, clock: Clock): string {
  const age = Math.max(0, clock.nowMs - ms);
  if (age < minuteMs) return 'just now';
  if (age < hourMs) return `${plural(Math.floor(age / minuteMs), 'minute')} ago`;
  if (age < dayMs) return `${plural(Math.floor(age / hourMs), 'hour')} ago`;
  return `${plural(Math.floor(age / dayMs), 'day')} ago`;
}

/** `Today`, `Yesterday`, `Tue, 17 November`, with the year where it is another. */
export function dayHeading(ms: number, clock: Clock): string {
  const days = dayNumber(clock.nowMs, clock) - dayNumber(ms, clock);
  if (days === 0) return 'Today';
  return days === 1 ? 'Yesterday' : dateWords(ms, clock);
}

/** `14:32`, local time. */
export function timeOfDay(ms: number, clock: Clock): string {
  return local(ms, clock).toISOString().slice(11, 16);
}

/** `2026-11-20`, local time. */
export function localDay(ms: number, clock: Clock): string {
  return local(ms, clock).toISOString().slice(0, 10);
}

/** `0.4 s`, `12 s`, `3 min 5 s`. */
export function formatDuration(ms: number): string {
  if (ms < 9_950) return `${(Math.max(ms, 50) / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${formatCount(Math.floor(seconds / 60))} min ${seconds % 60} s`;
}

function dateWords(ms: number, clock: Clock): string {
  const date = local(ms, clock);
  const words = `${weekdays[date.getUTCDay()]}, ${date.getUTCDate()} ${months[date.getUTCMonth()]}`;
  const year = date.getUTCFullYear();
  return year === local(clock.nowMs, clock).getUTCFullYear() ? words : `${words} ${year}`;
}

/** Days since the epoch in local time: equal for two moments of one local day. */
function dayNumber(ms: number, clock: Clock): number {
  return Math.floor(local(ms, clock).getTime() / dayMs);
}

/** A date whose UTC fields are the local ones. */
function local(ms: number, clock: Clock): Date {
  return new Date(ms - clock.offsetMinutes(ms) * minuteMs);
}
