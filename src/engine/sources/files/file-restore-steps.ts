// Single steps on names and files, each with its way back.

import {
  closeSync,
  constants,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  unlinkSync,
  writeSync,
  type BigIntStats,
} from 'node:fs';
import { EngineError } from '../../../core/errors.ts';
import { errorCodeOf } from '../../disk/durable-file.ts';
import type { EntryFacts } from '../../disk/entry-facts.ts';
import { setFacts } from './file-restore-facts.ts';

/** What was at a target, under a name of its own. */
export interface Kept {
  readonly stats: BigIntStats;
  /** Moves it back over whatever is at the target. */
  putBack(target: Buffer): void;
  /** Gives the name up where the target was not replaced after all. */
  release(target: Buffer): void;
}

/** The target stays where it is; undefined where there are no further names for it. */
export function keepByLink(target: Buffer, name: Buffer): Kept | undefined {
  try {
    linkSync(target, name);
  } catch {
    // Not on this file system, not for a file of somebody else, or too many names already.
    return undefined;
  }
  return {
    stats: lstatSync(name, { bigint: true }),
    putBack: (target) => renameSync(name, target),
    release: () => unlinkSync(name),
  };
}

/** Takes what is at the target out of its place. */
export function keepByMove(target: Buffer, name: Buffer): Kept {
  renameSync(target, name);
  const putBack = (target: Buffer): void => renameSync(name, target);
  return { stats: lstatSync(name, { bigint: true }), putBack, release: putBack };
}

/** False where something is there by now: a new name never hides what another program just made. */
export function placeNew(staged: Buffer, target: Buffer): boolean {
  try {
    linkSync(staged, target);
  } catch (error) {
    if (errorCodeOf(error) === 'EEXIST') return false;
    renameSync(staged, target);
    return true;
  }
  unlinkSync(staged);
  return true;
}

/** Brings a kept copy back into the same file. */
export function writeBack(copy: string, target: Buffer, facts: EntryFacts): void {
  // Not `copyFile`: it sets the mode, which only the owner may.
  const from = openSync(copy, 'r');
  const to = openSync(target, constants.O_WRONLY | constants.O_TRUNC | (constants.O_NOFOLLOW ?? 0));
  const buffer = Buffer.allocUnsafe(1024 * 1024);
  try {
    for (;;) {
      const read = readSync(from, buffer, 0, buffer.length, null);
      if (read === 0) break;
      writeSync(to, buffer, 0, read);
    }
  } finally {
    closeSync(from);
    closeSync(to);
  }
  setFacts(target, facts);
}

/** The same content as far as `lstat` tells; links and renames of ours change the rest. */
export function isSameFile(a: BigIntStats, b: BigIntStats): boolean {
  return a.ino === b.ino && a.dev === b.dev && a.size === b.size && a.mtimeNs === b.mtimeNs;
}

export function notWritable(path: string): EngineError {
  return new EngineError(
    'RESTORE_BLOCKED',
    `"${path}" cannot be written: its folder is read-only`,
    {
      path,
      hint: 'make it writable, then try again',
    },
  );
}

/** Makes renames in the folder durable. */
export function syncFolder(path: Buffer): void {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY);
  } catch (error) {
    // A folder that may be entered and not read cannot be opened for this.
    if (errorCodeOf(error) === 'EACCES') return;
    throw error;
  }
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
