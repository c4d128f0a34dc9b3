// `savepoint run`: a snapshot, then the command with everything its own.

import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SnapshotEntry } from '../../src/core/documents/documents.ts';
import { cliFile, cliProject, runCli, startCli, type CliProject } from '../support/cli.ts';
import { database } from '../support/sqlite.ts';

const saved = /^savepoint: saved (\d{8}T\d{6}Z-(\w{4,})), undo: savepoint restore \2\n$/;
const again =
  /^savepoint: already saved as \d{8}T\d{6}Z-(\w{4,}) just now, undo: savepoint restore \1\n$/;

async function project(entries: Parameters<typeof cliProject>[0] = {}): Promise<CliProject> {
  return await cliProject({
    data: {
      'app.db': database('CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT)'),
      'a.txt': 'a',
    },
    ...entries,
  });
}

function list({ json }: CliProject): readonly SnapshotEntry[] {
  return json(0, 'list') as readonly SnapshotEntry[];
}

describe('savepoint run', () => {
  it('takes a snapshot, tells it in one line, and exits with the command’s own code', async () => {
    const { savepoint, dir, json } = await project();
    const ran = savepoint('run', '--', 'sh', '-c', 'rm -rf data; echo out; echo err >&2; exit 5');
    deepStrictEqual([ran.code, ran.stdout], [5, 'out\n']);
    const [line = '', rest] = ran.stderr.split(/(?<=\n)/);
    match(line, saved);
    strictEqual(rest, 'err\n');
    strictEqual(existsSync(join(dir, 'data')), false);
    json(0, 'restore', saved.exec(line)?.[2] ?? '', '--yes');
    strictEqual(readFileSync(join(dir, 'data/a.txt'), 'utf8'), 'a');
  });

  it('keeps the command without its secrets, who ran it, and that it was the guard', async () => {
    const one = await project();
    const args = ['run', '--', 'env', 'PGPASSWORD=hunter2', 'true', 'postgres://me:hunter2@h/db'];
    runCli(args, { cwd: one.dir, env: { ...one.env, CLAUDECODE: '1' } });
    const [entry] = list(one);
    deepStrictEqual(
      [entry?.reason, entry?.actor, entry?.command],
      ['guard', 'Claude Code', 'env PGPASSWORD=*** true postgres://me:***@h/db'],
    );
    ok(!readFileSync(join(one.dir, 'data/a.txt'), 'utf8').includes('hunter2'));
  });

  it('reuses the newest snapshot while nothing changed, and not for a label or a change', async () => {
    const one = await project();
    match(one.savepoint('run', '--', 'true').stderr, saved);
    match(one.savepoint('run', '--', 'true').stderr, again);
    match(one.savepoint('run', '-m', 'Before it', '--', 'true').stderr, saved);
    match(one.savepoint('run', '--', 'true').stderr, again);
    writeFileSync(join(one.dir, 'data/a.txt'), 'b');
    match(one.savepoint('run', '--', 'true').stderr, saved);
    deepStrictEqual(
      list(one).map(({ label }) => label),
      [null, 'Before it', null],
    );
  });

  it('with --match saves only before what is destructive to this project', async () => {
    const one = await project({
      'package.json': '{ "scripts": { "db:reset": "rm -rf data", "build": "true" } }',
      'savepoint.json': '{ "guard": { "commands": ["env A=1 *", "!sh -c rm*"] } }',
    });
    const stderr = (...words: readonly string[]): string =>
      one.savepoint('run', '--match', '--', ...words).stderr;
    for (const words of [
      ['true'],
      ['rm', '-rf', 'dist'],
      ['sh', '-c', 'rm -f data/x'],
      ['ls', 'data'],
    ])
      strictEqual(stderr(...words), '', words.join(' '));
    match(stderr('env', 'A=1', 'true'), saved);
    match(stderr('rm', '-f', 'data/none'), again);
    match(stderr('env', 'npm', 'run', 'db:reset'), again);
  });

  it('names a rule of savepoint.json that cannot be read with its place, and goes on with the others', async () => {
    const one = await project({
      'savepoint.json': '{ "guard": {\n "commands": ["!", "touch *"] } }',
    });
    match(
      one.savepoint('detect').stderr,
      /savepoint\.json, line 2, column 15: "!" names no command/,
    );
    match(one.savepoint('run', '--match', '--', 'touch', 'x').stderr, saved);
  });

  it('answers 127 with its name where the command does not exist, 126 where it cannot be executed, and saves nothing', async () => {
    const one = await project({ 'plain.txt': 'text' });
    const missing = one.savepoint('run', '--', 'no-such-command', 'x');
    strictEqual(missing.code, 127);
    strictEqual(
      missing.stderr,
      'savepoint: "no-such-command": command not found; nothing was saved\n',
    );
    strictEqual(one.savepoint('run', '--', './plain.txt').code, 126);
    strictEqual(one.savepoint('run', '--', './data').code, 126);
    deepStrictEqual(list(one), []);
  });

  it('runs a script that has no first line of its own, as a shell does', async () => {
    const one = await project();
    writeFileSync(join(one.dir, 'script'), 'echo "$1"; exit 3\n', { mode: 0o755 });
    const { code, stdout } = one.savepoint('run', '--', './script', 'a b');
    deepStrictEqual([code, stdout], [3, 'a b\n']);
  });

  it('gives the command its arguments as they are, a second -- and odd ones too', async () => {
    const one = await project();
    const words = ['--', '--', '-m', '', 'a b', '$HOME', '*', 'é\n'];
    const { stdout } = one.savepoint('run', '--', 'printf', '[%s]', ...words);
    strictEqual(stdout, words.map((word) => `[${word}]`).join(''));
  });

  it('says so in one line where there is no data directory, and runs the command', async () => {
    const one = await cliProject({ 'readme.md': '' });
    const { code, stdout, stderr } = one.savepoint('run', '--', 'sh', '-c', 'echo ran; exit 4');
    deepStrictEqual([code, stdout], [4, 'ran\n']);
    match(stderr, /^savepoint: nothing to save in .+: no data directory, see savepoint detect\n$/);
  });

  it('says what is wrong with the call itself and runs nothing', async () => {
    const one = await project();
    const call = (...args: readonly string[]) => one.savepoint('run', ...args);
    strictEqual(call().code, 2);
    match(call('-m', 'latest', '--', 'touch', 'ran').stderr, /^error: /);
    match(call('--data', 'none', '--', 'touch', 'ran').stderr, /^error: no data directory "none"/);
    strictEqual(existsSync(join(one.dir, 'ran')), false);
  });

  it('tells what it did not save, as lines and as data, and does not run it where that has to stop', async () => {
    const one = await project({
      notes: { '.env': 'A=1', 'a.txt': 'a' },
      'savepoint.json': '{ "guard": { "onFailure": "stop" } }',
    });
    const status = join(one.dir, 'status.json');
    const command = ['--status', status, '--match', '--', 'rm', '-rf', 'notes'];
    const ran = one.savepoint('run', ...command);
    const [line = '', ...rest] = ran.stderr.split(/(?<=\n)/);
    const id = saved.exec(line)?.[1];
    const reason = 'it may hold secrets, which are not copied';
    deepStrictEqual(
      [ran.code, rest],
      [
        3,
        [
          `savepoint: NOT saved: notes/.env: ${reason}\n`,
          'savepoint: "rm -rf notes" was not run.\n',
        ],
      ],
    );
    deepStrictEqual(JSON.parse(readFileSync(status, 'utf8')), {
      saved: id,
      reused: false,
      notSaved: [{ what: 'notes/.env', path: 'notes/.env', reason }],
    });
    strictEqual(existsSync(join(one.dir, 'notes/a.txt')), true);
    const kept = one.savepoint('run', '--status', status, '--match', '--', 'ls');
    strictEqual(kept.stderr, '');
    const nothing = { saved: null, reused: false, notSaved: [] };
    deepStrictEqual(JSON.parse(readFileSync(status, 'utf8')), nothing);
  });

  describe('where the snapshot fails', () => {
    const failing = async (onFailure: string) => {
      const one = await project({
        'savepoint.json': `{ "guard": { "onFailure": "${onFailure}" } }`,
      });
      writeFileSync(one.storeDir, 'a file where the store should be');
      return one.savepoint('run', '--', 'sh', '-c', 'echo ran; exit 6');
    };

    it('runs the command and says loudly that it is unprotected, asked for or without a terminal', async () => {
      for (const wish of ['run', 'ask']) {
        const { code, stdout, stderr } = await failing(wish);
        deepStrictEqual([code, stdout], [6, 'ran\n'], wish);
        match(
          stderr,
          /^savepoint: NOT saved: .+\. Running "sh -c 'echo ran; exit 6'" unprotected\.\n$/,
        );
      }
    });

    it('does not run it where savepoint.json says stop', async () => {
      const { code, stdout, stderr } = await failing('stop');
      deepStrictEqual([code, stdout], [3, '']);
      match(stderr, /^savepoint: NOT saved: .+\. "sh -c 'echo ran; exit 6'" was not run\.\n$/);
    });
  });

  it('saves the databases alone where everything is more than the store may have', async () => {
    const one = await project({ 'savepoint.json': '{ "retention": { "maxBytes": "200KB" } }' });
    writeFileSync(join(one.dir, 'data/large.bin'), Buffer.alloc(2 * 1024 * 1024, 7));
    const { stderr } = one.savepoint('run', '--', 'rm', '-rf', 'data/app.db');
    match(
      stderr,
      /^savepoint: saved \S+, databases alone \(the data has .+\), undo: savepoint restore \w+\n$/,
    );
    const id = /restore (\w+)/.exec(stderr)?.[1] ?? '';
    one.json(0, 'restore', id, '--yes');
    ok(existsSync(join(one.dir, 'data/app.db')));
    ok(existsSync(join(one.dir, 'data/large.bin')));
  });

  it('is the command: the same process, blocking streams, no signal ignored', async () => {
    const one = await project();
    const look = 'echo $$; grep -h flags /proc/self/fdinfo/[012]; grep SigIgn /proc/self/status';
    const child = spawn(process.execPath, [cliFile(), 'run', '--', 'sh', '-c', look], {
      cwd: one.dir,
      env: { PATH: process.env['PATH'], ...one.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdin.end('input');
    const shown = await textOf(child.stdout);
    const [pid, ...facts] = shown.trim().split('\n');
    strictEqual(Number(pid), child.pid);
    const flags = facts.slice(0, 3).map((line) => Number.parseInt(line.split('\t')[1] ?? '', 8));
    deepStrictEqual(
      flags.map((flag) => flag & 0o4000),
      [0, 0, 0],
    );
    strictEqual(BigInt(`0x${facts[3]?.split('\t')[1]}`), 0n);
  });

  it('gets every signal that it is sent, and dies by it so that a shell sees 128 and its number', async () => {
    const one = await project();
    for (const signal of [
      'SIGINT',
      'SIGTERM',
      'SIGHUP',
      'SIGWINCH',
      'SIGUSR1',
      'SIGQUIT',
    ] as const) {
      const name = signal.slice(3);
      const script = `trap 'echo got ${name}; exit 9' ${name}; echo ready; while :; do sleep 0.01; done`;
      const child = startCli(['run', '--', 'sh', '-c', script], { cwd: one.dir, env: one.env });
      const shown = textOf(child.stdout, (text) => {
        if (text === 'ready\n') child.kill(signal);
      });
      strictEqual(await shown, `ready\ngot ${name}\n`);
    }
    const { stdout } = spawnSync(
      'sh',
      ['-c', `"$0" "$1" run -- sh -c 'kill -TERM $$'; echo $?`, process.execPath, cliFile()],
      { cwd: one.dir, env: { PATH: process.env['PATH'], ...one.env }, encoding: 'utf8' },
    );
    strictEqual(stdout, '143\n');
  });

  it('lets a gigabyte through in both directions, byte for byte', async () => {
    const one = await project();
    const line = `set -o pipefail; head -c 1073741824 /dev/zero | tr '\\0' 'x' | "$0" "$1" run -- cat | cksum`;
    const env = { PATH: process.env['PATH'], ...one.env };
    const guarded = spawnSync('bash', ['-c', line, process.execPath, cliFile()], {
      cwd: one.dir,
      env,
      encoding: 'utf8',
    });
    const plain = spawnSync('bash', ['-c', `head -c 1073741824 /dev/zero | tr '\\0' 'x' | cksum`], {
      encoding: 'utf8',
    });
    strictEqual(guarded.stdout, plain.stdout);
  }).timeout(180_000);

  it('ends quietly where its reader goes away, as the command does', async () => {
    const one = await project();
    const line = `"$0" "$1" run -- yes | head -1; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', line, process.execPath, cliFile()], {
      cwd: one.dir,
      env: { PATH: process.env['PATH'], ...one.env },
      encoding: 'utf8',
    });
    strictEqual(stdout, 'y\n141\n');
    match(stderr, saved);
  });
});

async function textOf(
  stream: NodeJS.ReadableStream | null,
  seen: (text: string) => void = () => undefined,
): Promise<string> {
  let text = '';
  stream?.setEncoding('utf8');
  for await (const part of stream ?? []) {
    text += String(part);
    seen(text);
  }
  return text;
}
