// Waiting for what happens by itself in a moment. The limit only ends what hangs.

import { setTimeout as delay } from 'node:timers/promises';

/** Resolves when `check` answers something other than undefined or false; fails after `limitMs`. */
export async function until<T>(
  what: string,
  check: () => T | undefined | false | Promise<T | undefined | false>,
  limitMs = 20_000,
): Promise<T> {
  const endMs = Date.now() + limitMs;
  for (;;) {
    const answer = await check();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > endMs) throw new Error(`not within ${limitMs} ms: ${what}`);
    await delay(20);
  }
}
