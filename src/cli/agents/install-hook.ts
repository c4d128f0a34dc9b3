// `savepoint agent-hook --install NAME` and `--uninstall NAME`.

import { join } from 'node:path';
import { hookAgentNames } from '../../core/documents/agent-hooks.ts';
import { findHookAgent, hookAgents, type HookAgent } from '../../core/agents/hook-agents.ts';
import { EngineError } from '../../core/errors.ts';
import type { CommandContext, Outcome } from '../command.ts';
import { userHome } from '../engine-options.ts';
import { hasHooks, withHooks, withoutHooks } from './hook-settings.ts';
import { ownCommand, thisPlace } from './own-command.ts';
import { changeSettings, readSettings, type SettingsChange } from './settings-change.ts';

export interface HookOptions {
  /** The user's settings instead of the project's. */
  readonly user?: boolean;
  readonly yes?: boolean;
}

export async function installHook(
  context: CommandContext,
  name: string,
  { user = false, yes = false }: HookOptions,
): Promise<Outcome> {
  const agent = agentNamed(name);
  const { path } = await settingsOf(context, agent, user);
  const before = readSettings(path);
  const program = ownCommand(thisPlace());
  const after = withHooks(path, before, agent, `${program} agent-hook ${agent.name}`);
  const isForTeam = !user && program !== 'savepoint' && !agent.projectFile.includes('.local.');
  const note = 'It names paths of this machine: keep it out of git, or put savepoint on the PATH';
  return await changeSettings(context, [{ path, before, after }], {
    yes,
    question: `Write this into the settings of ${agent.title}?`,
    told: [
      `${agent.title} saves before destructive commands now; --uninstall ${agent.name} takes it out`,
      ...(isForTeam ? [note] : []),
    ],
    nothing: `${agent.title} has the hook already (${path})`,
  });
}

/** Out of both places, unless `user` names one. */
export async function uninstallHook(
  context: CommandContext,
  name: string,
  { user, yes = false }: HookOptions,
): Promise<Outcome> {
  const agent = agentNamed(name);
  const places = user === true ? [true] : [false, true];
  const found = await Promise.all(places.map((one) => settingsOf(context, agent, one)));
  const changes = found.flatMap((settings) => removalAt(settings, agent));
  return await changeSettings(context, changes, {
    yes,
    question: `Take this out of the settings of ${agent.title}?`,
    told: [`The hook of ${agent.title} is out`],
    nothing: `${agent.title} has no hook of savepoint here`,
  });
}

/** Of all agents, in the project's and the user's settings. What cannot be read is told and left. */
export async function allRemovals(context: CommandContext): Promise<readonly SettingsChange[]> {
  const changes: SettingsChange[] = [];
  for (const agent of Object.values(hookAgents)) {
    for (const user of [false, true]) {
      const settings = await settingsOf(context, agent, user);
      try {
        changes.push(...removalAt(settings, agent));
      } catch (error) {
        if (!(error instanceof EngineError)) throw error;
        context.engine.log.warn(`${error.message} (${settings.path})`);
      }
    }
  }
  return changes;
}

function removalAt({ path, within }: Settings, agent: HookAgent): readonly SettingsChange[] {
  const before = readSettings(path);
  if (before === null || !hasHooks(path, before, agent)) return [];
  return [{ path, before, after: withoutHooks(path, before, agent), within }];
}

interface Settings {
  readonly path: string;
  /** The project folder, or the user's home. */
  readonly within: string;
}

async function settingsOf(
  { project }: CommandContext,
  agent: HookAgent,
  user: boolean,
): Promise<Settings> {
  const within = user ? userHome() : (await project()).path;
  return { path: join(within, user ? agent.userFile : agent.projectFile), within };
}

function agentNamed(name: string): HookAgent {
  const agent = findHookAgent(name);
  if (agent !== undefined) return agent;
  throw new EngineError('USAGE', `no hook for an agent "${name}"`, {
    hint: `there is ${hookAgentNames.join(', ')}`,
  });
}
