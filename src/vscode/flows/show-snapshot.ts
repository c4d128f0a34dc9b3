// Looking at a snapshot: what a restore of it would do now. Changes nothing.

import { ProgressLocation, window, workspace } from 'vscode';
import { plainText } from '../../core/format/lines.ts';
import { showText } from '../../core/text/show-text.ts';
import { clockNow } from '../host/clock.ts';
import type { Services } from '../services.ts';
import type { SnapshotTarget } from '../projects/snapshot-target.ts';

/** @param preserveFocus true where the list keeps it. A look that is overtaken by another ends. */
export async function showSnapshot(
  { looks, previews, reports }: Pick<Services, 'looks' | 'previews' | 'reports'>,
  { project, entry }: SnapshotTarget,
  preserveFocus: boolean,
): Promise<void> {
  const { signal } = looks.next();
  if (workspace.isTrusted) {
    const start = { project, base: { snapshot: entry.id }, isUndo: false };
    await previews.openRestore(start, { focus: !preserveFocus, signal });
    return;
  }
  const location = { viewId: 'savepoint.snapshots' };
  const options = preserveFocus ? { location } : { location: ProgressLocation.Window };
  await window.withProgress(options, async () => {
    const lines = showText(await project.engine.show(entry.id), plainText(clockNow()));
    const address = { kind: 'snapshot', cwd: project.cwd, args: { id: entry.id } } as const;
    if (!signal.aborted) await reports.show(address, `${lines.join('\n')}\n`, preserveFocus);
  });
}
