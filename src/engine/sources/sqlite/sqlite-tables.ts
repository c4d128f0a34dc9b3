// Brings single tables of a live database back, through SQLite and under whoever has it open; and
// proves it afterwards.

import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TableChoice } from '../../../core/restore/selection.ts';
import { openDatabase, withPlainPath } from '../../sqlite/sqlite-driver.ts';
import { haveSameRows, prepareConnection } from './replace-tables.ts';
import { captureDatabases } from './sqlite-capture.ts';
import { databaseSignature } from '../../sqlite/sqlite-file.ts';
import { syncDatabase } from './sqlite-replace.ts';
import { assertRoom, changeLive, defaultTimeoutMs, failure } from './sqlite-restore.ts';
import { mustReplace } from './must-replace.ts';
import type {
  CaptureDatabasesContext,
  LiveDatabase,
  RestoreDatabaseContext,
  RestoreTablesRequest,
} from '../source.ts';
import { wholeOnly, keysBreak } from '../whole-only.ts';

/**
 * Makes the chosen tables of the live database what they are in the image; every other row and the
 * schema stay. All or nothing, and durable when it returns. Answers the database's signature then.
 * @throws EngineError RESTORE_BLOCKED another schema, or foreign keys would break; DATABASE_BUSY and
 * others: nothing was changed then. RESTORE_FAILED the process that writes was killed.
 */
export async function restoreTables(
  request: RestoreTablesRequest,
  context: RestoreDatabaseContext,
): Promise<string> {
  const { imagePath, target, key, choice } = request;
  const why = mustReplace(target);
  if (why !== null) throw wholeOnly(key, why);
  assertRoom(request);
  const answer = await changeLive(
    request,
    {
      op: 'replaceTables',
      imagePath,
      target,
      choice,
      timeoutMs: request.timeoutMs ?? defaultTimeoutMs,
    },
    context,
  );
  if (answer === null) throw wholeOnly(key, 'SQLite cannot open it');
  if (answer.foreignKeys !== undefined) throw keysBreak(key, answer.foreignKeys);
  if (!answer.ok) {
    throw answer.code === undefined || answer.code === 'SQLITE_ERROR'
      ? wholeOnly(key, answer.problem ?? 'unknown problem')
      : failure(answer, request);
  }
  syncDatabase(target);
  return databaseSignature(target);
}

/**
 * Compares the chosen tables of a copy of the live database with the image.
 * `changed` where they differ and the database is not as `signature` says any more.
 */
export async function proveTables(
  imagePath: string,
  live: LiveDatabase,
  choice: TableChoice,
  signature: string,
  context: CaptureDatabasesContext,
): Promise<'equal' | 'changed' | 'different' | 'damaged'> {
  const folder = await mkdtemp(join(context.tempDir, 'proof-'));
  try {
    const { databases } = await captureDatabases([live], { ...context, tempDir: folder });
    const [copy] = databases;
    if (copy?.imagePath === null || copy === undefined || copy.state === 'damaged')
      return 'damaged';
    const db = openDatabase(copy.imagePath);
    try {
      withPlainPath(imagePath, (plain) => prepareConnection(db, plain));
      if (haveSameRows(db, choice)) return 'equal';
    } finally {
      db.close();
    }
    return copy.signature.replace(/~$/, '') === signature.replace(/~$/, '')
      ? 'different'
      : 'changed';
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
