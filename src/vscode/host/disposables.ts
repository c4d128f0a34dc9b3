// The kit for what must be given back: a store that disposes in reverse order, and a slot for one.

import type { Disposable } from 'vscode';

/** Disposes what was added, last first; adding to a disposed store disposes at once. */
export class DisposableStore implements Disposable {
  readonly #items: Disposable[] = [];
  #disposed = false;

  add<T extends Disposable>(item: T): T {
    if (this.#disposed) item.dispose();
    else this.#items.push(item);
    return item;
  }

  dispose(): void {
    this.#disposed = true;
    for (const item of this.#items.splice(0).toReversed()) item.dispose();
  }
}

/** Holds one disposable at a time: setting another disposes the one before. */
export class MutableDisposable<T extends Disposable> implements Disposable {
  #current: T | undefined;
  #disposed = false;

  get current(): T | undefined {
    return this.#current;
  }

  set(next: T | undefined): void {
    this.#current?.dispose();
    this.#current = undefined;
    if (this.#disposed) next?.dispose();
    else this.#current = next;
  }

  dispose(): void {
    this.#disposed = true;
    this.#current?.dispose();
    this.#current = undefined;
  }
}

export function toDisposable(dispose: () => void): Disposable {
  return { dispose };
}
