// The rows of the third view: of a restore preview with its boxes, and of a comparison without.

import type { DatabaseDiff, FileChange } from '../documents/documents.ts';
import { rowsText, sumRows, totalRows, type RowCounts } from '../format/counts.ts';
import { schemaCounts } from '../text/diff-text.ts';
import { modesText } from '../format/file-lines.ts';
import { formatBytes, formatCompact, formatCount, plural } from '../format/numbers.ts';
import { visible } from '../format/width.ts';
import {
  countChanges,
  rootsOf,
  type ChangedDatabase,
  type ChangeNode,
  type ChangeTree,
  type DatabaseNode,
  type FileNode,
  type FolderNode,
} from './change-tree.ts';
import { boxOf, type BoxState, type LeftOut } from './preview-selection.ts';
import { dotted, spokenList, warningColor, type Row } from './row.ts';

export type PreviewMode = 'restore' | 'compare';

export interface PreviewRow extends Row {
  readonly tooltip: string;
  /** Undefined for a row without a box. */
  readonly box?: { readonly isTicked: boolean; readonly spoken: string };
  /** A file's: the letter beside it and what it means. */
  readonly op?: FileChange['op'];
}

/** A tree of so many rows is open down to its files. Of a larger one folders are closed, so that what stands below them is in sight. */
const smallTree = 24;
/** Tables of a database that are shown from the start. */
const openTables = 20;

export function isSmall(tree: ChangeTree): boolean {
  const rows = (node: ChangeNode): number =>
    1 + ('children' in node ? node.children.reduce((sum, child) => sum + rows(child), 0) : 0);
  return rootsOf(tree).reduce((sum, root) => sum + rows(root), 0) <= smallTree;
}

export function changeRow(
  node: ChangeNode,
  mode: PreviewMode,
  leftOut: LeftOut,
  /** `isSmall` of its tree. */
  inSmallTree: boolean,
): PreviewRow {
  const facts = rowFacts(node, mode, leftOut);
  const box = mode === 'restore' ? boxOf(node, leftOut) : undefined;
  const children = 'children' in node ? node.children.length : 0;
  const isOpen = inSmallTree || (node.kind === 'database' && children <= openTables);
  const words = [node.kind, box === undefined ? 'plain' : box.isTicked ? 'ticked' : 'leftOut'];
  return {
    id: `preview/${idOf(node)}`,
    context: [...words, node.kind === 'database' && children === 0 ? 'whole' : ''].join(' ').trim(),
    iconColor: null,
    ...facts,
    expand: children === 0 ? 'none' : isOpen ? 'expanded' : 'collapsed',
    ...(box && { box: { isTicked: box.isTicked, spoken: `Restore ${facts.spoken}` } }),
  };
}

type Facts = Pick<PreviewRow, 'icon' | 'label' | 'description' | 'spoken' | 'tooltip' | 'op'> & {
  readonly iconColor?: string | null;
};

function rowFacts(node: ChangeNode, mode: PreviewMode, leftOut: LeftOut): Facts {
  switch (node.kind) {
    case 'database':
      return databaseFacts(node, mode, boxOf(node, leftOut));
    case 'schema':
      return {
        icon: 'symbol-structure',
        label: 'schema',
        description: schemaCounts(node.changes),
        spoken: `schema of ${visible(node.database.path)}: ${schemaCounts(node.changes)}`,
        tooltip: wholeText(node.database),
      };
    case 'table': {
      const name = visible(node.table.name);
      const counts = rowsText(node.table, (count) => formatCompact(count, 1_000_000));
      return {
        icon: 'table',
        label: name,
        description: counts,
        spoken: `table ${name}: ${spokenRows(node.table, mode)}`,
        tooltip: dotted([
          `${name}: ${spokenRows(node.table, mode)}.`,
          mode === 'restore' && wholeText(node.database),
        ]).replace('. · ', '. '),
      };
    }
    case 'folder':
      return folderFacts(node, mode, boxOf(node, leftOut));
    case 'file':
      return fileFacts(node, mode);
  }
}

function databaseFacts(
  { name, path, database }: DatabaseNode,
  mode: PreviewMode,
  box: BoxState | undefined,
): Facts {
  const label = visible(name);
  const isBad = database.diff !== null && database.diff.problem !== null;
  const isPart = box !== undefined && box.isTicked && box.ticked < box.all;
  const whole = databaseCounts(database, mode);
  const description = isPart ? `${formatCount(box.ticked)} of ${plural(box.all, 'table')}` : whole;
  return {
    icon: isBad ? 'warning' : 'database',
    iconColor: isBad ? warningColor : null,
    label,
    description,
    spoken: spokenList([`database ${label}`, description]),
    tooltip: dotted([
      `${visible(path)}: ${whole}.`,
      mode === 'restore' && !database.isChoosable && wholeText(database),
    ]).replace('. · ', '. '),
  };
}

/** `+12 -3 ~5 rows`, `comes back`, `cannot be compared: …`. */
function databaseCounts({ method, diff }: ChangedDatabase, mode: PreviewMode): string {
  if (method === 'delete') return 'deleted, made since';
  if (diff === null) return 'comes back as it was';
  if (diff.problem !== null) {
    const isPart = diff.tables.length + diff.schema.length > 0;
    return `${isPart ? 'compared in part' : 'cannot be compared'}: ${visible(diff.problem)}`;
  }
  const rows = rowsText(sumRows(diff.tables));
  const state = stateWord(diff, mode);
  return dotted([state, rows]) || (diff.schema.length > 0 ? 'schema' : 'content');
}

function stateWord({ state }: DatabaseDiff, mode: PreviewMode): string {
  switch (state) {
    case 'added':
      return mode === 'restore' ? 'comes back' : 'new database';
    case 'removed':
      return mode === 'restore' ? 'deleted, made since' : 'database is gone';
    case 'changed':
      return '';
  }
}

/** Why its tables have no boxes; empty where they have, or where there are none. */
function wholeText({ wholeBecause, isChoosable, path }: ChangedDatabase): string {
  if (isChoosable || wholeBecause === null) return '';
  const because = wholeBecause.charAt(0).toUpperCase() + wholeBecause.slice(1);
  const name = visible(path.split('/').at(-1) ?? path);
  return `${because}, so ${name} is restored whole or not at all.`;
}

function folderFacts(node: FolderNode, mode: PreviewMode, box: BoxState | undefined): Facts {
  const label = visible(node.name);
  const { written, deleted } = countChanges(node);
  const isPart = box !== undefined && box.isTicked && box.ticked < box.all;
  const counts = folderCounts(written, deleted, mode);
  const description = isPart ? `${formatCount(box.ticked)} of ${plural(box.all, 'file')}` : counts;
  return {
    icon: 'folder',
    label,
    description,
    spoken: spokenList([`folder ${label}`, description]),
    tooltip: `${visible(node.path)}: ${counts}.`,
  };
}

function folderCounts(written: number, deleted: number, mode: PreviewMode): string {
  if (mode === 'compare') return plural(written + deleted, 'file');
  const parts = [
    written > 0 ? `${formatCount(written)} to write` : '',
    deleted > 0 ? `${formatCount(deleted)} to delete${written > 0 ? '' : ', made since'}` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function fileFacts({ name, path, change }: FileNode, mode: PreviewMode): Facts {
  const label = visible(name);
  const facts = fileWords(change, mode);
  const meaning = decorationText(change.op, mode);
  return {
    icon: change.kind === 'directory' ? 'folder' : 'file',
    label,
    description: facts,
    spoken: spokenList([label, meaning, facts]),
    tooltip: `${visible(path)} ${meaning}: ${facts}.`,
    op: change.op,
  };
}

/** What the letter beside a file means. */
export function decorationText(op: FileChange['op'], mode: PreviewMode): string {
  if (mode === 'compare') return { add: 'added', change: 'modified', remove: 'deleted' }[op];
  return { add: 'will be written', change: 'will be replaced', remove: 'will be deleted' }[op];
}

function fileWords(change: FileChange, mode: PreviewMode): string {
  const { kind, op, beforeBytes, afterBytes, modes } = change;
  if (modes) return modesText(modes);
  if (kind === 'symlink') return 'link';
  if (kind === 'directory') return op === 'change' ? 'mode' : 'empty folder';
  if (op === 'add') return mode === 'restore' ? 'missing now' : size(afterBytes);
  if (op === 'remove') return mode === 'restore' ? 'made since' : size(beforeBytes);
  if (beforeBytes === afterBytes) return `${size(afterBytes)}, same size`;
  return `${size(beforeBytes)} -> ${size(afterBytes)}`;
}

function size(bytes: number | null): string {
  return bytes === null ? 'gone' : formatBytes(bytes);
}

/** `12 rows come back, 3 go, 4 change`; in a comparison `12 rows added, 3 removed, 4 changed`. */
function spokenRows(rows: RowCounts, mode: PreviewMode): string {
  const verb = (count: number, one: string, many: string): string =>
    `${formatCount(count)} ${count === 1 ? one : many}`;
  const parts =
    mode === 'restore'
      ? [
          rows.added > 0 && verb(rows.added, 'comes back', 'come back'),
          rows.removed > 0 && verb(rows.removed, 'goes', 'go'),
          rows.changed > 0 && verb(rows.changed, 'changes', 'change'),
        ]
      : [
          rows.added > 0 && verb(rows.added, 'added', 'added'),
          rows.removed > 0 && verb(rows.removed, 'removed', 'removed'),
          rows.changed > 0 && verb(rows.changed, 'changed', 'changed'),
        ];
  const [first, ...others] = parts.filter((part) => part !== false);
  if (first === undefined) return 'no row differs';
  const noun = totalOfFirst(rows) === 1 ? 'row' : 'rows';
  return spokenList([first.replace(/^(\S+) /, `$1 ${noun} `), ...others]);
}

function totalOfFirst({ added, removed, changed }: RowCounts): number {
  return (
    [added, removed, changed].find((count) => count > 0) ?? totalRows({ added, removed, changed })
  );
}

function idOf(node: ChangeNode): string {
  switch (node.kind) {
    case 'schema':
      return `schema/${node.database.path}`;
    case 'table':
      return `table/${node.database.path}:${node.table.name}`;
    case 'database':
    case 'folder':
    case 'file':
      return `${node.kind}/${node.path}`;
  }
}
