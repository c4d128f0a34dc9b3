// What a failed restore says: what state things are in, and what to do.

import { EngineError, type ErrorCode } from '../../core/errors.ts';
import { nameSome } from '../../core/format/numbers.ts';
import { errorCodeOf } from '../disk/durable-file.ts';

/** Works on a path of the data. What the system answers names it as people know it, not as it was opened. */
export async function onPath<T>(path: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw failureOf(path, error);
  }
}

function failureOf(path: string, error: unknown): unknown {
  const code = errorCodeOf(error);
  if (error instanceof EngineError || code === undefined || !isOfSystem.test(code)) return error;
  if (isFull.has(code)) return noSpace(error);
  const [words, hint] = isForbidden.has(code)
    ? ['the system does not allow it', 'make it and its folder writable, then try again']
    : [code, 'try again'];
  return new EngineError('IO', `"${path}" cannot be changed: ${words}`, {
    path,
    hint,
    cause: error,
  });
}

const isOfSystem = /^E(?!RR_)[A-Z0-9]+$/;
const isFull: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT']);
const isForbidden: ReadonlySet<string> = new Set(['EACCES', 'EPERM', 'EROFS']);

/** Before anything was replaced: whatever was begun is gone again. */
export function nothingChanged(error: unknown): unknown {
  if (error instanceof EngineError) {
    if (error.code === 'IO') return withMessage(error, `${error.message}; nothing was changed`);
    return error.code === 'STORE_DAMAGED' ? damaged(error) : error;
  }
  const code = errorCodeOf(error);
  // A cancelled call has a code as well, and a bug has none.
  if (code === undefined || !isOfSystem.test(code)) return error;
  if (isFull.has(code)) return noSpace(error);
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
  const message = `restore failed, the data is as it was: ${why}`;
  if (error instanceof EngineError) return withMessage(error, message, 'RESTORE_FAILED');
  return new EngineError('RESTORE_FAILED', message, { cause: error });
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

function noSpace(cause: unknown): EngineError {
  const message = 'no space left on the disk of the data; nothing was changed';
  return new EngineError('NO_SPACE', message, { hint: 'free some space, then try again', cause });
}

function withMessage(error: EngineError, message: string, code = error.code): EngineError {
  const { path, hint } = error;
  return new EngineError(code, message, {
    ...(path === undefined ? {} : { path }),
    ...(hint === undefined ? {} : { hint }),
    cause: error,
  });
}

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
