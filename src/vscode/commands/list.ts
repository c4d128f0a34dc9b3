import { ThemeIcon, type QuickInputButton } from 'vscode';
import type { SnapshotEntry } from '../../core/documents/documents.ts';
import { showComparison } from '../flows/compare-flow.ts';
import { pickSnapshots } from './pick-snapshot.ts';
import { runGuarded } from '../host/run-guarded.ts';
import { showSnapshot } from '../flows/show-snapshot.ts';
import { oneProject } from './targets.ts';
import type { Handler } from './handler.ts';

/** Enter previews, the button compares. */
export const list: Handler = async (services, call) => {
  const project = await oneProject(services.projects, call);
  if (!project) return undefined;
  if (call.json) return project.engine.list();
  const compare: QuickInputButton & { onClick: (entry: SnapshotEntry) => void } = {
    iconPath: new ThemeIcon('compare-changes'),
    tooltip: 'Compare with Now',
    onClick: (entry) =>
      void runGuarded(services.log, 'compare', () =>
        showComparison(services, project, entry.id, 'live'),
      ),
  };
  const prompt = 'Choose a snapshot to preview';
  const [entry] = (await pickSnapshots(project, prompt, false, { button: compare })) ?? [];
  return entry && showSnapshot(services, { project, entry }, false);
};
