// The guard's one line on stderr, before the command runs.

import type { GuardDocument } from '../documents/guard.ts';
import { shortSnapshotId } from '../snapshot-id.ts';
import { problemText, type ErrorFacts } from './error-line.ts';
import type { Style } from '../format/style.ts';
import { ago, type Clock } from '../format/time.ts';
import { cut, visible } from '../format/width.ts';

/** `savepoint: saved 20261120T143205Z-k3f9, undo: savepoint restore k3f9`. */
export function guardLine(
  { id, createdAt, reused, databasesOnly }: GuardDocument,
  { clock, style }: { readonly clock: Clock; readonly style: Style },
): string {
  const undo = `, undo: savepoint restore ${shortSnapshotId(id)}`;
  const shown = style.id(id);
  const left = databasesOnly === null ? '' : `, databases alone (${visible(databasesOnly)})`;
  if (!reused) return style.dim('savepoint: saved ') + shown + style.dim(left + undo);
  const age = ago(Date.parse(createdAt), clock);
  return style.dim('savepoint: already saved as ') + shown + style.dim(` ${age}${left}${undo}`);
}

export type Unsaved = 'ask' | 'run' | 'stop';

/** `savepoint: NOT saved: {reason}. …`; with `ask` a question without its `[y/N]`. */
export function notSavedLine(
  error: ErrorFacts,
  command: string,
  then: Unsaved,
  { bad, strong }: Style,
): string {
  const shown = `"${cut(visible(command), 60)}"`;
  const follows = {
    ask: `Run ${shown} anyway?`,
    run: `Running ${shown} unprotected.`,
    stop: `${shown} was not run.`,
  };
  return `savepoint: ${strong(bad('NOT'))} saved: ${problemText(error)}. ${follows[then]}`;
}

/** Where there is no data directory. */
export function nothingToSaveLine(projectDir: string, { dim }: Style): string {
  return dim(
    `savepoint: nothing to save in ${visible(projectDir)}: no data directory, see savepoint detect`,
  );
}
