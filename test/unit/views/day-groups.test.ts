import { deepStrictEqual, strictEqual } from 'node:assert';
import fc from 'fast-check';
import { groupDays, groupRow, moreRow } from '../../../src/core/views/day-groups.ts';
import { clock } from '../../support/documents.ts';
import { ages } from './samples.ts';

describe('groupDays', () => {
  it('names today, yesterday and the days of two weeks, then months', () => {
    const groups = groupDays(
      [
        { day: '2026-11-20', count: 4 },
        { day: '2026-11-19', count: 3 },
        { day: '2026-11-17', count: 41 },
        { day: '2026-11-07', count: 1 },
        { day: '2026-11-06', count: 2 },
        { day: '2026-11-02', count: 5 },
        { day: '2026-10-31', count: 200 },
        { day: '2026-10-01', count: 12 },
        { day: '2025-12-31', count: 1 },
      ],
      clock,
    );
    deepStrictEqual(
      groups.map(({ title, count, fromDay, toDay }) => [title, count, fromDay, toDay]),
      [
        ['Today', 4, '2026-11-20', '2026-11-20'],
        ['Yesterday', 3, '2026-11-19', '2026-11-19'],
        ['Tue, 17 November', 41, '2026-11-17', '2026-11-17'],
        ['Sat, 7 November', 1, '2026-11-07', '2026-11-07'],
        ['November 2026', 7, '2026-11-01', '2026-11-06'],
        ['October 2026', 212, '2026-10-01', '2026-10-31'],
        ['December 2025', 1, '2025-12-01', '2025-12-31'],
      ],
    );
  });

  it('keeps a snapshot of tomorrow under its date, where a clock was set back', () => {
    const [group] = groupDays([{ day: '2026-11-21', count: 1 }], clock);
    deepStrictEqual([group?.title, group?.id], ['Sat, 21 November', 'day/2026-11-21']);
  });

  it('names the year of a day of two weeks that lies in another one', () => {
    const newYear = { ...clock, nowMs: Date.parse('2027-01-03T12:00:00Z') };
    deepStrictEqual(
      groupDays([{ day: '2026-12-31', count: 1 }], newYear).map(({ title }) => title),
      ['Thu, 31 December 2026'],
    );
  });

  it('puts each day in one group and loses none', () => {
    const days = fc.uniqueArray(fc.integer({ min: 0, max: 900 }), { maxLength: 60 });
    fc.assert(
      fc.property(days, (back) => {
        const counts = back
          .toSorted((a, b) => a - b)
          .map((age) => new Date(clock.nowMs - ages.days(age)).toISOString().slice(0, 10))
          .map((day, index) => ({ day, count: index + 1 }));
        const groups = groupDays(counts, clock);
        for (const { day, count } of counts) {
          const holders = groups.filter(({ fromDay, toDay }) => fromDay <= day && day <= toDay);
          strictEqual(holders.length, 1);
          strictEqual((holders[0]?.count ?? 0) >= count, true);
        }
        const sum = (list: readonly { count: number }[]) =>
          list.reduce((n, { count }) => n + count, 0);
        strictEqual(sum(groups), sum(counts));
      }),
    );
  });
});

describe('groupRow', () => {
  it('opens today and yesterday, and leaves out how many there are today', () => {
    const groups = groupDays(
      [
        { day: '2026-11-20', count: 4 },
        { day: '2026-11-19', count: 1 },
        { day: '2026-09-19', count: 1204 },
      ],
      clock,
    );
    deepStrictEqual(
      groups
        .map(groupRow)
        .map(({ label, description, spoken, expand }) => [label, description, spoken, expand]),
      [
        ['Today', '', 'Today, 4 snapshots', 'expanded'],
        ['Yesterday', '1 snapshot', 'Yesterday, 1 snapshot', 'expanded'],
        ['September 2026', '1,204 snapshots', 'September 2026, 1,204 snapshots', 'collapsed'],
      ],
    );
  });
});

describe('moreRow', () => {
  it('offers the next page, or what is left of it', () => {
    deepStrictEqual(
      [moreRow('g', 100, 512, 100), moreRow('g', 500, 512, 100)].map(({ label, description }) => [
        label,
        description,
      ]),
      [
        ['Show 100 more', '412 left'],
        ['Show 12 more', '12 left'],
      ],
    );
  });
});
