// Turns a walk and what was read into trees, bottom up. Folders in which nothing changed are taken
// as they are.

import type { WalkedEntry, WalkedFile, WalkedFolder } from '../sources/files/walked.ts';
import { folderText } from '../sources/files/walk-signatures.ts';
import { nameToBytes, segmentsOf } from '../../core/names.ts';
import type { ContentHash, FileNode, TreeEntry } from '../store/store.ts';
import type { LiveOverlay } from '../store/live-overlay.ts';

/** What became of a file of the walk. */
export interface ResolvedFile {
  /** Null: it is not part of the snapshot. */
  readonly node: FileNode | null;
  /** The signature that belongs to the content. */
  readonly signature: string;
  /** False where it must be read again next time, whatever its signature says. */
  readonly settled: boolean;
  /** Further entries of its folder: the write-ahead log or journal of a damaged database. */
  readonly beside: readonly FileNode[];
}

/** The tree entry of one walked entry; null where it is left out. Fills the overlay on its way. */
export function buildEntry(
  entry: WalkedEntry,
  resolve: (file: WalkedFile) => ResolvedFile,
  overlay: LiveOverlay,
): TreeEntry | null {
  if (entry.kind === 'symlink') return entry.node;
  if (entry.kind === 'directory') return buildFolder(entry, resolve, overlay);
  const { node, signature, settled } = resolve(entry);
  // A root that is a file has a row of its own, in the form of a folder with that one entry.
  const row = { ...entry, node: node ?? entry.node, signature, young: entry.young || !settled };
  overlay.setFolder(entry.path, {
    signatures: folderText([row], true),
    plain: folderText([row]),
    tree: overlay.keepTree(node === null ? [] : [node]),
  });
  return node;
}

function buildFolder(
  folder: WalkedFolder,
  resolve: (file: WalkedFile) => ResolvedFile,
  overlay: LiveOverlay,
): TreeEntry {
  if (!folder.changed) return folder.node;
  const nodes: TreeEntry[] = [];
  const rows: WalkedEntry[] = [];
  for (const child of folder.children) {
    if (child.kind === 'symlink') {
      nodes.push(child.node);
      rows.push(child);
    } else if (child.kind === 'directory') {
      const node = buildFolder(child, resolve, overlay);
      nodes.push(node);
      if (node.kind === 'directory') rows.push({ ...child, node });
    } else {
      const { node, signature, settled, beside } = resolve(child);
      if (node !== null) nodes.push(node);
      nodes.push(...beside);
      rows.push({ ...child, node: node ?? child.node, signature, young: child.young || !settled });
    }
  }
  const tree = overlay.keepTree(sortedByName(nodes));
  overlay.setFolder(folder.path, {
    signatures: folderText(rows, true),
    plain: folderText(rows),
    tree,
  });
  return { ...folder.node, content: tree };
}

/** The tree of the project folder: the roots at their paths, folders above them only as a way there. */
export function buildProjectTree(
  roots: readonly { readonly path: string; readonly entry: TreeEntry }[],
  overlay: LiveOverlay,
): ContentHash {
  const top: WayDown = { ways: new Map(), entries: [] };
  for (const { path, entry } of roots) {
    let at = top;
    for (const name of segmentsOf(path).slice(0, -1)) {
      const next: WayDown = at.ways.get(name) ?? { ways: new Map(), entries: [] };
      at.ways.set(name, next);
      at = next;
    }
    at.entries.push(entry);
  }
  return keepWay(top, overlay);
}

interface WayDown {
  readonly ways: Map<string, WayDown>;
  readonly entries: TreeEntry[];
}

/** Folders above a root carry no facts of their own, so that what happens beside the data changes no tree. */
function keepWay(way: WayDown, overlay: LiveOverlay): ContentHash {
  const above = [...way.ways].map(([name, below]): TreeEntry => ({
    kind: 'directory',
    name,
    mode: 0o755,
    uid: 0,
    gid: 0,
    mtimeNs: 0n,
    content: keepWay(below, overlay),
  }));
  return overlay.keepTree(sortedByName([...above, ...way.entries]));
}

/** Byte order of the names. */
function sortedByName(entries: readonly TreeEntry[]): TreeEntry[] {
  return entries.toSorted((a, b) => Buffer.compare(nameBytes(a), nameBytes(b)));
}

function nameBytes(entry: TreeEntry): Uint8Array {
  return nameToBytes(entry.name);
}
