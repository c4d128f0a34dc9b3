// Workers and child processes of the engine start from the same file as the program itself
// (EngineOptions.processEntry); this decides, before anything else, whether to be one of them.
import { setPriority } from 'node:os';
import { isMainThread, workerData } from 'node:worker_threads';
import { nameOwnProcess } from './disk/own-process.ts';
import type { Role } from './disk/start-role.ts';

/** Each role's module is loaded only where it runs. */
const roles = {
  content: async () => (await import('./store/content-worker.ts')).runContentWorker(),
  image: async () => (await import('./sources/sqlite/image-worker.ts')).runImageWorker(),
  'live-database': async () =>
    (await import('./sources/sqlite/live-database.ts')).runLiveDatabase(),
} as const satisfies Record<Role, () => Promise<void>>;

/**
 * True where this process or thread was started as a worker or child of the engine: it then runs
 * that role, and the caller does nothing more. To be called first by whatever `processEntry` is.
 * A worker thread has `workerData.role`, a child process the arguments `--role NAME`.
 */
export function runRole(): boolean {
  const name = isMainThread ? roleOfProcess() : roleOfThread(workerData);
  if (name === undefined) return false;
  const run = (roles as Readonly<Record<string, (() => Promise<void>) | undefined>>)[name];
  if (run === undefined) throw new Error(`unknown role: ${name}`);
  if (isMainThread) nameOwnProcess(name);
  else yieldToApplications();
  // A failed role is a bug: it ends the process or thread with its stack on stderr.
  void run();
  return true;
}

/**
 * Threads hash, compress and check as long as there is work: an application that writes meanwhile
 * goes first (with two cores its writers got half as much done without this). Only Linux sets the
 * priority of one thread: elsewhere it would be that of the process, which holds locks.
 */
function yieldToApplications(): void {
  if (process.platform === 'linux') setPriority(threadNiceness);
}

const threadNiceness = 10;

function roleOfProcess(): string | undefined {
  return process.argv[2] === '--role' ? process.argv[3] : undefined;
}

function roleOfThread(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null || !('role' in data)) return undefined;
  return typeof data.role === 'string' ? data.role : undefined;
}
