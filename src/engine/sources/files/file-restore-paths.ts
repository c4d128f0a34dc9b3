// The way from a folder that is known down to an entry, for system calls that must not end up
// anywhere else: every folder on the way is opened as what it is, never through a link and never
// into another file system. On Linux the calls then go through the open folder itself
// (/proc/self/fd), so that a link put in its place meanwhile changes nothing; elsewhere each folder
// is looked at right before.

import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  openSync,
  type BigIntStats,
} from 'node:fs';
import { EngineError } from '../../../core/errors.ts';
import {
  nameFromBytes,
  nameToBytes,
  type DiskPath,
  type ProjectPath,
} from '../../../core/names.ts';
import { errorCodeOf } from '../../disk/durable-file.ts';
import { entryFacts } from '../../disk/entry-facts.ts';

/** Where an entry lies on the disk. */
export interface Location {
  /** Absolute path of a real folder above it; may itself be reached through links. */
  readonly anchor: string;
  /** The names from the anchor down to the entry; one at least. */
  readonly names: readonly string[];
  /** How many of the names lead to the captured root: only below it is it one file system. */
  readonly rootDepth: number;
}

/** Where the paths of a restore lie on the disk. */
export interface Place {
  /** `path` as the documents have it: from the project folder, or absolute. */
  locate(path: ProjectPath): Location;
  /** The captured root that is `path` or holds it. */
  rootOf(path: ProjectPath): ProjectPath | undefined;
  /** For messages and for other programs: whoever writes goes the way down, see `openSafePaths`. */
  livePath(path: ProjectPath): DiskPath;
}

export interface SafePaths {
  /**
   * A path for system calls on the entry. It holds until the next call.
   * @throws EngineError RESTORE_BLOCKED a folder on the way is missing, no folder, or on another file system
   */
  at(path: ProjectPath): Buffer;
  /** True where the folder that holds the entry is there. */
  hasParent(path: ProjectPath): boolean;
  /** The folder got the permissions that it shall have: `close` leaves them. */
  keepMode(path: ProjectPath): void;
  /** Folders may have been removed or made since: looks at each again. */
  forget(): void;
  /** Closes everything and gives folders back the permissions they had. */
  close(): void;
}

const O_PATH = 0o10000000;
const separator = Buffer.from('/');

/**
 * @param unlock true gives folders of this user that may not be entered or changed the permissions
 * for it until `close`.
 */
export function openSafePaths(place: Place, options: { readonly unlock: boolean }): SafePaths {
  const usesDescriptors = process.platform === 'linux' && existsSync('/proc/self/fd');
  const unlocked = new Map<string, { readonly path: Buffer; readonly mode: number }>();
  const open: OpenFolder[] = [];

  function forget(): void {
    for (const folder of open.splice(0)) folder.close();
  }

  /** Opens folders down to the one that holds the entry; answers the first that is not as it must be. */
  function descend({ anchor, names: allNames, rootDepth }: Location): OpenFolder | Obstacle {
    const names = allNames.slice(0, -1);
    const same = open.findIndex((folder, i) => folder.name !== (i === 0 ? anchor : names[i - 1]));
    for (const folder of open.splice(same === -1 ? open.length : same)) folder.close();
    if (open.length === 0) open.push(openAnchor(anchor, usesDescriptors));
    for (const name of names.slice(open.length - 1)) {
      const above = open.at(-1);
      if (above === undefined) break;
      const mayCross = open.length <= rootDepth;
      const below = openBelow(above, name, mayCross, usesDescriptors);
      if ('problem' in below) return below;
      const isInside = open.length >= rootDepth;
      if (options.unlock && isInside) unlockFolder(below, unlocked);
      open.push(below);
    }
    const last = open.at(-1);
    if (last === undefined) throw new Error('no folder is open');
    return last;
  }

  return {
    at(path) {
      const location = place.locate(path);
      const folder = descend(location);
      if ('problem' in folder) {
        throw new EngineError('RESTORE_BLOCKED', `"${path}" cannot be reached: ${folder.problem}`, {
          path,
          hint: 'put a folder in its place, then try again',
          cause: folder.cause,
        });
      }
      return join(folder.base, location.names.at(-1) ?? '');
    },
    hasParent: (path) => !('problem' in descend(place.locate(path))),
    keepMode(path) {
      unlocked.delete(place.livePath(path));
    },
    forget,
    close() {
      forget();
      for (const { path, mode } of [...unlocked.values()].toReversed()) relock(path, mode);
    },
  };
}

interface OpenFolder {
  readonly name: string;
  /** What system calls use for it. */
  readonly base: Buffer;
  readonly path: Buffer;
  readonly device: bigint;
  readonly uid: number;
  /** Permission bits when it was opened. */
  readonly mode: number;
  readonly close: () => void;
}

interface Obstacle {
  readonly problem: string;
  readonly cause: unknown;
}

/** The anchor itself is never changed. */
const anchorFacts = { device: -1n, uid: -1, mode: 0 };

function openAnchor(anchor: string, usesDescriptors: boolean): OpenFolder {
  const path = Buffer.from(nameToBytes(anchor === '/' ? '' : anchor));
  const opened = path.length === 0 ? separator : path;
  if (!usesDescriptors) {
    return { name: anchor, base: path, path, ...anchorFacts, close: () => undefined };
  }
  const fd = openSync(opened, O_PATH | constants.O_DIRECTORY);
  return { ...fromDescriptor(anchor, path, fd), ...anchorFacts };
}

function openBelow(
  above: OpenFolder,
  name: string,
  mayCross: boolean,
  usesDescriptors: boolean,
): OpenFolder | Obstacle {
  const base = join(above.base, name);
  const path = join(above.path, name);
  try {
    if (usesDescriptors) {
      const fd = openSync(base, O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW);
      const folder = fromDescriptor(name, path, fd);
      if (mayCross || above.device === folder.device) return folder;
      folder.close();
      return { problem: `"${path.toString()}" is on another file system`, cause: undefined };
    }
    const stats = lstatSync(base, { bigint: true });
    if (!stats.isDirectory())
      return { problem: `"${path.toString()}" is no folder`, cause: undefined };
    if (!mayCross && above.device !== stats.dev)
      return { problem: `"${path.toString()}" is on another file system`, cause: undefined };
    return { name, base, path, ...folderFacts(stats), close: () => undefined };
  } catch (error) {
    const code = errorCodeOf(error);
    const problem =
      code === 'ENOENT'
        ? `"${path.toString()}" is missing`
        : code === 'ENOTDIR' || code === 'ELOOP'
          ? `"${path.toString()}" is no folder`
          : `"${path.toString()}" cannot be opened (${code ?? String(error)})`;
    return { problem, cause: error };
  }
}

function folderFacts(stats: BigIntStats): Pick<OpenFolder, 'device' | 'uid' | 'mode'> {
  const { uid, mode } = entryFacts(stats);
  return { device: stats.dev, uid, mode };
}

function fromDescriptor(name: string, path: Buffer, fd: number): OpenFolder {
  return {
    name,
    base: Buffer.from(`/proc/self/fd/${fd}`),
    path,
    ...folderFacts(fstatSync(fd, { bigint: true })),
    close: () => {
      closeSync(fd);
    },
  };
}

/** A folder of ours that lets nobody in is opened for the time of the restore. */
function unlockFolder(
  folder: OpenFolder,
  unlocked: Map<string, { readonly path: Buffer; readonly mode: number }>,
): void {
  const euid = process.geteuid?.();
  if (euid === undefined || euid === 0) return;
  if (folder.uid !== euid || (folder.mode & 0o700) === 0o700) return;
  const { mode } = folder;
  chmodSync(folder.base, mode | 0o700);
  const key = nameFromBytes(folder.path);
  if (!unlocked.has(key)) unlocked.set(key, { path: folder.path, mode });
}

/** Only where the mode is still the one that was set: whatever the restore gave the folder stays. */
function relock(path: Buffer, mode: number): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory() && (stats.mode & 0o7777) === (mode | 0o700)) chmodSync(path, mode);
}

function join(folder: Buffer, name: string): Buffer {
  return Buffer.concat([folder, separator, nameToBytes(name)]);
}
