// How agents are called where people read of them.

import { cut } from '../format/width.ts';

/** Names that MCP clients give of themselves, by how they begin. */
const clients: readonly (readonly [string, string])[] = [
  ['claude-code', 'Claude Code'],
  ['claude-ai', 'Claude'],
  ['claude', 'Claude'],
  ['cursor', 'Cursor'],
  ['visual studio code', 'VS Code'],
  ['visual-studio-code', 'VS Code'],
  ['vscode', 'VS Code'],
  ['copilot', 'Copilot'],
  ['github-copilot', 'Copilot'],
  ['codex', 'Codex'],
  ['gemini-cli', 'Gemini CLI'],
  ['windsurf', 'Windsurf'],
  ['cline', 'Cline'],
  ['zed', 'Zed'],
];

const maxLength = 40;

/**
 * The agent's name for people: `claude-code` is Claude Code; one that is not known is called as it
 * calls itself, in at most 40 characters. Null where it gave no name.
 */
export function agentName(client: {
  readonly name?: unknown;
  readonly title?: unknown;
}): string | null {
  const name = typeof client.name === 'string' ? client.name.trim() : '';
  const lower = name.toLowerCase();
  const known = clients.find(([start]) => lower === start || lower.startsWith(`${start}-`));
  if (known !== undefined) return known[1];
  const title = typeof client.title === 'string' ? client.title.trim() : '';
  return cut(title || name, maxLength) || null;
}
