// The headings of the snapshot list: today, yesterday, the days of two weeks, then months.

import type { DayCount } from '../documents/browse.ts';
import { formatCount, plural } from '../format/numbers.ts';
import { dayHeading, localDay, type Clock } from '../format/time.ts';
import type { Row } from './row.ts';

export interface DayGroup {
  /** `day/2026-11-20` or `month/2026-10`. */
  readonly id: string;
  readonly kind: 'today' | 'day' | 'month';
  readonly title: string;
  readonly count: number;
  /** Local dates, both included. */
  readonly fromDay: string;
  readonly toDay: string;
}

const dayMs = 86_400_000;
const singleDays = 14;
const months =
  'January February March April May June July August September October November December'.split(
    ' ',
  );

/** Newest first, as `days` are. No group is empty; each day is in one. */
export function groupDays(days: readonly DayCount[], clock: Clock): readonly DayGroup[] {
  const groups = new Map<string, DayGroup>();
  const today = dayNumber(localDay(clock.nowMs, clock));
  for (const { day, count } of days) {
    if (count === 0) continue;
    const group = groupOf(day, today, clock);
    const before = groups.get(group.id);
    groups.set(group.id, {
      ...group,
      count: count + (before?.count ?? 0),
      // Days come newest first: the first one seen of a group is its last.
      toDay: before?.toDay ?? day,
    });
  }
  return [...groups.values()];
}

export function groupRow(group: DayGroup): Row {
  const isOpen = group.title === 'Today' || group.title === 'Yesterday';
  return {
    id: group.id,
    context: 'group',
    icon: null,
    iconColor: null,
    label: group.title,
    description: group.kind === 'today' ? '' : plural(group.count, 'snapshot'),
    spoken: `${group.title}, ${plural(group.count, 'snapshot')}`,
    expand: isOpen ? 'expanded' : 'collapsed',
  };
}

export function moreRow(groupId: string, shown: number, count: number, page: number): Row {
  const next = Math.min(page, count - shown);
  return {
    id: `${groupId}/more`,
    context: 'more',
    icon: 'ellipsis',
    iconColor: null,
    label: `Show ${formatCount(next)} more`,
    description: `${formatCount(count - shown)} left`,
    spoken: `Show ${formatCount(next)} more, ${formatCount(count - shown)} left`,
    expand: 'none',
  };
}

function groupOf(day: string, today: number, clock: Clock): Omit<DayGroup, 'count' | 'toDay'> {
  const age = today - dayNumber(day);
  if (age < singleDays) {
    // A clock that was set back leaves snapshots of tomorrow: they stand under their date.
    const title = dayHeading(localNoon(day, clock), clock);
    const kind = age === 0 ? 'today' : 'day';
    return { id: `day/${day}`, kind, title, fromDay: day };
  }
  const [year = '', month = ''] = day.split('-');
  const title = `${months[Number(month) - 1] ?? month} ${year}`;
  return { id: `month/${year}-${month}`, kind: 'month', title, fromDay: `${year}-${month}-01` };
}

function localNoon(day: string, clock: Clock): number {
  const utcNoon = Date.parse(`${day}T12:00:00Z`);
  return utcNoon + clock.offsetMinutes(utcNoon) * 60_000;
}

function dayNumber(day: string): number {
  return Math.floor(Date.parse(`${day}T00:00:00Z`) / dayMs);
}
