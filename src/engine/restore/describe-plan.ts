// A plan as the document that people and programs see: what changes, row by row where that was asked
// for, what to know before, and why it cannot run where it cannot.

import type {
  CellForm,
  DatabaseDiff,
  DatabasePlan,
  FileChange,
  RestorePlanDocument,
  SnapshotDatabase,
  SnapshotEntry,
  SnapshotManifest,
} from '../../core/documents.ts';
import { EngineError } from '../../core/errors.ts';
import { findCollisions } from '../../core/name-collisions.ts';
import { fileChangesOf, isEmptyPlan } from '../../core/restore-changes.ts';
import type { PlannedDatabase } from '../../core/restore-plan.ts';
import { sidecarSuffixes } from '../../core/restore-tree.ts';
import { nameSome, plural } from '../../core/text/numbers.ts';
import { diffDatabasePair, type DiffSide } from '../diff/diff-snapshots.ts';
import type { CallOptions, EngineOptions } from '../options.ts';
import { absolutePath, type Place } from '../sources/file-restore-paths.ts';
import { processesWithOpen } from '../sources/open-by.ts';
import { isOnLocalFileSystem, parseSqliteHeader, readHead } from '../sources/sqlite-file.ts';
import { entryOf } from '../store/snapshot-rows.ts';
import { nameFolding } from './name-folding.ts';
import type { WorkedOutPlan } from './plan-restore.ts';

export interface DescribeContext {
  /** The data as it is now, and the snapshot. */
  readonly before: DiffSide;
  readonly after: DiffSide;
  readonly options: EngineOptions;
  /** Rows listed per table, the counts are always whole; null: no database is compared. */
  readonly rows: number | null;
  readonly cells?: CellForm | undefined;
  /** The branch that is checked out now; null where it is not known. */
  readonly branch: string | null;
}

export interface DescribedPlan {
  readonly document: RestorePlanDocument;
  /** Why it cannot run, as it is thrown. */
  readonly blocked: EngineError | null;
}

export async function describePlan(
  worked: WorkedOutPlan,
  context: DescribeContext,
  call: CallOptions,
): Promise<DescribedPlan> {
  const { plan, subject } = worked;
  const fileChanges = fileChangesOf(plan);
  const databases = await describeDatabases(worked, context, call);
  const blocked = whyBlocked(worked, databases);
  const document: RestorePlanDocument = {
    token: worked.token,
    snapshot: toEntry(subject.manifest),
    fileChanges,
    files: { ...countFiles(fileChanges), unchanged: plan.unchanged },
    databases,
    mismatches: { before: null, after: null },
    newMismatches: [],
    foreignKeys: [],
    warnings: warningsOf(worked, context),
    blocked: blocked?.message ?? null,
    empty: isEmptyPlan(plan),
    to: null,
    keepNew: subject.keepNew,
  };
  return { document, blocked };
}

export function countFiles(changes: readonly FileChange[]): { written: number; deleted: number } {
  const deleted = changes.filter(({ op }) => op === 'remove').length;
  return { written: changes.length - deleted, deleted };
}

/** The part of a manifest that `list` tells. */
export function toEntry(manifest: SnapshotManifest): SnapshotEntry {
  const { pinned, damaged, storedBytes } = manifest;
  return { ...entryOf(manifest), pinned, damaged, storedBytes };
}

/** Every path of a database that another program may have open. */
export function filesOfDatabase(place: Place, path: string): string[] {
  const target = absolutePath(place, path);
  return [target, ...sidecarSuffixes.map((suffix) => `${target}${suffix}`)];
}

async function describeDatabases(
  worked: WorkedOutPlan,
  context: DescribeContext,
  call: CallOptions,
): Promise<DatabasePlan[]> {
  const { plan, subject } = worked;
  call.progress.phase('comparing');
  const cleared = plan.clear
    .filter(({ kind }) => kind === 'database')
    .map((entry): PlannedDatabase => ({
      path: entry.path,
      action: 'delete',
      entry: null,
      before: entry,
    }));
  const described: DatabasePlan[] = [];
  for (const planned of [...plan.databases, ...cleared]) {
    call.signal.throwIfAborted();
    const { path } = planned;
    const diff = await diffPlanned(planned, worked, context, call);
    const openIn = await processesWithOpen(filesOfDatabase(subject.place, path));
    const method = methodOf(planned, worked);
    described.push({ path, method, diff, tables: null, wholeBecause: null, openIn });
  }
  return described.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

async function diffPlanned(
  { path, action }: PlannedDatabase,
  { live, subject }: WorkedOutPlan,
  { before, after, rows, cells, options: { nativeBinding } }: DescribeContext,
  { signal }: CallOptions,
): Promise<DatabaseDiff | null> {
  if (rows === null) return null;
  const pair = {
    path,
    before: action === 'create' ? null : (live.files.get(path) ?? null),
    after: action === 'delete' ? null : (subject.snapshot.files.get(path) ?? null),
  };
  return await diffDatabasePair(pair, before, after, { rows, cells, signal, nativeBinding });
}

function methodOf(
  { path, action }: PlannedDatabase,
  { subject }: WorkedOutPlan,
): DatabasePlan['method'] {
  if (action === 'delete') return 'delete';
  if (action === 'create') return 'replace';
  const target = absolutePath(subject.place, path);
  return isOnLocalFileSystem(target) ? 'live' : 'replace';
}

function whyBlocked(worked: WorkedOutPlan, databases: readonly DatabasePlan[]): EngineError | null {
  const [obstacle] = worked.plan.obstacles;
  if (obstacle !== undefined) return inTheWay(obstacle);
  const [unsaved] = worked.unsaved;
  if (unsaved !== undefined) return notSaved(unsaved);
  const [unreachable] = worked.unreachable;
  if (unreachable !== undefined) return unreachable;
  const collision = collisionIn(worked);
  if (collision !== undefined) return collides(collision);
  return databases.map((database) => databaseBlocked(worked, database)).find(isThere) ?? null;
}

function databaseBlocked(
  { subject }: WorkedOutPlan,
  { path, method, openIn }: DatabasePlan,
): EngineError | undefined {
  if (openIn.length === 0 || method === 'none') return undefined;
  if (method === 'delete') return inUse(path, 'was made since and would be deleted', openIn);
  if (method === 'replace') return inUse(path, 'must be replaced as a file', openIn);
  const then = subject.manifest.databases.find((database) => database.path === path);
  const now = parseSqliteHeader(
    readHead(absolutePath(subject.place, path), 100) ?? Buffer.alloc(0),
  );
  if (now?.writeVersion !== 2 || !isOtherPageSize(then, now.pageSize)) return undefined;
  return inUse(path, 'has another page size and must be replaced', openIn);
}

function isOtherPageSize(then: SnapshotDatabase | undefined, pageSize: number): boolean {
  return then !== undefined && then.pageSize !== 0 && then.pageSize !== pageSize;
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
    if (group === undefined) continue;
    const real = nameFolding(absolutePath(subject.place, group[0] ?? ''));
    if (folding.ignoresCase ? real.ignoresCase : real.ignoresUnicodeForm) return group;
  }
  return undefined;
}

function warningsOf(worked: WorkedOutPlan, { branch }: DescribeContext): string[] {
  const { plan, subject, specials } = worked;
  const { manifest } = subject;
  const warnings: string[] = [];
  if (manifest.damaged) {
    warnings.push('parts of this snapshot are damaged in the store: savepoint verify tells which');
  }
  if (manifest.unsettled.length > 0) {
    warnings.push(`not of one moment, changed while it was taken: ${nameSome(manifest.unsettled)}`);
  }
  const unread = manifest.skipped.filter(({ reason }) => reason !== 'not there');
  if (unread.length > 0) {
    const names = unread.map(({ path, reason }) => `${path} (${reason})`);
    warnings.push(`not in the snapshot, stays as it is: ${nameSome(names, 3)}`);
  }
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

function inUse(path: string, why: string, openIn: readonly string[]): EngineError {
  return new EngineError(
    'DATABASE_IN_USE',
    `"${path}" ${why}: it is open in ${openIn.join(', ')}`,
    {
      path,
      hint: 'stop it, then try again',
    },
  );
}
