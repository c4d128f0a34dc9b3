// Small files that must be whole or absent whatever happens.

import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Replaces `path` in one step: temporary file beside it, fsync, rename, fsync of the folder. */
export function writeDurably(path: string, content: string): void {
  // A name of its own: another process may write the same file at this moment.
  const temporary = `${path}.${randomUUID()}.part`;
  const fd = openSync(temporary, 'wx', 0o600);
  try {
    writeSync(fd, content);
    fsyncSync(fd);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(fd);
  }
  renameSync(temporary, path);
  syncFolder(dirname(path));
}

/** Makes renames and removals in a folder durable. Windows knows no such call: there it does nothing. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** A folder only its owner can look into, with its parents. */
export function makePrivateFolder(path: string): void {
  try {
    makeOneFolder(path);
  } catch (error) {
    if (errorCodeOf(error) !== 'ENOENT' || dirname(path) === path) throw error;
    // Not `recursive`: in a folder that takes none, as in /proc, Node tries for ever.
    makePrivateFolder(dirname(path));
    makeOneFolder(path);
  }
}

function makeOneFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (errorCodeOf(error) !== 'EEXIST' || !statSync(path).isDirectory()) throw error;
  }
}

/** An empty file that only its owner can read, where none is yet. */
export function makePrivateFile(path: string): void {
  closeSync(openSync(path, 'a', 0o600));
}

/** The file's text, or undefined where there is none, or its folder is none. */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (/^(ENOENT|ENOTDIR)$/.test(errorCodeOf(error) ?? '')) return undefined;
    throw error;
  }
}

/** The `code` of a system error, undefined for anything else. */
export function errorCodeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
