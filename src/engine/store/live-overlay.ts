// What a capture learns on top of the index: new folder texts, trees and databases. The next round
// of the same capture walks against it, and the snapshot's commit writes it into the index.

import type { SnapshotDatabase } from '../../core/documents/documents.ts';
import { orIfDamaged } from './damage.ts';
import { hashOf } from './object-encoding.ts';
import { chunksOf } from './pack-reader.ts';
import type { ContentHash, StoreReader, TreeEntry } from './store.ts';
import { decodeTree, encodeTree } from './tree-format.ts';

/** What the index knows of a database besides its signature: its part of the manifest. */
export type DatabaseFacts = Omit<SnapshotDatabase, 'path'>;

export interface FolderRow {
  /** As the index keeps it: entries not to be trusted next time are marked. */
  readonly signatures: string;
  /** As it is compared within this capture. */
  readonly plain: string;
  readonly tree: ContentHash;
}

export interface DatabaseRow {
  readonly signature: string;
  readonly content: ContentHash;
  readonly facts: DatabaseFacts;
}

/** The index with the facts of its databases. */
export interface SnapshotIndex extends LiveIndex {
  database(path: string): DatabaseRow | undefined;
}

export interface LiveOverlay extends SnapshotIndex {
  readonly folders: ReadonlyMap<string, FolderRow>;
  /** Null: not to be known next time. */
  readonly databases: ReadonlyMap<string, DatabaseRow | null>;
  setFolder(path: string, row: FolderRow): void;
  setDatabase(path: string, row: DatabaseRow | null): void;
  /** The file turned out to be a database while it was read. */
  markDatabase(path: string): void;
  /** Keeps a tree or a list of chunks, so that it can be read before it is stored; answers its hash. */
  readonly keepObject: (bytes: Buffer) => ContentHash;
  keepTree(entries: readonly TreeEntry[]): ContentHash;
  /** Reads what was kept, else the store. Content of files that the store does not have is not there. */
  readonly reader: StoreReader;
  readonly objects: ReadonlyMap<ContentHash, Buffer>;
}

export function createOverlay(base: SnapshotIndex, store: StoreReader | null): LiveOverlay {
  const folders = new Map<string, FolderRow>();
  const databases = new Map<string, DatabaseRow | null>();
  const found = new Set<string>();
  const objects = new Map<ContentHash, Buffer>();

  function readObject(hash: ContentHash): Buffer {
    const kept = objects.get(hash);
    if (kept !== undefined) return kept;
    if (store === null) throw new Error(`object ${hash} was not captured`);
    return store.readObject(hash);
  }
  const readTree = (hash: ContentHash): readonly TreeEntry[] => decodeTree(readObject(hash));
  const keepObject = (bytes: Buffer): ContentHash => {
    const hash = hashOf(bytes);
    objects.set(hash, bytes);
    return hash;
  };

  return {
    folders,
    databases,
    objects,
    setFolder: (path, row) => void folders.set(path, row),
    setDatabase: (path, row) => void databases.set(path, row),
    markDatabase: (path) => void found.add(path),
    hold: () => base.hold(),
    release: () => base.release(),
    isDatabase: (path) => found.has(path) || base.isDatabase(path),
    folder(path) {
      const row = folders.get(path);
      return row === undefined ? base.folder(path) : { signatures: row.plain, tree: row.tree };
    },
    database(path) {
      const row = databases.get(path);
      return row === undefined ? base.database(path) : (row ?? undefined);
    },
    // A walk that does not get a damaged tree reads the folder's files again.
    readTree: (hash) => orIfDamaged(() => readTree(hash), []),
    keepObject,
    keepTree: (entries) => keepObject(encodeTree(entries)),
    reader: {
      readTree,
      readObject,
      chunksOf: (file) => chunksOf(file, readObject),
      together: (work) => (store?.together === undefined ? work() : store.together(work)),
      readChunks(file, use, signal) {
        if (store !== null && !objects.has(file.content)) {
          store.readChunks(file, use, signal);
          return;
        }
        let offset = 0;
        for (const hash of chunksOf(file, readObject)) {
          signal.throwIfAborted();
          const chunk = readObject(hash);
          use(chunk, offset);
          offset += chunk.length;
        }
      },
    },
  };
}

/** What is known from the last capture. */
export interface LiveIndex {
  folder(path: string): { readonly signatures: string; readonly tree: ContentHash } | undefined;
  database(path: string): { readonly signature: string; readonly content: ContentHash } | undefined;
  /** True for a file that was found to be one while it was read. */
  isDatabase(path: string): boolean;
  readTree(tree: ContentHash): readonly TreeEntry[];
  /** Between `hold` and `release` single questions are cheap; hold for tens of milliseconds at most. */
  hold(): void;
  release(): void;
}
