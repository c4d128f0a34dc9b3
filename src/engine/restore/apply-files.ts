// The file part of a restore, in its order: everything is staged and durable before the first name
// changes; what is in the way goes, folders are made, files swapped in, names linked; deletions and
// the facts of folders come after the databases.

import { type ProjectPath } from '../../core/names.ts';
import type { PlanEntry, PlannedLink, PlannedWrite } from '../../core/restore/plan-entries.ts';
import type { RestorePlan } from '../../core/restore/plan-operations.ts';
import { EngineError } from '../../core/errors.ts';
import { uncancelled, type CallOptions } from '../options.ts';
import { createPause } from '../sources/files/file-restore-content.ts';
import type { FileRestore } from '../sources/files/file-restore.ts';
import { damagedInStore, onPath } from './restore-failure.ts';

export type FilePlan = Pick<
  RestorePlan,
  'clear' | 'makeFolders' | 'write' | 'link' | 'touch' | 'remove' | 'folders'
> & {
  /** Folders above the captured roots that are missing, outermost first. */
  readonly ways: readonly ProjectPath[];
};

/**
 * Writes all new content beside its targets. Nothing that was there changes.
 * @throws EngineError SNAPSHOT_DAMAGED with all paths whose content the store cannot give back
 */
export async function prepareFiles(
  plan: FilePlan,
  files: FileRestore,
  call: CallOptions,
): Promise<void> {
  const damaged: string[] = [];
  for (const { entry, before } of plan.write) {
    call.signal.throwIfAborted();
    try {
      await onPath(entry.path, () => files.prepare(entry, before, call));
      call.progress.advance(1, 0);
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== 'STORE_DAMAGED') throw error;
      damaged.push(entry.path);
    }
  }
  await files.settle();
  if (damaged.length > 0) throw damagedInStore(damaged);
}

/** Changes names: from here on nothing is cancelled. `removeDatabase` takes one with its sidecars. */
export async function swapFiles(
  plan: FilePlan,
  files: FileRestore,
  removeDatabase: (path: ProjectPath) => Promise<void>,
  halfWay: () => void,
  call: CallOptions,
): Promise<void> {
  const pause = createPause(uncancelled.signal);
  for (const entry of plan.clear) {
    if (entry.kind === 'database') await removeDatabase(entry.path);
    else await onPath(entry.path, () => clear(entry, files));
  }
  for (const path of plan.ways) await onPath(path, () => files.makeFolder(path, null));
  for (const entry of plan.makeFolders)
    await onPath(entry.path, () => files.makeFolder(entry.path, entry));
  for (const [i, { entry }] of plan.write.entries()) {
    if (i === plan.write.length >> 1) halfWay();
    await onPath(entry.path, () => files.swap(entry, call));
    call.progress.advance(1, 0);
    await pause();
  }
  await linkFiles(
    plan.link.filter(({ isDatabase }) => isDatabase !== true),
    files,
    call,
  );
  for (const { entry } of plan.touch) {
    await onPath(entry.path, () =>
      files.setFacts(entry.path, entry, { time: entry.kind !== 'database' }),
    );
    await pause();
  }
}

/** Makes each a further name of the file at its `to`, which is in its place already. */
export async function linkFiles(
  links: readonly PlannedLink[],
  files: FileRestore,
  call: CallOptions,
): Promise<void> {
  for (const { entry, to } of links) {
    await onPath(entry.path, () => files.link(entry, to, call));
  }
}

async function clear({ kind, path }: PlanEntry, files: FileRestore): Promise<void> {
  if (kind !== 'directory') await files.remove(path);
  else if (!files.removeFolder(path)) throw notEmpty(path);
}

/** Takes away what the plan lists. Answers the folders that had to stay: something else is in them. */
export async function removeFiles(
  plan: Pick<FilePlan, 'remove'>,
  files: FileRestore,
): Promise<readonly string[]> {
  const pause = createPause(uncancelled.signal);
  const kept: string[] = [];
  for (const { kind, path } of plan.remove) {
    if (kind !== 'directory') await onPath(path, () => files.remove(path));
    else if (!(await onPath(path, () => files.removeFolder(path)))) kept.push(path);
    await pause();
  }
  return kept;
}

/** Modes, owners and times of folders, the innermost first: nothing in them changes any more. */
export async function settleFolders(plan: FilePlan, files: FileRestore): Promise<void> {
  const folders = new Map<ProjectPath, PlanEntry>();
  for (const entry of plan.makeFolders) folders.set(entry.path, entry);
  for (const { entry } of plan.folders) folders.set(entry.path, entry);
  const paths = [...folders.keys()].toSorted().toReversed();
  for (const path of paths) {
    const entry = folders.get(path);
    if (entry !== undefined && files.look(path)?.isDirectory() === true)
      await onPath(path, () => files.setFacts(path, entry));
  }
}

/** Paths whose content or name this plan changes, for looking at them before and after. */
export function targetsOf(plan: FilePlan): readonly ProjectPath[] {
  const written: readonly PlannedWrite[] = [...plan.write, ...plan.link, ...plan.touch];
  const gone = [...plan.clear, ...plan.remove].filter(({ kind }) => kind !== 'directory');
  return [...new Set([...written.map(({ entry }) => entry.path), ...gone.map(({ path }) => path)])];
}

export function foldersGoing(plan: Pick<FilePlan, 'clear' | 'remove'>): ReadonlySet<string> {
  const folders = [...plan.clear, ...plan.remove].filter(({ kind }) => kind === 'directory');
  return new Set(folders.map(({ path }) => path));
}

function notEmpty(path: string): EngineError {
  return new EngineError('RESTORE_FAILED', `the folder "${path}" is in the way and not empty`, {
    path,
    hint: 'move what is in it elsewhere, then try again',
  });
}
