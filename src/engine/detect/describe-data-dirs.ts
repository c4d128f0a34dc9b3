// What data directories hold, for people: one walk with `lstat`, and the first bytes of what may be a
// database. Nothing else is read, and nothing is written beside it.

import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { setImmediate as yieldToEvents } from 'node:timers/promises';
import type {
  DataDirDocument,
  DetectedDatabase,
  DetectedReference,
  DetectionDocument,
  Excluded,
} from '../../core/documents/documents.ts';
import { joinRel, nameFromBytes } from '../../core/names.ts';
import { isStagingName } from '../../core/restore/staging-name.ts';
import type { CallOptions, EngineOptions } from '../options.ts';
import { sourceOf } from '../sources/all-sources.ts';
import { exclusionMatcher, type ExclusionMatcher } from './exclusion-matcher.ts';
import type { FoundDataDir, FoundDataDirs } from './found.ts';
import { diskPath } from '../disk/disk-path.ts';
import { isNamedLikeSidecar } from '../sqlite/sqlite-file.ts';

/** Entries of folders that are left out: more are not counted, and their size is not told. */
const maxLeftOutEntries = 20_000;
/** More places that are left out are not listed. */
const maxExcluded = 1000;

/**
 * The `detect` document for what was found. 10,000 files take some 100 ms.
 * @throws the signal's reason
 */
export async function describeDataDirs(
  found: FoundDataDirs,
  options: EngineOptions,
  call: CallOptions,
): Promise<DetectionDocument> {
  call.progress.phase('looking');
  const dataDirs: DataDirDocument[] = [];
  for (const dataDir of found.dataDirs) {
    const walk = new DescribingWalk(dataDir, found.soundDatabases, options.trusted, call);
    dataDirs.push(await walk.document());
  }
  return {
    dataDirs,
    foldersLookedAt: found.foldersLookedAt,
    boundHit: found.boundHit,
    rejected: found.rejected,
    configProblems: found.configProblems,
  };
}

class DescribingWalk {
  readonly #dataDir: FoundDataDir;
  readonly #wereSound: ReadonlySet<string>;
  readonly #mayOpen: boolean;
  readonly #call: CallOptions;
  readonly #exclusion: ExclusionMatcher;
  readonly #databases: DetectedDatabase[] = [];
  readonly #databasePaths = new Set<string>();
  readonly #excluded: Excluded[] = [];
  /** By the part of a path below the data directory that is its first level; '' for files on it. */
  readonly #contents = new Map<string, { files: number; bytes: number }>();
  #leftOutEntries = 0;
  #files = 0;
  #bytes = 0;
  #lastYieldMs = performance.now();

  constructor(
    dataDir: FoundDataDir,
    wereSound: ReadonlySet<string>,
    mayOpen: boolean,
    call: CallOptions,
  ) {
    this.#dataDir = dataDir;
    this.#wereSound = wereSound;
    this.#mayOpen = mayOpen;
    this.#call = call;
    this.#exclusion = exclusionMatcher(dataDir);
  }

  async document(): Promise<DataDirDocument> {
    const { name, path, roots, layout, confidence, evidence, missing } = this.#dataDir;
    for (const root of roots) await this.#root(this.#below(root));
    return {
      name,
      path,
      roots,
      layout,
      confidence,
      evidence,
      missing,
      databases: this.#databases.toSorted((a, b) => compareText(a.path, b.path)),
      files: this.#files,
      bytes: this.#bytes,
      contents: [...this.#contents]
        .map(([below, counts]) => ({ path: below === '' ? path : this.#shown(below), ...counts }))
        .toSorted((a, b) => compareText(a.path, b.path)),
      excluded: this.#excluded.toSorted((a, b) => compareText(a.path, b.path)),
      references: this.#references(),
    };
  }

  async #root(below: string): Promise<void> {
    const stats = this.#lstat(below);
    if (stats === undefined) return;
    if (stats.isDirectory()) await this.#folder(below, stats.dev);
    else this.#leaf(below, stats, this.#sidecarsOf(below));
  }

  async #folder(folder: string, device: number): Promise<void> {
    await this.#breathe();
    const names = namesOf(this.#absolute(folder));
    const nameSet = new Set(names);
    const sidecars: [string, Stats][] = [];
    for (const name of names) {
      const path = joinRel(folder, name);
      const stats = this.#lstat(path);
      if (stats === undefined) continue;
      const reason = this.#exclusion(path, stats.isDirectory());
      const isElsewhere = stats.isDirectory() && stats.dev !== device;
      if (reason !== undefined) this.#leaveOut(path, reason, this.#sizeOf(path, stats), true);
      else if (isElsewhere) this.#leaveOut(path, 'another file system', null, false);
      else if (stats.isDirectory()) await this.#folder(path, device);
      else if (isSidecar(name, nameSet)) sidecars.push([path, stats]);
      else this.#leaf(path, stats, sidecarsIn(name, nameSet));
    }
    for (const [path, stats] of sidecars) {
      if (!this.#databasePaths.has(path.replace(sidecarEnd, ''))) this.#leaf(path, stats, []);
    }
  }

  #leaf(path: string, stats: Stats, sidecars: readonly string[]): void {
    if (!stats.isFile()) return;
    this.#bytes += stats.size;
    this.#call.progress.advance(1, stats.size);
    const absolutePath = this.#absolute(path);
    const isLost = this.#mayOpen && this.#wereSound.has(this.#shown(path));
    const source = sourceOf(this.#shown(path));
    const mayOpen = this.#mayOpen;
    const database =
      source.describe({ path: absolutePath, sizeBytes: stats.size, sidecars, mayOpen }) ??
      (isLost ? source.describeLost(stats.size) : undefined);
    if (database === undefined) {
      this.#files += 1;
      this.#countContents(path, stats.size);
    } else {
      this.#databasePaths.add(path);
      this.#databases.push({ path: this.#shown(path), ...database, bytes: stats.size });
    }
  }

  #countContents(path: string, bytes: number): void {
    const slash = path.indexOf('/');
    const firstLevel = slash < 0 ? '' : path.slice(0, slash);
    const counts = this.#contents.get(firstLevel) ?? { files: 0, bytes: 0 };
    this.#contents.set(firstLevel, { files: counts.files + 1, bytes: counts.bytes + bytes });
  }

  #leaveOut(path: string, reason: string, bytes: number | null, canInclude: boolean): void {
    if (this.#excluded.length >= maxExcluded) return;
    this.#excluded.push({ path: this.#shown(path), reason, bytes, canInclude });
  }

  /** Bytes of everything in something that is left out; null where that would take too long. */
  #sizeOf(path: string, stats: Stats): number | null {
    this.#leftOutEntries += 1;
    if (this.#leftOutEntries > maxLeftOutEntries) return null;
    if (!stats.isDirectory()) return stats.size;
    let bytes = 0;
    for (const name of namesOf(this.#absolute(path))) {
      const below = joinRel(path, name);
      const belowStats = this.#lstat(below);
      const size = belowStats === undefined ? 0 : this.#sizeOf(below, belowStats);
      if (size === null) return null;
      bytes += size;
    }
    return bytes;
  }

  #references(): DetectedReference[] {
    const fromConfig = this.#dataDir.references.map((reference) => ({
      ...reference,
      direction: reference.covers === undefined ? ('row-to-path' as const) : ('both' as const),
    }));
    return [...fromConfig, ...this.#dataDir.layoutReferences]
      .filter(({ path }) => path !== '')
      .map(({ database, table, path, direction }) => ({
        database: this.#shown(database),
        table,
        path: this.#shown(path),
        direction,
      }));
  }

  #sidecarsOf(path: string): readonly string[] {
    return sidecarEnds.filter((end) => this.#lstat(path + end) !== undefined);
  }

  /** The part of a document's path below the data directory; empty for itself. */
  #below(shown: string): string {
    const { path } = this.#dataDir;
    if (path === '.') return shown;
    return shown === path ? '' : shown.slice(path.length + 1);
  }

  #shown(below: string): string {
    const { path } = this.#dataDir;
    if (path === '.') return below;
    return below === '' ? path : joinRel(path, below);
  }

  #absolute(below: string): string {
    const { absolutePath } = this.#dataDir;
    return below === '' ? absolutePath : joinRel(absolutePath, below);
  }

  #lstat(below: string): Stats | undefined {
    try {
      return lstatSync(diskPath(this.#absolute(below)), { throwIfNoEntry: false });
    } catch {
      // Not ours to look at: a snapshot lists it as skipped.
      return undefined;
    }
  }

  /** Lets cancellation and messages through now and then. */
  async #breathe(): Promise<void> {
    this.#call.signal.throwIfAborted();
    if (performance.now() - this.#lastYieldMs < 30) return;
    await yieldToEvents();
    this.#lastYieldMs = performance.now();
  }
}

const sidecarEnds = ['-wal', '-shm', '-journal'];
const sidecarEnd = /-(?:wal|shm|journal)$/;

function sidecarsIn(name: string, names: ReadonlySet<string>): readonly string[] {
  return sidecarEnds.filter((end) => names.has(name + end));
}

/** Part of the database beside it, if that is one. */
function isSidecar(name: string, names: ReadonlySet<string>): boolean {
  return isNamedLikeSidecar(name) && names.has(name.replace(sidecarEnd, ''));
}

/** Names in the form of core/names.ts, without what a restore left; empty where the folder cannot be read. */
function namesOf(folder: string): readonly string[] {
  return allNames(folder).filter((name) => !isStagingName(name));
}

function allNames(folder: string): readonly string[] {
  const path = diskPath(folder);
  try {
    const names = readdirSync(path);
    // U+FFFD stands for bytes that are not UTF-8, in hardly any folder: only there bytes are asked for.
    if (!names.some((name) => name.includes('\uFFFD'))) return names;
    return readdirSync(path, { encoding: 'buffer' }).map(nameFromBytes);
  } catch {
    // No permission, or just gone: a snapshot tells it as skipped.
    return [];
  }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
