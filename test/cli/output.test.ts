// What a terminal and a pipe get.

import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SnapshotEntry } from '../../src/core/documents/documents.ts';
import { cliFile, cliProject, plainScreen, runInTerminal, startCli } from '../support/cli.ts';
import { database } from '../support/sqlite.ts';
import { until } from '../support/until.ts';

const escape = '\u001b';

describe('output in a pipe', () => {
  it('has no escape codes and at most 80 columns', async () => {
    const { savepoint, dir } = await cliProject({
      'data/app.db': database(),
      [`data/${'long/'.repeat(12)}name.txt`]: 'x',
    });
    savepoint(
      'snapshot',
      '-m',
      'A label that is rather long, far longer than the list has room for it',
    );
    writeFileSync(join(dir, `data/${'long/'.repeat(12)}name.txt`), 'longer');
    const calls = [
      'detect',
      'list',
      'show latest',
      'diff latest',
      'doctor',
      'verify',
      'prune',
      'help',
    ];
    for (const call of calls) {
      const { stdout, stderr } = savepoint(...call.split(' '));
      ok(!stdout.includes(escape) && !stderr.includes(escape), call);
      const tooLong = stdout.split('\n').filter((line) => line.length > 80);
      deepStrictEqual([call, tooLong], [call, []]);
      strictEqual(stderr, '', call);
    }
  });

  it('keeps an entry on one line whatever its name holds', async () => {
    const { savepoint, dir } = await cliProject({ 'data/app.db': database() });
    savepoint('snapshot');
    writeFileSync(join(dir, 'data/two\nlines \u001b[31m\u202e.txt'), 'x');
    const { stdout } = savepoint('diff', 'latest');
    match(stdout, /^\+ data\/two\\nlines \\x1b\[31m\\u202e\.txt +1 B$/m);
  });

  it('ends quietly when the pipe is closed', async () => {
    const { savepoint, dir, env } = await cliProject({ 'data/app.db': database() });
    savepoint('snapshot');
    const command = `'${process.execPath}' '${cliFile()}' list | head -n 0; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', command], {
      cwd: dir,
      env: { ...process.env, ...env },
      encoding: 'utf8',
    });
    deepStrictEqual([stdout, stderr], ['0\n', '']);
  });

  it('uses ASCII signs where the locale is not UTF-8', async () => {
    const { dir, env } = await cliProject({ 'data/app.db': database() });
    const child = startCli(['snapshot'], { cwd: dir, env: { ...env, LANG: 'C' } });
    const chunks: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(child, 'close');
    match(Buffer.concat(chunks).toString(), /^ok Saved /);
  });
});

describe('output in a terminal', () => {
  it('is coloured, and plain with NO_COLOR or --quiet', async () => {
    const { savepoint, dir: cwd, env } = await cliProject({ 'data/app.db': database() });
    savepoint('snapshot', '-m', 'First');
    const coloured = await runInTerminal(['list'], { cwd, env });
    ok(coloured.screen.includes(`${escape}[36m`));
    const plain = plainScreen(coloured.screen);
    const noColour = await runInTerminal(['list'], { cwd, env: { ...env, NO_COLOR: '1' } });
    const quiet = await runInTerminal(['list', '--quiet'], { cwd, env });
    deepStrictEqual([noColour.screen.split('\r\n'), quiet.screen.split('\r\n')], [plain, plain]);
  });

  it('gives the labels of a list the width that the terminal has', async () => {
    const { savepoint, dir: cwd, env } = await cliProject({ 'data/app.db': database() });
    const label = 'A label that is longer than eighty columns have room for';
    savepoint('snapshot', '-m', label);
    const wide = await runInTerminal(['list'], { cwd, env, columns: 130 });
    const narrow = await runInTerminal(['list'], { cwd, env, columns: 60 });
    const lines = [wide, narrow].map(({ screen }) => plainScreen(screen)[1] ?? '');
    deepStrictEqual(
      lines.map((line) => line.replace(/^.* first +/, '')),
      [label, 'A label that i...'],
    );
  });

  it('shows a progress bar while it takes long, and removes it', async () => {
    const { dir: cwd, env } = await cliProject({
      'data/app.db': database(),
      'data/big.bin': randomBytes(200_000_000),
    });
    const { screen } = await runInTerminal(['snapshot'], { cwd, env });
    match(screen, /Reading {2}/);
    match(plainScreen(screen).join('\n'), /^✓ Saved /);
    const quiet = await runInTerminal(['snapshot', '--quiet'], { cwd, env });
    doesNotMatch(quiet.screen, /Reading|Checking/);
  });

  it('shows the plan and asks before a restore, and takes anything but a yes for a no', async () => {
    const {
      savepoint,
      dir: cwd,
      env,
      json,
    } = await cliProject({
      'data/app.db': database(),
      'data/a.txt': 'one',
    });
    savepoint('snapshot', '-m', 'First');
    writeFileSync(join(cwd, 'data/a.txt'), 'changed');
    const plan = savepoint('restore', 'First', '--dry-run').stdout;
    const no = await runInTerminal(['restore', 'First'], { cwd, env }, 'n\n');
    strictEqual(no.code, 3);
    ok(plainScreen(no.screen).join('\n').startsWith(plan), no.screen);
    match(no.screen, /1 file changes\. Restore\? \[y\/N\]/);
    strictEqual((json(0, 'list') as unknown[]).length, 1);
    const yes = await runInTerminal(['restore', 'First'], { cwd, env }, 'y\n');
    strictEqual(yes.code, 0);
    const lines = plainScreen(yes.screen).filter((line) => line.startsWith('✓'));
    match(
      lines.join('\n'),
      /^✓ Safety snapshot \S+\n✓ Restored \w+ "First": 1 file, all proven, in /,
    );
    const nothing = await runInTerminal(['restore', 'First'], { cwd, env });
    strictEqual(nothing.code, 0);
    match(nothing.screen, /Nothing to restore: what was asked for is as it was/);
  });

  it('asks before it deletes', async () => {
    const { savepoint, dir: cwd, env, json } = await cliProject({ 'data/app.db': database() });
    savepoint('snapshot', '-m', 'First');
    const no = await runInTerminal(['delete', 'First'], { cwd, env }, '\n');
    deepStrictEqual([no.code, (json(0, 'list') as unknown[]).length], [3, 1]);
    const yes = await runInTerminal(['delete', 'First'], { cwd, env }, 'yes\n');
    deepStrictEqual([yes.code, (json(0, 'list') as unknown[]).length], [0, 0]);
  });

  it('takes Ctrl+C at a question for a cancellation', async () => {
    const { savepoint, dir: cwd, env, json } = await cliProject({ 'data/app.db': database() });
    savepoint('snapshot', '-m', 'First');
    const { code, screen } = await runInTerminal(['delete', 'First'], { cwd, env }, '\u0003');
    strictEqual(code, 130);
    match(screen, /Cancelled, nothing was changed/);
    strictEqual((json(0, 'list') as unknown[]).length, 1);
  });
});

describe('an interrupted snapshot', () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    it(`leaves nothing and exits with 130 after ${signal}`, async () => {
      const {
        dir: cwd,
        env,
        json,
        storeDir,
      } = await cliProject({
        'data/app.db': database(),
        'data/big.bin': randomBytes(150_000_000),
      });
      const child = startCli(['snapshot', '--json'], { cwd, env });
      const out = { stdout: '', stderr: '' };
      child.stdout?.on('data', (chunk: Buffer) => (out.stdout += chunk.toString()));
      child.stderr?.on('data', (chunk: Buffer) => (out.stderr += chunk.toString()));
      const closed = once(child, 'close');
      await until('something to be written', () => packFiles(storeDir).length > 0);
      child.kill(signal);
      const [code] = (await closed) as [number | null];
      strictEqual(code, 130);
      strictEqual(out.stderr, 'Cancelled, nothing was changed\n');
      strictEqual((JSON.parse(out.stdout) as { error: { code: string } }).error.code, 'CANCELLED');
      deepStrictEqual(json(0, 'list') as SnapshotEntry[], []);
      deepStrictEqual(packFiles(storeDir), []);
    });
  }
});

/** Everything that is being written or was: packs and temporary files. */
function packFiles(storeDir: string): readonly string[] {
  if (!existsSync(storeDir)) return [];
  return readdirSync(storeDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /[\\/](packs|tmp)$/.test(entry.parentPath))
    .map(({ name }) => name);
}
