// A file of settings that is about to change: shown, asked for, written as a whole or not at all.

import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, sep } from 'node:path';
import { EngineError } from '../../core/errors.ts';
import { lineDiff } from '../../core/format/line-diff.ts';
import { ask } from '../ask.ts';
import { declined } from '../restore-and-tell.ts';
import type { CommandContext, Outcome } from '../command.ts';

export interface SettingsChange {
  /** Absolute. */
  readonly path: string;
  /** Null where the file is not there. */
  readonly before: string | null;
  /** Null where it goes. */
  readonly after: string | null;
  /** The folder in which folders that are left empty go with the file; absent where none do. */
  readonly within?: string;
}

/** Null where there is no such file. */
export function readSettings(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw failed('read', path, error);
  }
}

/**
 * Shows what would change, asks, writes.
 * @param told what is said afterwards, and where there is nothing to do
 * @throws EngineError CONFIRMATION_NEEDED without a terminal and without `yes`
 */
export async function changeSettings(
  { terminal, globals, signal }: CommandContext,
  changes: readonly SettingsChange[],
  {
    yes,
    question,
    told,
    nothing,
  }: {
    readonly yes: boolean;
    readonly question: string;
    readonly told: readonly string[];
    readonly nothing: string;
  },
): Promise<Outcome> {
  const different = changes.filter(({ before, after }) => before !== after);
  const files = different.map(({ path }) => path);
  if (different.length === 0) return { document: { changed: [] }, lines: () => [nothing] };
  if (!yes && !terminal.canAsk) {
    throw new EngineError(
      'CONFIRMATION_NEEDED',
      'settings of other programs need --yes without a terminal',
    );
  }
  const show = globals.json ? terminal.err : terminal.out;
  for (const { path, before, after } of different)
    show(lineDiff(path, before, after, terminal.text.style));
  if (!yes && !(await ask(question, signal))) return declined();
  for (const change of different) writeSettings(change);
  return { document: { changed: files }, lines: () => told };
}

/** Through a link, as people keep their settings elsewhere; the mode stays. */
function writeSettings({ path, after, within }: SettingsChange): void {
  try {
    if (after === null) {
      rmSync(path);
      if (within !== undefined) removeEmptyFolders(dirname(path), within);
      return;
    }
    mkdirSync(dirname(path), { recursive: true });
    const real = realOf(path);
    const temporary = `${real}.savepoint-${randomBytes(4).toString('hex')}`;
    writeFileSync(temporary, after, { flush: true });
    const mode = statSync(real, { throwIfNoEntry: false })?.mode;
    if (mode !== undefined) chmodSync(temporary, mode & 0o7777);
    renameSync(temporary, real);
  } catch (error) {
    throw failed('write', path, error);
  }
}

/** Upwards, below `top`. The first that holds something, is a link or may not go ends it: all of them may stay. */
function removeEmptyFolders(folder: string, top: string): void {
  if (!folder.startsWith(`${top}${sep}`)) return;
  try {
    rmdirSync(folder);
  } catch {
    return;
  }
  removeEmptyFolders(dirname(folder), top);
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (isMissing(error)) return path;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function failed(what: 'read' | 'write', path: string, cause: unknown): EngineError {
  const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
  const message = `cannot ${what} the settings: ${reason}`;
  return new EngineError('IO', message, { path, hint: 'check its permissions', cause });
}
