// The index of a tree of the store: a snapshot, or what a capture just made.

import type { Excluded, SkippedDocument } from '../../core/documents/documents.ts';
import { joinRel } from '../../core/names.ts';
import { createNodeFinder } from '../store/find-node.ts';
import type { ContentHash, FileNode, StoreReader, TreeEntry } from '../store/store.ts';
import { createFileIndex, type FileIndex, type PathKind } from './file-index.ts';
import { storeSource, type RulePathSource } from './path-sources.ts';

export interface TreeFacts {
  readonly tree: ContentHash;
  readonly roots: readonly string[];
  readonly skipped: readonly SkippedDocument[];
  readonly excluded: readonly Excluded[];
}

/**
 * @param content where files that the reader does not have are; undefined: the reader has them all
 * @throws EngineError STORE_DAMAGED
 */
export function indexTree(
  reader: StoreReader,
  facts: TreeFacts,
  content?: (nodeOf: (path: string) => FileNode | undefined) => RulePathSource,
): FileIndex {
  const kinds = new Map<string, PathKind>();
  const find = createNodeFinder(reader, facts.tree);
  const visit = (path: string, node: TreeEntry): void => {
    kinds.set(path, node.kind === 'database' ? 'file' : node.kind);
    if (node.kind !== 'directory') return;
    for (const child of reader.readTree(node.content)) visit(joinRel(path, child.name), child);
  };
  for (const root of facts.roots) {
    const node = find(root);
    if (node !== undefined) visit(root, node);
  }
  const nodeOf = (path: string): FileNode | undefined => {
    const node = find(path);
    return node !== undefined && 'size' in node ? node : undefined;
  };
  return createFileIndex({
    kinds,
    unreadable: new Map(
      facts.skipped.filter(isUnreadable).map(({ path, reason }) => [path, reason]),
    ),
    leftOut: new Set(facts.excluded.map(({ path }) => path)),
    roots: facts.roots,
    content: content?.(nodeOf) ?? storeSource(reader, nodeOf),
  });
}

/** What is no file at all, or is simply gone, is not there; only what could not be read is unknown. */
function isUnreadable({ reason }: SkippedDocument): boolean {
  return !/^(?:named pipe|socket|device|not there)$/.test(reason);
}
