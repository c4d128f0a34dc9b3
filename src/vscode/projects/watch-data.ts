// Tells that data changed, for views that show it: seldom enough that looking costs the machine
// little, however often an application writes. The first level is watched here, where databases lie;
// deeper ones by VS Code, which watches the folders of the workspace anyway.

import { watch, type FSWatcher } from 'node:fs';
import { basename } from 'node:path';
import { toDisposable } from '../host/disposables.ts';
import { RelativePattern, Uri, workspace, type Disposable } from 'vscode';

const maxFolders = 20;
const settleMs = 500;
/** Between two tellings, while an application writes all the time. */
const restMs = 2000;

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
  const watched = folders.slice(0, maxFolders);
  const watchers = watched.flatMap((folder) => start(folder, onEvent) ?? []);
  const deep = watched.map((folder) => startDeep(folder, onEvent));
  return toDisposable(() => {
    clearTimeout(settle);
    for (const watcher of watchers) watcher.close();
    for (const watcher of deep) watcher.dispose();
  });
}

function startDeep(
  folder: string,
  onEvent: (event: string, name: string | null) => void,
): Disposable {
  const watcher = workspace.createFileSystemWatcher(new RelativePattern(Uri.file(folder), '**'));
  const tell = ({ fsPath }: Uri): void => onEvent('change', basename(fsPath));
  watcher.onDidChange(tell);
  watcher.onDidCreate(tell);
  watcher.onDidDelete(tell);
  return watcher;
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
