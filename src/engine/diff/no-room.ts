// A comparison writes temporary files: pages of databases, and SQLite its own.

import { EngineError } from '../../core/errors.ts';
import { sqliteCode } from '../sqlite/sqlite-driver.ts';
import { errorCodeOf } from '../disk/durable-file.ts';

/** The error as NO_SPACE where the disk is full; any other as it is. */
export function tellNoRoom(error: unknown): unknown {
  const isFull =
    sqliteCode(error) === 'SQLITE_FULL' || ['ENOSPC', 'EDQUOT'].includes(errorCodeOf(error) ?? '');
  if (!isFull) return error;
  return new EngineError('NO_SPACE', 'no room for the temporary files of a comparison', {
    hint: 'free some space in the folder for temporary files (TMPDIR)',
    cause: error,
  });
}
