import { window } from 'vscode';
import type { SnapshotEntry } from '../../core/documents/documents.ts';
import { deleteQuestion } from '../../core/views/delete-texts.ts';
import { clockNow } from '../host/clock.ts';
import type { Log } from '../host/log.ts';
import { byProject, someSnapshots } from './targets.ts';
import { isNodeOf } from '../views/nodes.ts';
import type { Handler } from './handler.ts';
import type { SnapshotTarget } from '../projects/snapshot-target.ts';

export const deleteSnapshots: Handler = async (services, call) => {
  const targets = await someSnapshots(services.projects, call, 'Delete: choose snapshots');
  return targets && deleteTargets(services.log, targets, call.isSilent);
};

/** All snapshots under a heading. */
export const deleteGroup: Handler = async (services, { node }) => {
  if (!isNodeOf(node, 'group')) return undefined;
  const { project, payload } = node;
  const { fromDay, toDay } = payload.group;
  const filter = services.snapshotsView.filter;
  const entries = await project.engine.list({ ...filter, fromDay, toDay });
  const targets = entries.map((entry) => ({ project, entry }));
  return deleteTargets(services.log, targets, false);
};

async function deleteTargets(
  log: Log,
  targets: readonly SnapshotTarget[],
  isSilent: boolean,
): Promise<unknown> {
  if (targets.length === 0) return undefined;
  if (!isSilent) {
    const { message, detail, button } = deleteQuestion(
      targets.map(({ entry }) => entry),
      clockNow(),
    );
    const chosen = await window.showWarningMessage(message, { modal: true, detail }, button);
    if (chosen === undefined) return undefined;
  }
  const deleted: SnapshotEntry[] = [];
  for (const [project, entries] of byProject(targets)) {
    deleted.push(...(await project.engine.delete(entries.map(({ id }) => id))));
    await project.refresh();
  }
  log.info(`deleted ${deleted.map(({ id }) => id).join(', ')}`);
  return deleted.length === 1 ? deleted[0] : deleted;
}
