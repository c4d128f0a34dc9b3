// Tells when another process wrote to a project's store. Watches with the runtime itself: VS Code's
// watcher looks at a missing folder only every five seconds. Where the system cannot watch (no
// handles left, a network disk) the catalog is looked at every second.

import { existsSync, statSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Disposable } from 'vscode';
import { MutableDisposable, toDisposable } from '../host/disposables.ts';

const settleMs = 100;
const pollMs = 1000;
/** A disk may tell some changes and not others. */
const safetyPollMs = 30_000;

/** @param storePath absolute path of the project's folder in the store; it need not exist yet. */
export function watchStore(storePath: string, onDidChange: () => void): Disposable {
  const catalog = join(storePath, 'catalog.db');
  const watcher = new MutableDisposable<Disposable>();
  const poll = new MutableDisposable<Disposable>();
  let seen = signature(catalog);
  let watched = '';
  let settle: NodeJS.Timeout | undefined;

  const look = () => {
    const now = signature(catalog);
    if (now === seen) return;
    seen = now;
    onDidChange();
  };
  const lookEvery = (ms: number) => {
    const timer = setInterval(look, ms);
    poll.set(toDisposable(() => clearInterval(timer)));
  };
  const arm = () => {
    const folder = nearestFolder(storePath);
    watched = signature(folder, 'folder');
    watcher.set(startWatching(folder, onEvent, () => lookEvery(pollMs)));
    lookEvery(watcher.current ? safetyPollMs : pollMs);
  };
  const onEvent = () => {
    clearTimeout(settle);
    settle = setTimeout(() => {
      // The folder came into being, went, or was made anew: the one to watch is another now.
      if (signature(nearestFolder(storePath), 'folder') !== watched) arm();
      look();
    }, settleMs);
  };

  arm();
  // What happened between looking for the folder and watching it.
  onEvent();
  return toDisposable(() => {
    clearTimeout(settle);
    poll.dispose();
    watcher.dispose();
  });
}

function startWatching(
  folder: string,
  onEvent: () => void,
  onLost: () => void,
): Disposable | undefined {
  try {
    const watcher = watch(folder, { persistent: false }, onEvent).on('error', onLost);
    return toDisposable(() => watcher.close());
  } catch {
    // No watch to be had here: the caller looks by the clock.
    return undefined;
  }
}

function nearestFolder(path: string): string {
  let folder = path;
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

/** Changes with what is at `path`; of a folder only with the folder itself, not with what is in it. */
function signature(path: string, kind: 'file' | 'folder' = 'file'): string {
  const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (!stats) return '';
  return kind === 'folder' ? `${path}:${stats.ino}` : `${stats.ino}:${stats.size}:${stats.mtimeNs}`;
}
