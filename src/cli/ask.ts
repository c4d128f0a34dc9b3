// A yes-or-no question in the terminal; everything but a yes is a no.

import { createInterface } from 'node:readline/promises';

/**
 * True for `y` or `yes`. On stderr, so that stdout has the result alone. An end of input is a no.
 * @throws AbortError on Ctrl+C
 */
export async function ask(question: string, signal: AbortSignal): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const interrupted = new AbortController();
  lines.once('SIGINT', () => interrupted.abort());
  lines.once('close', () => interrupted.abort('closed'));
  try {
    const answer = await lines.question(`${question} [y/N] `, {
      signal: AbortSignal.any([signal, interrupted.signal]),
    });
    return /^\s*y(es)?\s*$/i.test(answer);
  } catch (error) {
    process.stderr.write('\n');
    if (interrupted.signal.aborted && interrupted.signal.reason === 'closed') return false;
    throw error;
  } finally {
    lines.close();
  }
}
