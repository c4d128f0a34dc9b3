import { commands, Uri, window } from 'vscode';
import { join } from 'node:path';
import { shortSnapshotId } from '../../core/snapshot-id.ts';
import { quotedSnapshot } from '../../core/views/restore-texts.ts';
import { applyRestore } from '../flows/restore-flow.ts';
import { oneSnapshot } from './targets.ts';
import { restore } from './restore.ts';
import type { Handler } from './handler.ts';

/** A copy of the data in a new folder; what is there now stays as it is. */
export const restoreTo: Handler = async (services, call) => {
  if (call.json?.to !== undefined) return restore(services, call);
  const target = await oneSnapshot(services.projects, call, 'Restore a copy: choose a snapshot');
  if (!target) return undefined;
  const { project, entry } = target;
  const [parent] =
    (await window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      defaultUri: Uri.joinPath(Uri.file(project.cwd), '..'),
      title: 'Where the copy goes: a new folder is made in it',
      openLabel: 'Restore Here',
    })) ?? [];
  if (!parent) return undefined;
  const to = join(parent.fsPath, `${project.name}-${shortSnapshotId(entry.id)}`);
  const result = await applyRestore(services, project, { snapshot: entry.id, to }, undefined);
  void tell(`Restored a copy of ${quotedSnapshot(entry)} into ${to}.`, to);
  return result;
};

async function tell(text: string, folder: string): Promise<void> {
  const chosen = await window.showInformationMessage(text, 'Open in New Window');
  if (chosen === undefined) return;
  await commands.executeCommand('vscode.openFolder', Uri.file(folder), { forceNewWindow: true });
}
