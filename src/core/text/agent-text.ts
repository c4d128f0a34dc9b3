// What agents are told, and what people are asked on their behalf.

import type { NotSaved } from '../documents/not-saved.ts';
import type { RestorePlanDocument, SnapshotEntry } from '../documents/documents.ts';
import { shortSnapshotId } from '../snapshot-id.ts';
import { leftOutText } from './guard-text.ts';
import { formatCount } from '../format/numbers.ts';
import { quoteLabel } from '../format/names.ts';
import { planCounts } from './restore-text.ts';
import { snapshotPhrase } from '../snapshots/snapshot-words.ts';
import { localDay, timeOfDay, type Clock } from '../format/time.ts';
import { cut, visible } from '../format/width.ts';

/**
 * `Claude Code asks to restore "Before migration" (14:32): 20 rows and 14 files change; 5 of these
 * files are deleted. A safety snapshot is taken first.`
 * @param folder named where the project is not the one that the agent works in
 */
export function agentRestoreQuestion(
  agent: string,
  plan: RestorePlanDocument,
  clock: Clock,
  folder: string | null = null,
): string {
  const where = folder === null ? '' : ` in ${visible(folder)}`;
  const name = `${snapshotWords(plan.snapshot)} (${takenAt(plan.snapshot, clock)})`;
  const counts = planCounts(plan);
  return `${visible(agent)} asks to restore ${name}${where}: ${counts} A safety snapshot is taken first.`;
}

/** `Refused: a restore needs a person. Ask the user to run: savepoint restore k3f9`. */
export function agentRestoreRefusal({ id }: Pick<SnapshotEntry, 'id'>): string {
  const command = `savepoint restore ${shortSnapshotId(id)}`;
  return `Refused: a restore needs a person. Ask the user to run: ${command}`;
}

/** `Savepoint saved {id} before this command.` */
export function hookSavedText(id: string, databasesOnly: string | null): string {
  const saved = `Savepoint saved ${id} before this command.`;
  return databasesOnly === null ? saved : `${saved} Databases only: ${visible(databasesOnly)}`;
}

/** The same where not all of it is saved, or nothing: `Savepoint: NOT saved: library: over the limit.` */
export function hookLeftOutText(
  saved: string | null,
  notSaved: readonly NotSaved[],
  command: string,
  isStopped: boolean,
): string {
  const told = notSaved.slice(0, mostTold).map(leftOutText);
  const more = notSaved.length - told.length;
  const list = [...told, ...(more > 0 ? [`${formatCount(more)} more`] : [])].join('; ');
  const end = isStopped ? ` "${cut(visible(command), 60)}" was not run.` : '';
  return `${saved ?? 'Savepoint:'} NOT saved: ${visible(list)}.${end}`;
}

const mostTold = 10;

/** Why a command runs, or was stopped, without a snapshot. */
export function hookUnsavedText(reason: string, command: string, isStopped: boolean): string {
  const shown = `"${cut(visible(command), 60)}"`;
  const end = isStopped ? `${shown} was not run.` : `Running ${shown} unprotected.`;
  return `Savepoint: NOT saved: ${visible(reason)}. ${end}`;
}

/** What a person answered. */
export function agentRestoreDeclined({ id }: Pick<SnapshotEntry, 'id'>): string {
  return `Refused: the user does not want to restore ${shortSnapshotId(id)}. Nothing was changed.`;
}

/** `14:32`, and the day before it where it is not today. */
function takenAt({ createdAt }: Pick<SnapshotEntry, 'createdAt'>, clock: Clock): string {
  const ms = Date.parse(createdAt);
  const day = localDay(ms, clock);
  const time = timeOfDay(ms, clock);
  return day === localDay(clock.nowMs, clock) ? time : `${day} ${time}`;
}

function snapshotWords(entry: SnapshotEntry): string {
  const name = snapshotPhrase(entry);
  return name === null ? shortSnapshotId(entry.id) : quoteLabel(name);
}
