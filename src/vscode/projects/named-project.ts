// The project that a call means where nothing is asked: the one it names, else the only one.

import { isAbsolute, resolve } from 'node:path';
import { workspace } from 'vscode';
import { EngineError } from '../../core/errors.ts';
import type { ProjectModel } from './project-model.ts';
import { isInside } from './project-of.ts';
import type { Projects } from './projects.ts';

/**
 * @param key of the call's argument that names a folder
 * @throws EngineError USAGE where no folder is open, several are and none is named, or another one is
 */
export function namedProject(
  projects: Projects,
  cwd: string | undefined,
  key: 'cwd' | 'folder' = 'cwd',
): ProjectModel {
  if (cwd !== undefined) return projectAt(projects, cwd);
  const [only, another] = projects.all;
  if (!only) {
    throw new EngineError('USAGE', 'no folder is open', { hint: 'open a folder, then try again' });
  }
  if (another) {
    throw new EngineError('USAGE', 'several folders are open', { hint: `name one with "${key}"` });
  }
  return only;
}

/** A folder of the workspace, or one inside of it: what is outside was not trusted with it. */
function projectAt(projects: Projects, cwd: string): ProjectModel {
  const path = resolve(cwd);
  const isOurs = (workspace.workspaceFolders ?? []).some(
    ({ uri }) => uri.scheme === 'file' && isInside(uri.fsPath, path),
  );
  if (!isAbsolute(cwd) || !isOurs) {
    throw new EngineError('USAGE', `"${cwd}" is not in an open folder`, {
      path: cwd,
      hint: 'give the absolute path of a folder of this workspace',
    });
  }
  return projects.at(path);
}
