// What a failed restore says: what state things are in, and what to do.

import { EngineError, type ErrorCode } from '../../core/errors.ts';
import { nameSome } from '../../core/text/numbers.ts';
import { errorCodeOf } from '../store/durable-file.ts';

/** Before anything was replaced: whatever was begun is gone again. */
export function nothingChanged(error: unknown): unknown {
  if (error instanceof EngineError) {
    return error.code === 'STORE_DAMAGED' ? damaged(error) : error;
  }
  const code = errorCodeOf(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new EngineError(
      'NO_SPACE',
      'no space left on the disk of the data; nothing was changed',
      {
        hint: 'free some space, then try again',
        cause: error,
      },
    );
  }
  // A cancelled call has a code as well, and a bug has none.
  if (code === undefined || !/^E[A-Z]/.test(code)) return error;
  return new EngineError('IO', `${messageOf(error)}; nothing was changed`, { cause: error });
}

/**
 * After something was replaced.
 * @param left paths that could not be taken back
 */
export function restoreFailure(error: unknown, left: readonly string[]): unknown {
  const why = messageOf(error);
  if (left.length > 0) {
    return new EngineError(
      'RESTORE_FAILED',
      `restore failed and could not be taken back in ${nameSome(left, 3)}: ${why}`,
      { hint: 'savepoint undo brings back what was there before', cause: error },
    );
  }
  // Such an error says itself that nothing was changed, and now that is so.
  if (error instanceof EngineError && error.code !== 'RESTORE_FAILED' && error.code !== 'IO') {
    return error.code === 'STORE_DAMAGED' ? damaged(error) : error;
  }
  const path = error instanceof EngineError ? error.path : undefined;
  return new EngineError('RESTORE_FAILED', `restore failed, the data is as it was: ${why}`, {
    ...(path === undefined ? {} : { path }),
    cause: error,
  });
}

/** @param paths of the snapshot, at least one; none was restored */
export function damagedInStore(paths: readonly string[]): EngineError {
  const [first = ''] = paths;
  const what =
    paths.length === 1 ? `"${first}" is` : `${paths.length} files, "${first}" first, are`;
  return new EngineError('SNAPSHOT_DAMAGED', `${what} damaged in the store; nothing was changed`, {
    path: first,
    hint: 'savepoint verify tells what can be repaired, --only restores the rest',
  });
}

/** True for what is no failure but a reason not to restore now. */
export function isRefusal(error: unknown): boolean {
  return error instanceof EngineError && refusals.has(error.code);
}

const refusals: ReadonlySet<ErrorCode> = new Set([
  'DATABASE_BUSY',
  'DATABASE_IN_USE',
  'PLAN_STALE',
  'RESTORE_BLOCKED',
  'NO_ROOM',
]);

function damaged(error: EngineError): EngineError {
  return new EngineError(
    'SNAPSHOT_DAMAGED',
    `this snapshot is damaged in the store (${error.message}); nothing was changed`,
    { hint: 'savepoint verify tells what can be repaired', cause: error },
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
