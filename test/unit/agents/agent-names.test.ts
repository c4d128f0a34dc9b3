import { strictEqual } from 'node:assert/strict';
import { actorOf, whichAgent } from '../../../src/core/agents/which-agent.ts';
import { agentName } from '../../../src/core/agents/agent-names.ts';

describe('agentName', () => {
  it('is how people call it', () => {
    const cases: readonly (readonly [object, string | null])[] = [
      [{ name: 'claude-code', version: '3.0.0' }, 'Claude Code'],
      [{ name: 'Visual Studio Code' }, 'VS Code'],
      [{ name: 'codex-mcp-client', title: 'Codex' }, 'Codex'],
      [{ name: 'gemini-cli-mcp-client-savepoint' }, 'Gemini CLI'],
      [{ name: 'cursor-vscode' }, 'Cursor'],
      [{ name: 'my-agent', title: 'My Agent' }, 'My Agent'],
      [{ name: 'cursory' }, 'cursory'],
      [{ name: 'x'.repeat(50) }, `${'x'.repeat(37)}...`],
      [{ name: '' }, null],
      [{ name: 4 }, null],
      [{}, null],
    ];
    for (const [client, expected] of cases) strictEqual(agentName(client), expected);
  });
});

describe('whichAgent', () => {
  it('is the one that the settings name, else the one that sends such events', () => {
    strictEqual(whichAgent('codex', { hook_event_name: 'BeforeTool' }), 'codex');
    strictEqual(whichAgent(undefined, { hook_event_name: 'BeforeTool' }), 'gemini');
    strictEqual(whichAgent(undefined, { hook_event_name: 'beforeShellExecution' }), 'cursor');
    strictEqual(whichAgent(undefined, { hookEventName: 'PreToolUse' }), 'vscode');
    strictEqual(whichAgent(undefined, { hook_event_name: 'PreToolUse' }), 'claude-code');
    strictEqual(whichAgent(undefined, {}), 'claude-code');
  });

  it("knows the editor's own tools where it runs the hooks of another agent", () => {
    strictEqual(actorOf('claude-code', 'Bash'), 'Claude Code');
    strictEqual(actorOf('claude-code', 'run_in_terminal'), 'Copilot');
  });
});
