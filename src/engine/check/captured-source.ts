// Content of what a snapshot just captured: not all of it can be read from the store yet, so small
// files are read from the disk and count only where they are what was captured.

import { createHash } from 'node:crypto';
import { type DiskPath } from '../../core/names.ts';
import type { FileNode, StoreReader } from '../store/store.ts';
import { diskSource, storeSource, type RulePathSource } from './path-sources.ts';

export function capturedSource(
  reader: StoreReader,
  nodeOf: (path: string) => FileNode | undefined,
  projectDir: DiskPath,
): RulePathSource {
  const disk = diskSource(projectDir);
  const stored = storeSource(reader, nodeOf);
  return {
    size: (path) => stored.size(path),
    problem: (path) => stored.problem(path),
    isDatabase: (path) => stored.isDatabase(path),
    read(path, maxBytes) {
      const node = nodeOf(path);
      if (node === undefined || node.size > maxBytes) return undefined;
      if (node.chunked) return stored.read(path, maxBytes);
      const bytes = disk.read(path, maxBytes);
      const isSame =
        bytes !== undefined && createHash('sha256').update(bytes).digest('hex') === node.content;
      return isSame ? bytes : stored.read(path, maxBytes);
    },
    // Reading every file again at every snapshot is what `check` is for.
    hash(path, algorithm) {
      const node = nodeOf(path);
      return algorithm === 'sha256' && node?.chunked === false ? node.content : undefined;
    },
  };
}
