// EngineOptions for tests that call parts of the engine directly.

import type { EngineOptions, Logger } from '../../src/engine/options.ts';

export const silentLog: Logger = {
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** Options with an empty environment; `changes` replaces what a test needs otherwise. */
export function engineOptions(changes: Partial<EngineOptions> = {}): EngineOptions {
  return {
    storeDir: '/nowhere/savepoint-store',
    processEntry: '/nowhere/cli.js',
    log: silentLog,
    now: () => 1_800_000_000_000,
    env: { HOME: '/nowhere/home' },
    trusted: true,
    ...changes,
  };
}
