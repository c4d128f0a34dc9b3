// Errors and warnings: one line each, what went wrong, on which path, what to do; no final stop.

import type { PendingRestore } from '../documents/documents.ts';
import { shortSnapshotId } from '../snapshot-id.ts';
import { restoreCommand } from './restore-command.ts';
import type { Style } from '../format/style.ts';
import { visible } from '../format/width.ts';

export interface ErrorFacts {
  readonly message: string;
  readonly path?: string | null | undefined;
  readonly hint?: string | null | undefined;
}

/** `error: docsfy.db is locked by node (process 4242): wait or stop it, then try again`. */
export function errorLine(error: ErrorFacts, style: Style): string {
  return `${style.bad('error:')} ${problemText(error)}`;
}

export function warningLine(problem: ErrorFacts, style: Style): string {
  return `${style.warn('warning:')} ${problemText(problem)}`;
}

/** What every command says while a restore is neither finished nor taken back. */
export function pendingRestoreLine(pending: PendingRestore, style: Style): string {
  const id = shortSnapshotId(pending.snapshot);
  return warningLine(
    {
      message: `restore of ${id} was interrupted`,
      hint: `${restoreCommand(pending)} finishes it, savepoint undo takes it back`,
    },
    style,
  );
}

/** Without `error:` before it. */
export function problemText({ message, path, hint }: ErrorFacts): string {
  const where = path && !message.includes(path) ? ` (${path})` : '';
  const parts = [message.replace(/[.\s]+$/, '') + where, hint?.replace(/[.\s]+$/, '') ?? ''];
  return visible(parts.filter((part) => part !== '').join(': '));
}
