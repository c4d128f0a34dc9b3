// What a script learns from the exit code. Complete: a new error code without one is a compile error.

import type { ErrorCode } from '../core/errors.ts';

export const exitCode = {
  done: 0,
  /** Done, and there is something to see: differences, damage. */
  somethingToSee: 1,
  wrongCall: 2,
  /** Refused, nothing was changed. */
  refused: 3,
  /** Failed, nothing was lost. */
  failed: 4,
  interrupted: 130,
} as const;

export const exitCodeOfError = {
  USAGE: 2,
  SNAPSHOT_NOT_FOUND: 2,
  SNAPSHOT_AMBIGUOUS: 2,
  LABEL_INVALID: 2,
  PATH_NOT_IN_SNAPSHOT: 2,
  CONFIG_INVALID: 2,
  NO_DATA_DIRECTORY: 3,
  DATA_DIRECTORY_REFUSED: 3,
  CONFIRMATION_NEEDED: 3,
  NOTHING_TO_UNDO: 3,
  STORE_BUSY: 3,
  STORE_NEWER: 3,
  STORE_READ_ONLY: 3,
  STORE_FOREIGN: 3,
  STORE_LOCKS_BROKEN: 3,
  OVER_LIMIT: 3,
  NO_ROOM: 3,
  PLAN_STALE: 3,
  DATABASE_BUSY: 3,
  DATABASE_IN_USE: 3,
  SNAPSHOT_DAMAGED: 3,
  TARGET_NOT_EMPTY: 3,
  UNTRUSTED: 3,
  RESTORE_PENDING: 3,
  RESTORE_BLOCKED: 3,
  NO_SPACE: 4,
  STORE_DAMAGED: 4,
  RESTORE_FAILED: 4,
  RESTORE_NOT_PROVEN: 4,
  DRIVER_UNAVAILABLE: 4,
  IO: 4,
} as const satisfies Record<ErrorCode, 2 | 3 | 4>;
