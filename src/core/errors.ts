/** What can go wrong in words: every failure that a user can cause or meet has a code here. */
export const errorCodes = [
  // The call is wrong.
  'USAGE',
  'SNAPSHOT_NOT_FOUND',
  'SNAPSHOT_AMBIGUOUS',
  'LABEL_INVALID',
  'PATH_NOT_IN_SNAPSHOT',
  'CONFIG_INVALID',
  // Refused; nothing was changed.
  'NO_DATA_DIRECTORY',
  'DATA_DIRECTORY_REFUSED',
  'CONFIRMATION_NEEDED',
  'NOTHING_TO_UNDO',
  'STORE_BUSY',
  'STORE_NEWER',
  'STORE_READ_ONLY',
  'STORE_FOREIGN',
  'STORE_LOCKS_BROKEN',
  'OVER_LIMIT',
  'NO_ROOM',
  'PLAN_STALE',
  'DATABASE_BUSY',
  'DATABASE_IN_USE',
  'SNAPSHOT_DAMAGED',
  'TARGET_NOT_EMPTY',
  'UNTRUSTED',
  'RESTORE_PENDING',
  'RESTORE_BLOCKED',
  // Failed; nothing was lost, and the message says what state things are in.
  'NO_SPACE',
  'STORE_DAMAGED',
  'RESTORE_FAILED',
  'RESTORE_NOT_PROVEN',
  'DRIVER_UNAVAILABLE',
  'IO',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/**
 * An expected failure, told to the user as it stands: one line that says what went wrong, on which
 * path, and what to do. Anything else that is thrown is a bug, or a cancellation (`AbortError`).
 */
export class EngineError extends Error {
  readonly code: ErrorCode;
  /** The path it is about, as the user knows it. */
  readonly path: string | undefined;
  /** What to do next; shown behind the message. */
  readonly hint: string | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    facts: { path?: string; hint?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: facts.cause });
    this.name = 'EngineError';
    this.code = code;
    this.path = facts.path;
    this.hint = facts.hint;
  }
}

/** What is asked for is in the store and cannot be read there. */
export function isStoreDamaged(error: unknown): error is EngineError {
  return error instanceof EngineError && error.code === 'STORE_DAMAGED';
}

/** The `--json` form of an error. */
export interface ErrorDocument {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly path: string | null;
    readonly hint: string | null;
  };
}

export function errorDocument(error: EngineError): ErrorDocument {
  return {
    error: {
      code: error.code,
      message: error.message,
      path: error.path ?? null,
      hint: error.hint ?? null,
    },
  };
}

/** True where an operation ended because its `AbortSignal` fired. */
export function isCancellation(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
