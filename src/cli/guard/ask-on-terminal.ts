// A question to the person at the terminal, whatever stdin is: that belongs to the command.

import { openSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { ReadStream } from 'node:tty';

/**
 * True for `y` or `yes`; undefined where there is no terminal.
 * @throws AbortError on Ctrl+C
 */
export async function askOnTerminal(
  question: string,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  const descriptor = openTerminal();
  if (descriptor === undefined) return undefined;
  writeSync(descriptor, `${question} [y/N] `);
  const input = new ReadStream(descriptor);
  // A background job is stopped by the system when it reads here, as any program is.
  const lines = createInterface({ input, terminal: false });
  try {
    const answer = await new Promise<string>((done, failed) => {
      lines.once('line', done);
      lines.once('close', () => done(''));
      signal.addEventListener('abort', () => failed(signal.reason as Error), { once: true });
    });
    return /^\s*y(es)?\s*$/i.test(answer);
  } finally {
    lines.close();
    input.destroy();
  }
}

function openTerminal(): number | undefined {
  const path = process.platform === 'win32' ? String.raw`\\.\CONIN$` : '/dev/tty';
  try {
    return openSync(path, 'r+');
  } catch {
    // No terminal: a job of a server, a container without -t.
    return undefined;
  }
}
