import { commands, QuickPickItemKind, window, workspace, type QuickPickItem } from 'vscode';
import { ago } from '../../core/format/time.ts';
import { snapshotLabel } from '../../core/views/snapshot-rows.ts';
import { interruptedText } from '../../core/views/restore-texts.ts';
import { statusSummary } from '../../core/views/status-item-text.ts';
import { clockNow } from '../host/clock.ts';
import type { Handler } from './handler.ts';

interface MenuItem extends QuickPickItem {
  readonly command?: string;
}

/** What a click on the status bar item offers. */
export const menu: Handler = async ({ projects }) => {
  const newest = projects.all[0]?.status?.newest;
  const canUndo = projects.all.some(({ status }) => status?.canUndo === true);
  const pending = projects.all.flatMap(({ status }) => status?.pending ?? [])[0];
  const acts: MenuItem[] = [
    ...(pending
      ? [
          {
            label: '$(debug-continue) Finish Restore',
            command: 'savepoint.finishRestore',
            description: interruptedText(pending, clockNow()),
          },
        ]
      : []),
    {
      label: '$(add) Take Snapshot',
      command: 'savepoint.snapshot',
      ...(newest && {
        description: `newest: ${snapshotLabel(newest)}, ${ago(Date.parse(newest.createdAt), clockNow())}`,
      }),
    },
    { label: '$(discard) Restore...', command: 'savepoint.restore' },
    ...(canUndo ? [{ label: '$(redo) Undo Last Restore', command: 'savepoint.undoRestore' }] : []),
    { label: '$(compare-changes) Compare...', command: 'savepoint.compare' },
    { label: '$(checklist) Check for Mismatches', command: 'savepoint.check' },
    { label: '', kind: QuickPickItemKind.Separator },
  ];
  const guards: MenuItem[] = [
    { label: '$(shield) Open Guarded Terminal', command: 'savepoint.openGuardedTerminal' },
  ];
  const looks: MenuItem[] = [
    { label: '$(list-unordered) Show Snapshots...', command: 'savepoint.list' },
    { label: '$(pulse) Show Status', command: 'savepoint.showStatus' },
    { label: '$(history) Open Savepoint', command: 'workbench.view.extension.savepoint' },
  ];
  const items = workspace.isTrusted ? [...acts, ...guards, ...looks] : looks;
  const placeHolder = statusSummary(projects.all.map((project) => project.facts));
  const chosen = await window.showQuickPick(items, { placeHolder });
  if (chosen?.command !== undefined) await commands.executeCommand(chosen.command);
};
