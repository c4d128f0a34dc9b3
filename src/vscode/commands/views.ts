import { window, type QuickPickItem } from 'vscode';
import type { Reason } from '../../core/documents/documents.ts';
import { formatCount } from '../../core/format/numbers.ts';
import { reasonNames } from '../../core/views/snapshot-rows.ts';
import type { Services } from '../services.ts';
import type { ListFilter } from '../views/snapshot-list.ts';
import { isNodeOf } from '../views/nodes.ts';
import type { Handler } from './handler.ts';

interface FilterItem extends QuickPickItem {
  readonly options: ListFilter;
}

export const refresh: Handler = async ({ projects }) => {
  await projects.refreshAll();
};

export const showLog: Handler = async ({ log }) => {
  log.show();
};

export const showMore: Handler = async ({ dataView, snapshotsView }, { node }) => {
  if (isNodeOf(node, 'more')) await snapshotsView.showMore(node);
  if (!isNodeOf(node, 'moreMismatches')) return;
  if (isNodeOf(node.parent, 'rule') && node.parent.payload.side === 'live') dataView.showMore(node);
  else await snapshotsView.showMore(node);
};

export const clearFilter: Handler = async ({ snapshotsView }) => {
  snapshotsView.setFilter(undefined, '');
};

/** Offers the kinds that there are, with their number. */
export const filter: Handler = async (services) => {
  const { snapshotsView } = services;
  const all = await filterItems(services);
  const chosen = await window.showQuickPick(all, {
    canPickMany: true,
    placeHolder: all.length > 0 ? 'Show only snapshots that are' : 'No snapshot yet',
  });
  if (!chosen) return undefined;
  const reasons = chosen.flatMap(({ options }) => options.reasons ?? []);
  const options: ListFilter = Object.assign(
    {},
    ...chosen.map((item) => item.options),
    reasons.length > 0 ? { reasons } : {},
  );
  const words = chosen.map(({ label }) => label).join(', ');
  snapshotsView.setFilter(chosen.length > 0 ? options : undefined, words);
  return undefined;
};

async function filterItems({
  snapshotsView,
  projects,
}: Pick<Services, 'snapshotsView' | 'projects'>): Promise<FilterItem[]> {
  const branch = projects.all[0]?.status?.newest?.branch ?? undefined;
  const kinds: { label: string; options: ListFilter }[] = [
    ...Object.entries(reasonNames).map(([reason, label]) => ({
      label,
      options: { reasons: [reason as Reason] },
    })),
    { label: 'Pinned', options: { pinned: true } },
    { label: 'With mismatches', options: { withMismatches: true } },
    ...(branch === undefined ? [] : [{ label: `On branch ${branch}`, options: { branch } }]),
  ];
  const items = await Promise.all(
    kinds.map(async ({ label, options }) => {
      const days = await Promise.all(projects.all.map(({ engine }) => engine.countByDay(options)));
      const count = days.flat().reduce((sum, day) => sum + day.count, 0);
      const picked = isOn(options, snapshotsView.filter);
      return { label, options, count, description: formatCount(count), picked };
    }),
  );
  return items.filter(({ count }) => count > 0);
}

function isOn({ reasons, ...others }: ListFilter, filter: ListFilter | undefined): boolean {
  const [reason] = reasons ?? [];
  if (reason !== undefined) return filter?.reasons?.includes(reason) === true;
  return Object.keys(others).some((key) => filter?.[key as keyof ListFilter] !== undefined);
}
