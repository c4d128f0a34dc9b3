// The list to choose a snapshot from: opens at once, older ones come while one reads.

import {
  QuickPickItemKind,
  ThemeIcon,
  window,
  type QuickInputButton,
  type QuickPick,
  type QuickPickItem,
} from 'vscode';
import type { SnapshotEntry } from '../../core/documents/documents.ts';
import { ago, dayHeading, type Clock } from '../../core/format/time.ts';
import { snapshotPickItem } from '../../core/views/pick-items.ts';
import { clockNow } from '../host/clock.ts';
import { DisposableStore } from '../host/disposables.ts';
import type { ProjectModel } from '../projects/project-model.ts';

const firstPage = 100;
const laterPage = 1000;

export interface SnapshotItem extends QuickPickItem {
  /** Undefined for a heading. */
  readonly entry?: SnapshotEntry;
}

/** @param prompt what the choice is for. Undefined where the user turned away. */
export async function pickSnapshots(
  project: ProjectModel,
  prompt: string,
  canBeSeveral: boolean,
  more: {
    /** Stand above the snapshots. */
    readonly first?: readonly SnapshotItem[];
    readonly title?: string;
    readonly button?: QuickInputButton & { readonly onClick: (entry: SnapshotEntry) => void };
    readonly except?: string;
  } = {},
): Promise<readonly SnapshotEntry[] | undefined> {
  const owned = new DisposableStore();
  const pick = owned.add(window.createQuickPick<SnapshotItem>());
  pick.placeholder = prompt;
  pick.title = more.title;
  pick.canSelectMany = canBeSeveral;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  const isOpen = new AbortController();
  const chosen = new Promise<readonly SnapshotEntry[] | undefined>((resolve) => {
    owned.add(
      pick.onDidAccept(() => {
        resolve(pick.selectedItems.flatMap(({ entry }) => entry ?? []));
        pick.hide();
      }),
    );
    owned.add(
      pick.onDidTriggerItemButton(({ item }) => {
        if (item.entry) more.button?.onClick(item.entry);
        pick.hide();
      }),
    );
    owned.add(
      pick.onDidHide(() => {
        isOpen.abort();
        resolve(undefined);
      }),
    );
  });
  pick.show();
  try {
    await fill(pick, project, isOpen.signal, more);
    const entries = await chosen;
    return entries?.length === 0 && !more.first ? undefined : entries;
  } finally {
    owned.dispose();
  }
}

async function fill(
  pick: QuickPick<SnapshotItem>,
  project: ProjectModel,
  signal: AbortSignal,
  more: {
    readonly first?: readonly SnapshotItem[];
    readonly button?: QuickInputButton;
    readonly except?: string;
  },
): Promise<void> {
  pick.busy = true;
  const clock = clockNow();
  const entries: SnapshotEntry[] = [];
  for (let limit = firstPage; !signal.aborted; limit = laterPage) {
    const page = await project.engine.list({ limit, offset: entries.length });
    entries.push(...page);
    const shown = entries.filter(({ id }) => id !== more.except);
    // Setting the items must not move what is being looked at.
    pick.keepScrollPosition = true;
    pick.items = [...(more.first ?? []), ...withHeadings(shown, clock, more.button)];
    if (page.length < limit) break;
  }
  pick.busy = false;
  if (entries.length === 0) pick.placeholder = 'No snapshot yet';
}

function withHeadings(
  entries: readonly SnapshotEntry[],
  clock: Clock,
  button: QuickInputButton | undefined,
): SnapshotItem[] {
  let heading = '';
  return entries.flatMap((entry) => {
    const takenMs = Date.parse(entry.createdAt);
    const day = dayHeading(takenMs, clock);
    const { icon, label, detail } = snapshotPickItem(entry);
    const item: SnapshotItem = {
      label,
      iconPath: new ThemeIcon(icon),
      description: ago(takenMs, clock),
      detail,
      entry,
      ...(button && { buttons: [button] }),
    };
    if (day === heading) return [item];
    heading = day;
    return [{ label: day, kind: QuickPickItemKind.Separator }, item];
  });
}
