// The text that the index keeps for a folder: a line an entry in byte order, with kind, signature and
// name. Two equal texts mean that nothing changed.

import type { BigIntStats } from 'node:fs';
import { escapeName } from '../../store/tree-format.ts';
import type { WalkedEntry } from './walked.ts';

/** A folder's text as it is compared; with `markYoung` as the index keeps it. */
export function folderText(children: readonly WalkedEntry[], markYoung = false): string {
  return children.map((child) => entryLine(child, markYoung)).join('\n');
}

function entryLine(entry: WalkedEntry, markYoung: boolean): string {
  const name = escapeName(entry.node.name);
  if (entry.kind !== 'directory')
    return `${markYoung && entry.young ? '!' : ''}${entry.kind} ${entry.signature} ${name}`;
  const { mode, uid, gid, mtimeNs, content } = entry.node;
  return `directory ${mode}.${uid}.${gid}.${mtimeNs}.${content} ${name}`;
}

/** True where the two texts of a folder differ in anything but databases and folders below it. */
export function filesDiffer(a: string, b: string): boolean {
  return filesOf(a) !== filesOf(b);
}

function filesOf(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^(database|directory) /.test(line))
    .join('\n');
}

/** What tells one state of a file from another without reading it. */
export function plainSignature(stats: BigIntStats): string {
  return `${stats.mode}.${stats.uid}.${stats.gid}.${stats.size}.${stats.mtimeNs}.${stats.ctimeNs}.${stats.ino}`;
}
