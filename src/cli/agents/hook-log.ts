// `hooks.log` in the store: what went wrong in a hook, which has nobody to tell it to.

import { appendFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivateFolder } from '../../engine/index.ts';

const maxBytes = 256 * 1024;

/** One line; never fails, for the agent's command must go on. */
export function logHook(storeDir: string, nowMs: number, message: string): void {
  const path = join(storeDir, 'hooks.log');
  const text = message.replaceAll(/\s+/g, ' ').slice(0, 500);
  try {
    makePrivateFolder(storeDir);
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > maxBytes)
      renameSync(path, `${path}.old`);
    appendFileSync(path, `${new Date(nowMs).toISOString()} ${text}\n`, { mode: 0o600 });
  } catch {
    // A store that cannot be written is told by every other command.
  }
}
