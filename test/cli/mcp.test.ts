// `savepoint mcp`, asked by the SDK's own client over stdio, in both revisions of the protocol.

import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import manifest from '../../package.json' with { type: 'json' };
import { cliFile, cliProject, startCli, type CliProject } from '../support/cli.ts';
import { database } from '../support/sqlite.ts';
import type { Tree } from '../support/tree.ts';

const revisions = ['legacy', 'auto'] as const;
type Revision = (typeof revisions)[number];

interface Asked {
  readonly message: string;
  readonly requestedSchema?: unknown;
}

interface Session {
  readonly client: Client;
  readonly project: CliProject;
  readonly asked: Asked[];
  readonly call: (name: string, args?: Record<string, unknown>) => Promise<Called>;
}

interface Called {
  readonly text: string;
  readonly document: Record<string, unknown>;
  readonly isError: boolean;
}

type Answer = { action: 'accept'; content: { decision: string } } | { action: 'decline' };

const data: Tree = {
  'data/app.db': database('CREATE TABLE t(a INTEGER PRIMARY KEY, b); INSERT INTO t VALUES (1, 2)'),
  'data/files/a.txt': 'one',
  'data/files/b.txt': 'two',
};

const open: Client[] = [];

/** @param answers what the person chooses, one after the other; null: the client cannot ask. */
async function session(
  revision: Revision,
  answers: readonly Answer[] | null = null,
  entries: Tree = data,
): Promise<Session> {
  const project = await cliProject(entries);
  const asked: Asked[] = [];
  const left = [...(answers ?? [])];
  const client = new Client(
    { name: 'claude-code', version: '3.0.0' },
    {
      capabilities: answers === null ? {} : { elicitation: { form: {} } },
      versionNegotiation: { mode: revision },
    },
  );
  if (answers !== null) {
    client.setRequestHandler('elicitation/create', async ({ params }) => {
      asked.push(params);
      return left.shift() ?? { action: 'cancel' };
    });
  }
  const env = { PATH: process.env['PATH'] ?? '', TZ: 'UTC', ...project.env };
  const args = [cliFile(), 'mcp'];
  const command = process.execPath;
  open.push(client);
  await client.connect(
    new StdioClientTransport({ command, args, env, cwd: project.dir, stderr: 'pipe' }),
  );
  const call: Session['call'] = async (name, given = {}) => {
    const result = await client.callTool({ name, arguments: given });
    const [block] = result.content;
    return {
      text: block?.type === 'text' ? block.text : '',
      document: (result.structuredContent ?? {}) as Record<string, unknown>,
      isError: result.isError === true,
    };
  };
  return { client, project, asked, call };
}

afterEach(async () => {
  for (const client of open.splice(0)) await client.close();
});

for (const revision of revisions) {
  describe(`savepoint mcp (${revision === 'legacy' ? '2025' : '2026'} revision)`, () => {
    it('tells what it is and which tools there are', async () => {
      const { client } = await session(revision);
      const { name, title, version } = client.getServerVersion() ?? {};
      deepStrictEqual([name, title, version], ['savepoint', 'Savepoint', manifest.version]);
      const { tools } = await client.listTools();
      deepStrictEqual(
        tools.map((tool) => [tool.name, tool.annotations?.readOnlyHint]),
        [
          ['snapshot', false],
          ['list', true],
          ['diff', true],
          ['check', true],
          ['restore', false],
        ],
      );
      for (const { inputSchema, description } of tools) {
        strictEqual(inputSchema.type, 'object');
        ok((description ?? '').length > 20);
      }
    });

    it('saves, lists and compares without asking anybody', async () => {
      const { call, project } = await session(revision);
      const saved = await call('snapshot', { label: 'Before migration' });
      match(saved.text, /Saved \S+ "Before migration"/);
      writeFileSync(join(project.dir, 'data/files/c.txt'), 'three');
      const listed = await call('list');
      const [entry] = listed.document['snapshots'] as Record<string, unknown>[];
      deepStrictEqual(
        [entry?.['id'], entry?.['reason'], entry?.['actor'], entry?.['label']],
        [saved.document['id'], 'guard', 'Claude Code', 'Before migration'],
      );
      const { text, document } = await call('diff');
      match(text, /c\.txt/);
      deepStrictEqual(document['files'], {
        added: ['data/files/c.txt'],
        removed: [],
        modified: [],
      });
    });

    it('tells how far it is where that is asked for', async () => {
      const { client } = await session(revision);
      const heard: { progress: number; message?: string | undefined }[] = [];
      await client.callTool(
        { name: 'snapshot' },
        { onprogress: (event) => void heard.push(event) },
      );
      ok(heard.length > 0);
      deepStrictEqual(
        heard.map(({ progress }) => progress),
        heard.map((_event, index) => index + 1),
      );
      ok(heard.every(({ message }) => /^[a-z ]+(, [\d,]+ of [\d,]+ files)?$/.test(message ?? '')));
    });

    it('checks metadata against files', async () => {
      const { call } = await session(revision);
      const { document, isError } = await call('check');
      deepStrictEqual([isError, document['mismatches']], [false, []]);
    });

    it('refuses a restore where nobody can be asked, and changes nothing', async () => {
      const { call, project } = await session(revision);
      const { document } = await call('snapshot');
      writeFileSync(join(project.dir, 'data/files/a.txt'), 'changed');
      const { text, isError } = await call('restore', { snapshot: 'latest' });
      const short = String(document['id']).slice(-4);
      strictEqual(
        text,
        `Refused: a restore needs a person. Ask the user to run: savepoint restore ${short}`,
      );
      strictEqual(isError, true);
      strictEqual(readFileSync(join(project.dir, 'data/files/a.txt'), 'utf8'), 'changed');
      strictEqual((project.json(0, 'list') as unknown[]).length, 1);
    });

    it('restores what a person agreed to, after a safety snapshot', async () => {
      const answers: Answer[] = [
        { action: 'accept', content: { decision: 'Show Preview' } },
        { action: 'accept', content: { decision: 'Restore' } },
      ];
      const { call, project, asked } = await session(revision, answers);
      await call('snapshot', { label: 'Good' });
      writeFileSync(join(project.dir, 'data/files/a.txt'), 'changed');
      writeFileSync(join(project.dir, 'data/files/new.txt'), 'new');
      const { text, isError, document } = await call('restore', { snapshot: 'Good' });
      strictEqual(isError, false, text);
      match(text, /Restored .*"Good"/);
      match(String(document['safetySnapshot']), /^\d{8}T\d{6}Z-/);
      strictEqual(readFileSync(join(project.dir, 'data/files/a.txt'), 'utf8'), 'one');
      ok(!existsSync(join(project.dir, 'data/files/new.txt')));
      match(
        asked[0]?.message ?? '',
        /^Claude Code asks to restore "Good" \(\d\d:\d\d\): 2 files change; 1 of these files is deleted\. A safety snapshot is taken first\.$/,
      );
      match(asked[1]?.message ?? '', /new\.txt/);
      strictEqual(asked.length, 2);
    });

    it('changes nothing where the person refuses, closes the form or answers something else', async () => {
      const answers: Answer[] = [
        { action: 'decline' },
        { action: 'accept', content: { decision: 'Refuse' } },
      ];
      const { call, project, asked } = await session(revision, answers);
      await call('snapshot');
      writeFileSync(join(project.dir, 'data/files/a.txt'), 'changed');
      for (let round = 0; round < 3; round += 1) {
        const { text, isError } = await call('restore', { snapshot: 'latest' });
        match(text, /^Refused: the user does not want to restore \w{4}\. Nothing was changed\.$/);
        strictEqual(isError, true);
      }
      strictEqual(asked.length, 3);
      strictEqual(readFileSync(join(project.dir, 'data/files/a.txt'), 'utf8'), 'changed');
    });

    it('answers a wrong call in words, and goes on', async () => {
      const { call } = await session(revision);
      const unknown = await call('diff', { a: 'nothing' });
      deepStrictEqual([unknown.isError, /nothing/.test(unknown.text)], [true, true]);
      const misspelt = await call('list', { limt: 3 });
      strictEqual(misspelt.isError, true);
      const elsewhere = await call('list', { folder: '/nowhere/at/all' });
      deepStrictEqual([elsewhere.isError, /\/nowhere\/at\/all/.test(elsewhere.text)], [true, true]);
      strictEqual((await call('list')).isError, false);
    });
  });
}

describe('savepoint mcp', () => {
  it('tells in words that there is no data, and works in a folder that a call names', async () => {
    const { call } = await session('auto', null, { 'README.md': 'no data' });
    const none = await call('snapshot');
    strictEqual(none.isError, true);
    match(none.text, /no data directory/i);
    const other = await cliProject(data);
    const saved = await call('snapshot', { folder: other.dir });
    deepStrictEqual(saved.document['dataDirs'], ['data']);
  });

  it('ends when its client is gone, and says nothing on stdout by itself', async () => {
    const { dir, env } = await cliProject(data);
    const child = startCli(['mcp'], { cwd: dir, env });
    let stdout = '';
    child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    child.stdin?.end();
    deepStrictEqual([await ended, stdout], [0, '']);
  });
});
