import { isNodeOf } from '../views/nodes.ts';
import { restore } from './restore.ts';
import type { Handler } from './handler.ts';

export const dismissNotice: Handler = async ({ notices }, { node }) => {
  if (isNodeOf(node, 'unguarded')) notices.dismiss(node.project.cwd, node.payload.run.id);
  if (isNodeOf(node, 'branchSnapshot')) notices.dismiss(node.project.cwd, node.payload.found.id);
};

export const showTerminal: Handler = async (_services, { node }) => {
  if (isNodeOf(node, 'unguarded')) node.payload.terminal.show();
};

/** The preview of the snapshot that the branch had. */
export const restoreBranch: Handler = async (services, call) => {
  const { node } = call;
  if (!isNodeOf(node, 'branchSnapshot')) return undefined;
  const snapshot = [node.payload.found.entry.id];
  const json = { cwd: node.project.cwd, snapshot };
  return restore(services, { ...call, json, node: undefined, nodes: [] });
};
