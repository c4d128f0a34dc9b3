// Starts processes that end with us, and folders that go with us, whatever ends us: a failure, a
// finished run, Ctrl+C.
// Each is the leader of its own group, so that what it started goes with it, by id and never by name.
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, rmSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface RunningProcess {
  readonly process: ChildProcess;
  /** Ends the whole group and resolves when its leader is gone; safe to repeat. */
  stop(): Promise<void>;
}

export interface ProcessOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** File that takes both streams. */
  readonly logFile: string;
}

const graceMs = 5_000;
const running = new Set<ChildProcess>();
const folders = new Set<string>();

export function startProcess(
  command: string,
  args: readonly string[],
  { logFile, ...options }: ProcessOptions,
): RunningProcess {
  endWithUs();
  const log = openSync(logFile, 'a');
  const child = spawn(command, args, {
    ...options,
    stdio: ['ignore', log, log],
    detached: process.platform !== 'win32',
  });
  closeSync(log);
  running.add(child);
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
  return {
    process: child,
    async stop() {
      if (!running.delete(child)) return ended;
      signalGroup(child, 'SIGTERM');
      const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs);
      await ended;
      clearTimeout(timer);
      // Members of the group that outlived its leader.
      signalGroup(child, 'SIGKILL');
    },
  };
}

/** A fresh folder, by its real path, and how to remove it before we end. */
export async function temporaryFolder(
  name: string,
): Promise<{ readonly path: string; remove(): Promise<void> }> {
  endWithUs();
  const path = await realpath(await mkdtemp(join(tmpdir(), `savepoint-${name}-`)));
  folders.add(path);
  return {
    path,
    async remove() {
      await rm(path, { recursive: true, force: true, maxRetries: 5 });
      folders.delete(path);
    },
  };
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // The group is gone already.
  }
}

let registered = false;

function endWithUs(): void {
  if (registered) return;
  registered = true;
  process.on('exit', () => {
    for (const child of running) signalGroup(child, 'SIGKILL');
    for (const path of folders) rmSync(path, { recursive: true, force: true, maxRetries: 5 });
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => process.exit(process.exitCode ?? 130));
  }
}
