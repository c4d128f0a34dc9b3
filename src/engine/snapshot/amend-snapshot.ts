// Makes the safety snapshot of a restore complete: what changed between it and the moment at which the
// restore holds the lock is stored as well, before it is overwritten. No other snapshot is ever changed.

import { nameToBytes, segmentsOf } from '../../core/names.ts';
import type { SnapshotDatabase, SnapshotManifest } from '../../core/documents/documents.ts';
import type { CallOptions } from '../options.ts';
import { createContentPool } from '../store/content-pool.ts';
import { emptyIndex } from '../store/live-index.ts';
import { addManifest, createPack, packName } from '../store/pack-writer.ts';
import { replaceManifest, selectManifest, type StoredManifest } from '../store/snapshot-rows.ts';
import type { ContentHash, FileNode, TreeEntry } from '../store/store.ts';
import { insertPack } from '../store/insert-pack.ts';
import type { WriteSession } from '../store/store-session.ts';
import { createNodeFinder } from '../store/find-node.ts';
import { createOverlay, type LiveOverlay } from '../store/live-overlay.ts';
import { readFiles, type FileToRead } from '../capture/read-files.ts';
import { storeTrees } from './take-snapshot.ts';

/** New content for a path of the snapshot. */
export interface Replacement {
  readonly path: string;
  /** A copy that nobody else writes. Absolute. */
  readonly readFrom: string;
  /** Its facts; content, size and chunks are filled in. */
  readonly node: FileNode;
  /** For the image of a database, else null. */
  readonly headerVersion: number | null;
  /** The database's part of the manifest; null for a file. */
  readonly facts: Omit<SnapshotDatabase, 'path'> | null;
}

/** Durable when it returns; on failure the snapshot is as it was. */
export async function amendSnapshot(
  writer: WriteSession,
  id: string,
  replacements: readonly Replacement[],
  call: CallOptions,
): Promise<SnapshotManifest> {
  const before = selectManifest(writer.db, id);
  if (before === undefined) throw new Error(`no snapshot ${id} to amend`);
  const name = packName(writer.db, id);
  const pack = createPack(writer.packsDir, name, writer.options.now(), writer.options.faultPoint);
  const pool = createContentPool(writer.storePath, writer.reader, writer.options, true);
  const overlay = createOverlay(emptyIndex, writer.reader);
  try {
    const find = createNodeFinder(writer.reader, before.tree);
    const files = replacements.map((replacement) => toRead(replacement, find, writer));
    const read = await readFiles(
      files,
      pool,
      (object) => pack.add(object),
      overlay.keepObject,
      call,
    );
    await pool.close();
    const nodes = new Map<string, FileNode>();
    for (const { path, node } of replacements) {
      const content = read.contents.get(path);
      const size = files.find((file) => file.path === path)?.size ?? node.size;
      if (content === undefined) throw new Error(`the copy of ${path} could not be read`);
      nodes.set(path, { ...node, ...content, size });
    }
    const tree = replaceNodes(before.tree, nodes, overlay);
    storeTrees({ tree, overlay }, writer, pack);
    const facts = new Map(
      replacements.flatMap(({ path, facts }) => (facts === null ? [] : [[path, facts]])),
    );
    const databases = before.databases.map((one) => ({ ...one, ...facts.get(one.path) }));
    const { revision = 0 }: StoredManifest = before;
    // What it would be without what lies beside the data is not known any more.
    const dataTree = before.dataTree === undefined ? {} : { dataTree: '' };
    const amended = { tree, ...dataTree, databases, unchanged: false, revision: revision + 1 };
    const manifest = { ...before, ...amended };
    addManifest(pack, manifest);
    const finished = pack.finish();
    writer.db.transaction('immediate', () => {
      insertPack(writer.db, name, finished);
      replaceManifest(writer.db, manifest, finished.bytes);
    });
    return { ...manifest, storedBytes: before.storedBytes + finished.bytes };
  } catch (error) {
    pack.abandon();
    throw error;
  } finally {
    await pool.close();
  }
}

function toRead(
  { path, readFrom, node, headerVersion }: Replacement,
  find: (path: string) => TreeEntry | undefined,
  { reader }: WriteSession,
): FileToRead {
  const before = find(path);
  const previous = before !== undefined && 'chunked' in before ? reader.chunksOf(before) : [];
  return {
    path,
    readFrom,
    size: node.size,
    expected: null,
    previous,
    headerVersion,
    isDatabase: node.kind === 'database',
  };
}

/** The tree with other entries at the given paths; folders on the way are made anew. */
function replaceNodes(
  tree: ContentHash,
  nodes: ReadonlyMap<string, FileNode>,
  overlay: LiveOverlay,
): ContentHash {
  const bySegments = [...nodes].map(([path, node]) => ({ segments: segmentsOf(path), node }));
  return replaceBelow(tree, bySegments, overlay);
}

interface Deep {
  readonly segments: readonly string[];
  readonly node: FileNode;
}

function replaceBelow(
  tree: ContentHash,
  nodes: readonly Deep[],
  overlay: LiveOverlay,
): ContentHash {
  const entries = new Map(overlay.readTree(tree).map((entry) => [entry.name, entry]));
  const deeper = new Map<string, Deep[]>();
  for (const { segments, node } of nodes) {
    const [first = '', ...rest] = segments;
    if (rest.length === 0) entries.set(first, node);
    else deeper.set(first, [...(deeper.get(first) ?? []), { segments: rest, node }]);
  }
  for (const [name, below] of deeper) {
    const folder = entries.get(name);
    if (folder?.kind !== 'directory') throw new Error(`no folder ${name} in the snapshot to amend`);
    entries.set(name, { ...folder, content: replaceBelow(folder.content, below, overlay) });
  }
  return overlay.keepTree(
    [...entries.values()].toSorted((a, b) =>
      Buffer.compare(nameToBytes(a.name), nameToBytes(b.name)),
    ),
  );
}
