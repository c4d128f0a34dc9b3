// What agents write down of their own work, as far as it is known: where, and how a tool that our hook is
// for looks in it. Texts are searched and not parsed: they are long, cut, and of several versions.

import type { HookAgentName } from '../documents/agent-hooks.ts';

/** A tool in a record. Inside of texts quotes are escaped, so that none of these is found in what was only said. */
const toolMarks: Readonly<Record<HookAgentName, RegExp>> = {
  'claude-code':
    /"type":"tool_use"[^{}]*"name":"(?:Bash|PowerShell|Write|Edit|MultiEdit|NotebookEdit|mcp__)/g,
  vscode: /"kind":\s*"toolInvocationSerialized"/g,
  cursor: /"type":"tool_use"[^{}]*"name":"(?:Shell|Write|StrReplace|Edit|Delete|MCP|CallMcpTool)/g,
  gemini: /"name":\s*"(?:run_shell_command|write_file|replace|mcp_)/g,
  codex:
    /"type":"local_shell_call"|"type":"(?:function|custom_tool)_call"[^{}]*"name":"(?:shell|local_shell|exec_command|unified_exec|apply_patch|mcp__)/g,
};

const time = /"timestamp":\s*(?:"([^"]+)"|(\d{13}))/g;

/**
 * The last use of a tool that the agent's hook is called for: its time in ms, null where none stands
 * beside it. Undefined where there is no such use.
 * @param text a record, or its end
 */
export function lastToolUse(agent: HookAgentName, text: string): number | null | undefined {
  const mark = [...text.matchAll(toolMarks[agent])].at(-1);
  if (mark === undefined) return undefined;
  const start = text.lastIndexOf('\n', mark.index) + 1;
  const end = text.indexOf('\n', mark.index);
  const behind = text.slice(mark.index, end === -1 ? undefined : end);
  return (
    timesIn(behind).at(0) ??
    timesIn(text.slice(start, mark.index)).at(-1) ??
    timesIn(text.slice(mark.index)).at(0) ??
    null
  );
}

function timesIn(text: string): readonly number[] {
  return [...text.matchAll(time)]
    .map(([, iso, ms]) => (iso === undefined ? Number(ms) : Date.parse(iso)))
    .filter(Number.isFinite);
}

/** Claude Code's name for a folder, below `projects/`. */
export function claudeFolderName(projectPath: string): string {
  return projectPath.replaceAll(/[^A-Za-z0-9]/g, '-');
}

/** Cursor's, below `projects/`. */
export function cursorFolderName(projectPath: string): string {
  return projectPath.replaceAll(/[^A-Za-z0-9]+/g, '-').replace(/^-/, '');
}

/** True where the head of a record of Codex names the folder. */
export function codexRanIn(head: string, projectPath: string): boolean {
  return head.includes(`"cwd":${JSON.stringify(projectPath)}`);
}

/** True where VS Code's workspace.json is of this folder, on this machine or another. */
export function isWorkspaceOf(text: string, projectPath: string): boolean {
  const [, address = ''] = /"folder":\s*"([^"]*)"/.exec(text) ?? [];
  try {
    const { pathname } = new URL(address);
    return decodeURIComponent(pathname) === projectPath;
  } catch {
    // A workspace of several folders, or no address.
    return false;
  }
}
