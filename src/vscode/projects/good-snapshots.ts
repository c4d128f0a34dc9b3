// Looks back for a snapshot that does not have a mismatch of today.

import { basename, dirname } from 'node:path/posix';
import { mismatchKey } from '../../core/check/mismatch-key.ts';
import type { Mismatch, SnapshotEntry } from '../../core/documents/documents.ts';
import { EngineError } from '../../core/errors.ts';
import type { CallOptions } from '../../engine/index.ts';
import type { EngineProject } from '../process/engine-client.ts';

const pageSize = 100;

/**
 * The newest snapshot without it; undefined where none is. What a snapshot tells of itself goes by
 * the rules that it was taken with, so the one that is found is checked by those of today.
 * @param path relative to the project folder: the snapshot must have it.
 */
export async function lastGoodSnapshot(
  engine: EngineProject,
  mismatch: Mismatch,
  path: string | undefined,
  call: CallOptions,
): Promise<SnapshotEntry | undefined> {
  const key = mismatchKey(mismatch);
  for (let offset = 0; ; offset += pageSize) {
    const page = await engine.list({ limit: pageSize, offset });
    for (const entry of page) {
      call.signal.throwIfAborted();
      if (await saysItself(engine, entry, key)) continue;
      if (path !== undefined && !(await hasPath(engine, entry.id, path))) continue;
      const { mismatches } = await engine.check(entry.id, {}, call);
      if (!mismatches.some((found) => mismatchKey(found) === key)) return entry;
    }
    if (page.length < pageSize) return undefined;
  }
}

async function saysItself(
  engine: EngineProject,
  { id, mismatches }: SnapshotEntry,
  key: string,
): Promise<boolean> {
  if (mismatches === 0) return false;
  const { mismatchKeys = [] } = await engine.show(id);
  return mismatchKeys.includes(key);
}

async function hasPath(engine: EngineProject, snapshot: string, path: string): Promise<boolean> {
  const folder = dirname(path);
  try {
    const entries = await engine.browse(snapshot, folder === '.' ? '' : folder);
    return entries.some(({ name }) => name === basename(path));
  } catch (error) {
    if (error instanceof EngineError && error.code === 'PATH_NOT_IN_SNAPSHOT') return false;
    throw error;
  }
}
