/** The engine's process ended in the middle of a call. Told once, where it is noticed. */
export class EngineStoppedError extends Error {
  constructor() {
    super("Savepoint's engine stopped");
    this.name = 'EngineStoppedError';
  }
}
