// What git keeps, read from its index without running git. A work tree without an index keeps nothing;
// an index that cannot be read may keep everything.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { readSmallFile } from './env-files.ts';

export interface GitIndex {
  /** True where git keeps the file, or something in the folder, at this absolute path. */
  keeps(path: string): boolean;
  /** False where there is no work tree of git. */
  readonly isThere: boolean;
}

/** @param projectDir absolute; the index is that of the work tree around it */
export function openGitIndex(projectDir: string): GitIndex {
  const gitRoot = workTreeOf(projectDir);
  const gitDir = findGitDir(gitRoot);
  if (gitDir === undefined) return { keeps: () => false, isThere: false };
  const index = readIndex(join(gitDir, 'index'));
  if (index === undefined) return { keeps: () => true, isThere: true };
  return {
    isThere: true,
    keeps(path) {
      const name = relative(gitRoot, path).replaceAll(sep, '/');
      if (name === '' || name.startsWith('..') || isAbsolute(name)) return true;
      return index.includes(`${name}/`) || index.includes(`${name}\0`);
    },
  };
}

/** Undefined where it cannot be read; empty where git has none yet. */
function readIndex(path: string): Buffer | undefined {
  try {
    if (!existsSync(path)) return Buffer.alloc(0);
    const index = readFileSync(path);
    // Version 4 shortens names against the one before.
    return index.readUInt32BE(4) === 4 ? undefined : index;
  } catch {
    return undefined;
  }
}

function workTreeOf(projectDir: string): string {
  for (let dir = projectDir; ; dir = dirname(dir)) {
    if (existsSync(join(dir, '.git')) || dirname(dir) === dir) return dir;
  }
}

function findGitDir(gitRoot: string): string | undefined {
  const path = join(gitRoot, '.git');
  const named = /^gitdir: (.+)$/m.exec(readSmallFile(path, 4096) ?? '')?.[1];
  if (named !== undefined) return resolve(dirname(path), named.trim());
  return existsSync(path) ? path : undefined;
}
