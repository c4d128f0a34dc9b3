// SQLite and the store answer synchronously: between two portions of work the event loop gets its
// turn, so that a cancellation can arrive at all.

import { setImmediate } from 'node:timers/promises';

/** Lets the event loop go round once. @throws AbortError where the signal has fired */
export async function pause(signal: AbortSignal): Promise<void> {
  await setImmediate();
  signal.throwIfAborted();
}
