/** Hands out one signal at a time: the next one aborts the one before. */
export class Latest {
  #current: AbortController | undefined;

  next(): AbortController {
    this.#current?.abort();
    this.#current = new AbortController();
    return this.#current;
  }
}
