// What differs between two trees of the store. Equal hashes are never looked into, so the cost
// follows the folders that changed and not the size of the data.
//
// Files and links are always named. A folder is named where nothing else would tell of it: where it
// came or went empty, or changed its mode or its kind. A folder that came with files is told by
// them, and one that lost its last file is still there: both are no change of their own.

import { byPath } from '../../core/compare-text.ts';
import type { FileChange, FileKind } from '../../core/documents/documents.ts';
import { joinRel } from '../../core/names.ts';
import { changedModes } from '../../core/diff/changed-modes.ts';
import { isModified, pairChangedEntries } from '../../core/diff/tree-diff.ts';
import type { ContentHash, FileNode, StoreReader, TreeEntry } from '../store/store.ts';
import { pause } from './pause.ts';

export interface TreeSide {
  readonly reader: Pick<StoreReader, 'readTree'>;
  /** Hash of the tree of the project folder; null for none at all. */
  readonly tree: ContentHash | null;
}

/** A database whose bytes or mode differ. */
export interface DatabasePair {
  readonly path: string;
  readonly before: FileNode | null;
  readonly after: FileNode | null;
}

export interface TreeDiff {
  /** Sorted by path. */
  readonly files: readonly FileChange[];
  /** Sorted by path; never among `files`. */
  readonly databases: readonly DatabasePair[];
}

/**
 * What differs from `before` to `after`. A database in one place of a file, or the other way round,
 * is a database gone and a file come.
 * @throws EngineError STORE_DAMAGED
 */
export async function diffTrees(
  before: TreeSide,
  after: TreeSide,
  signal: AbortSignal,
): Promise<TreeDiff> {
  const walk = new TreeWalk(before, after, signal);
  if (before.tree !== after.tree) {
    await walk.folder('', entriesOf(before, before.tree), entriesOf(after, after.tree));
  }
  return {
    files: walk.files.toSorted(byPath),
    databases: walk.databases.toSorted(byPath),
  };
}

/** Folders between two looks at the signal. */
const FOLDERS_PER_PAUSE = 64;

class TreeWalk {
  readonly files: FileChange[] = [];
  readonly databases: DatabasePair[] = [];
  readonly #before: TreeSide;
  readonly #after: TreeSide;
  readonly #signal: AbortSignal;
  #foldersRead = 0;

  constructor(before: TreeSide, after: TreeSide, signal: AbortSignal) {
    this.#before = before;
    this.#after = after;
    this.#signal = signal;
  }

  async folder(
    path: string,
    before: readonly TreeEntry[],
    after: readonly TreeEntry[],
    whole?: string,
  ): Promise<void> {
    this.#foldersRead += 1;
    if (this.#foldersRead % FOLDERS_PER_PAUSE === 1) await pause(this.#signal);
    for (const pair of pairChangedEntries(before, after)) {
      await this.#entry(joinRel(path, pair.name), pair.before, pair.after, whole);
    }
  }

  async #entry(
    path: string,
    before: TreeEntry | null,
    after: TreeEntry | null,
    whole: string | undefined,
  ): Promise<void> {
    const database = {
      before: before?.kind === 'database' ? before : null,
      after: after?.kind === 'database' ? after : null,
    };
    if (database.before !== null || database.after !== null) {
      this.databases.push({ path, ...database });
    }
    const was = before?.kind === 'database' ? null : before;
    const is = after?.kind === 'database' ? null : after;
    const within = {
      before: entriesOf(this.#before, folderContent(was)),
      after: entriesOf(this.#after, folderContent(is)),
    };
    this.#note(path, was, is, within.before.length + within.after.length === 0, whole);
    if (folderContent(was) !== folderContent(is)) {
      const below = whole ?? wholeFolder(path, was, is);
      await this.folder(path, within.before, within.after, below);
    }
  }

  #note(
    path: string,
    before: TreeEntry | null,
    after: TreeEntry | null,
    holdsNothing: boolean,
    whole: string | undefined,
  ): void {
    const entry = after ?? before;
    if (entry === null || entry.kind === 'database') return;
    if (before !== null && after !== null) {
      if (isModified(before, after)) this.files.push(fileChange(path, 'change', before, after));
    } else if (entry.kind !== 'directory' || holdsNothing) {
      const change = fileChange(path, before === null ? 'add' : 'remove', before, after);
      this.files.push(whole === undefined ? change : { ...change, folder: whole });
    }
  }
}

/** The folder, where only one side has it as one. */
function wholeFolder(
  path: string,
  before: TreeEntry | null,
  after: TreeEntry | null,
): string | undefined {
  return before?.kind === 'directory' && after?.kind === 'directory' ? undefined : path;
}

function entriesOf(side: TreeSide, tree: ContentHash | null): readonly TreeEntry[] {
  return tree === null ? [] : side.reader.readTree(tree);
}

function folderContent(entry: TreeEntry | null): ContentHash | null {
  return entry?.kind === 'directory' ? entry.content : null;
}

function fileChange(
  path: string,
  op: FileChange['op'],
  before: TreeEntry | null,
  after: TreeEntry | null,
): FileChange {
  const kind = (after ?? before)?.kind as FileKind;
  const bytes = { beforeBytes: bytesOf(before), afterBytes: bytesOf(after) };
  return { path, op, kind, ...bytes, ...changedModes(before, after) };
}

/** Links and folders have no size of their own. */
function bytesOf(entry: TreeEntry | null): number | null {
  return entry?.kind === 'file' ? entry.size : null;
}
