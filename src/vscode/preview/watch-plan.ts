// Asks again and again whether the data is still what a plan was made on, and has it planned anew where
// it is not: soon after something was written, and by the clock, since an application writes its
// database without a sign that is seen here. It goes on until it is let go.

import { RelativePattern, Uri, window, workspace, type Disposable } from 'vscode';
import { DisposableStore, toDisposable } from '../host/disposables.ts';

const settleMs = 150;
const leastBetweenMs = 1000;
const unwatchedMs = 10_000;
/** Asking takes a twentieth of the time at most. */
const restFactor = 20;
/** Under an application that writes all the time, planning takes a fifth at most. */
const leastBetweenPlansMs = 2000;
const planRestFactor = 4;

export interface WatchedPlan {
  /** Quick; a failure counts as an answer that it is not. */
  isCurrent(): Promise<boolean>;
  planAnew(): Promise<void>;
}

/** @param folders absolute paths of the data directories. */
export function watchPlan(folders: readonly string[], plan: WatchedPlan): Disposable {
  const owned = new DisposableStore();
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  let isAsking = false;
  let restsUntilMs = 0;
  const askIn = (ms: number): void => {
    clearTimeout(timer);
    if (isOver || isAsking) return;
    timer = setTimeout(() => void ask(), Math.max(ms, restsUntilMs - performance.now()));
  };
  const ask = async (): Promise<void> => {
    isAsking = true;
    const beganMs = performance.now();
    const tookMs = (): number => performance.now() - beganMs;
    const isCurrent = await plan.isCurrent().catch(() => false);
    let rest = Math.max(leastBetweenMs, restFactor * tookMs());
    if (!isCurrent && !isOver) {
      await plan.planAnew();
      rest = Math.max(leastBetweenPlansMs, planRestFactor * tookMs());
      restsUntilMs = performance.now() + rest;
    }
    isAsking = false;
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
