// The hooks of agents as `doctor` tells them: an update may have moved the program that they start.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hookAgents, type HookAgent } from '../../core/agents/hook-agents.ts';
import type { HookState } from '../../core/documents/agent-hooks.ts';
import { isSilentHook, programsOf } from '../../core/agents/hook-state.ts';
import { EngineError } from '../../core/errors.ts';
import type { EngineOptions } from '../../engine/index.ts';
import { lastAgentRun } from './agent-runs.ts';
import { lastHookCall } from './hook-calls.ts';
import { ownCommands } from './hook-settings.ts';
import { isOnPath, thisPlace, type ProgramPlace } from './own-command.ts';
import { readSettings } from './settings-change.ts';

export interface HookPlace {
  /** Absolute real path of the project folder. */
  readonly projectDir: string;
  readonly home: string;
  readonly engine: Pick<EngineOptions, 'storeDir' | 'env'>;
}

/** In the order of the agents, the project's before the user's. */
export function hookStates(place: HookPlace): readonly HookState[] {
  const { projectDir, home } = place;
  const program = thisPlace();
  return Object.values(hookAgents).flatMap((agent) => {
    const installed = [
      ...installedAt(join(projectDir, agent.projectFile), agent, 'project', program),
      ...installedAt(join(home, agent.userFile), agent, 'user', program),
    ];
    return installed.length === 0 ? [] : withCalls(installed, agent, place);
  });
}

type Installed = Pick<HookState, 'agent' | 'place' | 'missing'>;

function withCalls(
  installed: readonly Installed[],
  { name }: HookAgent,
  { projectDir, home, engine: { storeDir, env } }: HookPlace,
): readonly HookState[] {
  const calledMs = lastHookCall(storeDir, projectDir, name);
  const run = lastAgentRun(name, { projectDir, home, env });
  return installed.map((hook) => ({
    ...hook,
    lastCalledAt: calledMs === undefined ? null : new Date(calledMs).toISOString(),
    agentRanAt: run === undefined ? null : new Date(run.ranMs).toISOString(),
    silent: isSilentHook(hook.place, calledMs, run),
  }));
}

function installedAt(
  path: string,
  agent: HookAgent,
  where: HookState['place'],
  place: ProgramPlace,
): readonly Installed[] {
  const commands = commandsAt(path, agent);
  if (commands.length === 0) return [];
  const isMissing = (program: string): boolean =>
    program === 'savepoint' ? !isOnPath(program, place) : !existsSync(program);
  const missing = commands.flatMap(programsOf).find(isMissing) ?? null;
  return [{ agent: agent.name, place: where, missing }];
}

/** Settings that cannot be read hold no hook that would run. */
function commandsAt(path: string, agent: HookAgent): readonly string[] {
  try {
    const text = readSettings(path);
    return text === null ? [] : ownCommands(path, text, agent);
  } catch (error) {
    if (error instanceof EngineError) return [];
    throw error;
  }
}
