// Trees of a snapshot as literals, without a store: `{ 'a.txt': file('x'), d: { … } }` is hashed into
// tree objects that a reader answers from memory.

import { createHash } from 'node:crypto';
import type { FileNode, StoreReader, TreeEntry } from '../../src/engine/store/store.ts';

export interface MemoryFacts {
  readonly mode?: number;
  readonly uid?: number;
  readonly mtimeNs?: bigint;
}

export type MemoryEntry =
  | ({ readonly kind: 'file' | 'database'; readonly content: string } & MemoryFacts)
  | ({ readonly kind: 'symlink'; readonly target: string } & MemoryFacts)
  | ({ readonly kind: 'directory'; readonly entries: MemoryTree } & MemoryFacts);

export type MemoryTree = { readonly [name: string]: MemoryEntry };

export interface MemorySide {
  readonly reader: Pick<StoreReader, 'readTree'>;
  readonly tree: string;
  /** How many folders the reader was asked for. */
  readonly reads: () => number;
}

export function file(content: string, facts: MemoryFacts = {}): MemoryEntry {
  return { kind: 'file', content, ...facts };
}

export function database(content: string, facts: MemoryFacts = {}): MemoryEntry {
  return { kind: 'database', content, ...facts };
}

/** The node of a database that is cut into chunks. */
export function databaseNode(name: string, size: number): FileNode {
  const facts = { mode: 0o644, uid: 0, gid: 0, mtimeNs: 0n, hardlink: '' };
  return { kind: 'database', name, size, content: name, chunked: true, ...facts };
}

export function symlink(target: string): MemoryEntry {
  return { kind: 'symlink', target };
}

export function folder(entries: MemoryTree = {}, facts: MemoryFacts = {}): MemoryEntry {
  return { kind: 'directory', entries, ...facts };
}

export function memoryTrees(root: MemoryTree): MemorySide {
  const objects = new Map<string, readonly TreeEntry[]>();
  const tree = addTree(root, objects);
  let reads = 0;
  return {
    tree,
    reads: () => reads,
    reader: {
      readTree: (hash) => {
        reads += 1;
        const entries = objects.get(hash);
        if (entries === undefined) throw new Error(`no such tree: ${hash}`);
        return entries;
      },
    },
  };
}

function addTree(tree: MemoryTree, objects: Map<string, readonly TreeEntry[]>): string {
  const entries = Object.entries(tree)
    .map(([name, entry]) => toTreeEntry(name, entry, objects))
    .toSorted((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  const hash = sha256(
    JSON.stringify(entries, (_, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    ),
  );
  objects.set(hash, entries);
  return hash;
}

function toTreeEntry(
  name: string,
  entry: MemoryEntry,
  objects: Map<string, readonly TreeEntry[]>,
): TreeEntry {
  const mode = entry.mode ?? (entry.kind === 'directory' ? 0o755 : 0o644);
  const facts = { name, mode, uid: entry.uid ?? 1000, gid: 1000, mtimeNs: entry.mtimeNs ?? 0n };
  switch (entry.kind) {
    case 'directory':
      return { ...facts, kind: entry.kind, content: addTree(entry.entries, objects) };
    case 'symlink':
      return { ...facts, kind: entry.kind, target: entry.target };
    case 'file':
    case 'database': {
      const size = Buffer.byteLength(entry.content);
      const content = sha256(entry.content);
      return { ...facts, kind: entry.kind, size, content, chunked: false, hardlink: '' };
    }
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
