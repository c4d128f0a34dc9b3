// `hooks.log` in the store: what went wrong in a hook, which has nobody to tell it to.

import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

const maxBytes = 256 * 1024;

/** One line; never fails, for the agent's command must go on. */
export function logHook(storeDir: string, nowMs: number, message: string): void {
  const path = join(storeDir, 'hooks.log');
  const text = message.replaceAll(/\s+/g, ' ').slice(0, 500);
  try {
    mkdirSync(storeDir, { recursive: true, mode: 0o700 });
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > maxBytes)
      renameSync(path, `${path}.old`);
    appendFileSync(path, `${new Date(nowMs).toISOString()} ${text}\n`, { mode: 0o600 });
  } catch {
    // A store that cannot be written is told by every other command.
  }
}
