// Which agent sent an event, where its settings did not name it: by what only that agent sends.

import { hookAgents, type HookAgentName } from './hook-agents.ts';

/** @param named as the settings have it */
export function whichAgent(named: HookAgentName | undefined, event: string): HookAgentName {
  if (named !== undefined) return named;
  if (/"cursor_version"|"hook_event_name"\s*:\s*"(?:before|pre|after)[A-Z]/.test(event))
    return 'cursor';
  if (/"hook_event_name"\s*:\s*"BeforeTool"/.test(event)) return 'gemini';
  return /"hookEventName"|"sessionId"|"toolName"/.test(event) ? 'vscode' : 'claude-code';
}

/** VS Code runs the hooks of Claude Code's settings, too: its tools have names of their own. */
export function actorOf(agent: HookAgentName, tool: string | null): string {
  const isVsCode = tool !== null && /^(?:run_in_terminal|runInTerminal|editFiles)$/.test(tool);
  return isVsCode ? hookAgents.vscode.actor : hookAgents[agent].actor;
}
