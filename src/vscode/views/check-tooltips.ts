// Tooltips of what does not match; since when is read only where somebody points at it.

import type { Mismatch, SnapshotEntry } from '../../core/documents/documents.ts';
import { mismatchKey } from '../../core/check/mismatch-key.ts';
import { escapeMarkdown, markdownLines } from '../../core/views/markdown.ts';
import {
  mismatchesTooltip,
  mismatchTooltip,
  ruleTooltip,
} from '../../core/views/mismatch-texts.ts';
import { clockNow } from '../host/clock.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import { isNodeOf, type ViewNode } from './nodes.ts';

/** Older ones are not asked: a tooltip must come at once. */
const askedSnapshots = 30;

/** Undefined for a node of another kind. */
export async function checkTooltip(node: ViewNode): Promise<string | undefined> {
  if (isNodeOf(node, 'mismatches')) return mismatchesTooltip(node.payload.check);
  if (isNodeOf(node, 'rule')) return ruleTooltip(node.payload.group.rule);
  if (isNodeOf(node, 'suggestion')) return ruleTooltip(node.payload.rule);
  if (isNodeOf(node, 'diagnosis')) {
    const { title, detail, paths } = node.payload.diagnosis;
    return markdownLines([
      `**${escapeMarkdown(title)}**`,
      escapeMarkdown(detail),
      ...paths.slice(0, 5).map((path) => escapeMarkdown(path)),
    ]);
  }
  if (!isNodeOf(node, 'mismatch')) return undefined;
  const { mismatch, rule } = node.payload;
  return mismatchTooltip(mismatch, rule, await sinceSnapshot(node.project, mismatch), clockNow());
}

/** The oldest of the newest snapshots that have it one after the other. */
async function sinceSnapshot(
  { engine }: ProjectModel,
  mismatch: Mismatch,
): Promise<SnapshotEntry | undefined> {
  if (mismatch.isNew === true) return undefined;
  const key = mismatchKey(mismatch);
  let since: SnapshotEntry | undefined;
  for (const entry of await engine.list({ limit: askedSnapshots })) {
    if ((entry.mismatches ?? 0) === 0) break;
    const { mismatchKeys = [] } = await engine.show(entry.id);
    if (!mismatchKeys.includes(key)) break;
    since = entry;
  }
  return since;
}
