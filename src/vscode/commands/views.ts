import { window, type QuickPickItem } from 'vscode';
import type { Reason } from '../../core/documents.ts';
import { reasonNames } from '../../core/views/snapshot-rows.ts';
import type { Handler } from '../invocation.ts';
import type { ListFilter } from '../views/snapshot-list.ts';
import { isNodeOf } from '../views/nodes.ts';

interface FilterItem extends QuickPickItem {
  readonly reason?: Reason;
  readonly options?: ListFilter;
}

export const refresh: Handler = async ({ projects }) => {
  await projects.refreshAll();
};

export const showLog: Handler = async ({ log }) => {
  log.show();
};

export const showMore: Handler = async ({ snapshotsView }, { node }) => {
  if (isNodeOf(node, 'more')) await snapshotsView.showMore(node);
};

export const clearFilter: Handler = async ({ snapshotsView }) => {
  snapshotsView.setFilter(undefined, '');
};

export const filter: Handler = async ({ snapshotsView, projects }) => {
  const branch = projects.all[0]?.status?.newest?.branch ?? undefined;
  const items: FilterItem[] = [
    ...Object.entries(reasonNames).map(([reason, label]) => ({ label, reason: reason as Reason })),
    { label: 'Pinned', options: { pinned: true } },
    { label: 'With mismatches', options: { withMismatches: true } },
    ...(branch === undefined
      ? []
      : [{ label: 'This branch', description: branch, options: { branch } }]),
  ];
  const before = snapshotsView.filter;
  const chosen = await window.showQuickPick(
    items.map((item) => ({ ...item, picked: isOn(item, before) })),
    { canPickMany: true, placeHolder: 'Show only snapshots that are' },
  );
  if (!chosen) return undefined;
  const reasons = chosen.flatMap(({ reason }) => reason ?? []);
  const options: ListFilter = Object.assign(
    reasons.length > 0 ? { reasons } : {},
    ...chosen.map((item) => item.options ?? {}),
  );
  const words = chosen.map(({ label }) => label).join(', ');
  snapshotsView.setFilter(chosen.length > 0 ? options : undefined, words);
  return undefined;
};

function isOn({ reason, options }: FilterItem, filter: ListFilter | undefined): boolean {
  if (reason !== undefined) return filter?.reasons?.includes(reason) === true;
  return Object.keys(options ?? {}).some((key) => filter?.[key as keyof ListFilter] !== undefined);
}
