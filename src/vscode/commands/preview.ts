import { commands } from 'vscode';
import type { ChangeNode } from '../../core/views/change-tree.ts';
import { onlyThese, withBox } from '../../core/views/preview-selection.ts';
import { entriesOf } from '../../core/views/preview-texts.ts';
import { showComparison } from '../flows/compare-flow.ts';
import type { Invocation } from './invocation.ts';
import { previewRestore, restorePreviewed } from '../flows/restore-flow.ts';
import { isNodeOf } from '../views/nodes.ts';
import type { Handler } from './handler.ts';

/** Restores what is ticked in the preview. */
export const applyPreview: Handler = async (services, call) =>
  restorePreviewed(services, call.isSilent);

export const showAllChanges: Handler = async ({ previews }) => previews.showAll();

export const refreshPreview: Handler = async (services) => {
  const { comparison } = services.previews;
  if (!comparison) return services.previews.refresh();
  const { project, diff, data } = comparison;
  await showComparison(services, project, diff.a, diff.b, data);
  return undefined;
};

/** The keyboard goes back to the list it came from. */
export const closePreview: Handler = async ({ previews, looks }) => {
  looks.next();
  await previews.close();
  await commands.executeCommand('savepoint.snapshots.focus');
};

/** A comparison with now becomes the preview of going back. */
export const restoreCompared: Handler = async (services) => {
  const { comparison } = services.previews;
  if (comparison?.diff.b !== 'live') return;
  const { project, diff, data } = comparison;
  await previewRestore(services, project, { snapshot: diff.a, data });
};

export const openChanges: Handler = async ({ previews }, { node }) => {
  if (!isNodeOf(node, 'change')) return;
  const [entry] = entriesOf(node.payload.node, new Set());
  if (entry) await previews.openNode(entry);
};

export const untick: Handler = async ({ previews }, call) => {
  await previews.setLeftOut(withBoxes(previews.session?.leftOut, call, false));
};

export const tick: Handler = async ({ previews }, call) => {
  await previews.setLeftOut(withBoxes(previews.session?.leftOut, call, true));
};

export const onlyThis: Handler = async ({ previews }, call) => {
  const { session } = previews;
  if (session) await previews.setLeftOut(onlyThese(session.tree, changesOf(call)));
};

function withBoxes(
  leftOut: ReadonlySet<string> = new Set(),
  call: Invocation,
  isTicked: boolean,
): ReadonlySet<string> {
  let next = leftOut;
  for (const change of changesOf(call)) next = withBox(next, change, isTicked);
  return next;
}

function changesOf({ nodes }: Invocation): readonly ChangeNode[] {
  return nodes.flatMap((node) => (isNodeOf(node, 'change') ? [node.payload.node] : []));
}
