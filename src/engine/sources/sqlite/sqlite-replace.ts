// Puts a database file, with the files beside it, in the place of another. An open connection would
// go on reading the old file for ever, so it is refused where anybody has it open. A stale -wal or
// journal would be replayed over the new file, so those go first: whatever happens in between, the
// old content is in the snapshot that was taken before.

import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { sidecarsOf } from '../../../core/names.ts';
import { EngineError } from '../../../core/errors.ts';
import { errorCodeOf, syncFolder } from '../../disk/durable-file.ts';
import { processesWithOpen } from '../../disk/open-by.ts';
import { hasPageChecksums, renewFirstChecksum } from '../../sqlite/page-checksums.ts';
import { hasSqliteHeader } from '../../sqlite/sqlite-file.ts';
import { writeHeaderVersion } from './sqlite-image.ts';
import { copyPrivately, type CopiedFile } from './sqlite-raw-copy.ts';
import { diskPath } from '../../disk/disk-path.ts';
import type { FileOwnership } from '../source.ts';

export interface ReplaceDatabaseRequest {
  /** The database, with suffix `''`, and its -wal or -journal where they belong to it. */
  readonly files: readonly CopiedFile[];
  readonly target: string;
  /** The target as the user knows it, for messages. */
  readonly key: string;
  /** Put into the header of a SQLite database; undefined leaves the file as it is. */
  readonly writeVersion?: 1 | 2 | undefined;
  /** Undefined: as the file has it that is replaced. */
  readonly ownership?: FileOwnership | undefined;
}

/**
 * Replaces the database at `target`, which may be missing; durable when it returns.
 * @throws EngineError DATABASE_IN_USE somebody has it open; nothing was changed
 */
export async function replaceDatabase(request: ReplaceDatabaseRequest): Promise<void> {
  const { target, key, files } = request;
  const folder = dirname(target);
  const staged: { readonly temporary: string; readonly final: string }[] = [];
  try {
    for (const { suffix, copyPath } of files) {
      const temporary = join(folder, `.savepoint-${randomUUID()}.part`);
      staged.push({ temporary, final: `${target}${suffix}` });
      await stage(
        copyPath,
        temporary,
        suffix === '' ? request : { ...request, writeVersion: undefined },
      );
    }
    await assertUnused(target, key);
    for (const path of sidecarsOf(target)) rmSync(diskPath(path), { force: true });
    syncPath(folder);
    for (const { temporary, final } of staged) renameSync(diskPath(temporary), diskPath(final));
    syncPath(folder);
  } catch (error) {
    for (const { temporary } of staged) rmSync(diskPath(temporary), { force: true });
    throw asInUse(error, key);
  }
}

/** Makes the file, its -wal and the folder durable. */
export function syncDatabase(target: string): void {
  for (const path of [target, `${target}-wal`]) {
    try {
      const fd = openSync(diskPath(path), 'r+');
      fsyncSync(fd);
      closeSync(fd);
    } catch (error) {
      // No log: it was worked in. Not ours to write: then nothing of ours is in it.
      if (!['ENOENT', 'EACCES', 'EPERM', 'EROFS'].includes(errorCodeOf(error) ?? '')) throw error;
    }
  }
  syncPath(dirname(target));
}

async function stage(
  copyPath: string,
  temporary: string,
  request: ReplaceDatabaseRequest,
): Promise<void> {
  const ownership = request.ownership ?? ownershipOf(request.target);
  await copyPrivately(copyPath, temporary);
  if (request.writeVersion !== undefined && hasSqliteHeader(temporary)) {
    const hasChecksums = hasPageChecksums(temporary);
    writeHeaderVersion(temporary, request.writeVersion);
    if (hasChecksums) renewFirstChecksum(temporary);
  }
  const fd = openSync(diskPath(temporary), 'r+');
  fsyncSync(fd);
  closeSync(fd);
  if (ownership === undefined) return;
  try {
    chownSync(diskPath(temporary), ownership.uid, ownership.gid);
  } catch (error) {
    // Only root may give a file away; whoever restores tells it.
    if (errorCodeOf(error) !== 'EPERM') throw error;
  }
  chmodSync(diskPath(temporary), ownership.mode);
}

function ownershipOf(path: string): FileOwnership | undefined {
  const stats = statSync(diskPath(path), { throwIfNoEntry: false });
  if (stats === undefined) return undefined;
  return { mode: stats.mode & 0o7777, uid: stats.uid, gid: stats.gid };
}

async function assertUnused(target: string, key: string): Promise<void> {
  const users = await processesWithOpen([target, ...sidecarsOf(target)]);
  if (users.length > 0) throw inUse(key, users.join(', '));
}

function inUse(key: string, who: string, cause?: unknown): EngineError {
  return new EngineError('DATABASE_IN_USE', `"${key}" is open in ${who} and has to be replaced`, {
    path: key,
    hint: 'stop it and restore again',
    cause,
  });
}

/** Windows does not let an open file be replaced or removed, and that is all it tells. */
function asInUse(error: unknown, key: string): unknown {
  const isOpen = ['EBUSY', 'EPERM', 'EACCES'].includes(errorCodeOf(error) ?? '');
  return process.platform === 'win32' && isOpen ? inUse(key, 'another process', error) : error;
}

function syncPath(folder: string): void {
  if (!/\p{Surrogate}/u.test(folder)) {
    syncFolder(folder);
    return;
  }
  const fd = openSync(diskPath(folder), 'r');
  fsyncSync(fd);
  closeSync(fd);
}
