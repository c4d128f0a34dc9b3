// From a project folder to its data directories. What savepoint.json names decides; without it what
// `.env` and compose files name, then what a layout knows, then folders that look like data and hold
// a SQLite database, then databases by themselves. Nested folders belong to the outermost.

import { statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { realPath } from '../disk/real-path.ts';
import { byPath } from '../../core/compare-text.ts';
import type { RejectedPlace } from '../../core/documents/documents.ts';
import type { DataDirConfig } from '../../core/config/project-config.ts';
import type { EngineOptions } from '../options.ts';
import { placesNotThere, trustedConfig } from './project-config.ts';
import { hasSqliteHeader } from '../sqlite/sqlite-file.ts';
import { captures, databasesDraft, folderDraft, toFound } from './drafts.ts';
import type { Draft } from './drafts.ts';
import {
  isApplicationHome,
  isNeverData,
  looksLikeData,
  looksLikeSettings,
  looksLikeState,
  serverOf,
} from './folder-names.ts';
import { openGitIndex, type GitIndex } from './git-index.ts';
import { isMostlySource } from './source-share.ts';
import { namesIn } from './folder-probe.ts';
import type { FoundDataDirs, KnownContents, KnownDataDir } from './found.ts';
import type { CoveredPlace } from '../store/project-folder.ts';
import { goneDirs, withKnownDirs } from './known-dirs.ts';
import type { NamedPlace } from './named-places.ts';
import { isInside, outsideRefusal, refusal, shownPath, surroundingsOf } from './places.ts';
import type { Surroundings } from './places.ts';
import { ProjectSearch } from './project-search.ts';
import type { Claims, SearchBounds } from './project-search.ts';

export interface FindContext {
  readonly options: EngineOptions;
  /** Absolute paths outside of the project folder that may be used. */
  readonly allowed: readonly string[];
  /** What belongs to the data although nothing else says so, and what does not. */
  readonly covered?: readonly CoveredPlace[] | undefined;
  readonly uncovered?: readonly string[] | undefined;
  /** Where this project's snapshots are kept. */
  readonly storeDir: string;
  /** What the newest snapshot has. */
  readonly known?: KnownContents | undefined;
  /** Fewer in tests. */
  readonly bounds?: SearchBounds | undefined;
}

/**
 * Finds the data directories of a project. Reads names, small text files and a few bytes of what may
 * be a database; writes nothing, opens no connection. In an untrusted workspace it opens nothing.
 * Takes a few milliseconds for a typical project, a second at its bound.
 */
export function findDataDirs(projectDir: string, context: FindContext): FoundDataDirs {
  const { options, allowed, storeDir, known } = context;
  const around = surroundingsOf(projectDir, [storeDir, options.storeDir], allowed, options.env);
  const { config, problems } = trustedConfig(around.projectDir, options.trusted);
  const finder = new Finder(around, options.trusted, context);
  if (config.dataDirs === undefined) finder.detect(known?.dataDirs ?? []);
  else finder.configured(config.dataDirs);
  if (config.dataDirs !== undefined) finder.lookBeside();
  finder.addGone(known?.dataDirs ?? [], config.dataDirs);
  const sound = (known?.databases ?? []).filter(({ state }) => state === 'ok');
  return {
    projectDir: around.projectDir,
    ...finder.result(),
    configProblems: [...problems, ...placesNotThere(around.projectDir, config)],
    config,
    soundDatabases: new Set(sound.map(({ path }) => path)),
  };
}

/** More would help nobody. */
const maxRejected = 200;

class Finder {
  readonly #around: Surroundings;
  readonly #trusted: boolean;
  readonly #search: ProjectSearch;
  readonly #covered: readonly CoveredPlace[];
  readonly #uncovered: readonly string[];
  #rejected: RejectedPlace[] = [];
  #drafts: Draft[] = [];
  #gone: readonly KnownDataDir[] = [];
  #git: GitIndex | undefined;

  constructor(
    around: Surroundings,
    trusted: boolean,
    { bounds, covered = [], uncovered = [] }: Pick<FindContext, 'bounds' | 'covered' | 'uncovered'>,
  ) {
    this.#around = around;
    this.#trusted = trusted;
    this.#covered = covered;
    this.#uncovered = uncovered.map((path) => resolve(around.projectDir, path));
    this.#search = new ProjectSearch(around, trusted, bounds);
  }

  result(): Omit<FoundDataDirs, 'projectDir' | 'configProblems' | 'config' | 'soundDatabases'> {
    const { foldersLookedAt, boundHit, beside } = this.#search.result();
    const rejected = new Map(
      this.#rejected.map((place) => [`${place.path}\0${place.reason}`, place]),
    );
    return {
      dataDirs: toFound(this.#withoutUncovered(), this.#around),
      gone: this.#gone,
      foldersLookedAt,
      boundHit,
      beside,
      rejected: [...rejected.values()].toSorted(byPath).slice(0, maxRejected),
    };
  }

  /** What a person took out is not taken, whatever finds it. */
  #withoutUncovered(): readonly Draft[] {
    return this.#drafts.flatMap((draft) => {
      const roots = draft.roots.filter(
        (root) => !this.#uncovered.some((path) => isInside(root, path)),
      );
      if (roots.length === draft.roots.length) return [draft];
      for (const root of draft.roots)
        if (!roots.includes(root))
          this.#reject(shownPath(this.#around.projectDir, root), 'taken out by savepoint uncover');
      return roots.length === 0 ? [] : [{ ...draft, roots }];
    });
  }

  /** What a person, or the rows of a database, said belongs to the data, where it is there and may be used. */
  #coveredDrafts(by: readonly CoveredPlace['by'][]): Draft[] {
    return this.#covered.flatMap((place) => {
      const { path, evidence } = place;
      const real = realPath(resolve(this.#around.projectDir, path));
      if (!by.includes(place.by) || real === undefined) return [];
      if (outsideRefusal(real, this.#around) ?? refusal(real, this.#around)) return [];
      const why = [place.by === 'rows' ? `rows name its files: ${evidence}` : 'savepoint cover'];
      if (!isFolder(real)) return [databasesDraft(real, [real], why, 'certain')];
      return [folderDraft(real, why, { mayOpen: this.#trusted })];
    });
  }

  /** Exactly what savepoint.json names, and what a person covered beside. */
  configured(entries: readonly DataDirConfig[]): void {
    for (const entry of entries) {
      const real = realPath(resolve(this.#around.projectDir, entry.path));
      if (real === undefined) {
        this.#reject(entry.path, 'named in savepoint.json, but not there');
        continue;
      }
      const shown = shownPath(this.#around.projectDir, real);
      const refused = outsideRefusal(real, this.#around) ?? refusal(real, this.#around);
      const outer = this.#drafts.find((draft) => isInside(real, draft.path));
      if (refused !== undefined) this.#reject(shown, refused, true);
      else if (outer !== undefined)
        this.#reject(shown, 'named twice, or lies in another data directory', true);
      else this.#drafts.push(this.#configuredDraft(real, entry));
    }
    for (const draft of this.#coveredDrafts(['person'])) {
      const isListed = this.#drafts.some(({ path }) => isInside(draft.path, path));
      if (!isListed) this.#drafts.push(draft);
    }
  }

  /** What lies beside the list of savepoint.json is not taken, but told. */
  lookBeside(): void {
    const roots = this.#drafts.flatMap((draft) => draft.roots);
    const folders = roots.map((path) => ({ path, whole: true }));
    this.#search.look(this.#around.projectDir, () => ({ folders, hints: new Map() }));
  }

  /** What the newest snapshot has is not forgotten with its folder, unless savepoint.json has other ones. */
  addGone(known: readonly KnownDataDir[], entries: readonly DataDirConfig[] | undefined): void {
    const { projectDir } = this.#around;
    const wanted = entries?.map(({ path }) => resolve(projectDir, path));
    this.#gone = goneDirs(this.#drafts, known, this.#around).filter(
      ({ path }) => wanted === undefined || wanted.includes(resolve(projectDir, path)),
    );
    const roots = this.#gone.flatMap((dir) => dir.roots);
    // This says more than that it is empty or not there.
    this.#rejected = this.#rejected.filter(({ path }) => !roots.includes(path));
    for (const root of roots) this.#reject(root, goneReason(resolve(projectDir, root)));
  }

  #configuredDraft(path: string, entry: DataDirConfig): Draft {
    const evidence = ['savepoint.json'];
    const draft = isFolder(path)
      ? folderDraft(path, evidence, { mayOpen: true, layoutId: entry.layout, decided: true })
      : databasesDraft(path, [path], evidence, 'certain');
    return { ...draft, config: entry };
  }

  /** Whatever can be found, and what is known of before. */
  detect(known: readonly KnownDataDir[]): void {
    const claim = () => this.#claims();
    this.#search.look(this.#around.projectDir, claim);
    const { hints } = this.#claims();
    for (const [path, hint] of hints) this.#search.look(path, claim, hint);
    const judged = this.#judge(this.#rejected);
    const found = this.#search.result();
    this.#rejected.push(...found.rejected);
    const named = judged.folders.map(({ path, evidence, variables, whole }) => ({
      ...folderDraft(path, evidence, { mayOpen: true, variables }),
      whole,
    }));
    const taken = found.taken.map((folder) => ({
      ...folderDraft(folder.path, folder.evidence, {
        mayOpen: this.#trusted,
        recognition: folder.recognition,
        isWhole: folder.isWhole,
        decided: false,
      }),
      database: folder.database,
      whole: folder.by === 'layout',
    }));
    const late = taken.filter((folder) => !decidedByInner(folder, named));
    const covered = this.#coveredDrafts(['person', 'rows']);
    this.#drafts.push(...outermost([...named, ...late, ...covered]));
    this.#addDatabases([...found.databases, ...judged.databases.keys()], judged.databases);
    this.#addKnown(known);
  }

  /** What was taken before is taken still. */
  #addKnown(known: readonly KnownDataDir[]): void {
    const drafts = withKnownDirs(this.#drafts, known, this.#around, this.#trusted);
    const taken = new Set(drafts.map(({ path }) => shownPath(this.#around.projectDir, path)));
    this.#drafts = drafts;
    this.#rejected = this.#rejected.filter(({ path }) => !taken.has(path));
  }

  /** Databases in no data directory: those of one folder are one, those of the project folder one each. */
  #addDatabases(paths: readonly string[], evidence: ReadonlyMap<string, string>): void {
    const byFolder = new Map<string, string[]>();
    for (const path of new Set(paths)) {
      if (this.#drafts.some((draft) => captures(draft, path))) continue;
      const folder = dirname(path);
      const alone =
        folder === this.#around.projectDir || !isInside(folder, this.#around.projectDir);
      const key = alone ? path : folder;
      byFolder.set(key, [...(byFolder.get(key) ?? []), path]);
    }
    for (const [path, databases] of byFolder) {
      const named = databases.flatMap((database) => evidence.get(database) ?? []);
      const names = databases.map((database) => basename(database)).join(', ');
      const plain = [`the SQLite ${databases.length === 1 ? 'database' : 'databases'} ${names}`];
      this.#drafts.push(
        databasesDraft(
          path,
          databases,
          named.length > 0 ? named : plain,
          named.length > 0 ? 'likely' : 'guess',
        ),
      );
    }
  }

  /** What `.env`, compose files and the user's permissions say so far. */
  #claims(): Claims {
    const { folders, hints } = this.#judge([]);
    const covered = this.#covered.map(({ path }) => ({
      path: resolve(this.#around.projectDir, path),
      whole: false,
    }));
    return { folders: [...folders, ...covered], hints };
  }

  #judge(rejected: RejectedPlace[]): Judged {
    const judged: Judged = { folders: [], hints: new Map(), databases: new Map() };
    if (!this.#trusted) return judged;
    const named = this.#search.named.places();
    rejected.push(...named.rejected);
    for (const place of named.places) this.#judgePlace(place, judged, rejected);
    for (const allowed of this.#around.allowed) {
      const hasNamed = judged.folders.some((folder) => isInside(folder.path, allowed));
      if (hasNamed || refusal(allowed, this.#around) !== undefined) continue;
      const evidence = 'savepoint allow';
      if (isFolder(allowed)) judged.hints.set(allowed, evidence);
      else if (hasSqliteHeader(allowed)) judged.databases.set(allowed, evidence);
    }
    return judged;
  }

  #judgePlace(place: NamedPlace, judged: Judged, rejected: RejectedPlace[]): void {
    const { kind, evidence } = place;
    const real = realPath(place.path);
    const reject = (reason: string, isFinal?: true) => {
      if (kind === 'mount' && !isWorthAWord(place)) return;
      const path = shownPath(this.#around.projectDir, real ?? place.path);
      rejected.push({ path, reason: `${evidence}: ${reason}`, ...(isFinal ? { isFinal } : {}) });
    };
    if (real === undefined) return reject('not there');
    const outside = outsideRefusal(real, this.#around);
    if (outside !== undefined) return reject(outside, true);
    if (!isFolder(real)) {
      if (hasSqliteHeader(real)) judged.databases.set(real, evidence);
      else if (kind !== 'mount') reject('a file, and no SQLite database');
      return;
    }
    const refused = refusal(real, this.#around);
    if (refused !== undefined) return reject(refused, true);
    if (this.#isToolMade(real)) return reject('tools make it, and can make it again');
    this.#judgeFolder(real, place, judged, reject);
  }

  #judgeFolder(
    real: string,
    place: NamedPlace,
    judged: Judged,
    reject: (reason: string) => void,
  ): void {
    const { kind, evidence, variable } = place;
    if (kind === 'mount' && this.#holdsState(real, place)) {
      // What a variable named says it better.
      const isNamed = judged.folders.some((folder) => isInside(real, folder.path));
      if (!isNamed) addNamed(judged, real, evidence, undefined, looksLikeData(basename(real)));
      return;
    }
    if (kind === 'mount' || kind === 'database') {
      if (!judged.hints.has(real)) judged.hints.set(real, evidence);
      return;
    }
    const names = namesIn(real).filter((name) => !name.startsWith('.git'));
    const server = serverOf(new Set(names));
    if (names.length === 0) return reject('empty');
    if (server !== undefined)
      return reject(`${server}'s own files: no copy of them is consistent while it runs`);
    addNamed(judged, real, evidence, variable, kind === 'data');
  }

  /** True for what a container writes and nobody keeps in git: files alone are data too. */
  #holdsState(path: string, { mount }: NamedPlace): boolean {
    if (mount === undefined || mount.isReadOnly || !isInside(path, this.#around.projectDir))
      return false;
    const names = namesIn(path).filter((name) => !name.startsWith('.git'));
    if (names.length === 0 || serverOf(new Set(names)) !== undefined) return false;
    this.#git ??= openGitIndex(this.#around.projectDir, this.#trusted);
    if (this.#git.keeps(path)) return false;
    const lasts = [basename(path), basename(mount.target)];
    if (lasts.some(looksLikeState)) return true;
    return this.#git.isThere && !lasts.some(looksLikeSettings) && !isMostlySource(path);
  }

  #isToolMade(path: string): boolean {
    if (!isInside(path, this.#around.projectDir)) return false;
    const names = shownPath(this.#around.projectDir, path).split('/');
    // A data directory may have any name of its own, such as `tmp`; what it lies in tells.
    return names.slice(0, -1).some(isNeverData) || names.at(-1) === 'node_modules';
  }

  #reject(path: string, reason: string, isFinal?: true): void {
    this.#rejected.push({ path, reason, ...(isFinal ? { isFinal } : {}) });
  }
}

/** Mounts are of all kinds; only those that look like data are worth a word, by either name. */
function isWorthAWord({ path, mount }: NamedPlace): boolean {
  if (looksLikeData(basename(path)) || isApplicationHome(basename(path))) return true;
  return mount?.isReadOnly === false && looksLikeState(basename(mount.target));
}

interface NamedFolder {
  readonly path: string;
  readonly evidence: string[];
  readonly variables: string[];
  /** True for a data directory, false for a folder of uploads or the like. */
  readonly whole: boolean;
}

interface Judged {
  readonly folders: NamedFolder[];
  readonly hints: Map<string, string>;
  /** Databases that a variable names, with the evidence. */
  readonly databases: Map<string, string>;
}

function addNamed(
  judged: Judged,
  path: string,
  evidence: string,
  variable: string | undefined,
  whole: boolean,
): void {
  const index = judged.folders.findIndex((folder) => folder.path === path);
  const known = judged.folders[index] ?? { path, evidence: [], variables: [], whole };
  if (!known.evidence.includes(evidence)) known.evidence.push(evidence);
  if (variable !== undefined) known.variables.push(variable);
  const merged = { ...known, whole: known.whole || whole };
  if (index < 0) judged.folders.push(merged);
  else judged.folders[index] = merged;
}

/** True where a folder was taken for a database that turned out to lie in a data directory below it. */
function decidedByInner(
  folder: { readonly path: string; readonly database: string | undefined },
  named: readonly { readonly path: string; readonly whole: boolean }[],
): boolean {
  const { database } = folder;
  return (
    database !== undefined &&
    named.some(
      (inner) =>
        inner.whole &&
        inner.path !== folder.path &&
        isInside(inner.path, folder.path) &&
        isInside(database, inner.path),
    )
  );
}

/** Drafts that lie in no other one; what named the inner ones is evidence of the outer. */
function outermost(drafts: readonly Draft[]): Draft[] {
  const kept: Draft[] = [];
  for (const draft of drafts.toSorted((a, b) => a.path.length - b.path.length)) {
    const outer = kept.findIndex((one) => captures(one, draft.path));
    const holder = kept[outer];
    if (holder === undefined) kept.push(draft);
    else
      kept[outer] = { ...holder, evidence: [...new Set([...holder.evidence, ...draft.evidence])] };
  }
  return kept;
}

function goneReason(root: string): string {
  return `${isFolder(root) ? 'empty' : 'gone'} since the newest snapshot: savepoint restore latest`;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
