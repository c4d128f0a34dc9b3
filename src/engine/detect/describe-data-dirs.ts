// What data directories hold, for people: the walk with `lstat`, and the first bytes of what may be a
// database. Nothing else is read, and nothing is written beside it.

import type { BigIntStats } from 'node:fs';
import { byPath } from '../../core/compare-text.ts';
import type {
  DataDirDocument,
  DetectedDatabase,
  DetectedReference,
  DetectionDocument,
  Excluded,
} from '../../core/documents/documents.ts';
import { joinRel, type DiskPath } from '../../core/names.ts';
import type { CallOptions, EngineOptions } from '../options.ts';
import { sourceOf } from '../sources/all-sources.ts';
import { leadsAway, livePath } from '../disk/real-path.ts';
import { exclusionMatcher } from './exclusion-matcher.ts';
import type { FoundDataDir, FoundDataDirs } from './found.ts';
import {
  walkWithStats,
  type FolderWalk,
  type Found,
  type FoundLeaf,
  type FoundLeftOut,
  type WalkRoot,
} from '../disk/folder-walk.ts';
import { isNamedLikeDatabase } from '../sqlite/sqlite-file.ts';

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
    const walk = new DescribingWalk(dataDir, found, options.trusted, call);
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
  /** Absolute paths of all that is captured. */
  readonly #captured: readonly string[];
  readonly #mayOpen: boolean;
  readonly #call: CallOptions;
  readonly #walk: FolderWalk<BigIntStats>;
  /** Of what is left out: everything counts there. */
  readonly #wholeWalk: FolderWalk<BigIntStats>;
  readonly #databases: DetectedDatabase[] = [];
  readonly #databasePaths = new Set<string>();
  readonly #excluded: Excluded[] = [];
  /** By the part of a path below the data directory that is its first level; '' for files on it. */
  readonly #contents = new Map<string, { files: number; bytes: number }>();
  #leftOutEntries = 0;
  #files = 0;
  #bytes = 0;

  constructor(dataDir: FoundDataDir, found: FoundDataDirs, mayOpen: boolean, call: CallOptions) {
    this.#dataDir = dataDir;
    this.#wereSound = found.soundDatabases;
    this.#captured = found.dataDirs.flatMap(({ roots }) =>
      roots.map((root) => livePath(found.projectDir, root)),
    );
    this.#mayOpen = mayOpen;
    this.#call = call;
    const { signal } = call;
    this.#walk = walkWithStats({
      signal,
      isDatabase: (file) => this.#isDatabase(file),
      onUnreadable: (path, reason) => this.#notSaved(path, reason),
    });
    this.#wholeWalk = walkWithStats({ signal, isDatabase: () => false });
  }

  async document(): Promise<DataDirDocument> {
    const { name, path, roots, layout, confidence, evidence, missing } = this.#dataDir;
    const exclusion = exclusionMatcher(this.#dataDir);
    for (const root of roots) {
      const found = this.#walk.root({
        path: root,
        absolutePath: this.#absolute(root),
        exclusion: (at, isDirectory) => exclusion(this.#below(at), isDirectory),
      });
      if (found !== undefined) await this.#visit(found);
    }
    return {
      name,
      path,
      roots,
      layout,
      confidence,
      evidence,
      missing,
      databases: this.#databases.toSorted(byPath),
      files: this.#files,
      bytes: this.#bytes,
      contents: [...this.#contents]
        .map(([below, counts]) => ({ path: below === '' ? path : this.#shown(below), ...counts }))
        .toSorted(byPath),
      excluded: this.#excluded.toSorted(byPath),
      references: this.#references(),
    };
  }

  async #visit(found: Found<BigIntStats>): Promise<void> {
    if (found.kind === 'directory') {
      for (const one of (await this.#walk.below(found)) ?? []) await this.#visit(one);
    } else if (found.kind === 'left out') await this.#leaveOut(found);
    else if (found.kind === 'special') this.#notSaved(found.path, found.reason);
    else if (found.kind === 'symlink') this.#link(found);
    else if (found.kind === 'file') this.#file(found);
  }

  #file({ path, absolutePath, seen, sidecars }: FoundLeaf<BigIntStats>): void {
    const bytes = Number(seen.size);
    this.#bytes += bytes;
    this.#call.progress.advance(1, bytes);
    const isLost = this.#mayOpen && this.#wereSound.has(path);
    const source = sourceOf(path);
    const mayOpen = this.#mayOpen;
    const database =
      source.describe({ path: absolutePath, sizeBytes: bytes, sidecars, mayOpen }) ??
      (isLost ? source.describeLost(bytes) : undefined);
    if (database === undefined) {
      this.#files += 1;
      this.#countContents(this.#below(path), bytes);
    } else {
      this.#databasePaths.add(path);
      this.#databases.push({ path, ...database, bytes });
    }
  }

  /** A link is saved, and what it leads to is where that is data itself. */
  #link({ path, absolutePath }: FoundLeaf<BigIntStats>): void {
    const reason = this.#mayOpen ? leadsAway(absolutePath, this.#captured) : undefined;
    if (reason !== undefined) this.#notSaved(path, reason);
  }

  #notSaved(path: string, reason: string): void {
    if (this.#excluded.length < maxExcluded)
      this.#excluded.push({ path, reason, bytes: null, canInclude: false });
  }

  /** Whatever was taken for one; what is left out was not looked at before. */
  #isDatabase({ path, absolutePath }: Pick<WalkRoot, 'path' | 'absolutePath'>): boolean {
    if (this.#databasePaths.has(path)) return true;
    return this.#mayOpen ? sourceOf(path).isDatabase(absolutePath) : isNamedLikeDatabase(path);
  }

  #countContents(path: string, bytes: number): void {
    const slash = path.indexOf('/');
    const firstLevel = slash < 0 ? '' : path.slice(0, slash);
    const counts = this.#contents.get(firstLevel) ?? { files: 0, bytes: 0 };
    this.#contents.set(firstLevel, { files: counts.files + 1, bytes: counts.bytes + bytes });
  }

  async #leaveOut({
    path,
    absolutePath,
    reason,
    canInclude,
  }: FoundLeftOut<BigIntStats>): Promise<void> {
    const all = { path, absolutePath, exclusion: () => undefined };
    const bytes = canInclude ? await this.#sizeOf(this.#wholeWalk.root(all)) : null;
    if (this.#excluded.length < maxExcluded) {
      this.#excluded.push({ path, reason, bytes, canInclude });
    }
  }

  /** Bytes of everything in something that is left out; null where that would take too long. */
  async #sizeOf(found: Found<BigIntStats> | undefined): Promise<number | null> {
    this.#leftOutEntries += 1;
    if (this.#leftOutEntries > maxLeftOutEntries) return null;
    if (found?.kind !== 'directory') return Number(found?.seen.size ?? 0);
    let bytes = 0;
    for (const one of (await this.#wholeWalk.below(found)) ?? []) {
      const size = await this.#sizeOf(one);
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

  #absolute(shown: string): DiskPath {
    const { absolutePath } = this.#dataDir;
    const below = this.#below(shown);
    return below === '' ? absolutePath : joinRel(absolutePath, below);
  }
}
