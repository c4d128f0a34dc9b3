// The search through a project folder, level by level and bounded: what holds data by its layout, by
// its name and a SQLite database in it, or is a SQLite database that lies by itself. A folder that is
// taken is not looked into any further, so that a large data directory costs no more than a small one.

import { existsSync, lstatSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { realPath } from '../disk/real-path.ts';
import type { RejectedPlace } from '../../core/documents/documents.ts';
import { hasSqliteHeader, isNamedLikeDatabase, isNamedLikeSidecar } from '../sqlite/sqlite-file.ts';
import { mayBeDatabaseByName } from '../sqlite/file-endings.ts';
import { BesideCollector } from './beside-data.ts';
import { readSmallFile } from './env-files.ts';
import { isForTests, isNeverData, looksLikeData, serverOf } from './folder-names.ts';
import { probeFolder } from './folder-probe.ts';
import { layoutRoots } from './drafts.ts';
import { layouts } from '../../core/layouts/all-layouts.ts';
import { foundMarks, recognise } from '../../core/layouts/layout.ts';
import type { Recognition } from '../../core/layouts/layout.ts';
import { NamedPlaces } from './named-places.ts';
import { isMostlySource } from './source-share.ts';
import { isInside, outsideRefusal, shownPath, slashedRelative } from './places.ts';
import type { BesideData } from './found.ts';
import type { Surroundings } from './places.ts';

export type SearchBounds = typeof searchBounds;

/** Folders that a search looks into at most, and files whose size it asks for. */
export const searchBounds = { folders: 20_000, files: 50_000 };

/** A folder that is taken. */
export interface TakenFolder {
  /** Absolute and real. */
  readonly path: string;
  readonly by: 'layout' | 'name';
  /** False where only parts of it are taken. */
  readonly isWhole: boolean;
  /** Absolute paths of what is taken. */
  readonly roots: readonly string[];
  readonly recognition: Recognition | undefined;
  readonly evidence: readonly string[];
  /** The database that decided; undefined for a layout. */
  readonly database: string | undefined;
}

export interface SearchResult {
  readonly taken: readonly TakenFolder[];
  /** Databases in folders that are not taken as a whole; absolute paths. */
  readonly databases: readonly string[];
  readonly rejected: readonly RejectedPlace[];
  readonly foldersLookedAt: number;
  readonly boundHit: boolean;
  readonly beside: BesideData;
}

/** A folder that looks like data until it is known whether it holds a database. */
interface Candidate {
  readonly path: string;
  readonly evidence: string;
  /** `divided`: its databases are taken one by one. */
  state: 'open' | 'taken' | 'divided';
  files: number;
}

interface Pending {
  readonly path: string;
  readonly name: string;
  readonly candidate: Candidate | undefined;
  readonly inTests: boolean;
  /** Evidence of something outside of the search that the folder is data, e.g. a mount. */
  readonly hint: string | undefined;
}

/** What is known from elsewhere while the search goes on. Paths are absolute and real. */
export interface Claims {
  /** Taken already, so not looked into; `whole` ones are data directories in their own right. */
  readonly folders: readonly { readonly path: string; readonly whole: boolean }[];
  /** Why a folder may be data whatever its name is. */
  readonly hints: ReadonlyMap<string, string>;
}

export class ProjectSearch {
  readonly named: NamedPlaces;
  readonly #around: Surroundings;
  readonly #mayOpen: boolean;
  readonly #bounds: SearchBounds;
  readonly #device: number | undefined;
  readonly #taken: TakenFolder[] = [];
  readonly #databases: string[] = [];
  readonly #candidates: Candidate[] = [];
  readonly #rejected: RejectedPlace[] = [];
  #claims: Claims = { folders: [], hints: new Map() };
  readonly #hinted = new Set<string>();
  readonly #beside = new BesideCollector();
  #folders = 0;
  #files = 0;
  #boundHit = false;

  constructor(around: Surroundings, mayOpen: boolean, bounds: SearchBounds = searchBounds) {
    this.#around = around;
    this.#mayOpen = mayOpen;
    this.#bounds = bounds;
    this.named = new NamedPlaces(around);
    this.#device = statOf(around.projectDir)?.dev;
  }

  /**
   * Looks through `start` and what lies below it, unless that was done for the same hint.
   * @param claim called when more files of the project were read
   * @param hint why `start` may be data whatever its name is
   */
  look(start: string, claim: () => Claims, hint?: string): void {
    if (this.#hinted.has(start)) return;
    this.#claims = claim();
    const queue: Pending[] = [
      { path: start, name: basename(start), candidate: undefined, inTests: false, hint },
    ];
    for (let next = 0; next < queue.length; next += 1) {
      const pending = queue[next];
      if (pending === undefined || this.#isTaken(pending.path)) continue;
      if (this.#folders >= this.#bounds.folders || this.#files >= this.#bounds.files) {
        this.#boundHit = true;
        return;
      }
      queue.push(...this.#visit(pending, claim));
    }
  }

  result(): SearchResult {
    const rejected = [...this.#rejected];
    for (const candidate of this.#candidates) {
      if (candidate.state !== 'open' || this.#holdsTaken(candidate.path)) continue;
      // A `store` or `state` of source code is nothing that anybody would look for.
      if (isMostlySource(candidate.path)) continue;
      rejected.push(this.#noDatabase(candidate));
    }
    return {
      taken: this.#taken,
      databases: this.#databases,
      rejected,
      foldersLookedAt: this.#folders,
      boundHit: this.#boundHit,
      beside: {
        ...this.#beside.result(this.#around.projectDir, (path) => !this.#isTaken(path)),
        databases: [...this.#databases, ...this.#taken.flatMap(({ database }) => database ?? [])],
      },
    };
  }

  #noDatabase(candidate: Candidate): RejectedPlace {
    const files = candidate.files === 1 ? '1 file' : `${candidate.files} files`;
    const reason = this.#mayOpen
      ? `no SQLite database among its ${files}`
      : `no file with the name of a database among its ${files}`;
    return { path: this.#shown(candidate.path), reason: candidate.files === 0 ? 'empty' : reason };
  }

  /** Looks at one folder; answers those below it that are to be looked at. */
  #visit(pending: Pending, claim: () => Claims): Pending[] {
    this.#folders += 1;
    const entries = this.#entriesOf(pending.path);
    const names = entries.map((entry) => entry.name);
    const nameSet = new Set(names);
    if (isToolFolder(nameSet)) return [];
    const server = serverOf(nameSet);
    if (server !== undefined) {
      this.#reject(
        pending.path,
        `${server}'s own files: no copy of them is consistent while it runs`,
      );
      return [];
    }
    if (this.#isOtherWorkTree(pending.path, nameSet)) return [];
    if (this.#mayOpen && !pending.inTests && this.named.read(pending.path, names)) {
      this.#claims = claim();
      if (this.#isTaken(pending.path)) return [];
    }
    if (!pending.inTests && this.#takeLayout(pending.path, names)) return [];
    if (!pending.inTests) this.#beside.keep(pending.path, entries);
    const candidate = this.#candidateFor(pending, nameSet);
    const isTakenNow = this.#lookAtFiles(entries, nameSet, { ...pending, candidate });
    return isTakenNow ? [] : this.#below(entries, { ...pending, candidate });
  }

  /** Takes the folder where a layout knows it; true where nothing in it is left to be looked at. */
  #takeLayout(path: string, names: readonly string[]): boolean {
    for (const layout of layouts) {
      if (!layout.cues.some((cue) => names.includes(cue))) continue;
      const recognition = recognise(layout, probeFolder(path, names, this.#mayOpen));
      if (recognition === undefined) continue;
      const isWhole = path !== this.#around.projectDir && !names.includes('.git');
      const roots = layoutRoots(layout, path, isWhole);
      const evidence = [foundMarks(recognition)];
      this.#taken.push({
        path,
        by: 'layout',
        isWhole,
        roots,
        recognition,
        evidence,
        database: undefined,
      });
      return roots.includes(path);
    }
    return false;
  }

  #candidateFor(pending: Pending, names: ReadonlySet<string>): Candidate | undefined {
    const { candidate, path } = pending;
    const hint = pending.hint ?? this.#claims.hints.get(path);
    if (hint !== undefined) this.#hinted.add(path);
    if (candidate?.state === 'open' || pending.inTests) return candidate;
    const isNamed = path !== this.#around.projectDir && looksLikeData(pending.name);
    if ((!isNamed && hint === undefined) || names.has('.git')) return candidate;
    const fresh: Candidate = {
      path,
      evidence: hint ?? `the name ${pending.name}`,
      state: 'open',
      files: 0,
    };
    this.#candidates.push(fresh);
    return fresh;
  }

  /** True where a database was found that makes the folder, or the candidate it lies in, a data directory. */
  #lookAtFiles(entries: readonly Dirent[], names: ReadonlySet<string>, pending: Pending): boolean {
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      const { candidate } = pending;
      if (candidate?.state === 'open') candidate.files += 1;
      if (!this.#isDatabase(entry.name, names, pending)) continue;
      const path = join(pending.path, entry.name);
      if (pending.inTests) {
        this.#reject(path, 'lies among tests: name it in savepoint.json if it is data');
        continue;
      }
      if (candidate?.state === 'open' && this.#takeOutermost(candidate, path)) return true;
      this.#databases.push(path);
    }
    return false;
  }

  /** The candidate, else the next folder on the way to the database that looks like data. */
  #takeOutermost(candidate: Candidate, database: string): boolean {
    if (this.#takeCandidate(candidate, database)) return true;
    const way = slashedRelative(candidate.path, dirname(database)).split('/').filter(Boolean);
    const length = way.findIndex(looksLikeData) + 1;
    if (length === 0) return false;
    const path = join(candidate.path, ...way.slice(0, length));
    if (existsSync(join(path, '.git'))) return false;
    const evidence = `the name ${basename(path)}`;
    const next: Candidate = { path, evidence, state: 'open', files: 1 };
    this.#candidates.push(next);
    return this.#takeOutermost(next, database);
  }

  #takeCandidate(candidate: Candidate, database: string): boolean {
    // What lies deeper belongs to its own folder where another data directory lies beside it.
    if (dirname(database) !== candidate.path && this.#holdsTaken(candidate.path)) {
      candidate.state = 'divided';
      return false;
    }
    if (isMostlySource(candidate.path)) {
      candidate.state = 'divided';
      this.#reject(candidate.path, 'holds source code, so only its databases are taken');
      return false;
    }
    candidate.state = 'taken';
    const holds = `the SQLite database ${relativeName(candidate.path, database)} in it`;
    this.#taken.push({
      path: candidate.path,
      by: 'name',
      isWhole: true,
      roots: [candidate.path],
      recognition: undefined,
      evidence: [`${candidate.evidence} and ${holds}`],
      database,
    });
    return true;
  }

  /** By its header, whatever its name is: elsewhere than in data only names of other things are passed over. */
  #isDatabase(name: string, names: ReadonlySet<string>, pending: Pending): boolean {
    if (isNamedLikeSidecar(name)) return false;
    const isNamed = isNamedLikeDatabase(name);
    if (!this.#mayOpen) return isNamed;
    const hasLog = ['-wal', '-journal'].some((end) => names.has(name + end));
    const isOdd = mayBeDatabaseByName(name);
    if (!isNamed && !hasLog && !isOdd && pending.candidate?.state !== 'open') return false;
    const path = join(pending.path, name);
    this.#files += 1;
    const stats = statOf(path);
    // A SQLite file is whole pages of at least 512 bytes: hardly any other file has to be opened.
    if (stats === undefined || stats.size === 0) return false;
    if (stats.size % 512 === 0 && hasSqliteHeader(path)) return true;
    return isNamed && hasLog;
  }

  #below(entries: readonly Dirent[], pending: Pending): Pending[] {
    const below: Pending[] = [];
    for (const entry of entries) {
      const path = join(pending.path, entry.name);
      if (entry.isSymbolicLink() && looksLikeData(entry.name)) this.#followLink(path, below);
      if (!entry.isDirectory() || isNeverData(entry.name)) continue;
      if (this.#around.storeDirs.includes(path)) continue;
      const open = pending.candidate?.state === 'open';
      const isData = open || looksLikeData(entry.name);
      if (!isData && statOf(path)?.dev !== this.#device) {
        this.#reject(path, 'another file system: name it in savepoint.json if it is data');
        continue;
      }
      const inTests = pending.inTests || (!open && isForTests(entry.name));
      below.push({
        path,
        name: entry.name,
        candidate: pending.candidate,
        inTests,
        hint: undefined,
      });
    }
    return below;
  }

  /** A link named like data leads to a candidate, if it may be used at all. */
  #followLink(link: string, below: Pending[]): void {
    if (!this.#mayOpen) {
      this.#reject(link, 'a link: not followed in Restricted Mode');
      return;
    }
    const target = realPath(link);
    if (target === undefined) {
      this.#reject(link, 'a link that leads nowhere');
      return;
    }
    if (!(statOf(target)?.isDirectory() ?? false)) return;
    const outside = outsideRefusal(target, this.#around);
    if (outside !== undefined) this.#reject(link, `a link that leads ${outside}`);
    else if (!isInside(this.#around.projectDir, target)) {
      const hint = `the link ${this.#shown(link)}`;
      below.push({
        path: target,
        name: basename(link),
        candidate: undefined,
        inTests: false,
        hint,
      });
    }
  }

  /** Linked work trees of git are projects of their own; clones and submodules belong to the folder that was opened. */
  #isOtherWorkTree(path: string, names: ReadonlySet<string>): boolean {
    if (path === this.#around.projectDir || !names.has('.git') || !this.#mayOpen) return false;
    const text = readSmallFile(join(path, '.git'), 4096);
    if (text === undefined || !/^gitdir:.*[/\\]worktrees[/\\]/.test(text)) return false;
    this.#reject(path, 'a work tree of git: open it as a project of its own');
    return true;
  }

  #entriesOf(path: string): Dirent[] {
    try {
      return this.#beside.entriesOf(path);
    } catch {
      this.#reject(path, 'cannot be looked into: permission denied');
      return [];
    }
  }

  #isTaken(path: string): boolean {
    return (
      this.#claims.folders.some((folder) => isInside(path, folder.path)) ||
      this.#taken.some((taken) => taken.roots.some((root) => isInside(path, root)))
    );
  }

  #holdsTaken(path: string): boolean {
    return (
      this.#taken.some((taken) => taken.path !== path && isInside(taken.path, path)) ||
      this.#claims.folders.some((folder) => folder.whole && isInside(folder.path, path))
    );
  }

  #reject(path: string, reason: string): void {
    this.#rejected.push({ path: this.#shown(path), reason });
  }

  #shown(path: string): string {
    return shownPath(this.#around.projectDir, path);
  }
}

/** A virtual environment, or a cache that says so (https://bford.info/cachedir/). */
function isToolFolder(names: ReadonlySet<string>): boolean {
  return names.has('pyvenv.cfg') || names.has('conda-meta') || names.has('CACHEDIR.TAG');
}

function relativeName(folder: string, path: string): string {
  return dirname(path) === folder ? basename(path) : shownPath(folder, path);
}

function statOf(path: string) {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    // No permission on a parent: nothing is known of it.
    return undefined;
  }
}
