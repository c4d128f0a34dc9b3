// Tells that the data is no longer what a plan was made on: soon after something was written, and by
// asking again and again, since an application writes its database without a sign that is seen here.

import { RelativePattern, Uri, window, workspace, type Disposable } from 'vscode';
import { DisposableStore, toDisposable } from '../host/disposables.ts';

const settleMs = 150;
const leastBetweenMs = 1000;
const unwatchedMs = 10_000;
/** Asking takes a twentieth of the time at most. */
const restFactor = 20;

/**
 * @param folders absolute paths of the data directories.
 * @param isCurrent quick; a failure counts as an answer that it is not.
 */
export function watchPlan(
  folders: readonly string[],
  isCurrent: () => Promise<boolean>,
  onStale: () => void,
): Disposable {
  const owned = new DisposableStore();
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  let isAsking = false;
  const askIn = (ms: number): void => {
    clearTimeout(timer);
    if (!isOver) timer = setTimeout(() => void ask(), ms);
  };
  const ask = async (): Promise<void> => {
    if (isAsking) return;
    isAsking = true;
    const beganMs = performance.now();
    const holds = await isCurrent().catch(() => false);
    isAsking = false;
    if (isOver) return;
    if (!holds) {
      isOver = true;
      onStale();
      return;
    }
    const rest = Math.max(leastBetweenMs, restFactor * (performance.now() - beganMs));
    askIn(window.state.focused ? rest : Math.max(rest, unwatchedMs));
  };
  for (const folder of folders) {
    const pattern = new RelativePattern(Uri.file(folder), '**');
    const watcher = owned.add(workspace.createFileSystemWatcher(pattern));
    for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) {
      owned.add(event(() => askIn(settleMs)));
    }
  }
  owned.add(window.onDidChangeWindowState(({ focused }) => focused && askIn(settleMs)));
  owned.add(
    toDisposable(() => {
      isOver = true;
      clearTimeout(timer);
    }),
  );
  askIn(leastBetweenMs);
  return owned;
}
