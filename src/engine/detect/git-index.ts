// What git keeps, read from its index without running git. A work tree without an index keeps nothing;
// an index that cannot be read may keep everything.
// https://git-scm.com/docs/index-format, versions 2 to 4 with SHA-1.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { isWithin } from '../../core/names.ts';
import { readSmallFile } from './env-files.ts';

export interface GitIndex {
  /** True where git keeps the file, or something in the folder, at this absolute path. */
  keeps(path: string): boolean;
  /** False where there is no work tree of git. */
  readonly isThere: boolean;
  /** What git keeps at this absolute path; undefined where it keeps no file there, or nobody can tell. */
  entry(path: string): GitEntry | undefined;
  /** When the index was written: what changed later may look as it did then. */
  readonly writtenNs: bigint;
  /** Absolute paths of all files that git keeps at or below this one. */
  filesBelow(path: string): readonly string[];
}

export interface GitEntry {
  readonly kind: 'file' | 'symlink' | 'repository';
  /** When and how large it was as git saw it last. */
  readonly mtimeNs: bigint;
  readonly size: number;
  /** Hex, of the content. */
  readonly sha1: string;
}

/**
 * @param projectDir absolute; the index is that of the work tree around it
 * @param trusted false: a `.git` that is a file and names another folder is not followed
 */
export function openGitIndex(projectDir: string, trusted: boolean): GitIndex {
  const gitRoot = workTreeOf(projectDir);
  const gitDir = findGitDir(gitRoot, trusted);
  if (gitDir === undefined) return noIndex;
  const read = readIndex(join(gitDir, 'index'));
  const nameOf = (path: string): string | undefined => {
    const name = relative(gitRoot, path).replaceAll(sep, '/');
    return name === '..' || name.startsWith('../') || isAbsolute(name) ? undefined : name;
  };
  return {
    isThere: true,
    writtenNs: read?.writtenNs ?? 0n,
    keeps(path) {
      const name = nameOf(path);
      if (name === undefined || name === '') return true;
      return read === undefined || read.paths.has(name);
    },
    entry(path) {
      const at = read?.paths.get(nameOf(path) ?? '') ?? folderAt;
      return read === undefined || at === folderAt ? undefined : entryAt(read.index, at);
    },
    filesBelow(path) {
      const folder = nameOf(path);
      if (read === undefined || folder === undefined) return [];
      return [...read.paths]
        .filter(([name, at]) => at !== folderAt && isWithin(name, folder))
        .map(([name]) => join(gitRoot, name));
    },
  };
}

const noIndex: GitIndex = {
  keeps: () => false,
  isThere: false,
  entry: () => undefined,
  writtenNs: 0n,
  filesBelow: () => [],
};

interface ReadIndex {
  readonly index: Buffer;
  readonly writtenNs: bigint;
  /** Every file that git keeps, with where its entry begins, and every folder on the way to one. */
  readonly paths: ReadonlyMap<string, number>;
}

const folderAt = -1;

/** Undefined where the index cannot be read. */
function readIndex(path: string): ReadIndex | undefined {
  try {
    const writtenNs = statSync(path, { bigint: true, throwIfNoEntry: false })?.mtimeNs;
    if (writtenNs === undefined) return { index: Buffer.alloc(0), writtenNs: 0n, paths: new Map() };
    const index = readFileSync(path);
    return { index, writtenNs, paths: pathsIn(index) };
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
function pathsIn(index: Buffer): ReadonlyMap<string, number> {
  const version = index.readUInt32BE(4);
  const count = index.readUInt32BE(8);
  if (index.toString('latin1', 0, 4) !== 'DIRC' || version < 2 || version > 4)
    throw new RangeError(`an index of version ${version}`);
  const paths = new Map<string, number>();
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
    addWithFolders(name, start, paths);
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

/** Stage 0, or the last of those that a merge left. */
function entryAt(index: Buffer, at: number): GitEntry {
  const type = index.readUInt32BE(at + 24) >>> 12;
  const seconds = BigInt(index.readUInt32BE(at + 8));
  return {
    kind: type === 0o16 ? 'repository' : type === 0o12 ? 'symlink' : 'file',
    mtimeNs: seconds * 1_000_000_000n + BigInt(index.readUInt32BE(at + 12)),
    size: index.readUInt32BE(at + 36),
    sha1: index.toString('hex', at + 40, at + 60),
  };
}

function addWithFolders(name: string, at: number, paths: Map<string, number>): void {
  paths.set(name, at);
  for (let slash = name.lastIndexOf('/'); slash > 0; slash = name.lastIndexOf('/', slash - 1)) {
    const folder = name.slice(0, slash);
    if (paths.has(folder)) return;
    paths.set(folder, folderAt);
  }
}

/** The folder upwards that has git's own in it; the top of the disk where none has. */
export function workTreeOf(projectDir: string): string {
  for (let dir = projectDir; ; dir = dirname(dir)) {
    if (existsSync(join(dir, '.git')) || dirname(dir) === dir) return dir;
  }
}

function findGitDir(gitRoot: string, trusted: boolean): string | undefined {
  const path = join(gitRoot, '.git');
  const named = /^gitdir: (.+)$/m.exec(readSmallFile(path, 4096) ?? '')?.[1];
  if (named !== undefined) return trusted ? resolve(dirname(path), named.trim()) : undefined;
  return existsSync(path) ? path : undefined;
}
