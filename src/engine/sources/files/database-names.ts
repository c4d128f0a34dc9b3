// A database is an inode, and may have several names. SQLite finds the log and the journal beside the
// name by which it was opened, so that one is the database; the others are names of it, and reading or
// writing it through one of them would go past its log and its locks.

import type { SkippedDocument } from '../../../core/documents/documents.ts';
import type { WalkedEntry, WalkedFile, WalkedFolder } from './walked.ts';

/** A database of which `lstat` tells that it has more than one name. */
export interface NamedDatabase {
  readonly file: WalkedFile;
  /** Device and inode. */
  readonly inode: string;
  /** How many names it has anywhere. */
  readonly names: number;
  /** True where a log or journal lies beside this name. */
  readonly hasLog: boolean;
  /** True where this name was the database in the snapshot before. */
  readonly wasDatabase: boolean;
}

export interface DatabaseNames {
  /** Paths of the further names, with the database that each is a name of. */
  readonly nameOf: ReadonlyMap<string, WalkedFile>;
  /** Names of which it cannot be told which one is the database: none of them is captured. */
  readonly skipped: readonly SkippedDocument[];
  /** Paths of databases that have a name outside of the data, too. */
  readonly elsewhere: readonly string[];
}

/** @param databases in the order of the walk */
export function databaseNames(databases: readonly NamedDatabase[]): DatabaseNames {
  const nameOf = new Map<string, WalkedFile>();
  const skipped: SkippedDocument[] = [];
  const elsewhere: string[] = [];
  for (const group of Map.groupBy(databases, ({ inode }) => inode).values()) {
    const owners = group.filter(({ hasLog }) => hasLog);
    const owner = owners[0] ?? group.find(({ wasDatabase }) => wasDatabase) ?? group[0];
    if (owner === undefined) continue;
    if (owners.length > 1) {
      skipped.push(...group.map(({ file }) => ({ path: file.path, reason: unclear(owners) })));
      continue;
    }
    for (const { file } of group) if (file !== owner.file) nameOf.set(file.path, owner.file);
    if (owner.names > group.length) elsewhere.push(owner.file.path);
  }
  return { nameOf, skipped, elsewhere };
}

function unclear(owners: readonly NamedDatabase[]): string {
  const names = owners.map(({ file }) => `"${file.path}"`).join(' and ');
  return `names of one database, and ${names} each have a log: remove the name that is not used`;
}

/** The entry with every further name as what it is, and without what cannot be told. */
export function withNames(entry: WalkedEntry | null, names: DatabaseNames): WalkedEntry | null {
  if (entry === null || entry.kind === 'symlink') return entry;
  if (entry.kind === 'directory') return folderWithNames(entry, names);
  if (names.skipped.some(({ path }) => path === entry.path)) return null;
  const owner = names.nameOf.get(entry.path);
  if (owner === undefined) return entry;
  const node = { ...entry.node, kind: 'file' as const, hardlink: owner.path };
  return { ...entry, kind: 'file', node, nameOf: owner.path };
}

function folderWithNames(folder: WalkedFolder, names: DatabaseNames): WalkedFolder {
  if (!folder.changed) return folder;
  const children = folder.children.flatMap((child) => withNames(child, names) ?? []);
  return { ...folder, children };
}
