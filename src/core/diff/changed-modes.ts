// What `diff` and a plan tell of an entry of which nothing but the permission bits differ.

import type { FileChange } from '../documents/documents.ts';

interface ModeFacts {
  readonly kind: string;
  readonly mode: number;
  /** Hash of a file's bytes; of a folder that of what is in it, which is told by itself. */
  readonly content?: string;
}

/** To be spread into a change; empty where something else differs too. */
export function changedModes(
  before: ModeFacts | null,
  after: ModeFacts | null,
): Pick<FileChange, 'modes'> {
  if (before === null || after === null || before.kind !== after.kind) return {};
  const isSame = after.kind === 'directory' || before.content === after.content;
  if (after.kind === 'symlink' || !isSame || before.mode === after.mode) return {};
  return { modes: { before: before.mode, after: after.mode } };
}
