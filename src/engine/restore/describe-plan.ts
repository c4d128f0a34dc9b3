// A plan as the document that people and programs see: what changes, row by row where that was asked
// for, what to know before, and why it cannot run where it cannot.

import type {
  FileChange,
  RestorePlanDocument,
  SnapshotManifest,
} from '../../core/documents/documents.ts';
import { EngineError } from '../../core/errors.ts';
import { findCollisions } from '../../core/restore/name-collisions.ts';
import { fileChangesOf, isEmptyPlan } from '../../core/restore/plan-changes.ts';
import { nameSome, plural } from '../../core/format/numbers.ts';
import type { CallOptions, Logger } from '../options.ts';
import { toEntry } from '../store/snapshot-rows.ts';
import type { ComparedDatabases, RowListing } from './compared-databases.ts';
import { describeDatabases, type DescribedDatabase, type OpenIn } from './describe-databases.ts';
import { nameFolding } from '../disk/name-folding.ts';
import {
  openFileWarnings,
  openIn as openInPrograms,
  replacedFiles,
  type OpenFiles,
} from './open-files.ts';
import { notChecked, type MismatchChecker, type PlanMismatches } from './plan-mismatches.ts';
import type { WorkedOutPlan } from './plan-restore.ts';

export interface DescribeContext {
  /** The data as it is now, and the snapshot. */
  readonly compared: ComparedDatabases;
  /** Null: no database is compared. */
  readonly listing: RowListing | null;
  readonly openIn: OpenIn;
  readonly openFiles: OpenFiles;
  /** Undefined: nothing is checked. */
  readonly mismatches: MismatchChecker | undefined;
  readonly log: Logger;
  /** The branch that is checked out now; null where it is not known. */
  readonly branch: string | null;
}

export interface DescribedPlan {
  readonly document: RestorePlanDocument;
  /** Why it cannot run, as it is thrown. */
  readonly blocked: EngineError | null;
  /** Those of the document without files that are open. */
  readonly warnings: readonly string[];
}

export async function describePlan(
  worked: WorkedOutPlan,
  context: DescribeContext,
  call: CallOptions,
): Promise<DescribedPlan> {
  const { plan, subject } = worked;
  const fileChanges = fileChangesOf(plan);
  const { compared, listing, openIn } = context;
  const databases = await describeDatabases(worked, compared, listing, openIn, call);
  const blocked = whyBlocked(worked, databases);
  const mismatches = await checkMismatches(worked, context, call);
  const files = replacedFiles(plan);
  const openFiles = await openInPrograms(files, subject.place, context.openFiles);
  const warnings = warningsOf(worked, context);
  const document: RestorePlanDocument = {
    token: worked.token,
    snapshot: toEntry(subject.manifest),
    fileChanges,
    files: { ...countFiles(fileChanges), unchanged: plan.unchanged },
    databases: databases.map(({ document }) => document),
    openFiles,
    mismatches: { before: mismatches.before, after: mismatches.after },
    newMismatches: mismatches.fresh,
    foreignKeys: databases.flatMap(({ foreignKeys }) => foreignKeys),
    warnings: [...openFileWarnings(openFiles), ...warnings],
    blocked: blocked?.message ?? null,
    ...(blocked?.hint === undefined ? {} : { blockedHint: blocked.hint }),
    empty: isEmptyPlan({ ...plan, databases: plan.databases.filter(isTouched(databases)) }),
    to: null,
    keepNew: subject.keepNew,
  };
  return { document, blocked, warnings };
}

/** What cannot be checked is not told; a restore is not kept from it. */
async function checkMismatches(
  worked: WorkedOutPlan,
  { mismatches, log }: DescribeContext,
  { signal }: CallOptions,
): Promise<PlanMismatches> {
  try {
    return (await mismatches?.check(worked, signal)) ?? notChecked;
  } catch (error) {
    signal.throwIfAborted();
    log.debug(`mismatches of a plan: ${String(error)}`);
    return notChecked;
  }
}

/** Of some databases only tables are chosen that are as they were. */
function isTouched(
  databases: readonly DescribedDatabase[],
): (planned: { readonly path: string }) => boolean {
  const untouched = new Set(
    databases.flatMap(({ document }) => (document.method === 'none' ? [document.path] : [])),
  );
  return ({ path }) => !untouched.has(path);
}

export function countFiles(changes: readonly FileChange[]): { written: number; deleted: number } {
  const deleted = changes.filter(({ op }) => op === 'remove').length;
  return { written: changes.length - deleted, deleted };
}

function whyBlocked(
  worked: WorkedOutPlan,
  databases: readonly DescribedDatabase[],
): EngineError | null {
  const [obstacle] = worked.plan.obstacles;
  if (obstacle !== undefined) return inTheWay(obstacle);
  const [unsaved] = worked.unsaved;
  if (unsaved !== undefined) return notSaved(unsaved);
  const [unreachable] = worked.unreachable;
  if (unreachable !== undefined) return unreachable;
  const collision = collisionIn(worked);
  if (collision !== undefined) return collides(collision);
  return databases.map(({ blocked }) => blocked).find(isThere) ?? null;
}

function isThere<T>(value: T | undefined): value is T {
  return value !== undefined;
}

/** Names that would become one on the disk of the data. */
function collisionIn({ subject, live }: WorkedOutPlan): readonly string[] | undefined {
  const paths = [...subject.snapshot.entries, ...live.entries].map(({ path }) => path);
  for (const folding of [
    { ignoresCase: true, ignoresUnicodeForm: false },
    { ignoresCase: false, ignoresUnicodeForm: true },
  ]) {
    // Asking the disk is for the rare case that something could collide at all.
    const [group] = findCollisions(paths, folding);
    const [first] = group ?? [];
    if (first === undefined) continue;
    const real = nameFolding(subject.place.livePath(first));
    if (folding.ignoresCase ? real.ignoresCase : real.ignoresUnicodeForm) return group;
  }
  return undefined;
}

/** What is not whole in the snapshot itself; `unreadFate` says what becomes of what is not in it. */
export function snapshotWarnings(
  manifest: SnapshotManifest,
  coming: ReadonlySet<string>,
  unreadFate: 'stays as it is' | null,
): readonly string[] {
  const warnings: string[] = [];
  if (manifest.damaged) {
    warnings.push('parts of this snapshot are damaged in the store: savepoint verify tells which');
  }
  const broken = manifest.databases.filter(
    ({ path, state }) => state === 'damaged' && coming.has(path),
  );
  if (broken.length > 0) {
    const were = broken.length === 1 ? 'was' : 'were';
    const names = nameSome(broken.map(pathOf), 3);
    warnings.push(`${names} ${were} damaged when this snapshot was taken`);
  }
  if (manifest.unsettled.length > 0) {
    warnings.push(`not of one moment, changed while it was taken: ${nameSome(manifest.unsettled)}`);
  }
  const unread = manifest.skipped.filter(({ reason }) => reason !== 'not there');
  if (unread.length > 0) {
    const names = unread.map(({ path, reason }) => `${path} (${reason})`);
    const fate = unreadFate === null ? '' : `, ${unreadFate}`;
    warnings.push(`not in the snapshot${fate}: ${nameSome(names, 3)}`);
  }
  return warnings;
}

function warningsOf(worked: WorkedOutPlan, { branch }: DescribeContext): string[] {
  const { plan, subject, specials } = worked;
  const { manifest } = subject;
  const coming = new Set([...plan.databases, ...plan.write.map(({ entry }) => entry)].map(pathOf));
  const warnings = [...snapshotWarnings(manifest, coming, 'stays as it is')];
  if (branch !== null && manifest.branch !== null && branch !== manifest.branch) {
    warnings.push(`the snapshot is of branch ${manifest.branch}; you are on ${branch}`);
  }
  if (specials.length > 0) {
    warnings.push(`a pipe, socket or device is in the way and goes: ${nameSome(specials, 3)}`);
  }
  if (plan.foreignOwner > 0) {
    const what = plural(plan.foreignOwner, 'file or folder', 'files and folders');
    warnings.push(`the owner of ${what} can be set by root only`);
  }
  const timesOnly = plan.touch.filter(({ entry, before }) => entry.mode === before?.mode).length;
  if (timesOnly > 0) {
    warnings.push(`${plural(timesOnly, 'file differs', 'files differ')} in time or owner alone`);
  }
  return warnings;
}

function pathOf({ path }: { readonly path: string }): string {
  return path;
}

function inTheWay(path: string): EngineError {
  return new EngineError('RESTORE_BLOCKED', `"${path}" is in the way`, {
    path,
    hint: 'move it elsewhere, or restore the whole folder',
  });
}

function notSaved(path: string): EngineError {
  return new EngineError(
    'RESTORE_BLOCKED',
    `"${path}" would be overwritten and cannot be saved first`,
    {
      path,
      hint: 'make it readable or move it elsewhere, then try again',
    },
  );
}

function collides(paths: readonly string[]): EngineError {
  const names = paths.map((path) => `"${path}"`).join(' and ');
  return new EngineError('RESTORE_BLOCKED', `${names} are one name on this disk`, {
    ...(paths[0] === undefined ? {} : { path: paths[0] }),
    hint: 'restore with --to onto a disk that tells them apart',
  });
}
