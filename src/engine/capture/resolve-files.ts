// From a walked file to its entry in the tree, with the content that was read of it.

import type { WalkedFile } from '../sources/files/walked.ts';
import type { FileNode } from '../store/store.ts';
import type { ResolvedFile } from './build-trees.ts';
import type { LiveOverlay } from '../store/live-overlay.ts';
import type { FileContent, ReadFailure } from './read-files.ts';
import { databaseFacts } from './database-facts.ts';
import type { CapturedDatabase } from '../sources/source.ts';

/** What a capture has read so far, by path. */
export interface CapturedContent {
  readonly files: Map<string, FileContent>;
  readonly failures: Map<string, ReadFailure>;
  readonly databases: Map<string, CapturedDatabase>;
}

export function createResolver(
  content: CapturedContent,
  overlay: LiveOverlay,
): (file: WalkedFile) => ResolvedFile {
  return (file) => {
    if (file.nameOf !== undefined) return nameOfDatabase(file, file.nameOf, content);
    const captured = content.databases.get(file.path);
    if (captured !== undefined && !file.known)
      return resolveDatabase(file, captured, content, overlay);
    const asItIs: ResolvedFile = {
      node: file.node,
      signature: file.signature,
      settled: true,
      beside: [],
    };
    if (file.known) return asItIs;
    const found = content.files.get(file.path);
    if (found === undefined) return { ...asItIs, node: null, settled: false };
    return { ...asItIs, node: { ...file.node, ...found } };
  };
}

/** A further name of a database holds what was captured of that. */
function nameOfDatabase(file: WalkedFile, owner: string, content: CapturedContent): ResolvedFile {
  const { signature } = file;
  const found = content.files.get(owner);
  const captured = content.databases.get(owner);
  const unknown = { signature, settled: false, beside: [] };
  if (found === undefined || captured === undefined) return { ...unknown, node: null };
  return { ...unknown, node: { ...file.node, ...found, size: sizeOfMain(captured) } };
}

function sizeOfMain({ imagePath, bytes, groupFiles }: CapturedDatabase): number {
  if (imagePath !== null) return bytes;
  return groupFiles.find(({ suffix }) => suffix === '')?.bytes ?? 0;
}

function resolveDatabase(
  file: WalkedFile,
  captured: CapturedDatabase,
  content: CapturedContent,
  overlay: LiveOverlay,
): ResolvedFile {
  const found = content.files.get(file.path);
  const settled = captured.consistent && captured.imagePath !== null;
  const outcome = {
    // A group is walked as the plain files that it is, and so is what was a database before.
    signature:
      file.kind === 'file' && captured.imagePath === null ? file.signature : captured.signature,
    settled,
    beside: besides(file, captured, content),
  };
  if (found === undefined) return { ...outcome, node: null, settled: false };
  const isImage = captured.imagePath !== null;
  const size = sizeOfMain(captured);
  const node: FileNode = { ...file.node, kind: isImage ? 'database' : 'file', size, ...found };
  overlay.setDatabase(
    file.path,
    settled
      ? { signature: captured.signature, content: found.content, facts: databaseFacts(captured) }
      : null,
  );
  return { ...outcome, node };
}

/** The sidecars of a group whose main file SQLite would know by its header: the walk leaves them out. */
function besides(
  file: WalkedFile,
  captured: CapturedDatabase,
  content: CapturedContent,
): FileNode[] {
  if (captured.imagePath !== null || file.group) return [];
  return captured.groupFiles.flatMap(({ suffix, bytes }) => {
    const found = content.files.get(`${file.path}${suffix}`);
    if (suffix === '' || found === undefined) return [];
    return [
      { ...file.node, kind: 'file', name: `${file.node.name}${suffix}`, size: bytes, ...found },
    ];
  });
}
