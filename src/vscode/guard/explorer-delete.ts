// A snapshot before the explorer deletes something of the data. The editor waits for it; nothing can stop
// a delete, so a failure is told afterwards. In Restricted Mode too: the data is found by what ships alone.

import { resolve, sep } from 'node:path';
import { window, workspace, type Disposable } from 'vscode';
import { deletedData, deletedName, deleteLabel } from '../../core/views/deleted-paths.ts';
import { deletedUnsavedText } from '../../core/views/guard-texts.ts';
import type { Log } from '../host/log.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import { runGuarded } from '../host/run-guarded.ts';
import type { Services } from '../services.ts';
import { readSettings } from '../host/settings.ts';
import { saveBefore, type Saving } from './save-before.ts';

export function registerExplorerDelete(services: Saving & Pick<Services, 'projects'>): Disposable {
  return workspace.onWillDeleteFiles((event) => {
    if (!readSettings().guard.explorerDelete) return;
    const paths = event.files
      .filter(({ scheme }) => scheme === 'file')
      .map(({ fsPath }) => withSlashes(fsPath));
    const saved = services.projects.all.map((project) => saveFor(services, project, paths));
    event.waitUntil(
      runGuarded(services.log, 'explorer delete', async () => {
        await Promise.all(saved);
      }),
    );
  });
}

async function saveFor(
  saving: Saving,
  project: ProjectModel,
  paths: readonly string[],
): Promise<void> {
  await project.load();
  const dirs = project.status?.detection.dataDirs ?? [];
  const roots = dirs.flatMap((dir) =>
    [dir.path, ...dir.roots].map((path) => withSlashes(resolve(project.cwd, path))),
  );
  const names = deletedData(paths, roots, withSlashes(project.cwd));
  if (names.length === 0) return;
  const label = deleteLabel(names);
  const saved = await saveBefore(saving, project, { label, command: label });
  if (saved.kind !== 'failed') return;
  // Not awaited: the delete waits for this.
  void tell(saving.log, deletedUnsavedText(deletedName(names), saved.error));
}

async function tell(log: Log, text: string): Promise<void> {
  const chosen = await window.showWarningMessage(text, 'Show Log');
  if (chosen !== undefined) log.show();
}

function withSlashes(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}
