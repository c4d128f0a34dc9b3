// The text that the index keeps for a folder: a line an entry in byte order, with kind, signature and
// name. Two equal texts mean that nothing changed.

import type { BigIntStats } from 'node:fs';
import { escapeName, unescapeName } from '../../store/tree-format.ts';
import type { WalkedEntry } from './walked.ts';

/** A folder's text as it is compared; with `markYoung` as the index keeps it. */
export function folderText(children: readonly WalkedEntry[], markYoung = false): string {
  return children.map((child) => entryLine(child, markYoung)).join('\n');
}

function entryLine(entry: WalkedEntry, markYoung: boolean): string {
  const name = escapeName(entry.node.name);
  // What it holds is told by the database's own name.
  if (entry.kind === 'file' && entry.nameOf !== undefined)
    return `name ${escapeName(entry.nameOf)} ${name}`;
  if (entry.kind !== 'directory')
    return `${markYoung && entry.young ? '!' : ''}${entry.kind} ${entry.signature} ${name}`;
  const { mode, uid, gid, mtimeNs, content } = entry.node;
  return `directory ${mode}.${uid}.${gid}.${mtimeNs}.${content} ${name}`;
}

/** Signatures of the files and links in a folder's text, by name; of those not to be trusted none. */
export function signaturesIn(text: string): ReadonlyMap<string, string> {
  const signatures = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [kind, signature = '', name = ''] = line.split(' ');
    if (kind === 'file' || kind === 'symlink') signatures.set(unescapeName(name), signature);
  }
  return signatures;
}

/** Names of all that is in a folder's text. */
export function namesIn(text: string): readonly string[] {
  if (text === '') return [];
  return text.split('\n').map((line) => unescapeName(line.slice(line.lastIndexOf(' ') + 1)));
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

/** The same for all states of a file that differ only in the time of its last change of any kind. */
export function withoutChangeTime(plain: string): string {
  const [mode, uid, gid, size, mtimeNs, , ino] = plain.split('.');
  return [mode, uid, gid, size, mtimeNs, ino].join('.');
}
