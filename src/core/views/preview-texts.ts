// The messages of the third view, the titles of its tabs, and what differs as a list of documents.

import type { DiffDocument, RestorePlanDocument, SnapshotEntry } from '../documents/documents.ts';
import { allTables, sumRows, totalRows } from '../format/counts.ts';
import { diffSummary } from '../text/diff-text.ts';
import { formatCount, nameSome, plural } from '../format/numbers.ts';
import { ago, timeOfDay, type Clock } from '../format/time.ts';
import { visible } from '../format/width.ts';
import {
  rootsOf,
  type ChangedDatabase,
  type ChangeNode,
  type ChangeTree,
  type FileNode,
} from './change-tree.ts';
import { foreignKeyText } from './preview-notes.ts';
import { boxOf, type LeftOut } from './preview-selection.ts';
import { quotedSnapshot } from './restore-texts.ts';

/** More are a list to read one by one, not to scroll. */
export const maxShownChanges = 200;

export const loadingText = 'Comparing with the data as it is now...';
/** Where it could not be looked at again by itself. */
export const staleText =
  'The data changed since this preview. Refresh to see what a restore would do now.';
export const nothingBesideText =
  'Nothing to show side by side: what is selected has no rows, files or schema that differ.';
export const sameText = 'The data is as it was then.';
export const nothingTickedText = 'Nothing is selected, so a restore would change nothing.';

/** What was ticked, of all that differs. */
export interface PreviewFacts {
  readonly full: RestorePlanDocument;
  /** Of what is ticked; null where nothing is. */
  readonly selected: RestorePlanDocument | null;
  readonly isUndo: boolean;
  /** What an application writes meanwhile. */
  readonly written: Written;
}

/** What an application wrote between two plans of one restore. */
export interface Written {
  /** Names of databases. */
  readonly databases: readonly string[];
  readonly files: number;
}

export const nothingWritten: Written = { databases: [], files: 0 };

/** What differs between two plans of one restore, made one after the other. */
export function writtenBetween(before: RestorePlanDocument, after: RestorePlanDocument): Written {
  const databasesOf = ({ databases }: RestorePlanDocument): [string, unknown][] =>
    databases.map(({ path, diff }) => [path, diff]);
  const filesOf = ({ fileChanges }: RestorePlanDocument): [string, unknown][] =>
    fileChanges.map((change) => [change.path, change]);
  const databases = changedKeys(databasesOf(before), databasesOf(after));
  return {
    databases: databases.map((path) => visible(path.split('/').at(-1) ?? path)),
    files: changedKeys(filesOf(before), filesOf(after)).length,
  };
}

function changedKeys(before: [string, unknown][], after: [string, unknown][]): string[] {
  const [a, b] = [new Map(before), new Map(after)];
  return [...new Set([...a.keys(), ...b.keys()])].filter(
    (key) => JSON.stringify(a.get(key)) !== JSON.stringify(b.get(key)),
  );
}

/** `visits.db and 3 files are being written; numbers follow.` Empty where nothing is. */
function writtenText({ databases, files }: Written): string {
  if (databases.length + files === 0) return '';
  const names = databases.length > 0 ? [nameSome(databases, 2)] : [];
  const what = files > 0 ? [...names, plural(files, 'file')] : names;
  const is = databases.length + files === 1 ? 'is' : 'are';
  return `${what.join(' and ')} ${is} being written; numbers follow.`;
}

/** `"Before migration", 12 min ago. Selected: 19 of 20 rows, 14 files (5 to delete). Nothing has been changed yet.` */
export function previewMessage(
  { full, selected, isUndo, written }: PreviewFacts,
  clock: Clock,
): string {
  const takenMs = Date.parse(full.snapshot.createdAt);
  const head = isUndo
    ? `Undo: back to how it was at ${timeOfDay(takenMs, clock)}.`
    : `${quotedSnapshot(full.snapshot)}, ${ago(takenMs, clock)}.`;
  if (full.empty && full.blocked === null) return `${head} ${sameText}`;
  if (selected === null) return `${head} ${nothingTickedText}`;
  const [broken] = selected.foreignKeys;
  const following = writtenText(written);
  const end = broken
    ? `Not possible so: ${foreignKeyText(broken)}.`
    : following || 'Nothing has been changed yet.';
  const about = following === '' ? '' : 'about ';
  return `${head} Selected: ${about}${selectedText(full, selected)}. ${end}`;
}

function selectedText(full: RestorePlanDocument, selected: RestorePlanDocument): string {
  const [allRows, rows] = [rowsOf(full), rowsOf(selected)];
  const [allFiles, files] = [filesOf(full), filesOf(selected)];
  const { deleted } = selected.files;
  const toDelete = deleted > 0 ? ` (${formatCount(deleted)} to delete)` : '';
  const uncounted = selected.databases.filter(
    ({ method, diff }) => method !== 'none' && (diff === null || diff.problem !== null),
  ).length;
  const parts = [
    allRows > 0 ? partOf(rows, allRows, 'row') : '',
    uncounted > 0 ? plural(uncounted, 'whole database') : '',
    allFiles > 0 ? partOf(files, allFiles, 'file') + toDelete : '',
  ].filter((part) => part !== '');
  return parts.join(', ') || 'modes, links or times only';
}

function partOf(part: number, all: number, noun: string): string {
  return part === all ? plural(all, noun) : `${formatCount(part)} of ${plural(all, noun)}`;
}

function rowsOf({ databases }: RestorePlanDocument): number {
  return totalRows(sumRows(allTables(databases.map(({ diff }) => diff))));
}

function filesOf({ files }: RestorePlanDocument): number {
  return files.written + files.deleted;
}

/** A side of a comparison; null is the data as it is now. */
export type ComparedSide = SnapshotEntry | null;

/** `"Before migration" (14:32) -> now: +12 -3 ~5 rows, 14 files, mismatches 2 -> 3`. */
export function compareMessage(
  diff: DiffDocument,
  sides: { readonly a: ComparedSide; readonly b: ComparedSide },
  changes: number,
  clock: Clock,
): string {
  const head = `${sideText(sides.a, clock)} -> ${sideText(sides.b, clock)}: ${diffSummary(diff)}`;
  if (changes <= maxShownChanges) return head;
  return `${head}. ${plural(changes, 'change')}, open them one by one.`;
}

function sideText(side: ComparedSide, clock: Clock): string {
  if (side === null) return 'now';
  return `${quotedSnapshot(side)} (${timeOfDay(Date.parse(side.createdAt), clock)})`;
}

/** `"Before migration"` or `now`. */
export function sideName(side: ComparedSide): string {
  return side === null ? 'now' : quotedSnapshot(side);
}

/** `Compare "Before migration" with now`. */
export function compareTitle(a: ComparedSide, b: ComparedSide): string {
  return `Compare ${sideName(a)} with ${sideName(b)}`;
}

/** `projects (now ↔ after restore)`. */
export function changeTitle(name: string, left: string, right: string): string {
  return `${visible(name)} (${left} ↔ ${right})`;
}

/** One document of the diff editor. */
export type ChangeEntry =
  | { readonly kind: 'schema'; readonly database: ChangedDatabase }
  | { readonly kind: 'table'; readonly database: ChangedDatabase; readonly table: string }
  | { readonly kind: 'file'; readonly node: FileNode };

/** Everything that is ticked as documents: schemas, tables, files. */
export function changeEntries(tree: ChangeTree, leftOut: LeftOut): readonly ChangeEntry[] {
  const entries = rootsOf(tree).flatMap((root) => entriesOf(root, leftOut));
  const order = { schema: 0, table: 1, file: 2 };
  return entries.toSorted((a, b) => order[a.kind] - order[b.kind]);
}

/** The documents of one row and all below it. */
export function entriesOf(node: ChangeNode, leftOut: LeftOut): readonly ChangeEntry[] {
  if (boxOf(node, leftOut)?.isTicked === false) return [];
  switch (node.kind) {
    case 'database': {
      const { diff } = node.database;
      if (diff === null) return [];
      const hasSchema = diff.schema.length > 0;
      const children = node.children.flatMap((child) => entriesOf(child, leftOut));
      const isNewOrGone = diff.state !== 'changed' && !hasSchema && diff.problem === null;
      return isNewOrGone ? [{ kind: 'schema', database: node.database }, ...children] : children;
    }
    case 'schema':
      return [{ kind: 'schema', database: node.database }];
    case 'table':
      return [{ kind: 'table', database: node.database, table: node.table.name }];
    case 'folder':
      return node.children.flatMap((child) => entriesOf(child, leftOut));
    case 'file':
      return node.change.kind === 'directory' ? [] : [{ kind: 'file', node }];
  }
}
