import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { commands, Uri, window, workspace } from 'vscode';
import type { ProjectModel } from '../projects/project-model.ts';
import { previewRestore } from '../flows/restore-flow.ts';
import { isNodeOf } from '../views/nodes.ts';
import { withProgress } from '../host/with-progress.ts';
import { pathOf } from './look.ts';
import type { Handler } from './handler.ts';

/** The preview of the whole snapshot with only this ticked. */
export const restoreNode: Handler = async (services, { node }) => {
  if (!isNodeOf(node, 'dir', 'file', 'database')) return;
  const { snapshot, path } = node.payload;
  await previewRestore(services, node.project, { snapshot }, [path]);
};

/** Writes what a snapshot has to a place of the user's choice; live data is not touched. */
export const saveAs: Handler = async (_services, { node }) => {
  if (!isNodeOf(node, 'dir', 'file', 'database')) return;
  const { project, payload } = node;
  const target = await chooseTarget(project, payload.path, payload.kind === 'dir');
  if (target) await saveEntry(project, payload.snapshot, payload.path, target);
};

/** @param path of a file, folder or database inside the snapshot. */
export async function saveEntry(
  project: ProjectModel,
  snapshot: string,
  path: string,
  target: Uri,
): Promise<void> {
  const place = await mkdtemp(join(tmpdir(), 'savepoint-save-'));
  try {
    const to = join(place, 'copy');
    const progress = { title: `Saving ${basename(path)}`, afterMs: 500 };
    await withProgress(progress, (call) =>
      project.engine.applyRestore({ snapshot, only: [path], to }, undefined, call),
    );
    const copy = Uri.joinPath(Uri.file(to), ...copyPath(path));
    await workspace.fs.copy(copy, target, { overwrite: true });
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

export const leaveOut: Handler = async (_services, { node }) => {
  const path = pathOf(node);
  if (node && path !== undefined) await setExcluded(node.project, path, true);
};

export const include: Handler = async (_services, { node }) => {
  const path = pathOf(node);
  if (node && path !== undefined) await setExcluded(node.project, path, false);
};

async function setExcluded(project: ProjectModel, path: string, excluded: boolean): Promise<void> {
  await project.engine.setExcluded(path, excluded);
  await project.refresh();
  void tellExcluded(project, path, excluded);
}

async function tellExcluded({ cwd }: ProjectModel, path: string, excluded: boolean): Promise<void> {
  const text = excluded
    ? `"${path}" is left out from the next snapshot on: savepoint.json says so.`
    : `"${path}" is in every snapshot from the next one on: savepoint.json says so.`;
  const chosen = await window.showInformationMessage(text, 'Open savepoint.json');
  if (chosen !== undefined) await commands.executeCommand('savepoint.openConfig', { cwd });
}

/** For a folder the place where it is to be made. */
async function chooseTarget(
  project: ProjectModel,
  path: string,
  isFolder: boolean,
): Promise<Uri | undefined> {
  const name = basename(path);
  if (!isFolder) {
    const defaultUri = Uri.joinPath(Uri.file(project.cwd), name);
    return window.showSaveDialog({ defaultUri, title: `Save ${name} As` });
  }
  const [parent] =
    (await window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      title: `Where ${name} goes`,
      openLabel: 'Save Here',
    })) ?? [];
  return parent && Uri.joinPath(parent, name);
}

/** Where `--to` puts a path of the project, or one outside of it. */
function copyPath(path: string): readonly string[] {
  const isOutside = path.startsWith('/') || /^[A-Za-z]:/.test(path);
  return isOutside
    ? ['outside', ...path.split('/').filter((part) => part !== '')]
    : path.split('/');
}
