import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { readToolUse, type EventFields, type ToolUse } from '../../../src/core/agents/tool-call.ts';

const nothing: ToolUse = { tool: null, cwd: null, commands: [], paths: [], sql: [] };

function check(event: EventFields, expected: Partial<ToolUse>): void {
  deepStrictEqual(readToolUse(event), { ...nothing, ...expected });
}

const command = 'npx prisma migrate reset --force';
const cwd = '/home/mira/app';

describe('readToolUse', () => {
  it('reads a shell command of each agent', () => {
    const claude = {
      session_id: 'abc',
      transcript_path: '/home/mira/.claude/projects/x.jsonl',
      cwd,
      permission_mode: 'default',
      hook_event_name: 'PreToolUse',
      tool_name: 'Bash',
      tool_input: { command, description: 'Reset the database', timeout: 120000 },
      tool_use_id: 'toolu_01',
    };
    check(claude, { tool: 'Bash', cwd, commands: [command] });
    const cursor = {
      conversation_id: 'c',
      generation_id: 'g',
      hook_event_name: 'beforeShellExecution',
      cursor_version: '2.4.1',
      workspace_roots: [cwd],
      command,
      cwd: '',
    };
    check(cursor, { cwd, commands: [command] });
    const vscode = {
      timestamp: '2026-11-20T10:30:00.000Z',
      cwd,
      sessionId: 's',
      hookEventName: 'PreToolUse',
      tool_name: 'run_in_terminal',
      tool_input: { command, explanation: 'Reset', isBackground: false },
      tool_use_id: 't',
    };
    check(vscode, { tool: 'run_in_terminal', cwd, commands: [command] });
    const gemini = {
      session_id: 's',
      cwd,
      hook_event_name: 'BeforeTool',
      tool_name: 'run_shell_command',
      tool_input: { command, description: 'Reset', dir_path: 'packages/db' },
    };
    check(gemini, { tool: 'run_shell_command', cwd, commands: [command] });
    const codex = {
      session_id: 's',
      turn_id: 't',
      cwd,
      hook_event_name: 'PreToolUse',
      tool_name: 'Bash',
      tool_input: { command: ['bash', '-lc', command], workdir: '/home/mira/app/api' },
    };
    check(codex, {
      tool: 'Bash',
      cwd: '/home/mira/app/api',
      commands: [['bash', '-lc', command]],
    });
    const copilot = { timestamp: 1, cwd, toolName: 'bash', toolArgs: JSON.stringify({ command }) };
    check(copilot, { tool: 'bash', cwd, commands: [command] });
  });

  it('reads which files a tool writes, moves or deletes, and not those that it reads', () => {
    const paths = (tool_name: string, tool_input: unknown): readonly string[] =>
      readToolUse({ tool_name, tool_input }).paths;
    deepStrictEqual(paths('Write', { file_path: 'data/a.json', content: '{}' }), ['data/a.json']);
    deepStrictEqual(paths('Edit', { file_path: '/p/a', old_string: 'x', new_string: 'y' }), [
      '/p/a',
    ]);
    deepStrictEqual(paths('NotebookEdit', { notebook_path: 'n.ipynb' }), ['n.ipynb']);
    deepStrictEqual(paths('editFiles', { files: ['a', { filePath: 'b' }] }), ['a', 'b']);
    deepStrictEqual(paths('create_file', { filePath: 'data/new' }), ['data/new']);
    deepStrictEqual(paths('Delete', { path: 'data' }), ['data']);
    deepStrictEqual(paths('mcp__files__move_file', { source: 'a', destination: 'b' }), ['a', 'b']);
    deepStrictEqual(paths('Read', { file_path: 'data/a.json' }), []);
    deepStrictEqual(paths('read_file', { path: 'data/a.json' }), []);
    deepStrictEqual(paths('list_directory', { path: 'data' }), []);
  });

  it('reads the paths of a patch', () => {
    const patch =
      '*** Begin Patch\n*** Update File: data/a\n*** Move to: data/b\n@@\n*** End Patch';
    for (const tool_input of [{ input: patch }, { command: patch }, { patch }, patch]) {
      const use = readToolUse({ tool_name: 'apply_patch', tool_input });
      deepStrictEqual(use.paths, ['data/a', 'data/b']);
    }
  });

  it('knows SQL that changes data from SQL that reads', () => {
    const sql = (query: string): boolean =>
      readToolUse({ tool_name: 'mcp__sqlite__query', tool_input: { query } }).sql.length === 1;
    for (const text of ['DELETE FROM t', ' drop table t', '-- all\nUPDATE t SET a = 1'])
      strictEqual(sql(text), true, text);
    for (const text of ['SELECT * FROM t', 'pragma table_info(t)', 'deleted items', 'query { a }'])
      strictEqual(sql(text), false, text);
  });

  it('takes any object as it is', () => {
    check({}, {});
    check({ tool_name: 4, tool_input: [1], cwd: {}, command: { a: 1 } }, {});
    fc.assert(fc.property(fc.object(), (event) => void readToolUse(event)));
    fc.assert(
      fc.property(fc.object(), fc.string(), (tool_input, tool_name) => {
        readToolUse({ tool_name, tool_input });
      }),
    );
  });
});
