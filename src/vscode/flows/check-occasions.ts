// When live data may match or not match otherwise than before, beyond what a project notices itself.

import { resolve } from 'node:path';
import { workspace, type Disposable, type Uri } from 'vscode';
import { DisposableStore } from '../host/disposables.ts';
import { isInside } from '../projects/project-of.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import type { Services } from '../services.ts';

export function registerCheckOccasions({
  activities,
  projects,
}: Pick<Services, 'activities' | 'projects'>): Disposable {
  const owned = new DisposableStore();
  let isRestoring = false;
  owned.add(
    activities.onDidChange(() => {
      const was = isRestoring;
      isRestoring = activities.current?.kind === 'restore';
      // What was checked while it ran was half of each.
      if (was && !isRestoring) for (const { check } of projects.all) check.invalidate();
    }),
  );
  const onFiles = (uris: readonly Uri[]) => {
    for (const project of projects.all)
      if (uris.some((uri) => isData(project, uri))) project.check.invalidate();
  };
  owned.add(workspace.onDidDeleteFiles(({ files }) => onFiles(files)));
  owned.add(workspace.onDidCreateFiles(({ files }) => onFiles(files)));
  owned.add(
    workspace.onDidRenameFiles(({ files }) =>
      onFiles(files.flatMap(({ oldUri, newUri }) => [oldUri, newUri])),
    ),
  );
  return owned;
}

function isData({ cwd, status }: ProjectModel, { scheme, fsPath }: Uri): boolean {
  const dirs = status?.detection.dataDirs ?? [];
  return scheme === 'file' && dirs.some(({ path }) => isInside(resolve(cwd, path), fsPath));
}
