// Damage in the store must not keep new snapshots from being taken: what is only a help is done without.

import { EngineError } from '../../core/errors.ts';

/** What `read` answers, or `otherwise` where the store is damaged at that place. */
export function orIfDamaged<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch (error) {
    if (!isDamage(error)) throw error;
    return otherwise;
  }
}

export function isDamage(error: unknown): boolean {
  return error instanceof EngineError && error.code === 'STORE_DAMAGED';
}
