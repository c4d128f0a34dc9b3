// What differs between two snapshots, or a snapshot and now: the third view, and all together in VS
// Code's own multi-diff.

import { window } from 'vscode';
import type { DiffDocument } from '../../core/documents/documents.ts';
import { hasDifference } from '../../core/text/diff-text.ts';
import type { ComparedSide } from '../../core/views/preview-texts.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import type { Services } from '../services.ts';
import { readSettings } from '../host/settings.ts';
import { withProgress } from '../host/with-progress.ts';

type Comparing = Pick<Services, 'looks' | 'previews' | 'rowChanges'>;

/**
 * Shows what changed from `a` to `b`; either may be `live`. The older side stands left.
 * @param data names or paths of data directories; none: all
 */
export async function showComparison(
  { looks, previews, rowChanges }: Comparing,
  project: ProjectModel,
  a: string,
  b: string,
  data: readonly string[] = [],
): Promise<DiffDocument> {
  looks.next();
  const progress = { title: 'Comparing', afterMs: 1000, isSilent: false };
  const options = { rows: readSettings().previewMaxRows, cells: 'shown', data } as const;
  const diff = await withProgress(progress, (call) => project.engine.diff(a, b, options, call));
  if (!hasDifference(diff)) {
    void window.showInformationMessage('No difference.');
    return diff;
  }
  const sides = { a: await sideOf(project, diff.a), b: await sideOf(project, diff.b) };
  const shown = { a: diff.a, b: diff.b, mode: 'compare' } as const;
  rowChanges.hold(project.cwd, shown, Promise.resolve(diff.databases));
  const dataDirs = await dataDirsOf(project, sides.a ?? sides.b);
  await previews.openComparison({ project, diff, sides, data, dataDirs });
  return diff;
}

async function sideOf(project: ProjectModel, snapshot: string): Promise<ComparedSide> {
  return snapshot === 'live' ? null : project.engine.resolve(snapshot);
}

async function dataDirsOf(project: ProjectModel, side: ComparedSide): Promise<readonly string[]> {
  if (side === null) return [];
  const { dataDirs } = await project.engine.show(side.id);
  return dataDirs.map(({ path }) => path);
}
