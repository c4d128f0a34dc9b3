// Where a call stands, for as many listeners as there are: the notification, the status item.

import { EventEmitter, type Disposable, type Event } from 'vscode';
import type { Phase, Progress } from '../../engine/index.ts';

const intervalMs = 100;

export class ProgressTracker implements Progress, Disposable {
  readonly #changed = new EventEmitter<void>();
  #timer: NodeJS.Timeout | undefined;
  currentPhase: Phase | undefined;
  filesDone = 0;
  filesTotal = 0;
  bytesDone = 0;
  bytesTotal = 0;

  /** At most ten times a second; at once for a new phase. */
  readonly onDidChange: Event<void> = this.#changed.event;

  /** 0 to 100; undefined where nothing is known of the whole. */
  get percent(): number | undefined {
    const [done, total] =
      this.bytesTotal > 0 ? [this.bytesDone, this.bytesTotal] : [this.filesDone, this.filesTotal];
    return total > 0 ? Math.min(100, Math.floor((done / total) * 100)) : undefined;
  }

  phase(phase: Phase): void {
    this.currentPhase = phase;
    this.filesDone = 0;
    this.filesTotal = 0;
    this.bytesDone = 0;
    this.bytesTotal = 0;
    this.#fire();
  }

  total(files: number, bytes: number): void {
    this.filesTotal = files;
    this.bytesTotal = bytes;
    this.#fireSoon();
  }

  advance(files: number, bytes: number): void {
    this.filesDone += files;
    this.bytesDone += bytes;
    this.#fireSoon();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#changed.dispose();
  }

  #fireSoon(): void {
    this.#timer ??= setTimeout(() => this.#fire(), intervalMs);
  }

  #fire(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#changed.fire();
  }
}
