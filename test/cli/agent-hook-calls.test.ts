// `savepoint doctor` tells of a hook that its agent never called, or not when it ran last.

import { deepStrictEqual, match, ok } from 'node:assert/strict';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCliWithInput } from '../support/agent-hooks.ts';
import { cliProject, type CliProject } from '../support/cli.ts';
import { database } from '../support/sqlite.ts';
import { file } from '../support/tree.ts';
import { until } from '../support/until.ts';

interface Hook {
  readonly agent: string;
  readonly lastCalledAt: string | null;
  readonly agentRanAt: string | null;
  readonly silent: boolean;
}

/** Before a day long ago. */
const hoursAgo = (hours: number): string =>
  new Date(Date.UTC(2020, 0, 20, 12) - hours * 3_600_000).toISOString();

async function withHook(name: string, ...args: readonly string[]): Promise<CliProject> {
  const project = await cliProject({ 'data/app.db': database() });
  project.savepoint('agent-hook', '--install', name, '--yes', ...args);
  return project;
}

function hookOf(project: CliProject): Hook | undefined {
  return (project.json(0, 'doctor') as { readonly hooks: readonly Hook[] }).hooks[0];
}

function call({ dir, env }: CliProject, name: string, command: string): void {
  const event = { hook_event_name: 'PreToolUse', tool_name: 'Bash', cwd: dir, command };
  runCliWithInput(['agent-hook', name], JSON.stringify(event), { cwd: dir, env });
}

/** The last call becomes one of so many hours ago. */
function ageCall({ storeDir }: CliProject, hours: number): void {
  const [name = ''] = readdirSync(join(storeDir, 'hook-calls'));
  writeFileSync(join(storeDir, 'hook-calls', name), `${hoursAgo(hours)}\n`);
}

/** As Claude Code writes down a command that it ran. */
function ranInClaude({ dir, env }: CliProject, hours: number, tool = 'Bash'): void {
  const folder = join(env['HOME'] ?? '', '.claude/projects', dir.replaceAll(/[^A-Za-z0-9]/g, '-'));
  mkdirSync(folder, { recursive: true });
  const content = [{ type: 'tool_use', id: 'toolu_1', name: tool, input: {} }];
  const line = { message: { role: 'assistant', content }, timestamp: hoursAgo(hours) };
  writeFileSync(join(folder, `${hours}.jsonl`), `${JSON.stringify(line)}\n`);
}

describe('a hook that is not called', () => {
  it('is told while it was never called, and is well after its first call, of a harmless command too', async () => {
    const project = await withHook('claude-code');
    match(
      project.savepoint('doctor').stdout,
      /^! Claude Code +hook \(project\) installed, never called; once/m,
    );
    call(project, 'claude-code', 'ls');
    const { lastCalledAt, silent } = hookOf(project) ?? {};
    ok(typeof lastCalledAt === 'string');
    deepStrictEqual(silent, false);
    match(project.savepoint('doctor').stdout, /^✓ agents +claude-code \(project\)$/m);
  });

  it('is told where the agent ran a command after the last call, with what to do', async () => {
    const project = await withHook('claude-code');
    call(project, 'claude-code', 'ls');
    ageCall(project, 72);
    ranInClaude(project, 2);
    deepStrictEqual(hookOf(project)?.silent, true);
    const words = project.savepoint('doctor').stdout.replaceAll(/\s+/g, ' ');
    match(
      words,
      /! Claude Code hook \(project\) last called Fri, 17 January 2020 12:00, Claude Code ran Mon, 20 January 2020 10:00; NOT saved/,
    );
    match(words, /look at \/hooks in it, or savepoint agent-hook --install claude-code/);
  });

  it('is well where the agent only read since, or ran before the last call', async () => {
    const project = await withHook('claude-code');
    call(project, 'claude-code', 'ls');
    ageCall(project, 3);
    ranInClaude(project, 5);
    ranInClaude(project, 1, 'Read');
    deepStrictEqual(hookOf(project)?.silent, false);
  });

  it("of the user's is told only in projects where the agent was", async () => {
    const project = await withHook('codex', '--user');
    deepStrictEqual(hookOf(project)?.silent, false);
    const day = join(project.env['HOME'] ?? '', '.codex/sessions/2026/11/20');
    mkdirSync(day, { recursive: true });
    const lines = [
      { timestamp: hoursAgo(4), type: 'session_meta', payload: { id: '1', cwd: project.dir } },
      { timestamp: hoursAgo(3), type: 'response_item', payload: { type: 'local_shell_call' } },
    ];
    const text = lines.map((line) => JSON.stringify(line)).join('\n');
    writeFileSync(join(day, 'rollout-1.jsonl'), text);
    deepStrictEqual(hookOf(project)?.silent, true);
    match(project.savepoint('doctor').stdout, /trust it in Codex with \/hooks/);
  });
});

describe('a command of an agent that changes data', () => {
  it('is learned by the hook behind it, and saved before from then on', async () => {
    const project = await withHook('claude-code');
    const { dir, env } = project;
    const event = (hook_event_name: string) => ({
      hook_event_name,
      tool_name: 'Bash',
      cwd: dir,
      tool_input: { command: 'npx vitest run a.spec.ts' },
    });
    const hook = (name: string): string =>
      runCliWithInput(['agent-hook', 'claude-code'], JSON.stringify(event(name)), { cwd: dir, env })
        .stdout;
    deepStrictEqual(JSON.parse(hook('PreToolUse')), {});
    writeFileSync(join(dir, 'data/made.txt'), 'x');
    deepStrictEqual(JSON.parse(hook('PostToolUse')), {});
    await until('it is learned', () => learnedIn(project).length > 0);
    deepStrictEqual(learnedIn(project), ['vitest']);
    match(hook('PreToolUse'), /Savepoint saved/);
  });
});

describe('savepoint run', () => {
  it('learns what its command changed, once that is over', async () => {
    const project = await cliProject({
      'data/app.db': database(),
      'scripts/check.sh': 'date >data/made.txt\n',
      'package.json': '{ "scripts": { "test": "vitest" } }',
      'node_modules/.bin/vitest': file('#!/bin/sh\ndate >data/made.txt\n', { mode: 0o755 }),
    });
    project.savepoint('snapshot');
    const ran = project.savepoint('run', '--match', '--', './node_modules/.bin/vitest', 'run');
    deepStrictEqual([ran.code, ran.stderr], [0, '']);
    await until('it is learned', () => learnedIn(project).length > 0);
    deepStrictEqual(learnedIn(project), ['vitest']);
    match(
      project.savepoint('run', '--match', '--', './node_modules/.bin/vitest').stderr,
      /savepoint: saved/,
    );
  });
});

function learnedIn(project: CliProject): readonly string[] {
  const { learned } = project.json(0, 'doctor') as {
    readonly learned: readonly { readonly command: string }[];
  };
  return learned.map(({ command }) => command);
}
