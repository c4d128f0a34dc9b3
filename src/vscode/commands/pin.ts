import type { SnapshotEntry } from '../../core/documents/documents.ts';
import { byProject, someSnapshots } from './targets.ts';
import type { Invocation } from './invocation.ts';
import type { Projects } from '../projects/projects.ts';
import type { Handler } from './handler.ts';

export const pin: Handler = ({ projects }, call) => setPinned(projects, call, true);
export const unpin: Handler = ({ projects }, call) => setPinned(projects, call, false);

async function setPinned(projects: Projects, call: Invocation, pinned: boolean): Promise<unknown> {
  const prompt = pinned ? 'Pin: choose snapshots to keep' : 'Unpin: choose snapshots';
  const targets = await someSnapshots(projects, call, prompt);
  if (!targets) return undefined;
  const entries: SnapshotEntry[] = [];
  for (const [project, chosen] of byProject(targets)) {
    const ids = chosen.map(({ id }) => id);
    entries.push(...(await project.engine.pin(ids, pinned)));
    await project.refresh();
  }
  return entries.length === 1 ? entries[0] : entries;
}
