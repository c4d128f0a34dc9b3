// The one wrapper around everything that the editor calls: commands, listeners, providers.

import type { Log } from './log.ts';
import { showError } from './show-error.ts';

/** Answers what `task` does; undefined where it failed, which was told, or was cancelled. */
export async function runGuarded<T>(
  log: Log,
  name: string,
  task: () => Promise<T> | T,
): Promise<T | undefined> {
  log.trace(`${name}: begins`);
  try {
    return await task();
  } catch (error) {
    // Not awaited: a message stays until it is dismissed.
    void showError(log, error, () => runGuarded(log, name, task));
    return undefined;
  } finally {
    log.trace(`${name}: ends`);
  }
}
