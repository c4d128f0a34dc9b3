// What git keeps, read from its index without running git. A work tree without an index keeps nothing;
// an index that cannot be read may keep everything.
// https://git-scm.com/docs/index-format, versions 2 to 4 with SHA-1.

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
  const paths = readPaths(join(gitDir, 'index'));
  return {
    isThere: true,
    keeps(path) {
      const name = relative(gitRoot, path).replaceAll(sep, '/');
      if (name === '' || name.startsWith('..') || isAbsolute(name)) return true;
      return paths === undefined || paths.has(name);
    },
  };
}

/** Every file that git keeps and every folder on the way to one; undefined where the index cannot be read. */
function readPaths(path: string): ReadonlySet<string> | undefined {
  try {
    return existsSync(path) ? pathsIn(readFileSync(path)) : new Set();
  } catch {
    // Not ours to read, or cut short: it may keep anything.
    return undefined;
  }
}

const headBytes = 12;
/** Stat data, the SHA-1 and the flags of an entry. */
const entryBytes = 62;
const extendedFlag = 0x4000;

/** @throws RangeError where the index is cut short, or has entries of another form */
function pathsIn(index: Buffer): ReadonlySet<string> {
  const version = index.readUInt32BE(4);
  const count = index.readUInt32BE(8);
  if (index.toString('latin1', 0, 4) !== 'DIRC' || version < 2 || version > 4)
    throw new RangeError(`an index of version ${version}`);
  const paths = new Set<string>();
  let name = '';
  let at = headBytes;
  for (let i = 0; i < count; i += 1) {
    const start = at;
    at += entryBytes;
    if ((index.readUInt16BE(at - 2) & extendedFlag) !== 0) at += 2;
    if (version === 4) {
      const strip = readVarint(index, at);
      name = name.slice(0, name.length - strip.value);
      at = strip.next;
    } else name = '';
    const end = index.indexOf(0, at);
    if (end < 0) throw new RangeError('a name without an end');
    name += index.toString('utf8', at, end);
    // From version 4 on entries are not padded.
    at = version === 4 ? end + 1 : start + Math.ceil((end + 1 - start) / 8) * 8;
    addWithFolders(name, paths);
  }
  return paths;
}

/** The number of bytes to take off the name before, as git's pack format writes offsets. */
function readVarint(index: Buffer, at: number): { readonly value: number; readonly next: number } {
  let next = at;
  let byte = index.readUInt8(next);
  let value = byte & 0x7f;
  while ((byte & 0x80) !== 0) {
    next += 1;
    byte = index.readUInt8(next);
    value = ((value + 1) << 7) | (byte & 0x7f);
  }
  return { value, next: next + 1 };
}

function addWithFolders(name: string, paths: Set<string>): void {
  paths.add(name);
  for (let slash = name.lastIndexOf('/'); slash > 0; slash = name.lastIndexOf('/', slash - 1)) {
    const folder = name.slice(0, slash);
    if (paths.has(folder)) return;
    paths.add(folder);
  }
}

/** The folder upwards that has git's own in it; the top of the disk where none has. */
export function workTreeOf(projectDir: string): string {
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
