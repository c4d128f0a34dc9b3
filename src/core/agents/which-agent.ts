// Which agent sent an event, where its settings did not name it: by what only that agent sends.

import type { HookAgentName } from '../documents/agent-hooks.ts';
import { hookAgents } from './hook-agents.ts';
import type { EventFields } from './tool-call.ts';

/** @param named as the settings have it */
export function whichAgent(named: HookAgentName | undefined, event: EventFields): HookAgentName {
  if (named !== undefined) return named;
  const sent = event['hook_event_name'];
  const name = typeof sent === 'string' ? sent : '';
  if ('cursor_version' in event || /^(?:before|pre|after)[A-Z]/.test(name)) return 'cursor';
  if (name === 'BeforeTool' || name === 'AfterTool') return 'gemini';
  const isVsCode = ['hookEventName', 'sessionId', 'toolName'].some((key) => key in event);
  return isVsCode ? 'vscode' : 'claude-code';
}

/** VS Code runs the hooks of Claude Code's settings, too: its tools have names of their own. */
export function actorOf(agent: HookAgentName, tool: string | null): string {
  const isVsCode = tool !== null && /^(?:run_in_terminal|runInTerminal|editFiles)$/.test(tool);
  return isVsCode ? hookAgents.vscode.actor : hookAgents[agent].actor;
}

/** True for an event that comes when a tool is done. */
export function isAfterTool(event: EventFields): boolean {
  const name = event['hook_event_name'] ?? event['hookEventName'];
  return typeof name === 'string' && /^(?:postToolUse|AfterTool|after[A-Z]\w*)$/i.test(name);
}
