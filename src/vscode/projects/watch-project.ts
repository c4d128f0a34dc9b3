// Tells when something in the project folder itself says that other data may be found: its setup
// files, and folders that come and go. Not below it: that would be a watch over everything.

import { statSync, watch } from 'node:fs';
import { join } from 'node:path';
import type { Disposable } from 'vscode';
import { toDisposable } from '../host/disposables.ts';

const setupFile = /^(?:savepoint\.json|\.env(?:\..+)?|(?:docker-)?compose.*\.ya?ml)$/;
const settleMs = 300;

/**
 * @param isData true for the name of an entry of the folder that is known to hold data.
 * @returns undefined where the system cannot watch: whoever asks looks again at other occasions.
 */
export function watchProject(
  cwd: string,
  isData: (name: string) => boolean,
  onDidChange: () => void,
): Disposable | undefined {
  let settle: NodeJS.Timeout | undefined;
  const onEvent = (event: 'rename' | 'change', name: string | null) => {
    const matters =
      name === null ||
      setupFile.test(name) ||
      (event === 'rename' && (isData(name) || isFolder(join(cwd, name))));
    if (!matters) return;
    clearTimeout(settle);
    settle = setTimeout(onDidChange, settleMs);
  };
  try {
    const watcher = watch(cwd, { persistent: false }, onEvent);
    watcher.on('error', () => watcher.close());
    return toDisposable(() => {
      clearTimeout(settle);
      watcher.close();
    });
  } catch {
    // No handles left, or a disk that tells nothing.
    return undefined;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
