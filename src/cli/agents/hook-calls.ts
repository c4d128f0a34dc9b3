// `hook-calls/` in the store: when each agent last called its hook in a project. One small file each, so
// that agents that work at the same time do not wait for each other.

import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HookAgentName } from '../../core/documents/agent-hooks.ts';
import { makePrivateFolder, projectFolderName } from '../../engine/index.ts';

/** Never fails, for the agent's command must go on. */
export function noteHookCall(
  storeDir: string,
  projectDir: string,
  agent: HookAgentName,
  nowMs: number,
): void {
  try {
    const path = placeOf(storeDir, realpathSync(projectDir), agent);
    makePrivateFolder(join(storeDir, folder));
    writeFileSync(path, `${new Date(nowMs).toISOString()}\n`, { mode: 0o600 });
  } catch {
    // A store that cannot be written is told by every other command.
  }
}

/**
 * In ms since the Unix epoch; undefined for never.
 * @param projectDir real path
 */
export function lastHookCall(
  storeDir: string,
  projectDir: string,
  agent: HookAgentName,
): number | undefined {
  try {
    const ms = Date.parse(readFileSync(placeOf(storeDir, projectDir, agent), 'utf8').trim());
    return Number.isFinite(ms) ? ms : undefined;
  } catch {
    return undefined;
  }
}

const folder = 'hook-calls';

function placeOf(storeDir: string, projectDir: string, agent: HookAgentName): string {
  return join(storeDir, folder, `${projectFolderName(projectDir)}.${agent}`);
}
