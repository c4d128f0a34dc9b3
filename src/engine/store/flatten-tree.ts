// Turns a tree of the store into the flat form that a plan is made of: what lies below the captured
// roots, and nothing of the way down to them.

import { joinRel, type ProjectPath } from '../../core/names.ts';
import type { PlanEntry } from '../../core/restore/plan-entries.ts';
import { createNodeFinder } from './find-node.ts';
import type { ContentHash, FileNode, StoreReader, TreeEntry } from './store.ts';

export interface FlatTree {
  /** A folder comes before what is in it. */
  readonly entries: readonly PlanEntry[];
  /** Files and databases by path. */
  readonly files: ReadonlyMap<string, FileNode>;
}

/** @throws EngineError STORE_DAMAGED */
export function flattenTree(
  reader: Pick<StoreReader, 'readTree'>,
  tree: ContentHash,
  roots: readonly ProjectPath[],
): FlatTree {
  const entries: PlanEntry[] = [];
  const files = new Map<string, FileNode>();
  const find = createNodeFinder(reader, tree);
  const visit = (path: ProjectPath, node: TreeEntry): void => {
    entries.push(toPlanEntry(path, node));
    if (node.kind === 'file' || node.kind === 'database') files.set(path, node);
    if (node.kind !== 'directory') return;
    for (const child of reader.readTree(node.content)) visit(joinRel(path, child.name), child);
  };
  for (const root of roots) {
    const node = find(root);
    if (node !== undefined) visit(root, node);
  }
  return { entries, files };
}

function toPlanEntry(path: ProjectPath, node: TreeEntry): PlanEntry {
  const { kind, mode, uid, gid, mtimeNs } = node;
  const facts = { path, mode, uid, gid, mtimeNs };
  if (kind === 'directory') return { ...facts, kind, size: 0, content: '', hardlink: '' };
  if (kind === 'symlink') return { ...facts, kind, size: 0, content: node.target, hardlink: '' };
  const { size, content, hardlink } = node;
  return { ...facts, kind, size, content, hardlink: kind === 'file' ? hardlink : '' };
}
