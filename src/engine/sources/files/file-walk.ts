// Looks at the data directories once, with `lstat` alone. What has the signature that the index knows
// is not read; a folder in which nothing changed is not even listed in memory.
//
// The index keeps, per folder, one text with a line an entry in byte order: kind, signature, name. An
// entry whose signature cannot be trusted next time (too young, or on a file system without
// dependable times) is kept with a `!`, so that the text differs then and the entry is read again.

import { readlinkSync, type BigIntStats } from 'node:fs';
import type { Excluded, SkippedDocument } from '../../../core/documents/documents.ts';
import { nameFromBytes } from '../../../core/names.ts';
import type { CallOptions } from '../../options.ts';
import { diskPath } from '../../disk/disk-path.ts';
import { entryFacts } from '../../disk/entry-facts.ts';
import { hasTrustedTimes } from '../../disk/file-systems.ts';
import {
  walkWithStats,
  type FolderWalk,
  type Found,
  type FoundFolder,
  type FoundLeaf,
  type WalkRoot,
} from '../../disk/folder-walk.ts';
import type { LiveIndex } from '../../store/live-overlay.ts';
import type { ContentHash, DirectoryNode, FileNode, LinkNode } from '../../store/store.ts';
import { escapeName } from '../../store/tree-format.ts';
import { databaseSignature, hasSqliteHeader } from '../../sqlite/sqlite-file.ts';
import { databaseNames, withNames, type NamedDatabase } from './database-names.ts';
import { folderText, plainSignature } from './walk-signatures.ts';
import type {
  CaptureRoot,
  Walk,
  WalkedEntry,
  WalkedFile,
  WalkedFolder,
  WalkedLink,
} from './walked.ts';

/** A change younger than this may share its time stamp with one that follows. */
const clockGranularityNs = 20_000_000n;
/** Writes through a memory map move the time stamp when the page is written back, not when they happen. */
const mappedWriteNs = 60_000_000_000n;

/** @throws the signal's reason */
export async function walkRoots(
  roots: readonly CaptureRoot[],
  index: LiveIndex,
  nowMs: () => number,
  call: CallOptions,
): Promise<Walk> {
  const visitor = new CaptureVisitor(index, nowMs, call);
  const walked: (WalkedEntry | null)[] = [];
  index.hold();
  try {
    for (const root of roots) walked.push(await visitor.root(root));
  } finally {
    index.release();
  }
  return visitor.result(walked);
}

class CaptureVisitor {
  readonly #walk: FolderWalk<BigIntStats>;
  readonly #index: LiveIndex;
  readonly #nowMs: () => number;
  readonly #skipped: SkippedDocument[] = [];
  readonly #excluded: Excluded[] = [];
  readonly #links: Pick<WalkRoot, 'path' | 'absolutePath'>[] = [];
  readonly #databases: WalkedFile[] = [];
  readonly #hardlinks = new Map<string, string>();
  readonly #named: NamedDatabase[] = [];
  #files = 0;
  #bytes = 0;

  constructor(index: LiveIndex, nowMs: () => number, { signal }: CallOptions) {
    this.#index = index;
    this.#nowMs = nowMs;
    this.#walk = walkWithStats({
      signal,
      isDatabase: ({ path, absolutePath }) =>
        index.database(path) !== undefined || hasSqliteHeader(absolutePath),
      onUnreadable: (path, reason) => void this.#skipped.push({ path, reason }),
      held: index,
    });
  }

  async root(root: CaptureRoot): Promise<WalkedEntry | null> {
    const found = this.#walk.root(root);
    if (found === undefined) return null;
    const areTimesTrusted = hasTrustedTimes(root.absolutePath);
    if (found.kind === 'directory') return await this.#folder(found, areTimesTrusted);
    const known = this.#index.folder(root.path);
    const leaf = this.#leaf(found, { knownLines: linesOf(known), areTimesTrusted });
    const [filled] = leaf === null ? [] : this.#withContent([leaf], known);
    return filled ?? null;
  }

  result(roots: readonly (WalkedEntry | null)[]): Walk {
    const names = databaseNames(this.#named);
    const isOwn = ({ path }: WalkedFile): boolean =>
      !names.nameOf.has(path) && !names.skipped.some((one) => one.path === path);
    return {
      roots: this.#named.length === 0 ? roots : roots.map((root) => withNames(root, names)),
      files: this.#files,
      bytes: this.#bytes,
      skipped: [...this.#skipped, ...names.skipped],
      excluded: this.#excluded,
      links: this.#links,
      databases: this.#databases.filter(isOwn),
      namedElsewhere: names.elsewhere,
    };
  }

  async #folder(
    folder: FoundFolder<BigIntStats>,
    areTimesTrusted: boolean,
  ): Promise<WalkedFolder | null> {
    const { path } = folder;
    const entries = await this.#walk.below(folder);
    if (entries === undefined) return null;
    const known = this.#index.folder(path);
    const around = { knownLines: linesOf(known), areTimesTrusted };
    const children: WalkedEntry[] = [];
    for (const found of entries) {
      const child =
        found.kind === 'directory'
          ? await this.#folder(found, areTimesTrusted)
          : this.#leaf(found, around);
      if (child !== null) children.push(child);
    }
    const isKnown = children.every((child) => child.kind === 'symlink' || isSettled(child));
    const text = isKnown ? folderText(children) : undefined;
    const same = known !== undefined && text === known.signatures;
    const node: DirectoryNode = {
      kind: 'directory',
      name: folder.name,
      ...entryFacts(folder.seen),
      content: same ? known.tree : '',
    };
    const kept = same ? [] : this.#withContent(children, known);
    return { kind: 'directory', node, path, changed: !same, children: kept };
  }

  #leaf(
    found: Exclude<Found<BigIntStats>, { kind: 'directory' }>,
    around: Around,
  ): WalkedFile | WalkedLink | null {
    const { path } = found;
    switch (found.kind) {
      case 'left out': {
        const { reason, canInclude } = found;
        this.#excluded.push({ path, reason, bytes: null, canInclude });
        return null;
      }
      case 'special':
        this.#skipped.push({ path, reason: found.reason });
        return null;
      case 'symlink':
        return this.#link(found, around);
      case 'file':
        return this.#file(found, around);
    }
  }

  #link(found: FoundLeaf<BigIntStats>, around: Around): WalkedLink {
    const { name, path, absolutePath, seen } = found;
    const target = nameFromBytes(readlinkSync(diskPath(absolutePath), 'buffer'));
    const node: LinkNode = { kind: 'symlink', name, ...entryFacts(seen), target };
    const signature = plainSignature(seen);
    this.#links.push({ path, absolutePath });
    return { kind: 'symlink', node, path, signature, young: this.#isYoung(seen, around) };
  }

  #file(found: FoundLeaf<BigIntStats>, around: Around): WalkedFile {
    const { name, path, absolutePath, seen } = found;
    const { knownLines } = around;
    const knownDatabase = this.#index.database(path);
    const plain = plainSignature(seen);
    const escaped = escapeName(name);
    const isKnownFile = knownLines.has(`file ${plain} ${escaped}`);
    const isDatabase = this.#isDatabase(found, isKnownFile);
    const kind = isDatabase ? 'database' : 'file';
    const signature = isDatabase ? databaseSignature(absolutePath) : plain;
    const hasNames = isDatabase && seen.nlink > 1n;
    // A log beside another name is in no signature of this one.
    const known = isDatabase
      ? !hasNames &&
        knownDatabase?.signature === signature &&
        knownLines.has(`database ${signature} ${escaped}`)
      : isKnownFile;
    const size = Number(seen.size);
    const hardlink = isDatabase ? '' : this.#hardlinkOf(seen, path);
    const facts = { name, ...entryFacts(seen) };
    const node: FileNode = { kind, ...facts, size, content: '', chunked: false, hardlink };
    const group = !isDatabase && found.sidecars.length > 0;
    const file: WalkedFile = {
      kind,
      node,
      path,
      absolutePath,
      known,
      signature,
      young: !isDatabase && this.#isYoung(seen, around),
      identity: { size: seen.size, mtimeNs: seen.mtimeNs, ino: seen.ino },
      group,
    };
    if (hasNames) this.#keepName(file, found);
    this.#bytes += size;
    if (!isDatabase) this.#files += 1;
    if (isDatabase || group) this.#databases.push(file);
    return file;
  }

  #isDatabase(found: FoundLeaf<BigIntStats>, isKnownFile: boolean): boolean {
    const { path, absolutePath } = found;
    return (
      this.#index.database(path) !== undefined ||
      this.#index.isDatabase(path) ||
      (!isKnownFile && looksLikeDatabase(found) && hasSqliteHeader(absolutePath))
    );
  }

  #keepName(file: WalkedFile, { seen, sidecars }: FoundLeaf<BigIntStats>): void {
    this.#named.push({
      file,
      inode: inodeOf(seen),
      names: Number(seen.nlink),
      hasLog: sidecars.some((suffix) => suffix !== '-shm'),
      wasDatabase: this.#index.database(file.path) !== undefined,
    });
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

  #isYoung(stats: BigIntStats, { areTimesTrusted }: Around): boolean {
    const nowNs = BigInt(Math.floor(this.#nowMs())) * 1_000_000n;
    const newest = stats.ctimeNs > stats.mtimeNs ? stats.ctimeNs : stats.mtimeNs;
    return (
      !areTimesTrusted ||
      newest > nowNs - clockGranularityNs ||
      stats.mtimeNs > nowNs - mappedWriteNs
    );
  }

  /** The first path of an inode that has several names; empty for that first one. */
  #hardlinkOf(stats: BigIntStats, path: string): string {
    if (stats.nlink < 2n) return '';
    const inode = inodeOf(stats);
    const first = this.#hardlinks.get(inode);
    if (first === undefined) this.#hardlinks.set(inode, path);
    return first ?? '';
  }
}

function inodeOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}

/** What counts for the entries of one folder. */
interface Around {
  /** What the index knows of them. */
  readonly knownLines: ReadonlySet<string>;
  /** False on a file system whose times tell nothing. */
  readonly areTimesTrusted: boolean;
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

/** A SQLite file is whole pages of at least 512 bytes; whatever else has a log beside it is looked at too. */
function looksLikeDatabase({ seen, sidecars }: FoundLeaf<BigIntStats>): boolean {
  return sidecars.length > 0 || (seen.size >= 512n && seen.size % 512n === 0n);
}
