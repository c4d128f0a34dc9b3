import { dirname } from 'node:path';
import { commands, Uri, window, workspace } from 'vscode';
import type { CheckRule, Mismatch, SnapshotEntry } from '../../core/documents/documents.ts';
import { ago } from '../../core/format/time.ts';
import { quotedSnapshot } from '../../core/views/restore-texts.ts';
import { rowLine } from '../../core/views/table-rows-text.ts';
import { clockNow } from '../host/clock.ts';
import { rowUri, tableRowsUri } from '../documents/document-uri.ts';
import { lastGoodSnapshot } from '../projects/good-snapshots.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import { isNodeOf } from '../views/nodes.ts';
import { previewRestore } from '../flows/restore-flow.ts';
import { fileUri } from '../views/tree-item.ts';
import { withProgress } from '../host/with-progress.ts';
import type { Handler } from './handler.ts';

/** The row in the document of its table, or the path where no row is meant. */
export const openRow: Handler = async (services, call) => {
  const { node } = call;
  if (!isNodeOf(node, 'mismatch')) return;
  const { mismatch, side } = node.payload;
  const { database, table, key } = mismatch;
  if (database === null || table === null || key === null) {
    await revealPath(services, call);
    return;
  }
  const { cwd } = node.project;
  const all = await workspace.openTextDocument(tableRowsUri(cwd, side, database, table));
  const line = rowLine(all.getText(), key);
  // A long table is cut before it.
  const document =
    line === undefined
      ? await workspace.openTextDocument(rowUri(cwd, side, database, table, key))
      : all;
  const selection = document.lineAt(line ?? 0).range;
  await window.showTextDocument(document, { preview: true, preserveFocus: true, selection });
  if (document.getText() === '') window.setStatusBarMessage('The row is not there any more.', 5000);
};

/** Where it is, or the nearest folder above of what is missing. */
export const revealPath: Handler = async (_services, { node }) => {
  if (!isNodeOf(node, 'mismatch') || node.payload.mismatch.path === null) return;
  const wanted = fileUri(node.project.cwd, node.payload.mismatch.path.replace(/\/$/, ''));
  const uri = await existing(wanted, Uri.file(node.project.cwd));
  if (workspace.getWorkspaceFolder(uri)) await commands.executeCommand('revealInExplorer', uri);
  else await commands.executeCommand('revealFileInOS', uri);
};

export const findLastGood: Handler = async ({ snapshotsView }, { node }) => {
  if (!isNodeOf(node, 'mismatch')) return undefined;
  const { project, payload } = node;
  const entry = await findGood(project, payload.mismatch, undefined);
  if (!entry) {
    void window.showInformationMessage(`No snapshot is without it: ${node.row.label}.`);
    return undefined;
  }
  await snapshotsView.jumpTo(project, entry);
  const age = ago(Date.parse(entry.createdAt), clockNow());
  window.setStatusBarMessage(`${quotedSnapshot(entry)}, ${age}, is the newest without it.`, 5000);
  return entry;
};

/** The preview of the newest snapshot that has what is missing, with only that ticked. */
export const restoreMismatch: Handler = async (services, { node }) => {
  if (!isNodeOf(node, 'mismatch')) return;
  const { project, payload } = node;
  const path = pathToRestore(project, payload.mismatch, payload.rule);
  if (path === undefined) return;
  const entry = await findGood(project, payload.mismatch, path);
  if (!entry) {
    void window.showInformationMessage(`No snapshot has ${path} without this mismatch.`);
    return;
  }
  await previewRestore(services, project, { snapshot: entry.id }, [path]);
};

async function findGood(
  project: ProjectModel,
  mismatch: Mismatch,
  path: string | undefined,
): Promise<SnapshotEntry | undefined> {
  const progress = { title: 'Looking for the last snapshot without it', afterMs: 500 };
  return withProgress(progress, (call) => lastGoodSnapshot(project.engine, mismatch, path, call));
}

/** The lost path, or the database that lacks the row. */
function pathToRestore(
  { status }: ProjectModel,
  { path, database }: Mismatch,
  { target }: CheckRule,
): string | undefined {
  if (path !== null) return path.replace(/\/$/, '');
  const named = target.slice(0, target.lastIndexOf(':'));
  const paths = (status?.detection.dataDirs ?? []).flatMap((dir) =>
    dir.databases.map((one) => one.path),
  );
  return paths.find((one) => one === named || one.endsWith(`/${named}`)) ?? database ?? undefined;
}

async function existing(uri: Uri, top: Uri): Promise<Uri> {
  try {
    await workspace.fs.stat(uri);
    return uri;
  } catch {
    // Missing is what a mismatch is about.
    const parent = Uri.file(dirname(uri.fsPath));
    if (uri.fsPath === top.fsPath || parent.fsPath === uri.fsPath) return top;
    return existing(parent, top);
  }
}
