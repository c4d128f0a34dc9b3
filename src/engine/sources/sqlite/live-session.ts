// The engine's end of the child process that holds connections to live databases.

import { createInterface } from 'node:readline';
import type { EngineOptions } from '../../options.ts';
import type { LiveAnswer, LiveQuestion } from './live-protocol.ts';
import { startRole } from '../../disk/start-role.ts';

export interface LiveSession {
  /** Process id of the child. */
  readonly pid: number | undefined;
  /** Asks one thing and waits for the answer. @throws where the child ended, or the call was cancelled */
  ask(question: LiveQuestion): Promise<LiveAnswer>;
  /** Waits for what the child says without being asked. */
  next(): Promise<LiveAnswer>;
  /** Ends the child at once; every lock goes with it. */
  stop(): void;
}

/** Starts the child; it starts while the first question is on its way. `signal` ends it. */
export function startLiveSession(options: EngineOptions, signal: AbortSignal): LiveSession {
  signal.throwIfAborted();
  const child = startRole('live-database', options.processEntry, options.env);
  const answers: LiveAnswer[] = [];
  let waiting: { resolve(answer: LiveAnswer): void; reject(error: unknown): void } | undefined;
  let ended: unknown;
  let stderr = '';
  const end = (error: unknown): void => {
    ended ??= error;
    signal.removeEventListener('abort', cancel);
    waiting?.reject(ended);
    waiting = undefined;
  };
  const cancel = (): void => {
    end(signal.reason);
    child.kill('SIGKILL');
  };
  signal.addEventListener('abort', cancel);
  child.on('error', end);
  child.stderr?.on('data', (data: Buffer) => (stderr = `${stderr}${data.toString()}`.slice(-4000)));
  // Writing to a child that has ended fails on its own; the end is told by `close`.
  child.stdin?.on('error', () => undefined);
  child.on('close', (code, killedBy) => {
    end(new Error(`the process for live databases ended (${killedBy ?? code}) ${stderr}`.trim()));
  });
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const answer = JSON.parse(line) as LiveAnswer;
      if (waiting === undefined) answers.push(answer);
      else waiting.resolve(answer);
      waiting = undefined;
    });
  }
  const next = (): Promise<LiveAnswer> =>
    new Promise((resolve, reject) => {
      const answer = answers.shift();
      if (answer !== undefined) resolve(answer);
      else if (ended !== undefined) reject(ended);
      else waiting = { resolve, reject };
    });
  return {
    pid: child.pid,
    next,
    ask: (question) => {
      child.stdin?.write(`${JSON.stringify(question)}\n`);
      return next();
    },
    stop: () => {
      end(new Error('the process for live databases was stopped'));
      child.kill('SIGKILL');
    },
  };
}
