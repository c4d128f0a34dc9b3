// The one walk over live data, for whoever looks at it: a capture, a check, the counts of a detection,
// a look into a folder. It decides what is there. Names are bytes and come in their order, links are
// not followed, other file systems not entered; what a restore left behind is nothing, and what holds
// a part of a database is no file of its own. What becomes of an entry is the visitor's affair, and
// whether a folder is entered.

import { lstatSync, readdirSync, type BigIntStats, type Dirent } from 'node:fs';
import { setImmediate as yieldToEvents } from 'node:timers/promises';
import {
  joinRel,
  nameFromBytes,
  nameToBytes,
  ownerOfSidecar,
  sidecarSuffixes,
  type DiskPath,
  type ProjectPath,
} from '../../core/names.ts';
import { isStagingName } from '../../core/restore/staging-name.ts';
import { diskPath, problemWords } from './disk-path.ts';
import { errorCodeOf } from './durable-file.ts';

/** One folder or file that is walked. */
export interface WalkRoot {
  readonly path: ProjectPath;
  readonly absolutePath: DiskPath;
  /** Why `path` (below the root, as the user knows it) is left out; undefined where it is walked. */
  readonly exclusion: (path: string, isDirectory: boolean) => string | undefined;
}

/** What a visitor asks of a walk, and what it has to tell it. */
export interface WalkOptions {
  readonly signal: AbortSignal;
  /** True for what is a database: its sidecars belong to it. Asked of a file after it was visited. */
  readonly isDatabase: (file: Pick<WalkRoot, 'path' | 'absolutePath'>) => boolean;
  /** Told of what cannot be looked at, with the reason in words. */
  readonly onUnreadable?: (path: string, reason: string) => void;
  /** Held while the walk works, released while it lets others through. */
  readonly held?: { hold(): void; release(): void };
}

/** What can be told of an entry's kind. */
export type Kinds = Pick<
  BigIntStats,
  'isFile' | 'isDirectory' | 'isSymbolicLink' | 'isFIFO' | 'isSocket'
>;

/** Where something was found, and what was seen of it. */
interface Place<Seen> extends Pick<WalkRoot, 'path' | 'absolutePath'> {
  readonly name: string;
  readonly root: WalkRoot;
  readonly seen: Seen;
}

export interface FoundLeaf<Seen> extends Place<Seen> {
  readonly kind: 'file' | 'symlink';
  /** Those of `-wal`, `-shm` and `-journal` that are beside it. */
  readonly sidecars: readonly string[];
}

export interface FoundFolder<Seen> extends Place<Seen> {
  readonly kind: 'directory';
  readonly device: bigint;
}

/** Something that has no content to be captured. */
export interface FoundSpecial<Seen> extends Place<Seen> {
  readonly kind: 'special';
  /** `named pipe`, `socket` or `device`. */
  readonly reason: string;
}

export interface FoundLeftOut<Seen> extends Place<Seen> {
  readonly kind: 'left out';
  readonly reason: string;
  /** False where no setting could include it. */
  readonly canInclude: boolean;
}

export type FoundRoot<Seen> = FoundLeaf<Seen> | FoundFolder<Seen> | FoundSpecial<Seen>;
export type Found<Seen> = FoundRoot<Seen> | FoundLeftOut<Seen>;

export interface FolderWalk<Seen> {
  /** What the root itself is, whatever it excludes; undefined where there is nothing, or nothing to be seen. */
  root(root: WalkRoot): FoundRoot<Seen> | undefined;
  /**
   * What is in a folder, one after the other in byte order of their names, so that a database comes
   * before its sidecars would; undefined where it is gone or cannot be read.
   * @throws the signal's reason
   */
  below(folder: FoundFolder<Seen>): Promise<Iterable<Found<Seen>> | undefined>;
}

/** A walk that looks at each entry with one `lstat`. */
export function walkWithStats(options: WalkOptions): FolderWalk<BigIntStats> {
  return new Walker(
    {
      at: lstat,
      within: (folder) => ({ names: namesIn(folder), at: (_, path) => lstat(path) }),
      deviceOf: ({ dev }) => dev,
    },
    options,
  );
}

/** A walk that looks at folders alone: each tells of which kind its entries are, many times faster. */
export function walkKinds(options: WalkOptions): FolderWalk<Kinds> {
  return new Walker<Kinds>(
    {
      at: lstat,
      within(folder) {
        const kinds = kindsIn(folder);
        return { names: inByteOrder([...kinds.keys()]), at: (name) => kinds.get(name) };
      },
      deviceOf: (_, path) => lstatSync(diskPath(path), { bigint: true }).dev,
    },
    options,
  );
}

/** How a walk looks. Each of these throws what the system says. */
interface Looker<Seen> {
  at(absolutePath: string): Seen | undefined;
  within(folder: string): Listing<Seen>;
  deviceOf(folder: Seen, absolutePath: string): bigint;
}

interface Listing<Seen> {
  readonly names: readonly string[];
  at(name: string, absolutePath: string): Seen | undefined;
}

class Walker<Seen extends Kinds> implements FolderWalk<Seen> {
  readonly #looker: Looker<Seen>;
  readonly #options: WalkOptions;
  #lastPauseMs = performance.now();

  constructor(looker: Looker<Seen>, options: WalkOptions) {
    this.#looker = looker;
    this.#options = options;
  }

  root(root: WalkRoot): FoundRoot<Seen> | undefined {
    const { path, absolutePath } = root;
    const name = path.slice(path.lastIndexOf('/') + 1);
    return this.#look(path, () => {
      const seen = this.#looker.at(absolutePath);
      if (seen === undefined) return undefined;
      const place = { name, path, absolutePath, root, seen };
      return seen.isDirectory() ? this.#folder(place) : leafOf(place, sidecarsBeside(absolutePath));
    });
  }

  async below(folder: FoundFolder<Seen>): Promise<Iterable<Found<Seen>> | undefined> {
    await this.#pause();
    const listing = this.#look(folder.path, () => this.#looker.within(folder.absolutePath));
    return listing === undefined ? undefined : this.#entries(folder, listing);
  }

  *#entries(folder: FoundFolder<Seen>, listing: Listing<Seen>): Iterable<Found<Seen>> {
    const { root } = folder;
    const sidecars = sidecarsAmong(listing.names);
    for (const name of listing.names) {
      if (isStagingName(name)) continue;
      const path = joinRel(folder.path, name);
      const absolutePath = joinRel(folder.absolutePath, name);
      const seen = this.#look(path, () => listing.at(name, absolutePath));
      if (seen === undefined) continue;
      const place = { name, path, absolutePath, root, seen };
      const isDirectory = seen.isDirectory();
      const reason = root.exclusion(path, isDirectory);
      if (reason !== undefined) yield { kind: 'left out', ...place, reason, canInclude: true };
      else if (isDirectory) {
        const child = this.#look(path, () => this.#folder(place));
        if (child !== undefined) yield child.device === folder.device ? child : elsewhere(place);
      } else if (!this.#isSidecar(folder, name, sidecars)) {
        yield leafOf(place, sidecars.get(name) ?? none);
      }
    }
  }

  /** True for a part of the database beside it. */
  #isSidecar(folder: Place<Seen>, name: string, sidecars: Sidecars): boolean {
    if (sidecars.size === 0) return false;
    const owner = ownerOfSidecar(name);
    const beside = owner === undefined ? undefined : sidecars.get(owner);
    if (owner === undefined || beside === undefined) return false;
    // Memory of those who have a database open, of an encrypted one too: worth nothing to others.
    if (name.endsWith('-shm') && beside.includes('-wal')) return true;
    return this.#options.isDatabase({
      path: joinRel(folder.path, owner),
      absolutePath: joinRel(folder.absolutePath, owner),
    });
  }

  #folder(place: Place<Seen>): FoundFolder<Seen> {
    const device = this.#looker.deviceOf(place.seen, place.absolutePath);
    return { kind: 'directory', ...place, device };
  }

  /** What `look` answers. What vanished is not there; of any other failure the visitor is told. */
  #look<T>(path: string, look: () => T): T | undefined {
    try {
      return look();
    } catch (error) {
      const code = errorCodeOf(error);
      if (code !== 'ENOENT') this.#options.onUnreadable?.(path, problemWords(code));
      return undefined;
    }
  }

  /** Lets cancellation and messages through now and then. */
  async #pause(): Promise<void> {
    const { signal, held } = this.#options;
    signal.throwIfAborted();
    if (performance.now() - this.#lastPauseMs < 50) return;
    held?.release();
    await yieldToEvents();
    held?.hold();
    this.#lastPauseMs = performance.now();
  }
}

function leafOf<Seen extends Kinds>(
  place: Place<Seen>,
  sidecars: readonly string[],
): FoundLeaf<Seen> | FoundSpecial<Seen> {
  const { seen } = place;
  if (seen.isFile()) return { kind: 'file', ...place, sidecars };
  if (seen.isSymbolicLink()) return { kind: 'symlink', ...place, sidecars };
  const reason = seen.isFIFO() ? 'named pipe' : seen.isSocket() ? 'socket' : 'device';
  return { kind: 'special', ...place, reason };
}

function elsewhere<Seen>(place: Place<Seen>): FoundLeftOut<Seen> {
  return { kind: 'left out', ...place, reason: 'another file system', canInclude: false };
}

/** By the name of what has them beside it. */
type Sidecars = ReadonlyMap<string, readonly string[]>;

const none: readonly string[] = [];

function sidecarsAmong(names: readonly string[]): Sidecars {
  const found = new Map<string, string[]>();
  let all: ReadonlySet<string> | undefined;
  for (const name of names) {
    const owner = ownerOfSidecar(name);
    if (owner === undefined) continue;
    all ??= new Set(names);
    if (!all.has(owner)) continue;
    const suffixes = found.get(owner) ?? [];
    found.set(owner, suffixes);
    suffixes.push(name.slice(owner.length));
  }
  return found;
}

function sidecarsBeside(absolutePath: string): readonly string[] {
  return sidecarSuffixes.filter((suffix) => lstat(`${absolutePath}${suffix}`) !== undefined);
}

function lstat(absolutePath: string): BigIntStats | undefined {
  return lstatSync(diskPath(absolutePath), { bigint: true, throwIfNoEntry: false });
}

function namesIn(folder: string): readonly string[] {
  const path = diskPath(folder);
  const names = readdirSync(path);
  return inByteOrder(
    names.some(isDoubtful) ? readdirSync(path, 'buffer').map(nameFromBytes) : names,
  );
}

function kindsIn(folder: string): ReadonlyMap<string, Dirent<string | Buffer>> {
  const path = diskPath(folder);
  const entries = readdirSync(path, { withFileTypes: true });
  if (!entries.some(({ name }) => isDoubtful(name))) {
    return new Map(entries.map((entry) => [entry.name, entry]));
  }
  const byBytes = readdirSync(path, { withFileTypes: true, encoding: 'buffer' });
  return new Map(byBytes.map((entry) => [nameFromBytes(entry.name), entry]));
}

/** U+FFFD stands for bytes that are not UTF-8, in hardly any folder: only there bytes are asked for. */
function isDoubtful(name: string): boolean {
  return name.includes('\uFFFD');
}

/** Code units are in the order of the bytes but for surrogates: those of larger characters, and of other bytes. */
function inByteOrder(names: readonly string[]): readonly string[] {
  if (!names.some((name) => /[\uD800-\uDFFF]/.test(name))) return names.toSorted();
  return names
    .map((name) => ({ name, bytes: nameToBytes(name) }))
    .toSorted((a, b) => Buffer.compare(a.bytes, b.bytes))
    .map(({ name }) => name);
}
