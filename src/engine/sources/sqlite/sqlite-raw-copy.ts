// Copies a live database without any SQLite connection, by the rule that makes such a copy sound:
// 1. look at the file, its -wal and its -journal, when the file was left alone for a moment;
// 2. copy the file, *then* the -wal, then the journal (the other way round gave wrong copies);
// 3. look again, and refuse the copy unless what was copied is what one moment held: with a
//    write-ahead log whose header stayed, its frames hold whatever was moved into the file meanwhile;
//    without one the file must not have changed, and a journal that is hot must not have either.
// What is accepted is what a killed application would have left: SQLite recovers it to the last commit.

import { lstatSync, statfsSync } from 'node:fs';
import { chmod, constants, copyFile, open, truncate, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { nameFromBytes } from '../../../core/names.ts';
import {
  isHotJournal,
  lookAtDatabase,
  newestChangeNs,
  signatureOfFiles,
  type DatabaseFiles,
  type FileState,
} from '../../sqlite/sqlite-file.ts';
import { diskPath } from '../../disk/disk-path.ts';
import type { GroupSuffix } from '../source.ts';

export interface CopiedFile {
  readonly suffix: GroupSuffix;
  readonly copyPath: string;
}

/** A raw copy that was accepted. */
export interface RawCopy {
  /** The first has suffix `''`; sidecars follow only where they count for recovery. */
  readonly files: readonly CopiedFile[];
  /** The database as it was looked at before the copy. */
  readonly before: DatabaseFiles;
  /** False where a later change could look the same: the signature proves nothing then. */
  readonly settled: boolean;
  /** The super-journal of a transaction over several databases that was under way; it decides. */
  readonly superJournal: SuperJournal | undefined;
}

export interface SuperJournal {
  /** Absolute, as the application wrote it. */
  readonly path: string;
  readonly existed: boolean;
}

export interface RawCopyOptions {
  /** Without suffix; must not exist. */
  readonly copyPath: string;
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** True for files that SQLite cannot open: all of them are copied as they are. */
  readonly verbatim?: boolean;
  /** True where our own child holds the database locked for writing: nothing needs to settle. */
  readonly locked?: boolean;
}

/**
 * Copies the database at `path` raw. Undefined where it changed too much meanwhile: nothing is kept.
 * Writes nothing beside the data. @throws what the file system throws where it cannot be read
 */
export async function copyDatabaseRaw(
  path: string,
  options: RawCopyOptions,
): Promise<RawCopy | undefined> {
  const look =
    options.locked === true ? lookAgain(path, options) : await lookWhenSettled(path, options);
  const { before } = look;
  if (!canBeAccepted(look, options)) return undefined;
  const files: CopiedFile[] = [];
  try {
    await copyOne(path, '', options.copyPath, files);
    options.signal.throwIfAborted();
    const verbatim = options.verbatim === true;
    await copySidecar(path, '-wal', options.copyPath, files);
    // An emptied or zeroed journal was left behind by a commit and counts for nothing.
    if (verbatim || isHotJournal(before.journal)) {
      await copySidecar(path, '-journal', options.copyPath, files);
    }
    const superJournal = verbatim ? undefined : await takeOutSuperJournal(files);
    const after = lookAtDatabase(path);
    const accepted =
      isSound(look, after, options.locked === true) &&
      (superJournal === undefined || superJournal.existed === exists(superJournal.path));
    if (accepted) return { files, before, settled: isSettled(before, look.atMs), superJournal };
  } catch (error) {
    await removeCopies(files);
    throw error;
  }
  await removeCopies(files);
  return undefined;
}

export async function removeCopies(files: readonly CopiedFile[]): Promise<void> {
  for (const { copyPath } of files) await unlink(copyPath).catch(ignoreMissing);
}

/** True where the database is still what was copied. */
export function isStillCurrent(path: string, copy: RawCopy): boolean {
  const { superJournal } = copy;
  return (
    copy.settled &&
    signatureOfFiles(lookAtDatabase(path)) === signatureOfFiles(copy.before) &&
    (superJournal === undefined || exists(superJournal.path) === superJournal.existed)
  );
}

/** Time stamps of ext4 and others move in steps of up to 10 ms; twice that is safe. */
const settleMs = 20;
const settleTries = 3;
const walHeaderBytes = 32;

/** Copies `source` to a new file that only we can read; a clone where the file system can. */
export async function copyPrivately(source: string, copyPath: string): Promise<void> {
  if (clonesFiles(dirname(copyPath))) await flush(source);
  await copyFile(diskPath(source), copyPath, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  await chmod(copyPath, 0o600);
}

interface Look {
  readonly before: DatabaseFiles;
  /** When it was taken: what is younger may change again without a new time stamp. */
  readonly atMs: number;
}

function lookAgain(path: string, options: RawCopyOptions): Look {
  const atMs = options.now();
  return { before: lookAtDatabase(path), atMs };
}

async function lookWhenSettled(path: string, options: RawCopyOptions): Promise<Look> {
  let look = lookAgain(path, options);
  for (let i = 0; i < settleTries && !isSettled(withoutLog(look.before), look.atMs); i += 1) {
    await delay(settleMs, undefined, { signal: options.signal });
    look = lookAgain(path, options);
  }
  return look;
}

/** Without a log, a file that was just written cannot be told from one that is still being written. */
function canBeAccepted({ before, atMs }: Look, { locked }: RawCopyOptions): boolean {
  // Missing or no file: copying it tells why.
  if (before.main === undefined) return true;
  return locked === true || hasLog(before) || isSettled(withoutLog(before), atMs);
}

/** A time stamp well in the future is another clock's: the next change would not repeat it. */
function isSettled(files: DatabaseFiles, atMs: number): boolean {
  const ageMs = atMs - Number(newestChangeNs(files) / 1_000_000n);
  return ageMs >= settleMs || ageMs < -1000;
}

/** A log that grows is no reason to wait: its header tells whether it is still the same. */
function withoutLog({ main, journal }: DatabaseFiles): DatabaseFiles {
  return { main, journal, wal: undefined };
}

function isSound({ before, atMs }: Look, after: DatabaseFiles, locked: boolean): boolean {
  const { main, journal } = before;
  if (main === undefined || after.main === undefined) return false;
  // Where there is a log its header alone decides. A time stamp cannot: a page that is being worked in
  // from the log moves it when the write begins, and under load that write may end much later.
  if ((hasLog(before) || hasLog(after)) && !hasSameLog(before, after)) return false;
  const isMainSame =
    isSame(main, after.main) &&
    main.stats.ctimeNs === after.main.stats.ctimeNs &&
    (locked || isSettled({ main, wal: undefined, journal: undefined }, atMs));
  if (isHotJournal(journal) || isHotJournal(after.journal)) {
    const isJournalSettled = locked || isSettled(withoutLog(before), atMs);
    return isMainSame && isJournalSettled && isSame(journal, after.journal);
  }
  return isMainSame || hasLog(before);
}

/** Less than a header is what SQLite takes for an empty log. */
function hasLog({ wal }: DatabaseFiles): boolean {
  return wal !== undefined && wal.head.length === walHeaderBytes;
}

function hasSameLog(before: DatabaseFiles, after: DatabaseFiles): boolean {
  return (
    hasLog(before) &&
    hasLog(after) &&
    before.wal?.head.equals(after.wal?.head ?? Buffer.alloc(0)) === true &&
    before.wal.stats.ino === after.wal?.stats.ino &&
    before.main?.stats.ino === after.main?.stats.ino
  );
}

function isSame(a: FileState | undefined, b: FileState | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return (
    a.stats.size === b.stats.size &&
    a.stats.mtimeNs === b.stats.mtimeNs &&
    a.stats.ino === b.stats.ino &&
    a.head.equals(b.head)
  );
}

async function copySidecar(
  path: string,
  suffix: GroupSuffix,
  copyPath: string,
  files: CopiedFile[],
): Promise<void> {
  try {
    await copyOne(path, suffix, copyPath, files);
  } catch (error) {
    // It went, or was never there: the look afterwards decides whether the copy is sound without it.
    ignoreMissing(error);
  }
}

async function copyOne(
  path: string,
  suffix: GroupSuffix,
  copyPath: string,
  files: CopiedFile[],
): Promise<void> {
  const target = `${copyPath}${suffix}`;
  const entry: CopiedFile = { suffix, copyPath: target };
  files.push(entry);
  try {
    await copyPrivately(`${path}${suffix}`, target);
  } catch (error) {
    files.pop();
    await unlink(target).catch(ignoreMissing);
    throw error;
  }
}

/**
 * A journal of a transaction over several databases names the super-journal that decides: as long
 * as that file exists the transaction is not committed. SQLite would look for it, and in the end
 * delete it, at the user's path, so the name is taken out of the copy and the decision made here.
 * The name stands at the journal's end: https://sqlite.org/src/file/src/pager.c `readSuperJournal`.
 */
async function takeOutSuperJournal(files: CopiedFile[]): Promise<SuperJournal | undefined> {
  const index = files.findIndex((file) => file.suffix === '-journal');
  const journal = files[index];
  if (journal === undefined) return undefined;
  const found = await readSuperJournal(journal.copyPath);
  if (found === undefined) return undefined;
  const existed = exists(found.path);
  if (existed) {
    await truncate(journal.copyPath, found.at);
  } else {
    files.splice(index, 1);
    await unlink(journal.copyPath);
  }
  return { path: found.path, existed };
}

async function readSuperJournal(
  journalPath: string,
): Promise<{ path: string; at: number } | undefined> {
  const file = await open(journalPath, 'r');
  try {
    const { size } = await file.stat();
    if (size < 16) return undefined;
    const tail = Buffer.alloc(16);
    await file.read(tail, 0, 16, size - 16);
    const length = tail.readUInt32BE(0);
    const isThere = tail.subarray(8).equals(journalMagic) && length > 0 && length <= size - 20;
    if (!isThere) return undefined;
    const name = Buffer.alloc(length);
    await file.read(name, 0, length, size - 16 - length);
    // SQLite sums it up as `char`, which has a sign on some machines and none on others.
    const sums = [
      new Uint8Array(name).reduce((sum, byte) => (sum + byte) >>> 0, 0),
      new Int8Array(name).reduce((sum, byte) => (sum + byte) >>> 0, 0),
    ];
    if (!sums.includes(tail.readUInt32BE(4))) return undefined;
    const end = name.indexOf(0);
    const path = nameFromBytes(end < 0 ? name : name.subarray(0, end));
    return { path, at: size - 16 - length - 4 };
  } finally {
    await file.close();
  }
}

const journalMagic = Buffer.from('d9d505f920a163d7', 'hex');

function exists(path: string): boolean {
  return lstatSync(diskPath(path), { throwIfNoEntry: false }) !== undefined;
}

/** Btrfs, XFS, bcachefs, ZFS: `statfs` magic numbers of what can clone on Linux. */
const cloningFileSystems = new Set([0x9123683e, 0x58465342, 0xca451a4e, 0x2fc12fc1]);

/** A clone of dirty pages is slow and may miss them, so the source is flushed where clones happen. */
function clonesFiles(folder: string): boolean {
  if (process.platform === 'darwin') return true;
  return process.platform === 'linux' && cloningFileSystems.has(statfsSync(folder).type);
}

async function flush(source: string): Promise<void> {
  const file = await open(diskPath(source), 'r');
  try {
    await file.datasync();
  } finally {
    await file.close();
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}
