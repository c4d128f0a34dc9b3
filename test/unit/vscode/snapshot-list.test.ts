import { deepStrictEqual } from 'node:assert';
import type { DayCount } from '../../../src/core/documents/browse.ts';
import type { SnapshotEntry } from '../../../src/core/documents/documents.ts';
import { SnapshotList } from '../../../src/vscode/views/snapshot-list.ts';
import { clock } from '../../support/documents.ts';
import { ages, entry } from '../views/samples.ts';

/** A store of `count` snapshots, one an hour, the newest just now; every call is written down. */
function store(count: number): {
  readonly entries: SnapshotEntry[];
  readonly calls: string[];
  readonly list: SnapshotList;
} {
  const entries = Array.from({ length: count }, (_, index) =>
    entry({ id: `s${index}`, ageMs: ages.hours(index), pinned: index % 2 === 0 }),
  );
  const calls: string[] = [];
  const fits = ({ pinned }: { pinned?: boolean | undefined }) =>
    entries.filter((one) => pinned === undefined || one.pinned === pinned);
  const dayOf = (one: SnapshotEntry) =>
    new Date(Date.parse(one.createdAt) + 3_600_000).toISOString().slice(0, 10);
  const list = new SnapshotList({
    async countByDay(options = {}) {
      calls.push('countByDay');
      const counts = new Map<string, number>();
      for (const one of fits(options)) counts.set(dayOf(one), (counts.get(dayOf(one)) ?? 0) + 1);
      return [...counts].map(([day, number]): DayCount => ({ day, count: number }));
    },
    async list(options = {}) {
      const { fromDay = '', toDay = '9', limit = Infinity, offset = 0 } = options;
      calls.push(`list ${limit} from ${offset}`);
      return fits(options)
        .filter((one) => dayOf(one) >= fromDay && dayOf(one) <= toDay)
        .slice(offset, offset + limit);
    },
  });
  return { entries, calls, list };
}

describe('SnapshotList', () => {
  it('asks once for all headings, and a hundred entries when one is opened', async () => {
    const { calls, list } = store(5000);
    const groups = await list.groups(clock);
    await list.groups(clock);
    const october = groups.find(({ title }) => title === 'October 2026')!;
    const entries = await list.entries(october);
    await list.entries(october);
    deepStrictEqual(
      [october.count, entries.length, calls],
      [744, 100, ['countByDay', 'list 100 from 0']],
    );
    await list.more(october);
    deepStrictEqual((await list.entries(october)).length, 200);
  });

  it('tells which headings read differently, and reads only what is shown again', async () => {
    const { entries, calls, list } = store(30);
    const [today] = await list.groups(clock);
    await list.entries(today!);
    deepStrictEqual(await list.refresh(clock), { groups: false, entries: [] });
    entries[3] = { ...entries[3]!, label: 'Renamed' };
    deepStrictEqual(await list.refresh(clock), { groups: false, entries: [today!.id] });
    entries.unshift(entry({ id: 'new', ageMs: 0 }));
    calls.length = 0;
    deepStrictEqual(await list.refresh(clock), { groups: true, entries: [today!.id] });
    deepStrictEqual(calls, ['countByDay', 'list 100 from 0']);
  });

  it('finds the one before across pages', async () => {
    const { entries, list } = store(250);
    deepStrictEqual(
      [
        await list.before(entries[0]!),
        await list.before(entries[99]!),
        await list.before(entries[249]!),
      ].map((one) => one?.id),
      ['s1', 's100', undefined],
    );
  });

  it('never shows what was asked for with another filter', async () => {
    const { list } = store(30);
    const [today] = await list.groups(clock);
    const late = list.entries(today!);
    list.setFilter({ pinned: true });
    const lateGroups = list.groups(clock);
    list.setFilter({ pinned: false });
    list.setFilter({ pinned: true });
    await late;
    deepStrictEqual((await lateGroups)[0]?.count, 8);
    deepStrictEqual(
      (await list.entries(today!)).every(({ pinned }) => pinned),
      true,
    );
    deepStrictEqual(list.count, 15);
  });
});
