// Which paths there are on one side: names and kinds of everything, sizes and content on demand. A
// side may be live data, a snapshot, or live data as a planned restore would leave it.

import { isWithin } from '../../core/names.ts';
import { belowFinder, type BelowFinder } from './below-finder.ts';
import type { RulePathSource, HashAlgorithm, ReadBudget } from './path-sources.ts';

export type PathKind = 'file' | 'directory' | 'symlink';

/** Why nothing can be told of a path: it was not looked at, or could not be. */
export interface Unknown {
  /** The topmost path that this goes for. */
  readonly path: string;
  readonly why: 'left out' | 'behind a link' | 'not captured' | 'unreadable';
  /** In words, of what is unreadable: `permission denied`. */
  readonly reason: string;
}

export interface FileIndex {
  /** Equal ids mean equal content; no two sides share one. */
  readonly id: string;
  /** Everything that is captured, by its path in the project. Sidecars of databases are not among them. */
  readonly kinds: ReadonlyMap<string, PathKind>;
  /** Paths that could not be read, with the reason. */
  readonly unreadable: ReadonlyMap<string, string>;
  /** Of a path that is not in `kinds`: undefined where it is simply not there. */
  unknown(path: string): Unknown | undefined;
  readonly below: BelowFinder;
  /** The first path in a folder that nothing can be told of; undefined where there is none. */
  unknownBelow(folder: string): Unknown | undefined;
  /** Bytes of a file; undefined where it is none. */
  size(path: string): number | undefined;
  /** Content of a file of at most `maxBytes`; undefined where it cannot be had or is larger. */
  read(path: string, maxBytes: number): Buffer | undefined;
  /** True for a file that is captured as a database, whatever its name. Looks into live files. */
  isDatabase(path: string): boolean;
  /** Why a file that is there cannot be read, in words; undefined where it can, as far as a look tells. */
  problem(path: string): string | undefined;
  /** Hash in lower-case hex; undefined where the content cannot be had. Reads the file. */
  hash(path: string, algorithm: HashAlgorithm, budget?: ReadBudget): string | undefined;
  /** How many files in a folder have names of this ending; undefined where there is no such folder. */
  countIn(folder: string, ending: string): number | undefined;
  /** One text that is equal for two indexes made of each other where nothing below `folder` differs. */
  fingerprint(folder: string): string;
}

/** What an index is made of. */
export interface IndexParts {
  readonly kinds: ReadonlyMap<string, PathKind>;
  readonly unreadable: ReadonlyMap<string, string>;
  readonly leftOut: ReadonlySet<string>;
  /** What is captured: other paths are unknown. */
  readonly roots: readonly string[];
  readonly content: RulePathSource;
}

export function createFileIndex(parts: IndexParts): FileIndex {
  const id = nextId();
  return {
    id,
    kinds: parts.kinds,
    unreadable: parts.unreadable,
    unknown: (path) => whyUnknown(parts, path),
    below: belowFinder(parts.kinds),
    unknownBelow: (folder) => whyUnknown(parts, folder) ?? unknownBelow(parts, folder),
    size: (path) => (parts.kinds.get(path) === 'file' ? parts.content.size(path) : undefined),
    read: (path, maxBytes) =>
      parts.kinds.get(path) === 'file' ? parts.content.read(path, maxBytes) : undefined,
    hash: (path, algorithm, budget) =>
      parts.kinds.get(path) === 'file' ? parts.content.hash(path, algorithm, budget) : undefined,
    isDatabase: (path) => parts.kinds.get(path) === 'file' && parts.content.isDatabase(path),
    problem: (path) => parts.content.problem(path),
    countIn: folderCounter(parts.kinds),
    fingerprint: () => id,
  };
}

/**
 * `base` with some of its paths changed: each is as another index has it, or gone (null). Folders on
 * the way to what comes have to be named too; what lies in a folder that goes has to be named too.
 */
export function changeFileIndex(
  base: FileIndex,
  changes: ReadonlyMap<string, FileIndex | null>,
): FileIndex {
  const kinds = new Map(base.kinds);
  const unreadable = new Map(base.unreadable);
  for (const [path, source] of changes) {
    const kind = source?.kinds.get(path);
    if (kind === undefined) kinds.delete(path);
    else kinds.set(path, kind);
    unreadable.delete(path);
  }
  const sourceOf = (path: string): FileIndex => changes.get(path) ?? base;
  return {
    id: nextId(),
    kinds,
    unreadable,
    unknown: (path) => (changes.get(path) === null ? undefined : base.unknown(path)),
    below: belowFinder(kinds),
    unknownBelow: (folder) => base.unknownBelow(folder),
    size: (path) => (kinds.has(path) ? sourceOf(path).size(path) : undefined),
    read: (path, maxBytes) => (kinds.has(path) ? sourceOf(path).read(path, maxBytes) : undefined),
    hash: (path, algorithm, budget) =>
      kinds.has(path) ? sourceOf(path).hash(path, algorithm, budget) : undefined,
    isDatabase: (path) => kinds.has(path) && sourceOf(path).isDatabase(path),
    problem: (path) => sourceOf(path).problem(path),
    countIn: folderCounter(kinds),
    fingerprint(folder) {
      const below = folder === '' ? '' : `${folder}/`;
      const changed = [...changes]
        .filter(([path]) => path === folder || path.startsWith(below))
        .map(([path, source]) => `${path}\0${source?.id ?? ''}`);
      return [base.fingerprint(folder), ...changed.toSorted()].join('\n');
    },
  };
}

/** The names of all folders are gathered when the first is asked for. */
function folderCounter(kinds: ReadonlyMap<string, PathKind>): FileIndex['countIn'] {
  let folders: Map<string, string[]> | undefined;
  return (folder, ending) => {
    if (kinds.get(folder) !== 'directory') return undefined;
    folders ??= filesByFolder(kinds);
    return (folders.get(folder) ?? []).filter((name) => name.endsWith(ending)).length;
  };
}

function filesByFolder(kinds: ReadonlyMap<string, PathKind>): Map<string, string[]> {
  const folders = new Map<string, string[]>();
  for (const [path, kind] of kinds) {
    if (kind === 'directory') continue;
    const slash = path.lastIndexOf('/');
    const folder = path.slice(0, Math.max(0, slash));
    const names = folders.get(folder);
    if (names === undefined) folders.set(folder, [path.slice(slash + 1)]);
    else names.push(path.slice(slash + 1));
  }
  return folders;
}

let made = 0;

function nextId(): string {
  made += 1;
  return `files-${made}`;
}

function unknownBelow({ leftOut, unreadable }: IndexParts, folder: string): Unknown | undefined {
  for (const [path, reason] of unreadable) {
    if (isWithin(path, folder)) return { path, why: 'unreadable', reason };
  }
  for (const path of leftOut) {
    if (isWithin(path, folder)) return { path, why: 'left out', reason: 'left out' };
  }
  return undefined;
}

function whyUnknown(parts: IndexParts, path: string): Unknown | undefined {
  for (let at = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
    if (parts.leftOut.has(at)) return { path: at, why: 'left out', reason: 'left out' };
    const reason = parts.unreadable.get(at);
    if (reason !== undefined) return { path: at, why: 'unreadable', reason };
    const kind = parts.kinds.get(at);
    if (kind === 'symlink' && at !== path) {
      return { path: at, why: 'behind a link', reason: 'behind a link' };
    }
    if (kind !== undefined || parts.roots.includes(at)) return undefined;
  }
  return { path, why: 'not captured', reason: 'not captured' };
}
