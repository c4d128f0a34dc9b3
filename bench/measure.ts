// Runs whole processes one at a time and tells how long each took and how much memory it had.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Command {
  readonly argv: readonly [string, ...string[]];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Exit codes that mean success; default 0 alone. */
  readonly successCodes?: readonly number[];
}

export interface Measurement {
  /** From start to end of the process. */
  readonly seconds: number;
  /** Most memory that it, or a child of it, had at a time; null where GNU time is not installed. */
  readonly peakBytes: number | null;
}

/**
 * Reports a child's own peak. Started from here directly, a child would inherit ours: the kernel
 * carries the highest value over from the process that forked.
 */
const gnuTime = '/usr/bin/time';
const hasGnuTime = (spawnSync(gnuTime, ['--version'], { encoding: 'utf8' }).stdout ?? '').includes(
  'GNU',
);

/** @throws where the command fails, with what it said */
export function measure(command: Command): Measurement {
  const folder = mkdtempSync(join(tmpdir(), 'savepoint-bench-time-'));
  const file = join(folder, 'kilobytes');
  try {
    const before = hasGnuTime ? [gnuTime, '--quiet', '-f', '%M', '-o', file] : [];
    const started = performance.now();
    runThrough(before, command);
    const seconds = (performance.now() - started) / 1000;
    const peakBytes = hasGnuTime ? Number(readFileSync(file, 'utf8')) * 1024 : null;
    return { seconds, peakBytes };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs a command that is not measured; answers what it printed. */
export function run(command: Command): string {
  return runThrough([], command);
}

function runThrough(before: readonly string[], command: Command): string {
  const [first = '', ...args] = [...before, ...command.argv];
  const { status, signal, error, stdout, stderr } = spawnSync(first, args, {
    cwd: command.cwd,
    env: environment(command.env),
    encoding: 'utf8',
    maxBuffer: 1024 ** 3,
  });
  if (error !== undefined) throw error;
  if (status !== null && (command.successCodes ?? [0]).includes(status)) return stdout;
  const ending = signal === null ? `with code ${status}` : `by ${signal}`;
  throw new Error(`${command.argv.join(' ')} ended ${ending}:\n${stderr}${stdout.slice(0, 2_000)}`);
}

/** Nothing of ours may change how a tool, or Node in it, runs. */
function environment(own: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(NODE_|npm_|RESTIC_|BORG_|RSYNC_|SAVEPOINT_)/.test(name),
  );
  return { ...Object.fromEntries(kept), ...own };
}
