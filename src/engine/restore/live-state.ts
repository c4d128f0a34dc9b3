// What `lstat` tells of everything below the roots, kept so that it can be told later whether anything
// of it changed: all of it after a restore, only what is ticked while a plan is looked at.

import { createHash } from 'node:crypto';
import type { CallOptions, EngineOptions } from '../options.ts';
import { walkRoots } from '../sources/files/file-walk.ts';
import type { CaptureRoot, WalkedEntry } from '../sources/files/walked.ts';
import { emptyIndex } from '../store/live-index.ts';

/** Of every entry in the order of the walk: its path and its signature; the times of folders do not count. */
export type LiveState = readonly (readonly [path: string, signature: string | number])[];

export async function lookAtState(
  roots: readonly CaptureRoot[],
  options: EngineOptions,
  call: CallOptions,
): Promise<LiveState> {
  const walk = await walkRoots(roots, emptyIndex, options.now, call);
  const state: (readonly [string, string | number])[] = [];
  const visit = (entry: WalkedEntry | null): void => {
    if (entry === null) return;
    if (entry.kind !== 'directory') state.push([entry.path, entry.signature]);
    else {
      state.push([entry.path, entry.node.mode]);
      for (const child of entry.children) visit(child);
    }
  };
  for (const root of walk.roots) visit(root);
  return state;
}

/** True where both tell the same of the paths that are in scope. */
export function isSameState(
  a: LiveState,
  b: LiveState,
  isInScope: (path: string) => boolean,
): boolean {
  return stateHash(a, isInScope) === stateHash(b, isInScope);
}

export function stateHash(
  state: LiveState,
  isInScope: (path: string) => boolean = () => true,
): string {
  const hash = createHash('sha256');
  for (const entry of state) if (isInScope(entry[0])) hash.update(JSON.stringify(entry));
  return hash.digest('hex');
}
