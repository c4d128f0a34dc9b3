import { Uri, window } from 'vscode';
import { relative, resolve, sep } from 'node:path';
import { EngineError } from '../../core/errors.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import { isInside } from '../projects/project-of.ts';
import { oneProject } from './targets.ts';
import type { Handler } from './handler.ts';

/** Names a folder in savepoint.json; one outside of the project only after it was allowed. */
export const addDataDir: Handler = async (services, call) => {
  const project = await oneProject(services.projects, call);
  if (!project) return undefined;
  const path = call.json?.path ?? (call.isSilent ? undefined : await pickFolder(project));
  if (path === undefined) {
    if (call.isSilent)
      throw new EngineError('USAGE', 'no folder is named', { hint: 'name it with "path"' });
    return undefined;
  }
  const absolute = resolve(project.cwd, path);
  const inside = relative(project.cwd, absolute);
  const isOutside = !isInside(project.cwd, absolute);
  if (isOutside) {
    if (!call.isSilent && !(await mayUse(project, absolute))) return undefined;
    await project.engine.allow(absolute);
  }
  const named = isOutside ? absolute : inside === '' ? '.' : inside.split(sep).join('/');
  const detection = await project.engine.addDataDir(named);
  await project.refresh();
  return detection.dataDirs;
};

async function pickFolder(project: ProjectModel): Promise<string | undefined> {
  const [folder] =
    (await window.showOpenDialog({
      canSelectFiles: false,
      canSelectFolders: true,
      defaultUri: Uri.file(project.cwd),
      title: 'Choose a data directory',
      openLabel: 'Use as Data Directory',
    })) ?? [];
  return folder?.fsPath;
}

async function mayUse(project: ProjectModel, path: string): Promise<boolean> {
  const detail =
    'Snapshots will hold what is in it, and a restore will write there. This is remembered for this project on this machine only.';
  const message = `${path} is outside of ${project.name}. Use it as a data directory?`;
  return (await window.showWarningMessage(message, { modal: true, detail }, 'Use')) !== undefined;
}
