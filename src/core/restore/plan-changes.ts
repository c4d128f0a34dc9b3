// What a plan tells: the lists of the documents, and the text that its token is made of.

import { type ProjectPath } from '../names.ts';
import { byPath } from '../compare-text.ts';
import { changedModes } from '../diff/changed-modes.ts';
import type { FileChange } from '../documents/documents.ts';
import type { RestorePlan } from './plan-operations.ts';
import { ancestors, parentOf, type PlanEntry, type PlannedWrite } from './plan-entries.ts';

/** True where a restore would change nothing that `diff` or a file's time would tell. */
export function isEmptyPlan(plan: RestorePlan): boolean {
  return (
    plan.databases.length === 0 &&
    plan.link.length === 0 &&
    plan.touch.length === 0 &&
    fileChangesOf(plan).length === 0
  );
}

/**
 * The files of a plan as the documents list them, sorted by path. A folder is listed only where it is
 * made or removed empty, or its mode changes; a time alone is no change.
 */
export function fileChangesOf(plan: RestorePlan): FileChange[] {
  const changes = new Map<string, FileChange>();
  for (const entry of removedFiles(plan)) changes.set(entry.path, fileChange(entry, null));
  for (const { entry, before } of [...plan.write, ...plan.link, ...filesOfOtherMode(plan)]) {
    changes.set(entry.path, fileChange(before, entry));
  }
  const filled = parentsOf([
    ...plan.makeFolders,
    ...plan.databases,
    ...[...plan.write, ...plan.link].map(({ entry }) => entry),
  ]);
  for (const { entry, before } of plan.folders) {
    const isNew = before?.kind !== 'directory';
    if (isNew ? !filled.has(entry.path) : before.mode !== entry.mode)
      changes.set(entry.path, fileChange(before, entry));
  }
  const made = topmost(plan.makeFolders);
  const removed = topmost([...plan.clear, ...plan.remove].filter(isFolder));
  return [...changes.values()]
    .map((change) => withFolder(change, change.op === 'remove' ? removed : made))
    .toSorted(byPath);
}

function isFolder({ kind }: PlanEntry): boolean {
  return kind === 'directory';
}

/** The folders that lie in no other of them. */
function topmost(folders: readonly PlanEntry[]): ReadonlySet<string> {
  const paths = new Set(folders.map(({ path }) => path));
  return new Set([...paths].filter((path) => !ancestors(path).some((above) => paths.has(above))));
}

function withFolder(change: FileChange, whole: ReadonlySet<string>): FileChange {
  const folder = ancestors(change.path).find((above) => whole.has(above));
  return folder === undefined || change.op === 'change' ? change : { ...change, folder };
}

function removedFiles(plan: RestorePlan): PlanEntry[] {
  const removed = [...plan.clear, ...plan.remove];
  const emptied = parentsOf(removed);
  return removed.filter(
    ({ kind, path }) => kind !== 'database' && (kind !== 'directory' || !emptied.has(path)),
  );
}

function filesOfOtherMode(plan: RestorePlan): PlannedWrite[] {
  return plan.touch.filter(
    ({ entry, before }) => entry.kind === 'file' && before?.mode !== entry.mode,
  );
}

function parentsOf(entries: readonly { readonly path: string }[]): Set<string> {
  return new Set(entries.map(({ path }) => parentOf(path)));
}

function fileChange(before: PlanEntry | null, after: PlanEntry): FileChange;
function fileChange(before: PlanEntry, after: null): FileChange;
function fileChange(before: PlanEntry | null, after: PlanEntry | null): FileChange {
  const { path = '', kind = 'file' } = after ?? before ?? {};
  return {
    path,
    op: after === null ? 'remove' : before === null ? 'add' : 'change',
    kind: kind === 'database' ? 'file' : kind,
    beforeBytes: bytesOf(before),
    afterBytes: bytesOf(after),
    ...changedModes(before, after),
  };
}

/** Links and folders have no size of their own. */
function bytesOf(entry: PlanEntry | null): number | null {
  return entry?.kind === 'file' || entry?.kind === 'database' ? entry.size : null;
}

export interface PlanTextFacts {
  readonly snapshot: string;
  readonly keepNew: boolean;
  readonly signature: (path: ProjectPath) => string;
}

/**
 * The plan as text, for a hash that binds what is applied to what was shown: the same text where the
 * same would happen to the same files. Of a database only its inode counts, not what is in it.
 */
export function planText(plan: RestorePlan, facts: PlanTextFacts): string {
  const lines: (readonly (string | number)[])[] = [
    ['restore', facts.snapshot, facts.keepNew ? 'keep' : 'all'],
  ];
  const target = (entry: PlanEntry): (string | number)[] => [
    entry.kind,
    entry.mode,
    `${entry.mtimeNs / 1000n}`,
    entry.content,
  ];
  for (const entry of plan.clear) lines.push(['clear', entry.path, facts.signature(entry.path)]);
  for (const entry of plan.makeFolders) lines.push(['folder', entry.path]);
  for (const { entry } of plan.write)
    lines.push(['write', entry.path, facts.signature(entry.path), ...target(entry)]);
  for (const { entry, to } of plan.link)
    lines.push(['link', entry.path, facts.signature(entry.path), to]);
  for (const { entry } of plan.touch) {
    if (entry.kind === 'database') lines.push(['touch', entry.path, entry.mode]);
    else lines.push(['touch', entry.path, facts.signature(entry.path), ...target(entry)]);
  }
  for (const { path, action, entry, tables } of plan.databases) {
    const part = tables === 'all' ? [] : [JSON.stringify(tables)];
    lines.push([action, path, facts.signature(path), entry?.content ?? '', ...part]);
  }
  for (const entry of plan.remove)
    lines.push([
      'remove',
      entry.path,
      entry.kind === 'directory' ? '' : facts.signature(entry.path),
    ]);
  return lines.map((line) => JSON.stringify(line)).join('\n');
}

/**
 * What a plan makes of which files, as text: the same whatever is written into them meanwhile.
 * Databases and deletions are not part of it.
 */
export function plannedFilesText(
  plan: RestorePlan,
  { snapshot, keepNew }: Omit<PlanTextFacts, 'signature'>,
): string {
  const written = [...plan.write, ...plan.touch].filter(({ entry }) => entry.kind !== 'database');
  // A file whose time alone differs is written as soon as its content does.
  const paths = written.map(({ entry }) => entry.path).toSorted();
  return JSON.stringify([
    snapshot,
    keepNew,
    plan.clear.map(({ path }) => path),
    plan.makeFolders.map(({ path }) => path),
    paths,
    plan.link.map(({ entry, to }) => [entry.path, to]),
  ]);
}
