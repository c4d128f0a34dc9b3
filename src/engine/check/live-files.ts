// The index of live data: one look into each folder, names and kinds alone. Nothing is opened.

import { lstatSync, readdirSync, type Dirent } from 'node:fs';
import { setImmediate as yieldToEvents } from 'node:timers/promises';
import { joinRel, nameFromBytes } from '../../core/names.ts';
import { errorCodeOf } from '../disk/durable-file.ts';
import type { CaptureRoot } from '../sources/files/walked.ts';
import { createFileIndex, type FileIndex, type PathKind } from './file-index.ts';
import { diskSource } from './path-sources.ts';
import { absolutePath } from '../capture/capture-roots.ts';
import { diskPath, problemWords } from '../disk/disk-path.ts';

/** @throws the signal's reason */
export async function indexLiveFiles(
  roots: readonly CaptureRoot[],
  signal: AbortSignal,
): Promise<FileIndex> {
  const walk = new IndexingWalk(signal);
  for (const root of roots) await walk.root(root);
  return createFileIndex({
    kinds: walk.kinds,
    unreadable: walk.unreadable,
    leftOut: walk.leftOut,
    roots: roots.map((root) => root.path),
    content: diskSource((path) => absolutePath(path, roots)),
  });
}

const sidecarEnd = /-(?:wal|shm|journal)$/;

class IndexingWalk {
  readonly kinds = new Map<string, PathKind>();
  readonly unreadable = new Map<string, string>();
  readonly leftOut = new Set<string>();
  readonly #signal: AbortSignal;
  #lastYieldMs = performance.now();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  async root({ path, absolutePath, exclusion }: CaptureRoot): Promise<void> {
    try {
      const stats = lstatSync(diskPath(absolutePath), { throwIfNoEntry: false });
      if (stats === undefined) return;
      const kind = kindOf(stats);
      if (kind !== undefined) this.kinds.set(path, kind);
      if (kind === 'directory') await this.#folder(path, absolutePath, stats.dev, exclusion);
    } catch (error) {
      this.unreadable.set(path, problemWords(errorCodeOf(error)));
    }
  }

  async #folder(
    path: string,
    absolutePath: string,
    device: number,
    exclusion: CaptureRoot['exclusion'],
  ): Promise<void> {
    await this.#breathe();
    let entries: readonly Dirent[];
    try {
      if (path !== '' && deviceOf(absolutePath) !== device) {
        this.leftOut.add(path);
        return;
      }
      entries = entriesOf(absolutePath);
    } catch (error) {
      this.unreadable.set(path, problemWords(errorCodeOf(error)));
      return;
    }
    const names = new Set(entries.map((entry) => entry.name));
    for (const entry of entries) {
      const { name } = entry;
      const kind = kindOf(entry);
      const below = joinRel(path, name);
      if (exclusion(below, kind === 'directory') !== undefined) this.leftOut.add(below);
      else if (kind === undefined || isSidecar(name, names)) continue;
      else {
        this.kinds.set(below, kind);
        if (kind === 'directory') {
          await this.#folder(below, joinRel(absolutePath, name), device, exclusion);
        }
      }
    }
  }

  async #breathe(): Promise<void> {
    this.#signal.throwIfAborted();
    if (performance.now() - this.#lastYieldMs < 30) return;
    await yieldToEvents();
    this.#lastYieldMs = performance.now();
  }
}

function deviceOf(folder: string): number {
  return lstatSync(diskPath(folder)).dev;
}

function isSidecar(name: string, names: ReadonlySet<string>): boolean {
  return sidecarEnd.test(name) && names.has(name.replace(sidecarEnd, ''));
}

/** With names in the form of core/names.ts. */
function entriesOf(folder: string): readonly Dirent[] {
  const path = diskPath(folder);
  const entries = readdirSync(path, { withFileTypes: true });
  // U+FFFD stands for bytes that are not UTF-8, in hardly any folder: only there bytes are asked for.
  if (!entries.some((entry) => entry.name.includes('\uFFFD'))) return entries;
  return readdirSync(path, { withFileTypes: true, encoding: 'buffer' }).map((entry) =>
    Object.assign(Object.create(entry) as Dirent, { name: nameFromBytes(entry.name) }),
  );
}

/** Undefined for pipes, sockets and devices: they are not captured. */
function kindOf(
  entry: Pick<Dirent, 'isFile' | 'isDirectory' | 'isSymbolicLink'>,
): PathKind | undefined {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'directory';
  return entry.isSymbolicLink() ? 'symlink' : undefined;
}
