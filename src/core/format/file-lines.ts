// Files that differ, one line each; where they are many, what came or went together is one line.

import type { FileChange } from '../documents/documents.ts';
import { alignColumns, type Cell, type TextOptions } from './lines.ts';
import { formatBytes, formatCount, plural } from './numbers.ts';
import { opSigns, paintOp, type Op } from './style.ts';
import { cutMiddle, visible } from './width.ts';

const pathWidth = 44;
const widestPath = 52;
const leastPath = 20;
/** Above so many files, folders that came or went as a whole stand for what is in them. */
const crowded = 12;
const leastInFolder = 4;
const maxLines = 60;

interface Line {
  /** Ends in `/` for a folder. */
  readonly path: string;
  readonly op: Op;
  readonly facts: string;
  /** Files in a folder that stands for them. */
  readonly count?: number;
}

/**
 * @param changes sorted by path.
 * @param removedNote stands behind what is deleted, by its path, e.g. `made since; --keep-new`.
 */
export function fileLines(
  changes: readonly FileChange[],
  options: TextOptions,
  {
    indent = '',
    removedNote = () => '',
  }: { indent?: string; removedNote?: (path: string) => string } = {},
): readonly string[] {
  const lines = changes.length > crowded ? rollUp(changes) : changes.map(lineOf);
  const shown = lines.toSorted(byPathFoldersFirst).slice(0, maxLines);
  const facts = shown.map((line) => lineFacts(line, removedNote(line.path)));
  const room = options.columns - indent.length - 3 - Math.max(0, ...facts.map((one) => one.length));
  const rows = shown.map(({ path, op }, index): Cell[] => [
    { text: opSigns[op], paint: paintOp(options.style, op) },
    { text: cutMiddle(visible(path), Math.max(leastPath, Math.min(widestPath, room))) },
    { text: facts[index] ?? '' },
  ]);
  const more = lines.length - shown.length;
  return [
    ...alignColumns(rows, { gap: 1, indent, widths: [1, pathWidth - indent.length] }),
    ...(more > 0 ? [`${indent}... ${formatCount(more)} more: --json`] : []),
  ];
}

function lineFacts({ op, count, facts }: Line, note: string): string {
  if (op !== 'remove' || note === '') return facts;
  return `${count === undefined ? facts : plural(count, 'file')}, ${note}`;
}

function lineOf(change: FileChange): Line {
  return { path: pathOf(change), op: change.op, facts: factsOf(change) };
}

/** What came or went with its folder becomes one line; all else stays as it is. */
function rollUp(changes: readonly FileChange[]): readonly Line[] {
  const groups = new Map<string, FileChange[]>();
  const lines: Line[] = [];
  for (const change of changes) {
    if (change.folder === undefined) lines.push(lineOf(change));
    else {
      const key = `${change.op} ${change.folder}`;
      groups.set(key, [...(groups.get(key) ?? []), change]);
    }
  }
  for (const group of groups.values()) {
    if (group.length < leastInFolder) {
      lines.push(...group.map(lineOf));
      continue;
    }
    const bytes = group.reduce((sum, one) => sum + (one.beforeBytes ?? one.afterBytes ?? 0), 0);
    lines.push({
      path: `${commonFolder(group.map(({ path }) => path))}/`,
      op: group[0]?.op ?? 'change',
      facts: `${plural(group.length, 'file')}, ${formatBytes(bytes)}`,
      count: group.length,
    });
  }
  return lines;
}

/** The deepest folder that has all of them. */
function commonFolder(paths: readonly string[]): string {
  const [first = '', ...others] = paths;
  const above = ancestors(first).toReversed();
  return above.find((folder) => others.every((path) => path.startsWith(`${folder}/`))) ?? '';
}

/** Folders above a path, topmost first. */
function ancestors(path: string): readonly string[] {
  const folders: string[] = [];
  for (let slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
    folders.push(path.slice(0, slash));
  }
  return folders;
}

function pathOf({ path, kind }: FileChange): string {
  return kind === 'directory' ? `${path}/` : path;
}

/** `mode 644 -> 600`. */
export function modesText({ before, after }: NonNullable<FileChange['modes']>): string {
  const bits = (mode: number): string => mode.toString(8).padStart(3, '0');
  return `mode ${bits(before)} -> ${bits(after)}`;
}

function factsOf({ kind, op, beforeBytes, afterBytes, modes }: FileChange): string {
  if (modes) return modesText(modes);
  const wasFile = op === 'change' && beforeBytes !== null;
  if (kind === 'symlink') return wasFile ? 'a link instead of a file' : 'link';
  if (kind === 'directory') {
    if (op !== 'change') return 'empty folder';
    return wasFile ? 'a folder instead of a file' : 'mode';
  }
  const [before, after] = [beforeBytes, afterBytes].map((bytes) =>
    bytes === null ? undefined : formatBytes(bytes),
  );
  if (before === undefined || after === undefined) {
    const facts = before ?? after ?? '';
    return op === 'change' ? `${facts}, no file before` : facts;
  }
  return beforeBytes === afterBytes ? `${after}, same size` : `${before} -> ${after}`;
}

/** Folder by folder; within one, folders before files. */
function byPathFoldersFirst(a: Line, b: Line): number {
  const [left, right] = [a.path.split('/'), b.path.split('/')];
  const at = left.findIndex((segment, index) => segment !== right[index]);
  if (at < 0) return left.length - right.length;
  const leftIsFolder = at < left.length - 1;
  const rightIsFolder = at < right.length - 1;
  if (leftIsFolder !== rightIsFolder) return leftIsFolder ? -1 : 1;
  return (left[at] ?? '') < (right[at] ?? '') ? -1 : 1;
}
