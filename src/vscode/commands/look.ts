import { basename } from 'node:path';
import { commands, env, window, workspace, type Uri } from 'vscode';
import { shortSnapshotId } from '../../core/snapshot-id.ts';
import { snapshotLabel } from '../../core/views/snapshot-rows.ts';
import { documentUri, tableRowsUri, schemaUri } from '../documents/document-uri.ts';
import { showSnapshot } from '../flows/show-snapshot.ts';
import { fileUri } from '../views/tree-item.ts';
import { isNodeOf, type ViewNode } from '../views/nodes.ts';
import type { Handler } from './handler.ts';

const quietly = { preview: true, preserveFocus: true };

export const openSnapshot: Handler = async (services, { node }) => {
  if (!isNodeOf(node, 'snapshot')) return;
  await showSnapshot(services, { project: node.project, entry: node.payload.entry }, true);
};

/** A file, schema or table inside a snapshot. */
export const openDocument: Handler = async (_services, { node }) => {
  const uri = documentOf(node);
  if (uri) await commands.executeCommand('vscode.open', uri, quietly, tabTitle(node));
};

export const openSchema: Handler = async (_services, { node }) => {
  const uri = isNodeOf(node, 'liveDatabase')
    ? schemaUri(node.project.cwd, 'live', node.payload.database.path)
    : isNodeOf(node, 'database')
      ? schemaUri(node.project.cwd, node.payload.snapshot, node.payload.path)
      : undefined;
  if (uri) await commands.executeCommand('vscode.open', uri, quietly);
};

export const openTableRows: Handler = async (_services, { node }) => {
  if (!isNodeOf(node, 'liveTable')) return;
  const { database, table } = node.payload;
  const uri = tableRowsUri(node.project.cwd, 'live', database, table.name);
  await commands.executeCommand('vscode.open', uri, quietly);
};

export const reveal: Handler = async (_services, { node }) => {
  const path = pathOf(node);
  if (!node || path === undefined) return;
  const uri = fileUri(node.project.cwd, path);
  if (workspace.getWorkspaceFolder(uri)) await commands.executeCommand('revealInExplorer', uri);
  else await commands.executeCommand('revealFileInOS', uri);
};

export const copyPath: Handler = async (_services, { node }) => {
  const path = pathOf(node);
  if (node && path !== undefined) await copy(fileUri(node.project.cwd, path).fsPath);
};

export const copyId: Handler = async (_services, { node }) => {
  if (isNodeOf(node, 'snapshot')) await copy(node.payload.entry.id);
};

export const copyRestoreCommand: Handler = async (_services, { node }) => {
  if (!isNodeOf(node, 'snapshot')) return;
  await copy(`savepoint restore ${shortSnapshotId(node.payload.entry.id)}`);
};

/** `plan.json (Before migration)`: the same path in two snapshots is two tabs. */
function tabTitle(node: ViewNode | undefined): string | undefined {
  let above = node;
  while (above && !isNodeOf(above, 'snapshot')) above = above.parent;
  if (!node || !isNodeOf(above, 'snapshot')) return undefined;
  const name = isNodeOf(node, 'schema')
    ? `schema of ${basename(node.payload.path)}`
    : node.row.label;
  return `${name} (${snapshotLabel(above.payload.entry)})`;
}

/** Address of what a node inside a snapshot shows; undefined for a folder. */
export function documentOf(node: ViewNode | undefined, snapshot?: string): Uri | undefined {
  if (!node) return undefined;
  const { cwd } = node.project;
  if (isNodeOf(node, 'file')) {
    return documentUri(cwd, snapshot ?? node.payload.snapshot, node.payload.path);
  }
  if (isNodeOf(node, 'schema')) {
    return schemaUri(cwd, snapshot ?? node.payload.snapshot, node.payload.path);
  }
  if (!isNodeOf(node, 'table')) return undefined;
  const { path, table } = node.payload;
  return tableRowsUri(cwd, snapshot ?? node.payload.snapshot, path, table.name);
}

/** Where on this disk it is, or was: relative to the project folder, or absolute. */
export function pathOf(node: ViewNode | undefined): string | undefined {
  if (isNodeOf(node, 'dataDir')) return node.payload.dir.path;
  if (isNodeOf(node, 'liveDatabase')) return node.payload.database.path;
  if (isNodeOf(node, 'coverage')) return node.payload.entry.path;
  if (isNodeOf(node, 'excluded')) return node.payload.excluded.path;
  if (isNodeOf(node, 'store')) return node.payload.status.store.path;
  if (isNodeOf(node, 'mismatch')) return node.payload.mismatch.path ?? undefined;
  if (isNodeOf(node, 'change')) {
    const change = node.payload.node;
    return 'path' in change ? change.path : change.database.path;
  }
  if (isNodeOf(node, 'files', 'dir', 'file', 'database', 'schema', 'table')) {
    return node.payload.path;
  }
  return undefined;
}

async function copy(text: string): Promise<void> {
  await env.clipboard.writeText(text);
  window.setStatusBarMessage(`Copied ${text}`, 3000);
}
