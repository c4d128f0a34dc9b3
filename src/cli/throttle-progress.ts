// The engine tells each file; an editor wants to hear ten times a second.

import type { ProgressEvent } from '../core/protocol.ts';
import type { Progress } from '../engine/index.ts';

export interface ThrottledProgress extends Progress {
  /** Sends what was not sent yet, and nothing more after it. */
  flush(): void;
}

const intervalMs = 100;

export function throttleProgress(send: (event: ProgressEvent) => void): ThrottledProgress {
  let news: Pick<ProgressEvent, 'phase' | 'total'> = {};
  let done = { files: 0, bytes: 0 };
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const sendNow = (): void => {
    clearTimeout(timer);
    timer = undefined;
    send({ ...news, done });
    news = {};
  };
  const sendSoon = (): void => {
    if (!isOver) timer ??= setTimeout(sendNow, intervalMs);
  };
  return {
    phase(phase) {
      // What is left of the phase before belongs to it.
      if (timer !== undefined) sendNow();
      news = { phase };
      done = { files: 0, bytes: 0 };
      sendSoon();
    },
    total(files, bytes) {
      news = { ...news, total: { files, bytes } };
      sendSoon();
    },
    advance(files, bytes) {
      done = { files: done.files + files, bytes: done.bytes + bytes };
      sendSoon();
    },
    flush() {
      if (timer !== undefined) sendNow();
      isOver = true;
    },
  };
}
