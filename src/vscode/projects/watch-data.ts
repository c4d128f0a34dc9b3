// Tells that data changed, for views that show it: seldom enough that looking costs the machine
// little, however often an application writes. Not recursive: databases lie on the first levels.

import { watch, type FSWatcher } from 'node:fs';
import { toDisposable } from '../host/disposables.ts';
import type { Disposable } from 'vscode';

const maxFolders = 20;
const settleMs = 500;
/** Between two tellings: an application that writes all the time must not keep the views restless, and their hovers away. */
const restMs = 10_000;

/** @param folders absolute paths; those that cannot be watched are left out. */
export function watchData(folders: readonly string[], onDidChange: () => void): Disposable {
  let settle: NodeJS.Timeout | undefined;
  let toldAt = -restMs;
  const onEvent = (_event: string, name: string | null) => {
    // Made and deleted around each write; what was written shows elsewhere.
    if (name !== null && /-(?:shm|journal)$/.test(name)) return;
    const waitMs = Math.max(settleMs, toldAt + restMs - performance.now());
    settle ??= setTimeout(() => {
      settle = undefined;
      toldAt = performance.now();
      onDidChange();
    }, waitMs);
  };
  const watchers = folders.slice(0, maxFolders).flatMap((folder) => start(folder, onEvent) ?? []);
  return toDisposable(() => {
    clearTimeout(settle);
    for (const watcher of watchers) watcher.close();
  });
}

function start(
  folder: string,
  onEvent: (event: string, name: string | null) => void,
): FSWatcher | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, onEvent);
    return watcher.on('error', () => watcher.close());
  } catch {
    // Gone, no folder, or no handles left: other occasions refresh as well.
    return undefined;
  }
}
