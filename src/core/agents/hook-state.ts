// Which agents have our hook, whether it can still start, and whether it is called at all.

import type { HookState } from '../documents/agent-hooks.ts';
import { hookAgents } from './hook-agents.ts';

/** What the records of an agent tell of a tool that its hook is for. */
export interface AgentRun {
  /** Ms since the Unix epoch, as people are told. */
  readonly ranMs: number;
  /** It was then or later: where no time stands beside it, when the conversation began. */
  readonly leastMs: number;
}

/** An agent that waits for a command writes it down when that has ended. */
const slackMs = 10 * 60_000;

/** @param calledMs undefined for never */
export function isSilentHook(
  place: HookState['place'],
  calledMs: number | undefined,
  run: AgentRun | undefined,
): boolean {
  // The user's hook is for all projects: in this one the agent may never have been.
  if (calledMs === undefined) return place === 'project' || run !== undefined;
  return run !== undefined && run.leastMs > calledMs + slackMs;
}

/** `savepoint agent-hook --install codex --user` */
export function installCommand({ agent, place }: Pick<HookState, 'agent' | 'place'>): string {
  return `savepoint agent-hook --install ${agent}${place === 'user' ? ' --user' : ''}`;
}

/** As people call it. */
export function agentTitle({ agent }: Pick<HookState, 'agent'>): string {
  return hookAgents[agent].title;
}

/**
 * The programs that a command of a hook needs: absolute paths, or `savepoint` by its name alone.
 * Quotes are gone; assignments before the command are no programs.
 */
export function programsOf(command: string): readonly string[] {
  const [before = ''] = command.split(/\sagent-hook\s/);
  const words = [...before.matchAll(/'([^']*)'|"([^"]*)"|([^\s'"]+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? '',
  );
  return words.filter((word) => word === 'savepoint' || /^(?:\/|[A-Za-z]:[\\/])/.test(word));
}
