// Says once that the engine's process ended by itself; it starts again with the next call.

import { window, type Disposable } from 'vscode';
import type { Log } from '../host/log.ts';
import type { Services } from '../services.ts';

export function registerCrashMessage({
  engine,
  log,
  projects,
}: Pick<Services, 'engine' | 'log' | 'projects'>): Disposable {
  let isTold = false;
  return engine.onDidCrash((detail) => {
    if (isTold) return;
    isTold = true;
    void tell(log, detail);
    // Once: an engine that crashes at every call must not be called in a circle.
    void projects.refreshAll();
  });
}

async function tell(log: Log, detail: string): Promise<void> {
  const text = `Savepoint's engine stopped (${detail}). It starts again when it is needed.`;
  if ((await window.showErrorMessage(text, 'Show Log')) !== undefined) log.show();
}
