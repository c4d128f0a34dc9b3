// The other end of extension-test-run.ts: takes the lines and the counts of tests that run in an
// extension host, whichever VS Code that is.

import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { TestMessage } from './extension-test-run.ts';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** What a VS Code that runs tests is started with. */
export interface ExtensionTests {
  readonly name: string;
  /** Absolute path of a folder or `.code-workspace` file; null: an empty window. */
  readonly workspace: string | null;
  readonly trusted?: boolean;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly extensionPath: string;
  /** JavaScript file that exports `run(): Promise<void>`. */
  readonly testsPath: string;
  readonly print: (line: string) => void;
}

export interface Report {
  /** What the extension host's environment needs. */
  readonly env: Readonly<Record<string, string>>;
  /** Rejects when the tests say nothing for too long. */
  readonly counts: Promise<Counts>;
  /** The counts once the extension host is gone; what it sent may still be on its way. */
  afterwards(): Promise<Counts>;
  close(): Promise<void>;
}

const silenceLimitMs = 180_000;
const arrivalLimitMs = 3_000;

export async function listenForReport(print: (line: string) => void): Promise<Report> {
  const { promise: counts, resolve, reject } = Promise.withResolvers<Counts>();
  counts.catch(() => undefined);
  const silent = (): void =>
    reject(new Error(`no sign of the tests for ${silenceLimitMs / 1000} s`));
  const timer = setTimeout(silent, silenceLimitMs);
  const server = createServer((socket: Socket) => {
    createInterface({ input: socket }).on('line', (text) => {
      timer.refresh();
      const message = JSON.parse(text) as TestMessage;
      if ('line' in message) print(message.line);
      else resolve(message.end);
    });
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    env: { SAVEPOINT_TEST_PORT: String(port), ...passedOn() },
    counts,
    async afterwards() {
      const nothing = delay(arrivalLimitMs, undefined, { ref: false });
      const answer = await Promise.race([counts, nothing]);
      if (answer === undefined) throw new Error('the extension host ended before the tests did');
      return answer;
    },
    async close() {
      clearTimeout(timer);
      server.close();
    },
  };
}

function passedOn(): Record<string, string> {
  const names = ['SAVEPOINT_TEST_GREP', 'SAVEPOINT_LONG'];
  const values = names.map((name) => [name, process.env[name] ?? ''] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== ''));
}
