// Applications that have a database open, for tests of what happens beside them: real processes with
// real locks, which can be killed.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Application {
  readonly pid: number;
  /** Runs SQL on its one connection and answers rows; throws SQLite's code. */
  run(sql: string): Promise<readonly unknown[]>;
  /** SIGKILL: what lies on the disk stays as it is. */
  kill(): Promise<void>;
  /** Closes its connection as a well-behaved application does. */
  close(): Promise<void>;
}

/** @param title what its process is called, where that is not `node`. */
export async function startApplication(path: string, title?: string): Promise<Application> {
  const child = startNode('application-process.ts', title === undefined ? [path] : [path, title]);
  const lines = linesOf(child);
  await lines.next();
  return {
    pid: child.pid ?? 0,
    run: async (sql) => {
      child.stdin?.write(`${JSON.stringify(sql)}\n`);
      const answer = JSON.parse(await lines.next()) as { rows?: unknown[]; error?: string };
      if (answer.error !== undefined) throw new Error(answer.error);
      return answer.rows ?? [];
    },
    kill: () => end(child, () => child.kill('SIGKILL')),
    close: () => end(child, () => child.stdin?.end()),
  };
}

export interface Appender {
  readonly pid: number;
  /** Appends a line through the file that it opened when it began. */
  append(line: string): Promise<void>;
}

/** A program that has a file open which is no database. */
export async function startAppender(path: string): Promise<Appender> {
  const child = startNode('appender-process.ts', [path]);
  const lines = linesOf(child);
  await lines.next();
  return {
    pid: child.pid ?? 0,
    append: async (line) => {
      child.stdin?.write(`${line}\n`);
      await lines.next();
    },
  };
}

export interface Writer {
  readonly pid: number;
  /** Lets it finish its transaction and answers what it did. */
  stop(): Promise<WriterReport>;
}

export interface WriterReport {
  /** When each commit was done, in ms since the Unix epoch. */
  readonly commitTimes: readonly number[];
  readonly errors: readonly string[];
}

/**
 * A bank whose sum must never change: see bank-process.ts. It has written once when this resolves.
 * @param everyMs a commit each; 0: one after the other
 */
export async function startWriter(
  path: string,
  journalMode: string,
  seed = 1,
  everyMs = 0,
): Promise<Writer> {
  const child = startNode('bank-process.ts', [path, String(seed), journalMode, String(everyMs)]);
  const lines = linesOf(child);
  await lines.next();
  return {
    pid: child.pid ?? 0,
    stop: async () => {
      child.stdin?.end();
      return JSON.parse(await lines.next()) as WriterReport;
    },
  };
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
if (typeof afterEach === 'function') {
  afterEach(async () => {
    await Promise.all([...running].map((child) => end(child, () => child.kill('SIGKILL'))));
  });
}

function startNode(script: string, args: readonly string[]): ChildProcess {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin?.on('error', () => undefined);
  running.add(child);
  child.on('exit', () => running.delete(child));
  return child;
}

async function end(child: ChildProcess, how: () => unknown): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  how();
  await exited;
}

function linesOf(child: ChildProcess): { next(): Promise<string> } {
  if (child.stdout === null) throw new Error('no stdout');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    next: async () => {
      const line = await lines.next();
      if (line.done === true) throw new Error(`the process ${child.pid} ended`);
      return line.value;
    },
  };
}
