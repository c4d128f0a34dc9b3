// Progress on stderr: a bar that appears after 300 ms and leaves nothing behind. Facts come in often;
// the bar's own timer draws at most ten times a second.

import type { Progress } from '../engine/index.ts';
import { progressLine, progressShare, type ProgressFacts } from '../core/text/progress-line.ts';

export interface ProgressBar {
  readonly progress: Progress;
  /** Takes it off the screen, for good. */
  stop(): void;
}

const delayMs = 300;

export function createProgressBar(): ProgressBar {
  let facts: ProgressFacts | undefined;
  let stopBar: (() => void) | undefined;
  let isStopped = false;
  const start = async (): Promise<void> => {
    const { SingleBar } = (await import('cli-progress')).default;
    if (isStopped) return;
    const bar = new SingleBar({
      format: () => (facts === undefined ? '' : progressLine(facts, process.stderr.columns || 80)),
      stream: process.stderr,
      fps: 10,
      // The payload changes while the value may not.
      forceRedraw: true,
      clearOnComplete: true,
      // Left on: a process that is killed must not leave a terminal that no longer wraps.
      linewrap: true,
    });
    bar.start(1, facts === undefined ? 0 : (progressShare(facts) ?? 0));
    stopBar = () => bar.stop();
  };
  const timer = setTimeout(() => void start(), delayMs);
  return {
    progress: {
      phase: (phase) => {
        facts = { phase, files: 0, bytes: 0, totalFiles: null, totalBytes: null };
      },
      total: (totalFiles, totalBytes) => {
        if (facts !== undefined) facts = { ...facts, totalFiles, totalBytes };
      },
      advance: (files, bytes) => {
        if (facts !== undefined) {
          facts = { ...facts, files: facts.files + files, bytes: facts.bytes + bytes };
        }
      },
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
      stopBar?.();
      stopBar = undefined;
    },
  };
}
