// The guard's one line on stderr, before the command runs.

import type { GuardDocument } from '../documents/guard.ts';
import type { NotSaved } from '../documents/not-saved.ts';
import { formatCount } from '../format/numbers.ts';
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

/** `library (90 files, 4 GB): over the limit`; of a server it goes without saying. */
export function leftOutText({ what, path, reason }: NotSaved): string {
  return visible(path?.includes('://') === true ? what : `${what}: ${reason}`);
}

function leftOutLine(one: NotSaved, { bad, strong }: Style): string {
  return `savepoint: ${strong(bad('NOT'))} saved: ${leftOutText(one)}`;
}

const mostLines = 20;

/** `savepoint: NOT saved: library (90 files, 4 GB): over the limit`: a line each, as far as anybody reads. */
export function leftOutLines(all: readonly NotSaved[], style: Style): readonly string[] {
  const more = all.length - mostLines;
  const rest = { what: `${formatCount(more)} more`, path: null, reason: 'see --status' };
  const told = more > 0 ? [...all.slice(0, mostLines), rest] : all;
  return told.map((one) => leftOutLine(one, style));
}

/** What follows where something is not saved; with `ask` a question without its `[y/N]`. */
export function afterLeftOut(command: string, then: 'ask' | 'stop'): string {
  const shown = `"${cut(visible(command), 60)}"`;
  return `savepoint: ${then === 'ask' ? `Run ${shown} anyway?` : `${shown} was not run.`}`;
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
