// Ctrl+C: the first asks what runs to stop and leave nothing half done, the second ends at once.

import { exitCode } from './exit-codes.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * A signal that fires when the process is asked to end.
 * @param beforeExit what the terminal needs before the process ends at once.
 */
export function listenForInterrupt(beforeExit: () => void): AbortSignal {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) {
      beforeExit();
      process.exit(exitCode.interrupted);
    }
    controller.abort();
  };
  for (const signal of signals) process.on(signal, onSignal);
  return controller.signal;
}
