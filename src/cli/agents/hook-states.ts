// The hooks of agents as `doctor` tells them: an update may have moved the program that they start.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hookAgents, type HookAgent } from '../../core/agents/hook-agents.ts';
import { programsOf, type HookState } from '../../core/agents/hook-state.ts';
import { EngineError } from '../../core/errors.ts';
import { ownCommands } from './hook-settings.ts';
import { isOnPath, thisPlace, type ProgramPlace } from './own-command.ts';
import { readSettings } from './settings-change.ts';

/** In the order of the agents, the project's before the user's. */
export function hookStates(projectDir: string, home: string): readonly HookState[] {
  const place = thisPlace();
  return Object.values(hookAgents).flatMap((agent) => [
    ...stateAt(join(projectDir, agent.projectFile), agent, 'project', place),
    ...stateAt(join(home, agent.userFile), agent, 'user', place),
  ]);
}

function stateAt(
  path: string,
  agent: HookAgent,
  where: HookState['place'],
  place: ProgramPlace,
): readonly HookState[] {
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
