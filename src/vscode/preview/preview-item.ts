// Maps a row of the third view to VS Code's item, with the letter beside a file that says what happens to it.

import {
  FileDecoration,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCheckboxState,
  TreeItemCollapsibleState,
  Uri,
  window,
  type Disposable,
  type ProviderResult,
} from 'vscode';
import type { FileChange } from '../../core/documents/documents.ts';
import { documentPath } from '../../core/views/document-path.ts';
import {
  decorationText,
  type PreviewMode,
  type PreviewRow,
} from '../../core/views/preview-rows.ts';
import type { ViewNode } from '../views/nodes.ts';

/** Carries what happens to a file; it names nothing that could be opened. */
const changeScheme = 'savepoint-change';

const expandStates = {
  none: TreeItemCollapsibleState.None,
  collapsed: TreeItemCollapsibleState.Collapsed,
  expanded: TreeItemCollapsibleState.Expanded,
};

export function previewItem(node: ViewNode, row: PreviewRow, mode: PreviewMode): TreeItem {
  const item = new TreeItem(row.label, expandStates[row.expand]);
  item.id = node.id;
  item.contextValue = row.context;
  item.description = row.description;
  item.tooltip = row.tooltip;
  item.accessibilityInformation = { label: row.spoken };
  if (row.icon !== null) {
    const color = row.iconColor === null ? undefined : new ThemeColor(row.iconColor);
    item.iconPath = new ThemeIcon(row.icon, color);
  }
  if (row.box) {
    item.checkboxState = {
      state: row.box.isTicked ? TreeItemCheckboxState.Checked : TreeItemCheckboxState.Unchecked,
      accessibilityInformation: { label: row.box.spoken },
    };
  }
  const { payload } = node;
  if (payload.kind !== 'change') return item;
  const { node: change } = payload;
  if (change.kind === 'file' && row.op) {
    if (row.icon === 'file') item.iconPath = ThemeIcon.File;
    item.resourceUri = changeUri(change.path, row.op, mode);
  }
  if (canOpen(node)) {
    const command = 'savepoint.item.openChanges';
    item.command = { command, title: 'Open Changes', arguments: [node] };
  }
  return item;
}

/** True for a row that one diff editor shows. */
function canOpen({ payload }: ViewNode): boolean {
  if (payload.kind !== 'change') return false;
  const { node } = payload;
  if (node.kind === 'file') return node.change.kind !== 'directory';
  return node.kind === 'schema' || node.kind === 'table';
}

export function registerChangeDecorations(): Disposable {
  return window.registerFileDecorationProvider({
    provideFileDecoration(uri: Uri): ProviderResult<FileDecoration> {
      if (uri.scheme !== changeScheme) return undefined;
      const [mode, op] = uri.query.split(' ') as [PreviewMode, FileChange['op']];
      const { letter, color } = decorations[op];
      return new FileDecoration(letter, decorationText(op, mode), new ThemeColor(color));
    },
  });
}

const decorations = {
  add: { letter: 'A', color: 'gitDecoration.addedResourceForeground' },
  change: { letter: 'M', color: 'gitDecoration.modifiedResourceForeground' },
  remove: { letter: 'D', color: 'gitDecoration.deletedResourceForeground' },
} as const satisfies Record<FileChange['op'], { letter: string; color: string }>;

function changeUri(path: string, op: FileChange['op'], mode: PreviewMode): Uri {
  return Uri.from({ scheme: changeScheme, path: documentPath(path), query: `${mode} ${op}` });
}
