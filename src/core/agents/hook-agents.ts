// The agents that have hooks: where their settings are, and what is written into them. Each entry runs
// `savepoint agent-hook NAME` before a tool that runs commands or writes files.

import { hookAgentNames, type HookAgentName } from '../documents/agent-hooks.ts';

/** An element of the array at `path` in the settings. */
export interface HookEntry {
  readonly path: readonly string[];
  readonly value: object;
}

export interface HookAgent {
  readonly name: HookAgentName;
  readonly title: string;
  /** Who is told to have run a command. */
  readonly actor: string;
  /** Relative to the project folder. */
  readonly projectFile: string;
  /** Relative to the home folder. */
  readonly userFile: string;
  /** What a settings file that is not there yet begins with. */
  readonly newFile: object;
  /** What a person does whose agent does not call it. */
  readonly whenSilent: string;
  /** @param command the shell command that starts us */
  readonly entries: (command: string) => readonly HookEntry[];
}

/** Our own limit is 10 s: whoever waits longer hears what became of it. */
const limitSeconds = 20;

/** Claude Code's form, which Codex has taken over. Behind a command the guard learns what it changed. */
const inGroups =
  (before: string, after: string) =>
  (command: string): readonly HookEntry[] =>
    [['PreToolUse', before] as const, ['PostToolUse', after] as const].map(([event, matcher]) => ({
      path: ['hooks', event],
      value: { matcher, hooks: [{ type: 'command', command, timeout: limitSeconds }] },
    }));

export const hookAgents: Readonly<Record<HookAgentName, HookAgent>> = {
  'claude-code': {
    name: 'claude-code',
    title: 'Claude Code',
    actor: 'Claude Code',
    // Not settings.json, which a team shares.
    projectFile: '.claude/settings.local.json',
    userFile: '.claude/settings.json',
    newFile: {},
    whenSilent: 'start Claude Code anew and look at /hooks in it',
    entries: inGroups(
      'Bash|PowerShell|Write|Edit|MultiEdit|NotebookEdit|mcp__.*',
      'Bash|PowerShell',
    ),
  },
  vscode: {
    name: 'vscode',
    title: 'VS Code',
    actor: 'Copilot',
    projectFile: '.github/hooks/savepoint.json',
    userFile: '.copilot/hooks/savepoint.json',
    newFile: {},
    whenSilent: 'look whether hooks are enabled in the settings of VS Code',
    // Without a matcher, which VS Code ignores: the hook itself looks at the tool.
    entries: (command) =>
      ['PreToolUse', 'PostToolUse'].map((event) => ({
        path: ['hooks', event],
        value: { type: 'command', command, timeout: limitSeconds },
      })),
  },
  cursor: {
    name: 'cursor',
    title: 'Cursor',
    actor: 'Cursor',
    projectFile: '.cursor/hooks.json',
    userFile: '.cursor/hooks.json',
    newFile: { version: 1 },
    whenSilent: 'start Cursor anew and look at Hooks in its settings',
    entries: (command) => [
      { path: ['hooks', 'beforeShellExecution'], value: { command, timeout: limitSeconds } },
      {
        path: ['hooks', 'preToolUse'],
        value: { command, matcher: 'Write|StrReplace|Edit|Delete|MCP', timeout: limitSeconds },
      },
      { path: ['hooks', 'afterShellExecution'], value: { command, timeout: limitSeconds } },
    ],
  },
  gemini: {
    name: 'gemini',
    title: 'Gemini CLI',
    actor: 'Gemini CLI',
    projectFile: '.gemini/settings.json',
    userFile: '.gemini/settings.json',
    newFile: {},
    whenSilent: 'start Gemini CLI anew and look at /hooks in it',
    entries: (command) =>
      [
        ['BeforeTool', 'run_shell_command|write_file|replace|mcp_.*'] as const,
        ['AfterTool', 'run_shell_command'] as const,
      ].map(([event, matcher]) => ({
        path: ['hooks', event],
        value: {
          matcher,
          // Milliseconds, unlike all others.
          hooks: [{ name: 'savepoint', type: 'command', command, timeout: limitSeconds * 1000 }],
        },
      })),
  },
  codex: {
    name: 'codex',
    title: 'Codex',
    actor: 'Codex',
    projectFile: '.codex/hooks.json',
    userFile: '.codex/hooks.json',
    newFile: {},
    whenSilent: 'trust it in Codex with /hooks',
    entries: inGroups('Bash|apply_patch|Write|Edit|mcp__.*', 'Bash'),
  },
};

/** Undefined for a name that is none; `gemini-cli`, `copilot` and `claude` are understood. */
export function findHookAgent(name: string): HookAgent | undefined {
  const plain = aliases[name.toLowerCase()] ?? name.toLowerCase();
  const known = hookAgentNames.find((one) => one === plain);
  return known === undefined ? undefined : hookAgents[known];
}

const aliases: Readonly<Record<string, HookAgentName>> = {
  claude: 'claude-code',
  copilot: 'vscode',
  code: 'vscode',
  'gemini-cli': 'gemini',
};

/** True for a command of a hook that starts us, whatever program it starts us with. */
export function isOwnCommand(command: string): boolean {
  return /(?:savepoint|cli\.js)\S*\s+agent-hook\s/.test(`${command.replaceAll('"', '')} `);
}
