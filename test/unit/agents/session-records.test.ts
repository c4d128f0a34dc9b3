// What agents write down of their own work: where a tool was used last, and in which folder.

import { deepStrictEqual, equal } from 'node:assert/strict';
import type { HookAgentName } from '../../../src/core/documents/agent-hooks.ts';
import { isSilentHook } from '../../../src/core/agents/hook-state.ts';
import {
  claudeFolderName,
  codexRanIn,
  cursorFolderName,
  isWorkspaceOf,
  lastToolUse,
} from '../../../src/core/agents/session-records.ts';

const at = '2026-11-20T14:32:05.000Z';
const later = '2026-11-20T15:00:00.000Z';
const lines = (...all: readonly object[]): string =>
  all.map((one) => `${JSON.stringify(one)}\n`).join('');

const claude = (name: string, timestamp: string, input: object = {}): object => ({
  message: { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name, input }] },
  type: 'assistant',
  timestamp,
});
const claudeText = (text: string, timestamp: string): object => ({
  message: { role: 'assistant', content: [{ type: 'text', text }] },
  type: 'assistant',
  timestamp,
});

describe('lastToolUse', () => {
  const check = (agent: HookAgentName, text: string, expected: string | null | undefined): void =>
    equal(lastToolUse(agent, text), typeof expected === 'string' ? Date.parse(expected) : expected);

  it('is the last command or change of Claude Code, not what it read or said afterwards', () => {
    const said = claudeText('{"type":"tool_use","id":"x","name":"Bash"}', later);
    check('claude-code', lines(claude('Bash', at), claude('Read', later), said), at);
    check('claude-code', lines(claude('Read', at), said), undefined);
    check('claude-code', lines(claude('mcp__db__query', at)), at);
  });

  it('knows a call of Codex, which says the time first', () => {
    const call = (type: string, name?: string): object => ({
      timestamp: at,
      type: 'response_item',
      payload: { type, name },
    });
    check('codex', lines(call('function_call', 'exec_command'), call('message')), at);
    check('codex', lines(call('custom_tool_call', 'apply_patch')), at);
    check('codex', lines(call('local_shell_call')), at);
    check('codex', lines(call('function_call', 'update_plan')), undefined);
  });

  it('reads records of Gemini CLI in lines and as one document', () => {
    const message = {
      id: '1',
      timestamp: at,
      type: 'gemini',
      toolCalls: [{ id: 'r', name: 'run_shell_command', args: {}, timestamp: later }],
    };
    check('gemini', lines(message), later);
    check('gemini', JSON.stringify({ messages: [message] }, null, 2), later);
    check('gemini', lines({ ...message, toolCalls: [{ name: 'read_file' }] }), undefined);
  });

  it('has no time where the agent writes none, and knows times in milliseconds', () => {
    const use = { type: 'tool_use', name: 'Shell', input: {} };
    check('cursor', lines({ role: 'assistant', message: { content: [use] } }), null);
    const request = {
      response: [{ kind: 'toolInvocationSerialized' }],
      timestamp: Date.parse(at),
    };
    check('vscode', JSON.stringify({ requests: [request] }), at);
  });
});

describe('the folders of agents', () => {
  it('are named for the project', () => {
    equal(claudeFolderName('/home/me/my_app.v2'), '-home-me-my-app-v2');
    equal(cursorFolderName('/home/me/my_app.v2'), 'home-me-my-app-v2');
    equal(codexRanIn('{"payload":{"id":"1","cwd":"/home/me/app"}}', '/home/me/app'), true);
    equal(codexRanIn('{"payload":{"id":"1","cwd":"/home/me/app2"}}', '/home/me/app'), false);
    const workspace = JSON.stringify({ folder: 'file:///home/me/my%20app' });
    deepStrictEqual(
      ['/home/me/my app', '/home/me'].map((path) => isWorkspaceOf(workspace, path)),
      [true, false],
    );
  });
});

describe('isSilentHook', () => {
  const hour = 3_600_000;
  const run = (hours: number) => ({ ranMs: hours * hour, leastMs: hours * hour });

  it('is true where the agent ran after the last call, with room for a long command', () => {
    equal(isSilentHook('project', 10 * hour, run(12)), true);
    equal(isSilentHook('user', 10 * hour, run(12)), true);
    equal(isSilentHook('project', 10 * hour, run(10.1)), false);
    equal(isSilentHook('project', 10 * hour, run(9)), false);
    equal(isSilentHook('project', 10 * hour, undefined), false);
    equal(isSilentHook('project', 10 * hour, { ranMs: 12 * hour, leastMs: 9 * hour }), false);
  });

  it('is true for a hook of the project that was never called, and for one of the user where the agent ran', () => {
    equal(isSilentHook('project', undefined, undefined), true);
    equal(isSilentHook('user', undefined, undefined), false);
    equal(isSilentHook('user', undefined, run(1)), true);
  });
});
