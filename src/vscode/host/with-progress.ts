// Runs a longer call with VS Code's progress. The only place where its token becomes a signal.

import { ProgressLocation, window } from 'vscode';
import { formatCount } from '../../core/format/numbers.ts';
import type { CallOptions, Phase } from '../../engine/index.ts';
import { ProgressTracker } from './progress-tracker.ts';

export interface ProgressOptions {
  readonly title: string;
  /** Shorter calls show nothing. */
  readonly afterMs: number;
  /** Shows nothing at all. */
  readonly isSilent?: boolean;
  /** From this phase on it cannot be cancelled any more. */
  readonly uncancellableFrom?: Phase;
  /** Called with the tracker as the call begins: for the status item. */
  readonly onStart?: (tracker: ProgressTracker) => void;
}

export async function withProgress<T>(
  options: ProgressOptions,
  task: (call: CallOptions) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const tracker = new ProgressTracker();
  options.onStart?.(tracker);
  const running = task({ signal: controller.signal, progress: tracker });
  // Whoever awaits `running` hears of a failure; the notification only has to go.
  const ended = running.then(
    () => undefined,
    () => undefined,
  );
  const show = () => void showNotification(options, tracker, controller, ended);
  const timer = options.isSilent === true ? undefined : setTimeout(show, options.afterMs);
  try {
    return await running;
  } finally {
    clearTimeout(timer);
    tracker.dispose();
  }
}

/** Without a notification: for views and documents. */
export function quietCall(signal: AbortSignal = new AbortController().signal): CallOptions {
  return {
    signal,
    progress: { phase: () => undefined, total: () => undefined, advance: () => undefined },
  };
}

async function showNotification(
  { title, uncancellableFrom }: ProgressOptions,
  tracker: ProgressTracker,
  controller: AbortController,
  ended: Promise<void>,
): Promise<void> {
  const isLate = () =>
    uncancellableFrom !== undefined && isFromPhase(tracker.currentPhase, uncancellableFrom);
  const location = ProgressLocation.Notification;
  if (!isLate()) {
    await window.withProgress({ location, title, cancellable: true }, async (reporter, token) => {
      const cancelled = token.onCancellationRequested(() => controller.abort());
      const changed = tracker.onDidChange(() => reporter.report({ message: phaseText(tracker) }));
      const late = new Promise<void>((resolve) => {
        tracker.onDidChange(() => isLate() && resolve());
      });
      reporter.report({ message: phaseText(tracker) });
      await Promise.race([ended, late]);
      cancelled.dispose();
      changed.dispose();
    });
  }
  if (!isLate()) return;
  await window.withProgress({ location, title, cancellable: false }, async (reporter) => {
    const changed = tracker.onDidChange(() => reporter.report({ message: phaseText(tracker) }));
    reporter.report({ message: phaseText(tracker) });
    await ended;
    changed.dispose();
  });
}

/** The phases of a restore that come with and after the swap. */
const latePhases: readonly Phase[] = ['replacing', 'proving'];

function isFromPhase(current: Phase | undefined, from: Phase): boolean {
  if (current === undefined) return false;
  return current === from || (latePhases.includes(from) && latePhases.includes(current));
}

function phaseText(tracker: ProgressTracker): string {
  const { currentPhase, filesDone, filesTotal } = tracker;
  const files =
    filesTotal > 0 ? `${formatCount(filesDone)} of ${formatCount(filesTotal)} files` : '';
  switch (currentPhase) {
    case undefined:
      return '';
    case 'reading':
      return files;
    case 'replacing':
      return 'replacing, cannot be cancelled now';
    case 'preparing':
      return filesTotal > 0 ? `preparing ${formatCount(filesTotal)} files` : 'preparing';
    case 'looking':
    case 'checking':
    case 'comparing':
    case 'safety snapshot':
    case 'proving':
    case 'verifying':
      return [currentPhase, files].filter((part) => part !== '').join(', ');
  }
}
