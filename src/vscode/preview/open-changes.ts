// What differs in VS Code's own editors: one row in the diff editor, all in the multi-diff editor.

import { commands, window, type Uri } from 'vscode';
import { changeTitle, maxShownChanges, type ChangeEntry } from '../../core/views/preview-texts.ts';
import {
  documentUri,
  nowhere,
  rowChangesUris,
  schemaUri,
  type Sides,
} from '../documents/document-uri.ts';

/** Both documents of an entry; undefined where a side has none. */
export interface EntryUris {
  readonly name: string;
  readonly before: Uri | undefined;
  readonly after: Uri | undefined;
}

/** Where the sides of the third view are, and what they are called. */
export interface ShownSides extends Sides {
  readonly cwd: string;
  readonly left: string;
  readonly right: string;
}

export async function openEntry(entry: ChangeEntry, sides: ShownSides): Promise<void> {
  const { name, before, after } = entryUris(entry, sides);
  const missing = (other: Uri | undefined): Uri | undefined => other?.with({ authority: nowhere });
  const left = before ?? missing(after);
  const right = after ?? missing(before);
  if (!left || !right) return;
  const title = changeTitle(name, sides.left, sides.right);
  const options = { preview: true, preserveFocus: true };
  await commands.executeCommand('vscode.diff', left, right, title, options);
}

/** Editors that VS Code was made of may lack the multi-diff: there one is picked after the other. */
export async function openEntries(
  entries: readonly ChangeEntry[],
  sides: ShownSides,
  title: string,
): Promise<void> {
  const shown = entries.slice(0, maxShownChanges);
  if (await canShowTogether()) {
    const changes = shown.map((entry) => {
      const { before, after } = entryUris(entry, sides);
      return [after ?? before, before, after];
    });
    await commands.executeCommand('vscode.changes', title, changes);
    return;
  }
  const items = shown.map((entry) => ({ label: entryUris(entry, sides).name, entry }));
  const chosen = await window.showQuickPick(items, { placeHolder: title });
  if (chosen) await openEntry(chosen.entry, sides);
}

async function canShowTogether(): Promise<boolean> {
  return (await commands.getCommands(true)).includes('vscode.changes');
}

function entryUris(entry: ChangeEntry, sides: ShownSides): EntryUris {
  const { cwd, a, b } = sides;
  if (entry.kind === 'table') {
    const [before, after] = rowChangesUris(cwd, sides, entry.database.path, entry.table);
    return { name: entry.table, before, after };
  }
  if (entry.kind === 'schema') {
    const { path, diff } = entry.database;
    const before = diff?.state === 'added' ? undefined : schemaUri(cwd, a, path);
    const after = diff?.state === 'removed' ? undefined : schemaUri(cwd, b, path);
    return { name: `schema of ${path.split('/').at(-1) ?? path}`, before, after };
  }
  const { name, path, change } = entry.node;
  const before = change.op === 'add' ? undefined : documentUri(cwd, a, path);
  const after = change.op === 'remove' ? undefined : documentUri(cwd, b, path);
  return { name, before, after };
}
