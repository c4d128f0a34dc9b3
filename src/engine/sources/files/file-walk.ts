// Looks at the data directories once, with `lstat` alone. What has the signature that the index knows
// is not read; a folder in which nothing changed is not even listed in memory. Links are not
// followed, other file systems not entered, names are bytes.
//
// The index keeps, per folder, one text with a line an entry in byte order: kind, signature, name. An
// entry whose signature cannot be trusted next time (too young, or on a file system without
// dependable times) is kept with a `!`, so that the text differs then and the entry is read again.

import { lstatSync, readdirSync, readlinkSync, type BigIntStats } from 'node:fs';
import { setImmediate as yieldToEvents } from 'node:timers/promises';
import type { Excluded, SkippedDocument } from '../../../core/documents/documents.ts';
import { joinRel, nameFromBytes, nameToBytes } from '../../../core/names.ts';
import { isStagingName } from '../../../core/restore/staging-name.ts';
import type { CallOptions } from '../../options.ts';
import { errorCodeOf } from '../../disk/durable-file.ts';
import type { ContentHash, DirectoryNode, FileNode, LinkNode } from '../../store/store.ts';
import { escapeName } from '../../store/tree-format.ts';
import { databaseSignature, hasSqliteHeader } from '../../sqlite/sqlite-file.ts';
import { folderText, plainSignature } from './walk-signatures.ts';
import type {
  CaptureRoot,
  Walk,
  WalkedEntry,
  WalkedFile,
  WalkedFolder,
  WalkedLink,
} from './walked.ts';
import { problemWords } from '../../disk/disk-path.ts';
import { hasTrustedTimes } from '../../disk/file-systems.ts';
import type { LiveIndex } from '../../store/live-overlay.ts';

/** A change younger than this may share its time stamp with one that follows. */
const clockGranularityNs = 20_000_000n;
/** Writes through a memory map move the time stamp when the page is written back, not when they happen. */
const mappedWriteNs = 60_000_000_000n;
const sidecarSuffixes = ['-wal', '-shm', '-journal'];

/** @throws the signal's reason */
export async function walkRoots(
  roots: readonly CaptureRoot[],
  index: LiveIndex,
  nowMs: () => number,
  call: CallOptions,
): Promise<Walk> {
  const walker = new Walker(index, nowMs, call);
  const walked: (WalkedEntry | null)[] = [];
  index.hold();
  try {
    for (const root of roots) walked.push(await walker.root(root));
  } finally {
    index.release();
  }
  return walker.result(walked);
}

class Walker {
  readonly #index: LiveIndex;
  readonly #nowMs: () => number;
  readonly #call: CallOptions;
  readonly #skipped: SkippedDocument[] = [];
  readonly #excluded: Excluded[] = [];
  readonly #databases: WalkedFile[] = [];
  readonly #hardlinks = new Map<string, string>();
  #files = 0;
  #bytes = 0;
  #lastYieldMs = performance.now();

  constructor(index: LiveIndex, nowMs: () => number, call: CallOptions) {
    this.#index = index;
    this.#nowMs = nowMs;
    this.#call = call;
  }

  async root(root: CaptureRoot): Promise<WalkedEntry | null> {
    const rawPath = toRaw(root.absolutePath);
    const stats = this.#lstat(rawPath, root.path);
    if (stats === undefined) return null;
    const name = root.path.split('/').at(-1) ?? root.path;
    const context: RootContext = {
      root,
      dev: stats.dev,
      trusted: hasTrustedTimes(root.absolutePath),
    };
    if (stats.isDirectory()) return await this.#folder(rawPath, root.path, name, stats, context);
    const known = this.#index.folder(root.path);
    const hasSidecar = sidecarSuffixes.some((suffix) => exists(`${rawPath}${suffix}`));
    const leaf = this.#leaf(rawPath, root.path, name, stats, context, linesOf(known), hasSidecar);
    const [filled] = leaf === null ? [] : this.#withContent([leaf], known);
    return filled ?? null;
  }

  result(roots: readonly (WalkedEntry | null)[]): Walk {
    return {
      roots,
      files: this.#files,
      bytes: this.#bytes,
      skipped: this.#skipped,
      excluded: this.#excluded,
      databases: this.#databases,
    };
  }

  async #folder(
    rawPath: string,
    path: string,
    name: string,
    stats: BigIntStats,
    context: RootContext,
  ): Promise<WalkedFolder | null> {
    await this.#breathe();
    const names = this.#readdir(rawPath, path);
    if (names === undefined) return null;
    const known = this.#index.folder(path);
    const knownLines = linesOf(known);
    const sidecars = sidecarsIn(names);
    const children: WalkedEntry[] = [];
    for (const rawName of names) {
      const child = await this.#entry(rawPath, path, rawName, context, knownLines, sidecars);
      if (child !== null) children.push(child);
    }
    const isKnown = children.every((child) => child.kind === 'symlink' || isSettled(child));
    const text = isKnown ? folderText(children) : undefined;
    const same = known !== undefined && text === known.signatures;
    const node: DirectoryNode = {
      kind: 'directory',
      ...factsOf(name, stats),
      content: same ? known.tree : '',
    };
    const kept = same ? [] : this.#withContent(children, known);
    return { kind: 'directory', node, path, changed: !same, children: kept };
  }

  async #entry(
    rawFolder: string,
    folder: string,
    rawName: string,
    context: RootContext,
    knownLines: ReadonlySet<string>,
    sidecars: ReadonlySet<string>,
  ): Promise<WalkedEntry | null> {
    const rawPath = `${rawFolder}/${rawName}`;
    const name = fromRaw(rawName);
    // A restore that runs or was killed: nothing in it is data.
    if (isStagingName(name)) return null;
    const path = joinRel(folder, name);
    const stats = this.#lstat(rawPath, path);
    if (stats === undefined) return null;
    const reason = context.root.exclusion(path, stats.isDirectory());
    if (reason !== undefined) {
      this.#excluded.push({ path, reason, bytes: null, canInclude: true });
      return null;
    }
    if (stats.isDirectory()) {
      if (stats.dev === context.dev) return await this.#folder(rawPath, path, name, stats, context);
      this.#excluded.push({ path, reason: 'another file system', bytes: null, canInclude: false });
      return null;
    }
    if (this.#isSidecar(rawFolder, folder, rawName, sidecars)) return null;
    const hasSidecar = sidecars.has(rawName);
    return this.#leaf(rawPath, path, name, stats, context, knownLines, hasSidecar);
  }

  /** True for the `-wal`, `-shm` or `-journal` of a database: part of that database, never a file of its own. */
  #isSidecar(
    rawFolder: string,
    folder: string,
    rawName: string,
    sidecars: ReadonlySet<string>,
  ): boolean {
    const suffix = sidecarSuffixes.find((end) => rawName.endsWith(end));
    const base = suffix === undefined ? undefined : rawName.slice(0, -suffix.length);
    if (base === undefined || !sidecars.has(base)) return false;
    if (suffix === '-shm') return true;
    const known = this.#index.database(joinRel(folder, fromRaw(base)));
    return known !== undefined || hasSqliteHeader(fromRaw(`${rawFolder}/${base}`));
  }

  #leaf(
    rawPath: string,
    path: string,
    name: string,
    stats: BigIntStats,
    context: RootContext,
    knownLines: ReadonlySet<string>,
    hasSidecar: boolean,
  ): WalkedFile | WalkedLink | null {
    const facts = factsOf(name, stats);
    if (stats.isSymbolicLink()) {
      const target = fromRaw(readlinkSync(rawArgument(rawPath), 'latin1'));
      const node: LinkNode = { kind: 'symlink', ...facts, target };
      return {
        kind: 'symlink',
        node,
        path,
        signature: plainSignature(stats),
        young: this.#isYoung(stats, context),
      };
    }
    if (!stats.isFile()) {
      this.#skipped.push({ path, reason: specialKind(stats) });
      return null;
    }
    this.#bytes += Number(stats.size);
    return this.#file(rawPath, path, stats, facts, context, knownLines, hasSidecar);
  }

  #file(
    rawPath: string,
    path: string,
    stats: BigIntStats,
    facts: ReturnType<typeof factsOf>,
    context: RootContext,
    knownLines: ReadonlySet<string>,
    hasSidecar: boolean,
  ): WalkedFile {
    const absolutePath = fromRaw(rawPath);
    const knownDatabase = this.#index.database(path);
    const plain = plainSignature(stats);
    const escaped = escapeName(facts.name);
    const isKnownFile = knownLines.has(`file ${plain} ${escaped}`);
    const isDatabase =
      knownDatabase !== undefined ||
      this.#index.isDatabase(path) ||
      (!isKnownFile && looksLikeDatabase(stats, hasSidecar) && hasSqliteHeader(absolutePath));
    const kind = isDatabase ? 'database' : 'file';
    const signature = isDatabase ? databaseSignature(absolutePath) : plain;
    const known = isDatabase
      ? knownDatabase?.signature === signature && knownLines.has(`database ${signature} ${escaped}`)
      : isKnownFile;
    const size = Number(stats.size);
    const hardlink = this.#hardlinkOf(stats, path);
    const node: FileNode = { kind, ...facts, size, content: '', chunked: false, hardlink };
    const young = !isDatabase && this.#isYoung(stats, context);
    const group = !isDatabase && hasSidecar;
    const file: WalkedFile = {
      kind,
      node,
      path,
      absolutePath,
      known,
      signature,
      young,
      identity: { size: stats.size, mtimeNs: stats.mtimeNs, ino: stats.ino },
      group,
    };
    if (!isDatabase) this.#files += 1;
    if (isDatabase || group) this.#databases.push(file);
    return file;
  }

  /** In a folder that changed: the entries that did not get their content from the tree they were in. */
  #withContent(children: readonly WalkedEntry[], known: KnownFolder | undefined): WalkedEntry[] {
    const entries = new Map(
      known === undefined
        ? []
        : this.#index.readTree(known.tree).map((entry) => [entry.name, entry] as const),
    );
    return children.map((child) => {
      if (child.kind === 'directory' || child.kind === 'symlink' || !child.known) return child;
      const entry = entries.get(child.node.name);
      if (entry?.kind !== child.kind || !this.#isIndexed(child, entry)) return this.#forget(child);
      const { content, chunked, size } = entry;
      return { ...child, node: { ...child.node, content, chunked, size } };
    });
  }

  #forget(child: WalkedFile): WalkedFile {
    const unknown = { ...child, known: false };
    const at = this.#databases.indexOf(child);
    if (at >= 0) this.#databases[at] = unknown;
    return unknown;
  }

  /** The index of databases and that of folders must mean the same content. */
  #isIndexed(child: WalkedFile, entry: FileNode): boolean {
    return child.kind === 'file' || this.#index.database(child.path)?.content === entry.content;
  }

  #isYoung(stats: BigIntStats, context: RootContext): boolean {
    const nowNs = BigInt(Math.floor(this.#nowMs())) * 1_000_000n;
    const newest = stats.ctimeNs > stats.mtimeNs ? stats.ctimeNs : stats.mtimeNs;
    return (
      !context.trusted ||
      newest > nowNs - clockGranularityNs ||
      stats.mtimeNs > nowNs - mappedWriteNs
    );
  }

  /** The first path of an inode that has several names; empty for that first one. */
  #hardlinkOf(stats: BigIntStats, path: string): string {
    if (stats.nlink < 2n) return '';
    const inode = `${stats.dev}:${stats.ino}`;
    const first = this.#hardlinks.get(inode);
    if (first === undefined) this.#hardlinks.set(inode, path);
    return first ?? '';
  }

  #lstat(rawPath: string, path: string): BigIntStats | undefined {
    try {
      return lstatSync(rawArgument(rawPath), { bigint: true, throwIfNoEntry: false });
    } catch (error) {
      this.#skipped.push({ path, reason: problemWords(errorCodeOf(error)) });
      return undefined;
    }
  }

  /** Names as Latin-1 strings of their bytes, in byte order. */
  #readdir(rawPath: string, path: string): string[] | undefined {
    try {
      const names = readdirSync(rawArgument(rawPath), 'latin1');
      return names.toSorted(byCodeUnit);
    } catch (error) {
      if (errorCodeOf(error) !== 'ENOENT')
        this.#skipped.push({ path, reason: problemWords(errorCodeOf(error)) });
      return undefined;
    }
  }

  /** Lets cancellation and messages through now and then. */
  async #breathe(): Promise<void> {
    this.#call.signal.throwIfAborted();
    if (performance.now() - this.#lastYieldMs < 50) return;
    this.#index.release();
    await yieldToEvents();
    this.#index.hold();
    this.#lastYieldMs = performance.now();
  }
}

interface RootContext {
  readonly root: CaptureRoot;
  readonly dev: bigint;
  readonly trusted: boolean;
}

interface KnownFolder {
  readonly signatures: string;
  readonly tree: ContentHash;
}

function linesOf(known: KnownFolder | undefined): ReadonlySet<string> {
  return new Set(known?.signatures.split('\n'));
}

function isSettled(entry: WalkedFolder | WalkedFile): boolean {
  return entry.kind === 'directory' ? !entry.changed : entry.known;
}

function factsOf(name: string, stats: BigIntStats) {
  return {
    name,
    mode: Number(stats.mode) & 0o7777,
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    mtimeNs: stats.mtimeNs,
  };
}

/** A SQLite file is whole pages of at least 512 bytes; whatever else has a log beside it is looked at too. */
function looksLikeDatabase(stats: BigIntStats, hasSidecar: boolean): boolean {
  return hasSidecar || (stats.size >= 512n && stats.size % 512n === 0n);
}

/** Names in a folder that have a `-wal`, `-shm` or `-journal` beside them. */
function sidecarsIn(names: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  let all: Set<string> | undefined;
  for (const name of names) {
    const suffix = sidecarSuffixes.find((end) => name.endsWith(end));
    if (suffix === undefined || name.length === suffix.length) continue;
    all ??= new Set(names);
    const base = name.slice(0, -suffix.length);
    if (all.has(base)) found.add(base);
  }
  return found;
}

function exists(rawPath: string): boolean {
  return lstatSync(rawArgument(rawPath), { throwIfNoEntry: false }) !== undefined;
}

function specialKind(stats: BigIntStats): string {
  if (stats.isFIFO()) return 'named pipe';
  if (stats.isSocket()) return 'socket';
  return 'device';
}

/** Names travel through the walk as one character a byte: sorting is byte order, and ASCII needs no conversion. */
function toRaw(path: string): string {
  return Buffer.from(nameToBytes(path)).toString('latin1');
}

function rawArgument(rawPath: string): string | Buffer {
  return isAscii(rawPath) ? rawPath : Buffer.from(rawPath, 'latin1');
}

function fromRaw(raw: string): string {
  return isAscii(raw) ? raw : nameFromBytes(Buffer.from(raw, 'latin1'));
}

function isAscii(text: string): boolean {
  // eslint-disable-next-line no-control-regex -- the whole of ASCII is meant
  return /^[\u0000-\u007f]*$/.test(text);
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
