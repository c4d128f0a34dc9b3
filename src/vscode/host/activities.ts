// What runs now, and what was just done: for the status item and the `enablement` of commands.

import { EventEmitter, type Disposable, type Event } from 'vscode';
import type { Activity } from '../../core/views/status-item-text.ts';
import { setContextKey } from './context-keys.ts';
import type { ProgressTracker } from './progress-tracker.ts';

interface Running {
  readonly kind: Activity['kind'];
  tracker: ProgressTracker | undefined;
}

const flashMs = 4000;

export interface Flash {
  readonly text: string;
  readonly icon: 'check' | 'warning';
}

export class Activities implements Disposable {
  readonly #changed = new EventEmitter<void>();
  #running: Running | undefined;
  #flash: (Flash & { readonly timer: NodeJS.Timeout }) | undefined;

  readonly onDidChange: Event<void> = this.#changed.event;

  get current(): Activity | undefined {
    return this.#running && { kind: this.#running.kind, percent: this.#running.tracker?.percent };
  }

  /** A few words that the status item shows for four seconds. */
  get flashed(): Flash | undefined {
    return this.#flash;
  }

  /** Runs `task`, which tells its tracker as soon as it has one. */
  async run<T>(
    kind: Activity['kind'],
    task: (onStart: (tracker: ProgressTracker) => void) => Promise<T>,
  ): Promise<T> {
    const running: Running = { kind, tracker: undefined };
    this.#running = running;
    this.#fire();
    try {
      return await task((tracker) => {
        running.tracker = tracker;
        // Ends with the tracker.
        tracker.onDidChange(() => this.#changed.fire());
      });
    } finally {
      if (this.#running === running) this.#running = undefined;
      this.#fire();
    }
  }

  flash(text: string, icon: Flash['icon'] = 'check'): void {
    clearTimeout(this.#flash?.timer);
    const timer = setTimeout(() => {
      this.#flash = undefined;
      this.#changed.fire();
    }, flashMs);
    this.#flash = { text, icon, timer };
    this.#changed.fire();
  }

  dispose(): void {
    clearTimeout(this.#flash?.timer);
    this.#changed.dispose();
  }

  #fire(): void {
    // A check only reads: nothing has to wait for it.
    setContextKey('savepoint.busy', this.#running !== undefined && this.#running.kind !== 'check');
    this.#changed.fire();
  }
}
