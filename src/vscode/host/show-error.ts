// How failures are told. Expected ones in words, with what helps; a bug with the way to the log.

import { commands, window } from 'vscode';
import { EngineError, isCancellation, type ErrorCode } from '../../core/errors.ts';
import { errorText } from '../../core/views/error-text.ts';
import { EngineStoppedError } from './engine-stopped-error.ts';
import type { Log } from './log.ts';

interface Treatment {
  readonly severity: 'error' | 'warning';
  /** Offers to run the same command again. */
  readonly canRetry: boolean;
  readonly action?: { readonly title: string; readonly command: string };
}

const showLog = { title: 'Show Log', command: 'savepoint.showLog' };
const refused = { severity: 'warning', canRetry: false } as const;
const retriable = { severity: 'warning', canRetry: true } as const;
const failed = { severity: 'error', canRetry: false, action: showLog } as const;

const treatments = {
  USAGE: refused,
  SNAPSHOT_NOT_FOUND: refused,
  SNAPSHOT_AMBIGUOUS: refused,
  LABEL_INVALID: refused,
  PATH_NOT_IN_SNAPSHOT: refused,
  CONFIG_INVALID: {
    ...refused,
    action: { title: 'Open savepoint.json', command: 'savepoint.openConfig' },
  },
  NO_DATA_DIRECTORY: {
    ...refused,
    action: { title: 'Choose a Data Directory...', command: 'savepoint.addDataDir' },
  },
  DATA_DIRECTORY_REFUSED: refused,
  CONFIRMATION_NEEDED: refused,
  NOTHING_TO_UNDO: refused,
  STORE_BUSY: retriable,
  STORE_NEWER: {
    ...refused,
    action: {
      title: 'Check for Updates',
      command: 'workbench.extensions.action.checkForUpdates',
    },
  },
  STORE_READ_ONLY: refused,
  STORE_FOREIGN: refused,
  STORE_LOCKS_BROKEN: refused,
  OVER_LIMIT: {
    ...refused,
    action: { title: 'Open savepoint.json', command: 'savepoint.openConfig' },
  },
  NO_ROOM: refused,
  PLAN_STALE: {
    ...refused,
    action: { title: 'Refresh Preview', command: 'savepoint.preview.refresh' },
  },
  DATABASE_BUSY: retriable,
  DATABASE_IN_USE: retriable,
  SNAPSHOT_DAMAGED: {
    ...failed,
    action: { title: 'Verify All', command: 'savepoint.verifyAll' },
  },
  TARGET_NOT_EMPTY: refused,
  UNTRUSTED: {
    ...refused,
    action: { title: 'Manage Workspace Trust', command: 'workbench.trust.manage' },
  },
  RESTORE_PENDING: refused,
  RESTORE_BLOCKED: refused,
  NO_SPACE: { ...failed, canRetry: true },
  STORE_DAMAGED: failed,
  RESTORE_FAILED: failed,
  RESTORE_NOT_PROVEN: failed,
  DRIVER_UNAVAILABLE: failed,
  IO: failed,
} as const satisfies Record<ErrorCode, Treatment>;

/**
 * Tells the user, once, and runs what they choose; resolves when the message is gone.
 * @param retry runs the failed thing again.
 */
export async function showError(
  log: Log,
  error: unknown,
  retry?: () => Promise<unknown>,
): Promise<void> {
  // A crash of the engine is told where it is noticed, not by each call that it ended.
  if (isCancellation(error) || error instanceof EngineStoppedError) return;
  if (!(error instanceof EngineError)) {
    log.error(error instanceof Error ? error : String(error));
    const message = error instanceof Error ? error.message : String(error);
    await offer('error', `Savepoint met a problem of its own: ${message}`, showLog);
    return;
  }
  log.warn(`${error.code}: ${error.message}`);
  const treatment: Treatment = treatments[error.code];
  const again = treatment.canRetry && retry ? 'Try Again' : undefined;
  const chosen = await offer(treatment.severity, errorText(error), treatment.action, again);
  if (chosen === again && again !== undefined) await retry?.();
}

async function offer(
  severity: Treatment['severity'],
  text: string,
  action: Treatment['action'],
  again?: string,
): Promise<string | undefined> {
  const buttons = [again, action?.title].filter((title) => title !== undefined);
  const chosen = await (severity === 'error'
    ? window.showErrorMessage(text, ...buttons)
    : window.showWarningMessage(text, ...buttons));
  if (action !== undefined && chosen === action.title) {
    await commands.executeCommand(action.command);
  }
  return chosen;
}
