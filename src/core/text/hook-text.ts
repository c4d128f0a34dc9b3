// The hooks of agents as `doctor` and the editor tell them: what agents destroy is saved before, unless the
// program that their hook starts has moved, or the agent does not call it.

import { hookAgents } from '../agents/hook-agents.ts';
import type { HookState } from '../documents/agent-hooks.ts';
import { agentTitle, installCommand } from '../agents/hook-state.ts';
import { ago, type Clock } from '../format/time.ts';
import type { StatusLine } from './status-line.ts';

export function hookLines(hooks: readonly HookState[], clock: Clock): readonly StatusLine[] {
  const works = hooks.filter(({ missing, silent }) => missing === null && !silent);
  const names = works.map(({ agent, place }) => `${agent} (${place})`).join(', ');
  return [
    ...(works.length > 0 ? [{ mark: 'good', name: 'agents', text: names } as const] : []),
    ...hooks.flatMap((hook) => problemLine(hook, clock)),
  ];
}

/** `Claude Code: hook never called`; undefined where there is nothing to tell. */
export function silentHookText(hook: HookState, clock: Clock): string | undefined {
  return hook.silent ? `${agentTitle(hook)}: hook ${calledText(hook, clock)}` : undefined;
}

function problemLine(hook: HookState, clock: Clock): readonly StatusLine[] {
  const { agent, place, missing, silent, agentRanAt } = hook;
  const install = installCommand(hook);
  if (missing !== null) {
    const text = `NOT saved before ${agent}: its hook (${place}) starts ${missing}, which is not there: ${install}`;
    return [{ mark: 'bad', name: 'agents', text }];
  }
  if (!silent) return [];
  const what = `hook (${place}) ${calledText(hook, clock)}`;
  const todo =
    agentRanAt === null
      ? `once ${agentTitle(hook)} has run a command this should be gone; else ${hookAgents[agent].whenSilent}`
      : `NOT saved before it: ${hookAgents[agent].whenSilent}, or ${install}`;
  return [{ mark: 'notice', name: agentTitle(hook), text: `${what}; ${todo}` }];
}

/** `last called 3 days ago, Claude Code ran 2 h ago` */
function calledText({ agent, lastCalledAt, agentRanAt }: HookState, clock: Clock): string {
  const called =
    lastCalledAt === null
      ? 'installed, never called'
      : `last called ${ago(Date.parse(lastCalledAt), clock)}`;
  const { title } = hookAgents[agent];
  return agentRanAt === null
    ? called
    : `${called}, ${title} ran ${ago(Date.parse(agentRanAt), clock)}`;
}
