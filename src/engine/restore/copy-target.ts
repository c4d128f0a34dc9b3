// The folder that a copy of a snapshot is written to: new or empty, and nowhere near what is captured.

import { lstatSync, mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { realPathSoFar } from '../disk/real-path.ts';
import { EngineError } from '../../core/errors.ts';
import { isWithin, type ProjectPath } from '../../core/names.ts';
import { errorCodeOf } from '../disk/durable-file.ts';
import type { ProjectContext } from '../project/project-context.ts';
import { createPlace } from '../sources/files/place.ts';
import { diskPath, problemWords } from '../disk/disk-path.ts';

/**
 * @param to absolute
 * @param roots of the snapshot, as the documents have them
 * @throws EngineError TARGET_NOT_EMPTY, RESTORE_BLOCKED, USAGE in the store or in a data directory
 */
export function assertCopyTarget(
  to: string,
  { options, projectDir }: ProjectContext,
  roots: readonly ProjectPath[],
): void {
  assertEmpty(to);
  const real = realPathSoFar(to);
  if (isWithin(real, realPathSoFar(options.storeDir))) throw liesIn(to, 'in the store');
  const place = createPlace(projectDir, roots);
  const root = roots.find((path) => isWithin(real, realPathSoFar(place.livePath(path))));
  if (root !== undefined) throw liesIn(to, `in the data directory "${root}"`);
}

/** Answers the topmost folder that it made; undefined where all were there. @throws EngineError RESTORE_BLOCKED */
export function makeCopyTarget(to: string): string | undefined {
  try {
    return mkdirSync(diskPath(to), { recursive: true });
  } catch (error) {
    throw unusable(to, error);
  }
}

export function removeIfEmpty(to: string): void {
  try {
    rmdirSync(diskPath(to));
  } catch {
    // Somebody put something into it: it is theirs now.
  }
}

export function notEmpty(to: string, found: string): EngineError {
  return new EngineError(
    'TARGET_NOT_EMPTY',
    `"${to}" is not an empty folder: "${found}" is there`,
    { path: to, hint: 'name a new or empty folder' },
  );
}

function assertEmpty(to: string): void {
  const first = firstIn(to);
  if (first !== undefined) throw notEmpty(to, first);
}

function firstIn(to: string): string | undefined {
  try {
    const stats = lstatSync(diskPath(to), { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    if (stats.isDirectory()) return readdirSync(diskPath(to))[0];
  } catch (error) {
    throw unusable(to, error);
  }
  throw new EngineError('TARGET_NOT_EMPTY', `"${to}" is not a folder`, {
    path: to,
    hint: 'name a new or empty folder',
  });
}

function unusable(to: string, error: unknown): unknown {
  const code = errorCodeOf(error);
  if (code === undefined) return error;
  const words = code === 'ENOTDIR' ? 'a file is on the way to it' : problemWords(code);
  return new EngineError('RESTORE_BLOCKED', `"${to}" cannot be used: ${words}`, {
    path: to,
    hint: 'name another folder',
    cause: error,
  });
}

function liesIn(to: string, where: string): EngineError {
  return new EngineError('USAGE', `"${to}" lies ${where}`, {
    path: to,
    hint: 'name a folder outside of it',
  });
}
