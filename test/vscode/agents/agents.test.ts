// What the chat of the editor may call, and the MCP server that the extension brings.

import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import {
  commands,
  extensions,
  LanguageModelTextPart,
  lm,
  type McpStdioServerDefinition,
} from 'vscode';
import type { RestorePlanDocument, SnapshotEntry } from '../../../src/core/documents/documents.ts';
import { serverDefinitions } from '../../../src/vscode/agents/mcp-servers.ts';
import { restoreForAgent, type Decision } from '../../../src/vscode/agents/restore-for-agent.ts';
import { quietCall } from '../../../src/vscode/host/with-progress.ts';
import { activated, savepoint, workspaceDir } from '../../support/extension.ts';
import { until } from '../../support/until.ts';
import type { AgentToolInput } from '../../../src/vscode/agents/agent-tool.ts';

const changedFile = 'data/projects/_default/alpha/main/gemini/pro/plan.json';

describe('the tools of language models', () => {
  it('are those that package.json declares', async () => {
    await activated();
    const ours = lm.tools.filter(({ name }) => name.startsWith('savepoint_'));
    deepStrictEqual(ours.map(({ name }) => name).toSorted(), [
      'savepoint_diff',
      'savepoint_list',
      'savepoint_restore',
      'savepoint_snapshot',
    ]);
  });

  it('save, list and compare', async () => {
    await activated();
    match(await invoke('savepoint_list', {}), /No snapshot yet/);
    match(await invoke('savepoint_snapshot', { label: 'From chat' }), /Saved \S+ "From chat"/);
    await writeFile(join(workspaceDir(), changedFile), '{"pages": 3}');
    match(await invoke('savepoint_diff', {}), /plan\.json/);
    const [entry] = JSON.parse(await savepoint('list', '--json')) as SnapshotEntry[];
    deepStrictEqual(
      [entry?.label, entry?.reason, entry?.actor],
      ['From chat', 'guard', 'VS Code agent'],
    );
  });

  it('answer a wrong call in words', async () => {
    await activated();
    match(await invoke('savepoint_diff', { a: 'nothing-of-the-kind' }), /nothing-of-the-kind/);
    match(await invoke('savepoint_list', { folder: '/' }), /not in an open folder/);
  });
});

describe('a restore that an agent asks for', () => {
  it('changes nothing where the person refuses', async () => {
    const { answer, asked } = await restore('Refuse');
    match(answer, /^Refused: the user does not want to restore \w{4}\. Nothing was changed\.$/);
    strictEqual(asked.length, 1);
    strictEqual(await read(), '{"pages": 3}');
  });

  it('opens the preview where the person wants to look, and changes nothing', async () => {
    const services = await activated();
    const { answer } = await restore('Show Preview');
    match(answer, /Nothing was changed yet/);
    await until('the preview', () => services.previews.session !== undefined);
    strictEqual(await read(), '{"pages": 3}');
    await commands.executeCommand('savepoint.preview.close');
  });

  it('restores what the person agreed to', async () => {
    const { answer, asked } = await restore('Restore');
    match(answer, /Restored .*"From chat"/);
    strictEqual(asked[0]?.fileChanges.length, 1);
    strictEqual(await read(), '{"pages": 2}');
  });
});

describe('the MCP server of the extension', () => {
  it('is one for each folder, run by the editor, and answers', async () => {
    const { extensionPath } = extensions.getExtension('savepoint.savepoint') ?? {};
    const cliFile = join(extensionPath ?? '', 'dist/cli.js');
    const folders = [workspaceDir()];
    const [server] = serverDefinitions({ folders, cliFile, cliPath: undefined, version: '1' });
    ok(server);
    strictEqual(server.label, 'Savepoint');
    const client = await connect(server);
    const { tools } = await client.listTools();
    deepStrictEqual(
      tools.map(({ name }) => name),
      ['snapshot', 'list', 'diff', 'check', 'restore'],
    );
    const { isError, content } = await client.callTool({ name: 'list', arguments: {} });
    strictEqual(isError ?? false, false);
    match(JSON.stringify(content), /From chat/);
    await client.close();
  });

  it('is started by the editor, whose chat then has its tools', async () => {
    await activated();
    const all = { waitForLiveTools: true, autoTrustChanges: true };
    await commands.executeCommand('workbench.mcp.startServer', '*', all);
    const ours = await until('the tools of the server', () => {
      const names = lm.tools.map(({ name }) => name).filter((name) => name.startsWith('mcp_'));
      return names.length > 0 && names;
    });
    deepStrictEqual(ours.toSorted(), [
      'mcp_savepoint_check',
      'mcp_savepoint_diff',
      'mcp_savepoint_list',
      'mcp_savepoint_restore',
      'mcp_savepoint_snapshot',
    ]);
    match(await invoke('mcp_savepoint_list', {}), /From chat/);
  });

  it("is the user's own command line where the setting names one", () => {
    const place = { folders: ['/p/one', '/p/two'], cliFile: '/x/cli.js', version: '1' };
    const servers = serverDefinitions({ ...place, cliPath: '/usr/bin/savepoint' });
    deepStrictEqual(
      servers.map(({ label, command, args }) => [label, command, args]),
      [
        ['Savepoint (one)', '/usr/bin/savepoint', ['mcp', '--cwd', '/p/one']],
        ['Savepoint (two)', '/usr/bin/savepoint', ['mcp', '--cwd', '/p/two']],
      ],
    );
  });
});

async function invoke(name: string, input: AgentToolInput): Promise<string> {
  const { content } = await lm.invokeTool(name, { input, toolInvocationToken: undefined });
  return content.map((part) => (part instanceof LanguageModelTextPart ? part.value : '')).join('');
}

async function restore(
  decision: Decision,
): Promise<{ readonly answer: string; readonly asked: readonly RestorePlanDocument[] }> {
  const services = await activated();
  const [project] = services.projects.all;
  if (project === undefined) throw new Error('no project');
  const asked: RestorePlanDocument[] = [];
  const lines = await restoreForAgent(
    { services, project, call: quietCall() },
    { snapshot: 'From chat' },
    async (plan) => {
      asked.push(plan);
      return decision;
    },
  );
  return { answer: lines.join('\n'), asked };
}

async function read(): Promise<string> {
  return readFile(join(workspaceDir(), changedFile), 'utf8');
}

async function connect({ command, args, env }: McpStdioServerDefinition): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  const inherited = Object.entries({ ...process.env, ...env }).flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [[name, String(value)]],
  );
  const variables = Object.fromEntries(inherited) as Record<string, string>;
  await client.connect(new StdioClientTransport({ command, args, env: variables, stderr: 'pipe' }));
  return client;
}
