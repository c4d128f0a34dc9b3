// Starts sample-writer.ts beside us and asks it, at the end, how it fared.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import { root } from './setup.mjs';

export interface WriterReport {
  readonly commits: number;
  readonly errors: number;
  readonly longestWaitMs: number;
}

export interface Writer {
  /** Ends it and answers what it did; safe to repeat. */
  stop(): Promise<WriterReport>;
}

export function startWriter(database: string): Writer {
  const script = join(root, 'scripts', 'sample-writer.ts');
  const child = spawn(process.execPath, [script, database], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  const output = text(child.stdout);
  const ended = once(child, 'exit');
  return {
    async stop() {
      child.kill('SIGTERM');
      await ended;
      return JSON.parse(await output) as WriterReport;
    },
  };
}
