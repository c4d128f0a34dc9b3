// The snapshots of one project as the view pages through them: headings from one query, entries by
// the hundred when a heading is opened.

import type { DayCount } from '../../core/documents/browse.ts';
import type { SnapshotEntry } from '../../core/documents/documents.ts';
import type { Clock } from '../../core/format/time.ts';
import { groupDays, type DayGroup } from '../../core/views/day-groups.ts';
import type { ListOptions } from '../../engine/index.ts';
import type { EngineProject } from '../process/engine-client.ts';

export const pageSize = 100;

export type ListFilter = Pick<ListOptions, 'reasons' | 'pinned' | 'withMismatches' | 'branch'>;

export interface ListChange {
  /** Headings came, went or changed their number. */
  readonly groups: boolean;
  /** Ids of the groups whose entries read differently now. */
  readonly entries: readonly string[];
}

type ListEngine = Pick<EngineProject, 'countByDay' | 'list'>;

export class SnapshotList {
  readonly #engine: ListEngine;
  #filter: ListFilter = {};
  #days: readonly DayCount[] | undefined;
  #groups: readonly DayGroup[] = [];
  readonly #entries = new Map<string, readonly SnapshotEntry[]>();

  constructor(engine: ListEngine) {
    this.#engine = engine;
  }

  /** Of the filter's snapshots; 0 before the first load. */
  get count(): number {
    return this.#groups.reduce((sum, group) => sum + group.count, 0);
  }

  get loadedGroups(): readonly DayGroup[] {
    return this.#groups;
  }

  async groups(clock: Clock): Promise<readonly DayGroup[]> {
    const filter = this.#filter;
    const days = this.#days ?? (await this.#engine.countByDay(filter));
    // What was asked for with another filter is not what is shown now.
    if (filter !== this.#filter) return this.groups(clock);
    this.#days = days;
    this.#groups = groupDays(days, clock);
    return this.#groups;
  }

  /** Newest first: as many as were asked for so far, a page at first. */
  async entries(group: DayGroup): Promise<readonly SnapshotEntry[]> {
    const known = this.#entries.get(group.id);
    if (known) return known;
    const filter = this.#filter;
    const entries = await this.#read(group, pageSize, 0);
    if (filter === this.#filter) this.#entries.set(group.id, entries);
    return entries;
  }

  async more(group: DayGroup): Promise<void> {
    const known = await this.entries(group);
    const filter = this.#filter;
    const next = await this.#read(group, pageSize, known.length);
    if (filter === this.#filter) this.#entries.set(group.id, [...known, ...next]);
  }

  /** Loads pages of the group until the snapshot is among them. */
  async loadTo(group: DayGroup, id: string): Promise<void> {
    let known = await this.entries(group);
    while (known.length < group.count && !known.some((entry) => entry.id === id)) {
      await this.more(group);
      const next = await this.entries(group);
      if (next.length === known.length) return;
      known = next;
    }
  }

  /** The snapshot taken just before `entry`, of any kind; undefined for the first. */
  async before(entry: SnapshotEntry): Promise<SnapshotEntry | undefined> {
    for (let offset = 0; ; offset += pageSize) {
      const page = await this.#engine.list({ limit: pageSize + 1, offset });
      const index = page.findIndex(({ id }) => id === entry.id);
      if (index >= 0 && index < pageSize) return page[index + 1];
      if (page.length <= pageSize) return undefined;
    }
  }

  setFilter(filter: ListFilter): void {
    this.#filter = filter;
    this.#days = undefined;
    this.#entries.clear();
  }

  /** Reads again what is shown, and tells what of it changed. */
  async refresh(clock: Clock): Promise<ListChange> {
    const before = JSON.stringify(this.#groups);
    const filter = this.#filter;
    this.#days = undefined;
    const groups = await this.groups(clock);
    const changed: string[] = [];
    for (const [id, known] of this.#entries) {
      const group = groups.find((candidate) => candidate.id === id);
      if (group === undefined) {
        this.#entries.delete(id);
        continue;
      }
      const limit = Math.max(pageSize, Math.ceil(known.length / pageSize) * pageSize);
      const entries = await this.#read(group, limit, 0);
      if (filter !== this.#filter) break;
      if (JSON.stringify(entries) === JSON.stringify(known)) continue;
      this.#entries.set(id, entries);
      changed.push(id);
    }
    return { groups: JSON.stringify(groups) !== before, entries: changed };
  }

  async #read(group: DayGroup, limit: number, offset: number): Promise<readonly SnapshotEntry[]> {
    const { fromDay, toDay } = group;
    return this.#engine.list({ ...this.#filter, fromDay, toDay, limit, offset });
  }
}
