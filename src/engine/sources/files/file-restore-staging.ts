// Where a restore keeps new content until it is swapped in, and what was there before until the
// restore has succeeded: a folder on the same mount as the targets, so that both are moved by rename
// alone. Cancelling removes it, and nothing was changed. A kill leaves it behind: its name tells
// every walk to leave it out, and the next restore takes it away.

import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  constants,
  readFileSync,
  readdirSync,
  rmSync,
  rmdirSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { stagingPrefix } from '../../../core/restore/staging-name.ts';
import {
  isWithin,
  joinRel,
  nameFromBytes,
  projectFolder,
  type ProjectPath,
} from '../../../core/names.ts';
import { ancestors } from '../../../core/restore/plan-entries.ts';
import { errorCodeOf } from '../../disk/durable-file.ts';
import { type Place, type SafePaths } from './file-restore-paths.ts';

export interface Staging {
  /** As the documents have paths: the folder that holds it, and itself. */
  readonly host: ProjectPath;
  readonly path: ProjectPath;
  /** For system calls on a name in it. */
  at(name: string): Buffer;
}

export interface StagingFolders {
  /** The staging folder for a target; undefined where none can be made on its mount. */
  for(path: ProjectPath): Staging | undefined;
  /** All that were made. */
  readonly all: readonly Staging[];
  /** Takes all of them away with what is in them. */
  remove(): void;
}

export interface StagingOptions {
  /** Makes the name: letters and digits. */
  readonly id: string;
  /** Folders in which none may be made. */
  readonly avoid: ReadonlySet<string>;
  /** Called with the folder in which one is about to be made, and with that one. */
  readonly beforeMaking: (host: ProjectPath, path: ProjectPath) => void;
}

export function createStagingFolders(
  place: Place,
  paths: SafePaths,
  { id, avoid, beforeMaking }: StagingOptions,
): StagingFolders {
  const mounts = readMounts();
  const byHost = new Map<ProjectPath, Staging | undefined>();
  const closers: (() => void)[] = [];

  function make(host: ProjectPath): Staging | undefined {
    const path = joinRel(host, `${stagingPrefix}${id}`);
    if (!paths.hasParent(path)) return undefined;
    beforeMaking(host, path);
    try {
      mkdirSync(paths.at(path), { mode: 0o700 });
    } catch (error) {
      if (/^(EACCES|EPERM|EROFS|ENOENT)$/.test(errorCodeOf(error) ?? '')) return undefined;
      throw error;
    }
    const { base, close } = openFolder(paths.at(path));
    closers.push(close);
    return { host, path, at: (name) => Buffer.concat([base, Buffer.from(`/${name}`)]) };
  }

  function stagingIn(host: ProjectPath): Staging | undefined {
    if (!byHost.has(host)) byHost.set(host, make(host));
    return byHost.get(host);
  }

  return {
    for(path) {
      const mount = mounts.of(dirname(place.livePath(path)));
      for (const host of hostsFor(place, path)) {
        if (avoid.has(host)) continue;
        if (mounts.of(place.livePath(host)) !== mount) continue;
        const staging = stagingIn(host);
        if (staging !== undefined) return staging;
      }
      return undefined;
    },
    get all() {
      return [...byHost.values()].filter((staging) => staging !== undefined);
    },
    remove() {
      for (const staging of byHost.values()) {
        if (staging !== undefined) empty(staging.at('.'));
      }
      for (const close of closers.splice(0)) close();
      for (const staging of byHost.values()) {
        if (staging !== undefined) removeFolder(paths, staging.path);
      }
      byHost.clear();
    },
  };
}

/** Takes away what a killed restore left at `path`. */
export function removeLeftStaging(paths: SafePaths, path: ProjectPath): void {
  if (!paths.hasParent(path)) return;
  const target = paths.at(path);
  if (lstatSync(target, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  const { base, close } = openFolder(target);
  try {
    empty(base);
  } finally {
    close();
  }
  removeFolder(paths, path);
}

function empty(folder: Buffer): void {
  for (const name of readdirSync(folder, { encoding: 'buffer' })) {
    rmSync(Buffer.concat([folder, Buffer.from('/'), name]), { recursive: true, force: true });
  }
}

function removeFolder(paths: SafePaths, path: ProjectPath): void {
  if (!paths.hasParent(path)) return;
  try {
    rmdirSync(paths.at(path));
  } catch (error) {
    if (errorCodeOf(error) !== 'ENOENT') throw error;
  }
}

/** From the captured root inwards, so that one folder serves most; then outwards, where the root is gone or a file. */
function hostsFor(place: Place, path: ProjectPath): ProjectPath[] {
  const above = ancestors(path);
  const root = place.rootOf(path);
  const inside = above.filter((folder) => root !== undefined && isWithin(folder, root));
  const outside = above.filter((folder) => !inside.includes(folder)).toReversed();
  return path.startsWith('/') ? [...inside, ...outside] : [...inside, ...outside, projectFolder];
}

function openFolder(path: Buffer): { base: Buffer; close: () => void } {
  if (process.platform !== 'linux' || !existsSync('/proc/self/fd')) {
    return { base: path, close: () => undefined };
  }
  const O_PATH = 0o10000000;
  const fd = openSync(path, O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  return {
    base: Buffer.from(`/proc/self/fd/${fd}`),
    close: () => {
      closeSync(fd);
    },
  };
}

/** A bind mount has the device number of its source, and still nothing can be renamed into it. */
function readMounts(): { of(path: string): string } {
  let points: string[] = [];
  try {
    const text = readFileSync('/proc/self/mountinfo', 'latin1');
    points = text
      .split('\n')
      .map((line) => line.split(' ')[4])
      .filter((point) => point !== undefined)
      .map((point) => nameFromBytes(Buffer.from(unescapeOctal(point), 'latin1')));
  } catch {
    // No such file on this system: mounts are then told apart by their device alone.
  }
  const isBelow = (path: string, point: string): boolean =>
    point === '/' || path === point || path.startsWith(`${point}/`);
  return {
    of(path) {
      const found = points.filter((point) => isBelow(path, point));
      return found.reduce(
        (longest, point) => (point.length > longest.length ? point : longest),
        '',
      );
    },
  };
}

function unescapeOctal(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
