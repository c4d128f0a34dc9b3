// What the status bar item says, and what state the views are in: one answer for all folders of a window.

import type { StatusDocument } from '../documents/documents.ts';
import type { ErrorCode } from '../errors.ts';
import { formatBytes, plural } from '../format/numbers.ts';
import { ago, shortAge, spokenAge, type Clock } from '../format/time.ts';
import { silentHookText } from '../text/hook-text.ts';
import { learnedTooltip } from '../text/learned-text.ts';
import { notCoveredNames, notCoveredOf } from './coverage-rows.ts';
import { escapeMarkdown, markdownLines } from './markdown.ts';
import { mismatchCounts } from './mismatch-rows.ts';
import { interruptedText } from './restore-texts.ts';
import { snapshotLabel } from './snapshot-rows.ts';

export interface ProjectFacts {
  readonly status: StatusDocument | undefined;
  /** Why there is no (new) status; `UNKNOWN` for a bug. */
  readonly errorCode: ErrorCode | 'UNKNOWN' | undefined;
  /** What the last check of live data found; undefined where there was none. */
  readonly mismatches?: MismatchFacts | undefined;
}

export interface MismatchFacts {
  readonly count: number;
  /** Of these, those that the newest snapshot does not have. */
  readonly isNew: number;
  /** When that was, where the data may be otherwise by now. */
  readonly checkedMs?: number;
}

export interface Activity {
  readonly kind: 'snapshot' | 'restore' | 'verify' | 'check';
  readonly percent: number | undefined;
}

export type OverallState = 'starting' | 'none' | 'found' | 'untrusted' | 'error';
export type OverallProblem = 'none' | 'driver' | 'newer';

export interface StatusText {
  readonly text: string;
  readonly spoken: string;
  readonly background: 'none' | 'warning' | 'error';
}

/** What may lose data, and whether a snapshot is taken before it does. */
export interface GuardedPlace {
  readonly name: string;
  readonly isGuarded: boolean;
}

export function overallState(projects: readonly ProjectFacts[], isTrusted: boolean): OverallState {
  if (!isTrusted) return 'untrusted';
  if (overallProblem(projects) === 'driver') return 'error';
  if (projects.some(hasData)) return 'found';
  if (projects.some(({ status, errorCode }) => !status && errorCode === undefined)) {
    return 'starting';
  }
  return projects.some(({ status }) => !status) ? 'error' : 'none';
}

export function overallProblem(projects: readonly ProjectFacts[]): OverallProblem {
  if (projects.some(({ errorCode }) => errorCode === 'STORE_NEWER')) return 'newer';
  const hasNoDriver = projects.some(
    ({ status, errorCode }) =>
      errorCode === 'DRIVER_UNAVAILABLE' ||
      (status?.tools ?? []).some((tool) => tool.name === 'SQLite' && tool.problem !== null),
  );
  return hasNoDriver ? 'driver' : 'none';
}

/** What the item says; undefined where it has nothing to say and is hidden. */
export function statusText(
  projects: readonly ProjectFacts[],
  isTrusted: boolean,
  activity: Activity | undefined,
  clock: Clock,
): StatusText | undefined {
  const calm = (text: string, spoken: string): StatusText => ({
    text,
    spoken: `Savepoint: ${spoken}`,
    background: 'none',
  });
  const interrupted = projects.some(({ status }) => (status?.pending ?? null) !== null);
  if (activity) return calm(`$(loading~spin) ${activityText(activity)}`, activityText(activity));
  if (interrupted) {
    return {
      text: '$(history) Restore interrupted',
      spoken: 'Savepoint: a restore was interrupted',
      background: 'error',
    };
  }
  const problem = overallProblem(projects);
  if (problem === 'newer') return calm('$(history) Update needed', 'update needed');
  if (problem === 'driver') {
    return {
      text: '$(history) Not working',
      spoken: 'Savepoint: not working, it cannot read SQLite on this machine',
      background: 'warning',
    };
  }
  const newest = newestOf(projects);
  if (!isTrusted) {
    return newest === null ? undefined : calm('$(history) Restricted', 'restricted mode');
  }
  if (newest) {
    const takenMs = Date.parse(newest.createdAt);
    return calm(
      `$(history) ${shortAge(takenMs, clock)}`,
      `newest snapshot ${spokenAge(takenMs, clock)}${mismatchWords(mismatchesOf(projects))}`,
    );
  }
  return projects.some(hasData) ? calm('$(history) No snapshot', 'no snapshot') : undefined;
}

/** The item's tooltip, as Markdown with links to commands. */
export function statusTooltip(
  projects: readonly ProjectFacts[],
  isTrusted: boolean,
  clock: Clock,
  places: readonly GuardedPlace[] = [],
): string {
  const newest = newestOf(projects);
  const mismatches = mismatchesOf(projects);
  const take = isTrusted
    ? '[Take Snapshot](command:savepoint.snapshot) · [Restore...](command:savepoint.restore) · '
    : '';
  return markdownLines([
    `**Savepoint** · ${statusSummary(projects)}`,
    ...projects.flatMap(({ status }) => interruptedLine(status?.pending ?? null, isTrusted, clock)),
    newest &&
      `Newest: ${escapeMarkdown(snapshotLabel(newest))}, ${ago(Date.parse(newest.createdAt), clock)}`,
    mismatches && mismatchLine(mismatches, clock),
    places.length > 0 && projects.some(hasData) && guardedText(places),
    notCoveredLine(projects),
    escapeMarkdown(
      learnedTooltip(
        projects.flatMap(({ status }) => status?.learned ?? []),
        clock,
      ),
    ),
    ...silentHooks(projects, clock),
    `${take}[Show Status](command:savepoint.showStatus)`,
  ]);
}

/** `Not covered: media, 2 items left out`. */
function notCoveredLine(projects: readonly ProjectFacts[]): string {
  const detections = projects.flatMap(({ status }) => (status ? [status.detection] : []));
  const told = new Set(detections.flatMap(notCoveredOf).map(({ path }) => path));
  const leftOut = detections
    .flatMap(({ dataDirs }) => dataDirs)
    .flatMap(({ excluded }) => excluded)
    .filter(({ path }) => !told.has(path)).length;
  const names = escapeMarkdown(notCoveredNames(detections));
  if (names === '') return leftOut === 0 ? '' : `Not covered: ${plural(leftOut, 'item')}`;
  return `Not covered: ${names}${leftOut === 0 ? '' : `, ${plural(leftOut, 'item')} left out`}`;
}

function interruptedLine(
  pending: StatusDocument['pending'],
  isTrusted: boolean,
  clock: Clock,
): readonly string[] {
  if (pending === null) return [];
  const ways = isTrusted
    ? ' [Finish Restore](command:savepoint.finishRestore) · [Undo](command:savepoint.undoRestore)'
    : '';
  return [`${escapeMarkdown(interruptedText(pending, clock))}${ways}`];
}

/** Hooks of agents that are not called: what these destroy is not saved before. */
function silentHooks(projects: readonly ProjectFacts[], clock: Clock): readonly string[] {
  const texts = projects
    .flatMap(({ status }) => status?.hooks ?? [])
    .flatMap((hook) => silentHookText(hook, clock) ?? []);
  return [...new Set(texts)].map(escapeMarkdown);
}

/** `Guarded: tasks, explorer; terminal not`. */
function guardedText(places: readonly GuardedPlace[]): string {
  const names = (isGuarded: boolean): string =>
    places
      .filter((place) => place.isGuarded === isGuarded)
      .map(({ name }) => name)
      .join(', ');
  const [guarded, others] = [names(true), names(false)];
  if (others === '') return `Guarded: ${guarded}`;
  return guarded === '' ? `Not guarded: ${others}` : `Guarded: ${guarded}; ${others} not`;
}

/** `1 data directory, 7 snapshots, 412 MB of 5 GB`. */
export function statusSummary(projects: readonly ProjectFacts[]): string {
  const all = projects.flatMap(({ status }) => (status ? [status] : []));
  const sum = (count: (status: StatusDocument) => number) =>
    all.reduce((total, status) => total + count(status), 0);
  const bytes = formatBytes(sum(({ store }) => store.bytes));
  const [only] = all;
  const cap = all.length === 1 && only ? only.store.capBytes : null;
  return [
    plural(
      sum(({ detection }) => detection.dataDirs.length),
      'data directory',
      'data directories',
    ),
    plural(
      sum(({ store }) => store.snapshots),
      'snapshot',
    ),
    cap === null ? bytes : `${bytes} of ${formatBytes(cap)}`,
  ].join(', ');
}

function activityText({ kind, percent }: Activity): string {
  switch (kind) {
    case 'snapshot':
      return percent === undefined ? 'Snapshot' : `Snapshot ${percent}%`;
    case 'restore':
      return 'Restoring';
    case 'verify':
      return 'Verifying';
    case 'check':
      return 'Checking';
  }
}

function hasData({ status }: ProjectFacts): boolean {
  return status !== undefined && (status.detection.dataDirs.length > 0 || status.newest !== null);
}

function newestOf(projects: readonly ProjectFacts[]): StatusDocument['newest'] {
  return projects
    .map(({ status }) => status?.newest ?? null)
    .reduce((a, b) => (a === null || (b !== null && b.createdAt > a.createdAt) ? b : a), null);
}

/** Of all folders, by the last check of each, else by its newest snapshot; undefined where none was checked. */
function mismatchesOf(projects: readonly ProjectFacts[]): MismatchFacts | undefined {
  const known = projects.flatMap(({ status, mismatches }): readonly MismatchFacts[] => {
    if (mismatches) return [mismatches];
    const count = status?.newest?.mismatches ?? null;
    const checkedMs = Date.parse(status?.newest?.createdAt ?? '');
    return count === null ? [] : [{ count, isNew: 0, checkedMs }];
  });
  if (known.length === 0) return undefined;
  return {
    count: known.reduce((sum, { count }) => sum + count, 0),
    isNew: known.reduce((sum, { isNew }) => sum + isNew, 0),
    ...oldest(known),
  };
}

function oldest(known: readonly MismatchFacts[]): Pick<MismatchFacts, 'checkedMs'> {
  const times = known.flatMap(({ checkedMs }) => checkedMs ?? []);
  return times.length === 0 ? {} : { checkedMs: Math.min(...times) };
}

/** `Mismatches: 2 (1 new), checked 2 min ago`: without the age where it is so now. */
function mismatchLine({ count, isNew, checkedMs }: MismatchFacts, clock: Clock): string {
  const age = checkedMs === undefined ? '' : `, checked ${ago(checkedMs, clock)}`;
  return `Mismatches: ${mismatchCounts(count, isNew)}${age}`;
}

function mismatchWords(mismatches: MismatchFacts | undefined): string {
  const { count = 0, isNew = 0 } = mismatches ?? {};
  if (count === 0) return '';
  return `, ${plural(count, 'mismatch', 'mismatches')}${isNew > 0 ? `, ${isNew} new` : ''}`;
}
