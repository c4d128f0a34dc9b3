// Which tabs belong to what the third view shows: its summary, its diffs, and its multi-diff, whose
// kind has no stable type and which is known by its title.

import {
  TabInputText,
  TabInputTextDiff,
  window,
  type Disposable,
  type Tab,
  type Uri,
} from 'vscode';
import { setContextKey } from '../host/context-keys.ts';
import { DisposableStore } from '../host/disposables.ts';
import { snapshotScheme } from '../documents/document-uri.ts';

export interface PreviewTabs {
  /** Of the summary; undefined for a comparison. */
  readonly summary: Uri | undefined;
  /** True for a document that is one side of what is shown. */
  readonly isSide: (uri: Uri) => boolean;
  /** With which the multi-diff's begins: how many are shown, and VS Code's own count, may follow. */
  readonly title: string;
}

/** Keeps `savepoint.previewEditor` true while the active tab is one of these. */
export function followTabs(tabs: () => PreviewTabs | undefined): Disposable & { update(): void } {
  const owned = new DisposableStore();
  let last: boolean | undefined;
  const update = (): void => {
    const active = window.tabGroups.activeTabGroup.activeTab;
    const shown = tabs();
    const isOurs = active !== undefined && shown !== undefined && isTabOf(active, shown);
    if (isOurs !== last) setContextKey('savepoint.previewEditor', isOurs);
    last = isOurs;
  };
  owned.add(window.tabGroups.onDidChangeTabs(update));
  owned.add(window.tabGroups.onDidChangeTabGroups(update));
  update();
  return { update, dispose: () => owned.dispose() };
}

export async function closeTabs(tabs: PreviewTabs): Promise<void> {
  const all = window.tabGroups.all.flatMap((group) => group.tabs);
  const ours = all.filter((tab) => isTabOf(tab, tabs));
  if (ours.length > 0) await window.tabGroups.close(ours, true);
}

function isTabOf({ input, label }: Tab, { summary, isSide, title }: PreviewTabs): boolean {
  if (input instanceof TabInputText) return input.uri.toString() === summary?.toString();
  if (input instanceof TabInputTextDiff) {
    const sides = [input.original, input.modified];
    return sides.every((uri) => uri.scheme === snapshotScheme && isSide(uri));
  }
  return label === title || label.startsWith(`${title} (`) || label.startsWith(`${title}: `);
}
