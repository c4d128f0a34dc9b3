// `savepoint agent-hook`: what agents send, what they get, and that they are never held up.

import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { cleanPlace, runCliWithInput } from '../support/agent-hooks.ts';
import {
  cliProject,
  runCli,
  runInTerminal,
  startCli,
  type CliProject,
  type Ran,
} from '../support/cli.ts';
import { database } from '../support/sqlite.ts';

const savedText = /^Savepoint saved \d{8}T\d{6}Z-\w{4} before this command\.$/;

interface Entry {
  readonly command: string | null;
  readonly actor: string | null;
  readonly reason: string;
}

const entriesOf = (project: CliProject): readonly Entry[] =>
  project.json(0, 'list') as readonly Entry[];

async function withData(): Promise<CliProject> {
  return await cliProject({
    'data/app.db': database(),
    'data/files/a.txt': 'one',
    'src/index.ts': '',
    'package.json': '{"scripts": {"db:reset": "prisma migrate reset --force"}}',
  });
}

function hook(project: CliProject, args: readonly string[], event: unknown): Ran {
  const input = typeof event === 'string' ? event : JSON.stringify(event);
  const { dir: cwd, env } = project;
  return runCliWithInput(['agent-hook', ...args], input, { cwd, env });
}

/** The answer, from a hook that ended well. */
function answerOf({ code, stdout, stderr }: Ran): Record<string, unknown> {
  deepStrictEqual([code, stderr], [0, '']);
  return JSON.parse(stdout) as Record<string, unknown>;
}

const contextOf = (answer: Record<string, unknown>): string => {
  const { hookEventName, additionalContext } = answer['hookSpecificOutput'] as Record<
    string,
    string
  >;
  strictEqual(hookEventName, 'PreToolUse');
  return additionalContext ?? '';
};

describe('savepoint agent-hook', () => {
  it('saves before a destructive command of each agent, and answers in its form', async () => {
    const project = await withData();
    const { dir } = project;
    const cases = [
      {
        name: 'claude-code',
        actor: 'Claude Code',
        command: 'npm run db:reset',
        event: { hook_event_name: 'PreToolUse', tool_name: 'Bash', cwd: dir },
        text: contextOf,
      },
      {
        name: 'codex',
        actor: 'Codex',
        command: 'rm -rf data/files',
        event: { hook_event_name: 'PreToolUse', tool_name: 'Bash', cwd: dir },
        text: contextOf,
      },
      {
        name: 'vscode',
        actor: 'Copilot',
        command: 'cd data && rm *.db',
        event: { hookEventName: 'PreToolUse', tool_name: 'run_in_terminal', cwd: dir },
        text: contextOf,
      },
      {
        name: 'gemini',
        actor: 'Gemini CLI',
        command: 'git clean -fdx',
        event: { hook_event_name: 'BeforeTool', tool_name: 'run_shell_command', cwd: dir },
        text: (answer: Record<string, unknown>) => String(answer['systemMessage']),
      },
    ];
    for (const { name, actor, command, event, text } of cases) {
      writeFileSync(join(dir, 'data/files/a.txt'), `before ${name}`);
      const answer = answerOf(hook(project, [name], { ...event, tool_input: { command } }));
      match(text(answer), savedText);
      ok(!JSON.stringify(answer).includes('permission'));
      const [newest] = entriesOf(project);
      deepStrictEqual([newest?.command, newest?.actor, newest?.reason], [command, actor, 'guard']);
    }
    const answer = answerOf(
      hook(project, ['cursor'], {
        hook_event_name: 'beforeShellExecution',
        workspace_roots: [dir],
        command: 'rm -rf data',
        cwd: dir,
      }),
    );
    deepStrictEqual(Object.keys(answer), ['agent_message']);
    match(String(answer['agent_message']), savedText);
    strictEqual(entriesOf(project).length, cases.length);
  });

  it('saves before a tool writes or deletes a file of the data, or sends SQL that changes it', async () => {
    const project = await withData();
    const cases: readonly (readonly [string, unknown, string])[] = [
      ['Write', { file_path: join(project.dir, 'data/files/a.txt') }, 'a'],
      ['apply_patch', { input: '*** Begin Patch\n*** Delete File: data/app.db\n' }, 'b'],
      ['mcp__sqlite__write_query', { query: 'DELETE FROM t' }, 'c'],
    ];
    for (const [tool_name, tool_input, content] of cases) {
      writeFileSync(join(project.dir, 'data/files/a.txt'), content);
      const event = { hook_event_name: 'PreToolUse', cwd: project.dir, tool_name, tool_input };
      match(contextOf(answerOf(hook(project, ['claude-code'], event))), savedText);
      ok(entriesOf(project)[0]?.command?.startsWith(tool_name));
    }
    strictEqual(entriesOf(project).length, cases.length);
  });

  it('says nothing and saves nothing where nothing is at stake', async () => {
    const project = await withData();
    const bare = await cliProject({ 'README.md': '' });
    const bash = (command: string): object => ({ tool_name: 'Bash', tool_input: { command } });
    for (const event of [
      bash('ls -la data'),
      bash('npm test'),
      { tool_name: 'Read', tool_input: { file_path: 'data/app.db' } },
      { tool_name: 'Write', tool_input: { file_path: 'src/index.ts', content: '' } },
      { tool_name: 'mcp__sqlite__query', tool_input: { query: 'SELECT 1' } },
    ]) {
      const cwd = project.dir;
      deepStrictEqual(answerOf(hook(project, ['claude-code'], { cwd, ...event })), {});
    }
    strictEqual(entriesOf(project).length, 0);
    deepStrictEqual(answerOf(hook(bare, ['claude-code'], bash('rm -rf data'))), {});
  });

  it('works in the folder of the event, and knows the agent by its event', async () => {
    const project = await withData();
    const elsewhere = await cleanPlace();
    mkdirSync(join(project.dir, '.git'));
    const event = {
      hook_event_name: 'beforeShellExecution',
      cursor_version: '2.0',
      cwd: join(project.dir, 'src'),
      command: 'rm -rf ../data',
    };
    const { env } = project;
    const ran = runCliWithInput(['agent-hook'], JSON.stringify(event), { cwd: elsewhere, env });
    match(String(answerOf(ran)['agent_message']), savedText);
    strictEqual(entriesOf(project)[0]?.actor, 'Cursor');
  });

  it('never blocks: no input, a wrong name or wrong options end with 0 and a line in the log', async () => {
    const project = await withData();
    deepStrictEqual(answerOf(hook(project, ['claude-code'], '')), {});
    deepStrictEqual(
      answerOf(hook(project, ['emacs', '--frobnicate', 'x', '--timeout', 'soon'], {})),
      {},
    );
    const log = readFileSync(join(project.storeDir, 'hooks.log'), 'utf8').trimEnd().split('\n');
    strictEqual(log.length, 2);
    match(log[0] ?? '', /^\d{4}-\d\d-\d\dT\S+ claude-code: nothing came on stdin/);
    match(log[1] ?? '', /no hook for an agent "emacs"/);
  });

  it('saves before what it cannot read to its end, and says in the log what was wrong', async () => {
    const project = await withData();
    const broken = ['{"tool_name": "Ba', '[]', 'null', '{"tool_name": "Bash"} }', '{tool: 1}'];
    for (const [index, input] of broken.entries()) {
      writeFileSync(join(project.dir, 'data/files/a.txt'), `${index}`);
      const answer = answerOf(hook(project, ['claude-code'], input));
      if (index === 3) deepStrictEqual(answer, {});
      else match(contextOf(answer), savedText, input);
    }
    const log = readFileSync(join(project.storeDir, 'hooks.log'), 'utf8').trimEnd().split('\n');
    strictEqual(log.length, 4);
    match(log[0] ?? '', /claude-code: of what came on stdin: it is no whole JSON object$/);
  });

  it('reads events in every encoding, with marks before them and NULs behind', async () => {
    const project = await withData();
    const { dir: cwd, env } = project;
    const event = { hook_event_name: 'beforeShellExecution', cwd, command: 'unlink data/app.db' };
    const text = JSON.stringify(event);
    const wide = Buffer.from(`\uFEFF${text}`, 'utf16le');
    const inputs = {
      'three marks': Buffer.from(`\uFEFF\uFEFF\uFEFF${text}`),
      'a NUL': Buffer.from(`${text}\0`),
      'UTF-16': wide,
      'UTF-16 without a mark': wide.subarray(2),
      'UTF-16, big end first': Buffer.from(wide).swap16(),
      'a warning': Buffer.from(`npm warn old\n${text}\n`),
    };
    for (const [name, input] of Object.entries(inputs)) {
      writeFileSync(join(project.dir, 'data/files/a.txt'), name);
      const answer = answerOf(runCliWithInput(['agent-hook', 'cursor'], input, { cwd, env }));
      match(String(answer['agent_message']), savedText, name);
    }
    strictEqual(entriesOf(project)[0]?.command, 'unlink data/app.db');
  });

  it('saves before a file is written whose content is larger than can be read', async () => {
    const project = await withData();
    const head = `{"tool_name":"Write","cwd":${JSON.stringify(project.dir)},"tool_input":`;
    const megabyte = 'x'.repeat(1024 * 1024);
    for (const [path, megabytes] of [
      ['data/files/large.txt', 20],
      ['data/files/larger.txt', 33],
      ['src/larger.txt', 33],
    ] as const) {
      writeFileSync(join(project.dir, 'data/files/a.txt'), path);
      const input = `${head}{"file_path":"${path}","content":"${megabyte.repeat(megabytes)}"}}`;
      match(contextOf(answerOf(hook(project, ['claude-code'], input))), savedText, path);
    }
    deepStrictEqual(
      entriesOf(project).map(({ command }) => command?.slice(0, 33)),
      [
        'what the agent sent: it is larger',
        'Write data/files/larger.txt',
        'Write data/files/large.txt',
      ].map((text) => text.slice(0, 33)),
    );
  }).timeout(60_000);

  it('saves before a command with a word of a megabyte', async () => {
    const project = await withData();
    const picture = 'iVBORw0KGgo'.repeat(100_000);
    const command = `printf %s '${picture}' >logo.b64; rm -rf data/files`;
    const event = { tool_name: 'Bash', cwd: project.dir, tool_input: { command } };
    match(contextOf(answerOf(hook(project, ['claude-code'], event))), savedText);
    strictEqual(entriesOf(project)[0]?.command, 'printf %s *** >logo.b64; rm -rf data/files');
  }).timeout(30_000);

  it('keeps no secrets of a broken event in the log', async () => {
    const project = await withData();
    hook(project, ['claude-code'], '{"command": "TOKEN=s3cr3t-value rm -rf data"');
    ok(!readFileSync(join(project.storeDir, 'hooks.log'), 'utf8').includes('s3cr3t'));
  });

  it('lets the command go within its time limit, and says that it is not saved', async () => {
    const project = await withData();
    const release = await lockStore(project);
    try {
      const event = { tool_name: 'Bash', cwd: project.dir, tool_input: { command: 'rm -rf data' } };
      const answer = answerOf(hook(project, ['claude-code', '--timeout', '3'], event));
      const text =
        'Savepoint: NOT saved: it took longer than 3 s. Running "rm -rf data" unprotected.';
      deepStrictEqual(answer, {
        systemMessage: text,
        hookSpecificOutput: { hookEventName: 'PreToolUse', additionalContext: text },
      });
      match(readFileSync(join(project.storeDir, 'hooks.log'), 'utf8'), /NOT saved: it took longer/);
    } finally {
      release();
    }
  });

  it('answers agents that leave its stdin open, also those that never send anything', async () => {
    const { dir, env } = await withData();
    const run = async (sent: string): Promise<unknown> => {
      const args = ['agent-hook', 'cursor', '--timeout', sent === '' ? '1' : '20'];
      const child = startCli(args, { cwd: dir, env });
      let stdout = '';
      child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
      child.stdin?.write(sent);
      const [code] = (await once(child, 'close')) as [number];
      strictEqual(code, 0);
      return JSON.parse(stdout);
    };
    const event = { command: 'rm -rf data', cwd: dir };
    const answer = (await run(JSON.stringify(event))) as { agent_message: string };
    match(answer.agent_message, savedText);
    deepStrictEqual(await run(''), {});
  });

  it('stops the command only where savepoint.json says so of a snapshot that fails', async () => {
    const project = await withData();
    writeFileSync(join(project.dir, 'savepoint.json'), '{"guard": {"onFailure": "stop"}}');
    const release = await lockStore(project);
    try {
      const bash = { tool_name: 'Bash', cwd: project.dir, tool_input: { command: 'rm -rf data' } };
      const reason = 'Savepoint: NOT saved: it took longer than 3 s. "rm -rf data" was not run.';
      const claude = answerOf(hook(project, ['claude-code', '--timeout', '3'], bash));
      deepStrictEqual(claude['hookSpecificOutput'], {
        hookEventName: 'PreToolUse',
        permissionDecision: 'deny',
        permissionDecisionReason: reason,
      });
      const gemini = answerOf(hook(project, ['gemini', '--timeout', '3'], bash));
      deepStrictEqual(gemini, { decision: 'deny', reason });
      const ls = { ...bash, tool_input: { command: 'ls' } };
      deepStrictEqual(answerOf(hook(project, ['claude-code', '--timeout', '3'], ls)), {});
    } finally {
      release();
    }
  });
});

describe('savepoint agent-hook --install', () => {
  const file = '.claude/settings.local.json';
  /** Where no savepoint is installed. */
  const plainPath = { PATH: '/usr/bin:/bin' };
  const before = '{\n  // mine\n  "permissions": { "allow": ["Bash(ls)"] }\n}\n';

  it('shows what it would write, asks, writes it once, and takes it out again', async () => {
    const { dir, savepoint, ...project } = await withData();
    const env = { ...project.env, ...plainPath };
    mkdirSync(join(dir, '.claude'));
    writeFileSync(join(dir, file), before);
    const text = (): string => readFileSync(join(dir, file), 'utf8');
    const args = ['agent-hook', '--install', 'claude-code'];
    const no = await runInTerminal(args, { cwd: dir, env }, 'n\n');
    match(no.screen, /\+ {2}"hooks": \{/);
    match(no.screen, /Write this into the settings of Claude Code\? \[y\/N\]/);
    deepStrictEqual([no.code, text()], [3, before]);
    const yes = await runInTerminal(args, { cwd: dir, env }, 'y\n');
    deepStrictEqual([yes.code, text().startsWith(before.slice(0, 30))], [0, true]);
    match(text(), /cli\.js agent-hook claude-code"/);
    const installed = text();
    match(runCli([...args, '--yes'], { cwd: dir, env }).stdout, /Claude Code has the hook already/);
    strictEqual(text(), installed);
    strictEqual(savepoint('agent-hook', '--uninstall', 'claude-code', '--yes').code, 0);
    strictEqual(text(), before);
  });

  it('refuses without a terminal and without --yes, and for a name that is none', async () => {
    const { dir, savepoint } = await withData();
    const refused = savepoint('agent-hook', '--install', 'cursor');
    strictEqual(refused.code, 3);
    match(refused.stderr, /^error: .* need --yes without a terminal\n$/);
    ok(!existsSync(join(dir, '.cursor')));
    const unknown = savepoint('agent-hook', '--install', 'emacs', '--yes');
    strictEqual(unknown.code, 2);
    match(unknown.stderr, /no hook for an agent "emacs": there is claude-code, vscode, cursor/);
  });

  it('writes a command that works, as the agent would run it', async () => {
    const project = await withData();
    const { dir, env } = project;
    const args = ['agent-hook', '--install', 'cursor', '--yes'];
    const { code, stdout: told } = runCli(args, { cwd: dir, env: { ...env, ...plainPath } });
    strictEqual(code, 0);
    match(told, /It names paths of this machine: keep it out of git/);
    const settings = JSON.parse(readFileSync(join(dir, '.cursor/hooks.json'), 'utf8')) as {
      hooks: Record<string, { command: string }[]>;
    };
    const command = settings.hooks['beforeShellExecution']?.[0]?.command ?? '';
    const event = JSON.stringify({ command: 'rm -rf data', cwd: dir });
    const { stdout } = runCliWithInput(command, event, { cwd: dir, env });
    match(stdout, /Savepoint saved/);
  });

  it('tells by doctor which agents have it, and which of them start what is not there', async () => {
    const { dir, json, savepoint } = await withData();
    savepoint('agent-hook', '--install', 'cursor', '--yes');
    savepoint('agent-hook', '--install', 'gemini', '--user', '--yes');
    mkdirSync(join(dir, '.claude'));
    const command = '/usr/bin/env node /gone/dist/cli.js agent-hook claude-code';
    const settings = { hooks: { PreToolUse: [{ hooks: [{ type: 'command', command }] }] } };
    writeFileSync(join(dir, file), JSON.stringify(settings));
    const { hooks } = json(0, 'doctor') as { hooks: unknown };
    const never = { lastCalledAt: null, agentRanAt: null };
    deepStrictEqual(hooks, [
      {
        agent: 'claude-code',
        place: 'project',
        missing: '/gone/dist/cli.js',
        ...never,
        silent: true,
      },
      { agent: 'cursor', place: 'project', missing: null, ...never, silent: true },
      { agent: 'gemini', place: 'user', missing: null, ...never, silent: false },
    ]);
    const { stdout } = savepoint('doctor');
    match(stdout, /✓ agents +gemini \(user\)\n/);
    match(stdout, /! Cursor +hook \(project\) installed, never called; once Cursor has run a/);
    match(stdout, /✗ agents +NOT saved before claude-code: its hook \(project\) starts/);
    strictEqual(savepoint('agent-hook', '--install', 'claude-code', '--yes').code, 0);
    ok(!savepoint('doctor').stdout.includes('NOT saved'));
  });

  it("puts it into the user's settings with --user, and uninstall takes everything out", async () => {
    const { dir, env, savepoint } = await withData();
    const home = env['HOME'] ?? '';
    const bashrc = 'alias ll="ls -l"\n# Savepoint\neval "$(savepoint shell-init bash)"\nPS1=x\n';
    writeFileSync(join(home, '.bashrc'), bashrc);
    // Nothing but our line: it is the user's file all the same.
    writeFileSync(join(home, '.zshrc'), 'eval "$(savepoint shell-init zsh)"\n');
    mkdirSync(join(dir, '.github'));
    writeFileSync(join(dir, '.github/dependabot.yml'), 'version: 2\n');
    const inHome = readdirSync(home).toSorted();
    const inProject = readdirSync(dir).toSorted();
    for (const name of ['claude-code', 'vscode', 'cursor', 'gemini', 'codex']) {
      strictEqual(savepoint('agent-hook', '--install', name, '--yes').code, 0);
      strictEqual(savepoint('agent-hook', '--install', name, '--user', '--yes').code, 0);
    }
    ok(existsSync(join(home, '.copilot/hooks/savepoint.json')));
    ok(existsSync(join(dir, '.github/hooks/savepoint.json')));
    strictEqual(savepoint('uninstall').code, 3);
    const { code, stdout } = savepoint('uninstall', '--yes');
    strictEqual(code, 0);
    match(stdout, /-eval "\$\(savepoint shell-init bash\)"/);
    strictEqual(readFileSync(join(home, '.bashrc'), 'utf8'), 'alias ll="ls -l"\nPS1=x\n');
    strictEqual(readFileSync(join(home, '.zshrc'), 'utf8'), '');
    deepStrictEqual(
      [readdirSync(home).toSorted(), readdirSync(dir).toSorted()],
      [inHome, inProject],
    );
    deepStrictEqual(readdirSync(join(dir, '.github')), ['dependabot.yml']);
    match(savepoint('uninstall', '--yes').stdout, /There are no hooks of savepoint here/);
  });
});

/** Holds the store's write lock, as another process that writes would. */
async function lockStore(project: CliProject): Promise<() => void> {
  project.savepoint('snapshot');
  const name = readdirSync(project.storeDir).find((one) =>
    existsSync(join(project.storeDir, one, 'lock.db')),
  );
  const db = new Database(join(project.storeDir, name ?? '', 'lock.db'));
  db.exec('BEGIN EXCLUSIVE');
  writeFileSync(join(project.dir, 'data/files/a.txt'), 'changed');
  return () => db.close();
}
