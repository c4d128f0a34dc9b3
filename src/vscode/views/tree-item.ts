// Maps a row to VS Code's item; what a row says was decided in core.

import {
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  Uri,
} from 'vscode';
import { documentUri } from '../documents/document-uri.ts';
import { itemUri } from './item-decorations.ts';
import type { NodePayload, ViewNode } from './nodes.ts';

const expandStates = {
  none: TreeItemCollapsibleState.None,
  collapsed: TreeItemCollapsibleState.Collapsed,
  expanded: TreeItemCollapsibleState.Expanded,
};

/** What a click does: it looks, it never changes anything. */
const clickCommands: Partial<Record<NodePayload['kind'], string>> = {
  liveDatabase: 'savepoint.item.openSchema',
  liveTable: 'savepoint.item.openRows',
  files: 'savepoint.item.reveal',
  coverage: 'savepoint.showDetection',
  excluded: 'savepoint.item.reveal',
  unguarded: 'savepoint.item.showTerminal',
  branchSnapshot: 'savepoint.item.restoreBranch',
  store: 'savepoint.showStatus',
  mismatch: 'savepoint.item.openRow',
  moreMismatches: 'savepoint.item.showMore',
  suggestion: 'savepoint.item.openEvidence',
  more: 'savepoint.item.showMore',
  snapshot: 'savepoint.item.open',
  changes: 'savepoint.item.showChanges',
  file: 'savepoint.item.openDocument',
  schema: 'savepoint.item.openDocument',
  table: 'savepoint.item.openDocument',
};

export function treeItem(node: ViewNode): TreeItem {
  const { row, payload } = node;
  const item = new TreeItem(row.label, expandStates[row.expand]);
  item.id = node.id;
  item.contextValue = row.context;
  item.description = row.description;
  item.accessibilityInformation = { label: row.spoken };
  if (row.icon !== null) {
    const color = row.iconColor === null ? undefined : new ThemeColor(row.iconColor);
    item.iconPath = new ThemeIcon(row.icon, color);
  }
  if (payload.kind === 'file') {
    // The icon that the user's theme has for such a file.
    item.iconPath = ThemeIcon.File;
    item.resourceUri = documentUri(node.project.cwd, payload.snapshot, payload.path);
  }
  const badge = payload.kind === 'snapshot' ? itemUri(payload.entry) : undefined;
  if (badge) item.resourceUri = badge;
  const command = clickCommands[payload.kind];
  // The title is never shown: the row's own label and menus are.
  if (command !== undefined) item.command = { command, title: row.label, arguments: [node] };
  return item;
}

/** A tooltip of our own Markdown; `data:` images only, no command, no HTML. */
export function tooltip(markdown: string): MarkdownString {
  return new MarkdownString(markdown);
}

export function fileUri(cwd: string, path: string): Uri {
  return path.startsWith('/') || /^[A-Za-z]:/.test(path)
    ? Uri.file(path)
    : Uri.joinPath(Uri.file(cwd), path);
}
