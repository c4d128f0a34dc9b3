// Restores a database by writing only the pages that differ, in the child process. The exclusive lock
// is SQLite's, and so is the way back: before the first page is written, the old ones lie in a
// rollback journal as SQLite itself would have left it, so that whoever opens the database after a
// kill rolls it back. https://sqlite.org/fileformat2.html#the_rollback_journal
//
// 1. lock exclusively: with a write-ahead log only where nobody else has the database open;
// 2. leave the log; compare with the image; old pages into the journal; fsync it and the folder;
// 3. write the new pages, fsync the file; deleting the journal commits; let go of the lock.
//
// A descriptor of the file must not be closed before the lock is let go: it would go with it.

import { randomInt } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { openDatabase, sqliteCode, type Database } from '../sqlite-driver.ts';
import { diskPath, lookAtDatabase, parseSqliteHeader } from './sqlite-file.ts';

export interface PatchRequest {
  readonly imagePath: string;
  readonly target: string;
  readonly nativeBinding: string | undefined;
}

/**
 * Makes the target what the image is. Undefined where it cannot be done like this: somebody else has
 * the log open, or the sizes do not fit; nothing was changed then, and `confirm` not called.
 * `confirm` is called under the lock before anything is written; false ends it with nothing changed.
 * @throws what SQLite throws where the target is locked, what the disk throws; nothing is changed then
 */
export function patchInto(
  request: PatchRequest,
  confirm: (pages: number) => boolean,
  onProgress: (pages: number) => void,
): 'done' | 'refused' | undefined {
  const hadLog = isInLogMode(request.target);
  try {
    return patch(request, hadLog, confirm, onProgress);
  } catch (error) {
    if (sqliteCode(error) === 'SQLITE_BUSY') throw error;
    bringBack(request, hadLog);
    throw error;
  }
}

function patch(
  { imagePath, target, nativeBinding }: PatchRequest,
  hadLog: boolean,
  confirm: (pages: number) => boolean,
  onProgress: (pages: number) => void,
): 'done' | 'refused' | undefined {
  const db = openDatabase(target, { nativeBinding });
  const open: number[] = [];
  try {
    if (!lockAlone(db, hadLog)) return undefined;
    const live = openSync(diskPath(target), 'r+');
    open.push(live);
    const image = openSync(imagePath, 'r');
    open.push(image);
    if (measure(live, image) === undefined) return undefined;
    if (!confirm(fstatSync(image).size)) return 'refused';
    if (hadLog) leaveLog(db);
    const files = measure(live, image);
    if (files === undefined) throw new Error(`"${target}" is not whole pages`);
    writePages(files, `${target}-journal`, onProgress);
    return 'done';
  } finally {
    db.close();
    for (const fd of open) closeSync(fd);
  }
}

function isInLogMode(target: string): boolean {
  const { main, wal } = lookAtDatabase(target);
  const header = main === undefined ? undefined : parseSqliteHeader(main.head);
  return header?.writeVersion === 2 || (wal?.stats.size ?? 0n) > 0n;
}

/**
 * Locks everybody else out; false where somebody else has the log open. In exclusive mode the log
 * is opened without the index that is shared, which works only alone, and every lock is kept.
 */
function lockAlone(db: Database, hasLog: boolean): boolean {
  db.pragma('locking_mode = EXCLUSIVE');
  try {
    if (hasLog) return db.pragma('journal_mode') === 'wal';
  } catch (error) {
    if (sqliteCode(error) === 'SQLITE_BUSY') return false;
    throw error;
  }
  closeJournal(db);
  db.exec('BEGIN EXCLUSIVE');
  return true;
}

function leaveLog(db: Database): void {
  if (db.pragma('journal_mode = DELETE') !== 'delete') throw new Error('its log cannot be left');
  closeJournal(db);
  db.exec('BEGIN EXCLUSIVE');
}

/** In exclusive mode a journal that was used stays open, and when it is closed ours would be deleted. */
function closeJournal(db: Database): void {
  if (db.pragma('journal_mode = MEMORY') !== 'memory')
    throw new Error('its journal cannot be closed');
}

/** Reading rolls back what was begun, by the very journal that a kill would have left. */
function bringBack({ target, nativeBinding }: PatchRequest, hadLog: boolean): void {
  const db = openDatabase(target, { timeoutMs: rollbackTimeoutMs, nativeBinding });
  try {
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    if (hadLog) db.pragma('journal_mode = WAL');
  } finally {
    db.close();
  }
}

const rollbackTimeoutMs = 1000;

interface Files {
  readonly live: number;
  readonly image: number;
  readonly pageSize: number;
  readonly livePages: number;
  readonly imagePages: number;
}

function measure(live: number, image: number): Files | undefined {
  const [old, wanted] = [live, image].map((fd) => parseSqliteHeader(readPage(fd, 1, 100)));
  if (old === undefined || wanted === undefined || old.pageSize !== wanted.pageSize)
    return undefined;
  const { pageSize } = old;
  const livePages = fstatSync(live).size / pageSize;
  const imagePages = fstatSync(image).size / pageSize;
  if (!Number.isInteger(livePages) || !Number.isInteger(imagePages)) return undefined;
  return { live, image, pageSize, livePages, imagePages };
}

function writePages(files: Files, journal: string, onProgress: (pages: number) => void): void {
  const first = newFirstPage(files);
  const changed = changedPages(files);
  if (changed.length === 0 && first.isSame) return;
  writeJournal(files, journal, [1, ...changed]);
  writeAt(files.live, first.page, 0);
  let done = 0;
  for (const run of runsOf(changed.filter((page) => page <= files.imagePages))) {
    copyRun(files, run);
    done += run.length;
    onProgress(done);
  }
  if (files.imagePages < files.livePages)
    ftruncateSync(files.live, files.imagePages * files.pageSize);
  fsyncSync(files.live);
  rmSync(diskPath(journal));
  syncFolder(journal);
}

/** Numbers of the pages behind the first that differ, in order, with those that come or go at the end. */
function changedPages(files: Files): number[] {
  const { pageSize, livePages, imagePages } = files;
  const changed: number[] = [];
  const pagesPerBlock = Math.max(1, Math.floor(blockBytes / pageSize));
  const [ours, theirs] = [
    Buffer.alloc(pagesPerBlock * pageSize),
    Buffer.alloc(pagesPerBlock * pageSize),
  ];
  const lockPage = lockPageOf(pageSize);
  for (let first = 1; first <= Math.max(livePages, imagePages); first += pagesPerBlock) {
    const old = readAt(files.live, ours, (first - 1) * pageSize);
    const wanted = readAt(files.image, theirs, (first - 1) * pageSize);
    if (old.equals(wanted)) continue;
    const pages = Math.max(old.length, wanted.length) / pageSize;
    for (let i = 0; i < pages; i += 1) {
      const range = [i * pageSize, (i + 1) * pageSize] as const;
      const isSame = old.subarray(...range).equals(wanted.subarray(...range));
      if (!isSame && first + i !== 1 && first + i !== lockPage) changed.push(first + i);
    }
  }
  return changed;
}

/** The page that holds the bytes which SQLite locks: never read, written or journaled. */
function lockPageOf(pageSize: number): number {
  return Math.floor(0x40000000 / pageSize) + 1;
}

/**
 * The first page of the image with the counters by which other connections see that what they have
 * cached, rows and schema, is not true any more.
 */
function newFirstPage({ live, image, pageSize }: Files): {
  readonly page: Buffer;
  /** True where only counters differ. */
  readonly isSame: boolean;
} {
  const old = readPage(live, 1, pageSize);
  const page = readPage(image, 1, pageSize);
  old.copy(page, versionsAt, versionsAt, versionsAt + 2);
  for (const at of [changeCounterAt, schemaCookieAt]) {
    page.writeUInt32BE((old.readUInt32BE(at) + 1) >>> 0, at);
  }
  page.writeUInt32BE(page.readUInt32BE(changeCounterAt), validForAt);
  const masked = [Buffer.from(old), Buffer.from(page)].map((buffer) => {
    for (const at of [changeCounterAt, schemaCookieAt, validForAt, writtenByAt])
      buffer.fill(0, at, at + 4);
    return buffer;
  });
  return { page, isSame: masked[0]?.equals(masked[1] ?? Buffer.alloc(0)) === true };
}

const versionsAt = 18;
const changeCounterAt = 24;
const schemaCookieAt = 40;
const validForAt = 92;
const writtenByAt = 96;

/** What is in it while it is written does no harm: nothing of the file has changed yet. */
function writeJournal(files: Files, path: string, changed: readonly number[]): void {
  const { live, pageSize, livePages } = files;
  const kept = changed.filter((page) => page <= livePages);
  const nonce = randomInt(0x1_0000_0000);
  // A journal that an application left empty is another file: SQLite may still have it open.
  rmSync(diskPath(path), { force: true });
  const journal = openSync(diskPath(path), 'wx', 0o600);
  try {
    takeOwnership(journal, live);
    const header = Buffer.alloc(sectorBytes);
    Buffer.from('d9d505f920a163d7', 'hex').copy(header);
    const fields = [kept.length, nonce, livePages, sectorBytes, pageSize];
    for (const [i, field] of fields.entries()) header.writeUInt32BE(field, 8 + 4 * i);
    let at = writeAt(journal, header, 0);
    const record = Buffer.alloc(4 + pageSize + 4);
    for (const number of kept) {
      record.writeUInt32BE(number, 0);
      const page = readAt(live, record.subarray(4, 4 + pageSize), (number - 1) * pageSize);
      record.writeUInt32BE(checksum(page, nonce), 4 + pageSize);
      at += writeAt(journal, record, at);
    }
    fsyncSync(journal);
  } finally {
    closeSync(journal);
  }
  syncFolder(path);
}

const sectorBytes = 512;

/** Of every 200th byte, from the end: against a record that was not written whole. */
function checksum(page: Buffer, nonce: number): number {
  let sum = nonce;
  for (let i = page.length - 200; i > 0; i -= 200) sum = (sum + (page[i] ?? 0)) >>> 0;
  return sum;
}

/** As SQLite does it: who may write the database must be able to roll it back. */
function takeOwnership(fd: number, live: number): void {
  const { mode, uid, gid } = fstatSync(live);
  fchmodSync(fd, mode & 0o777);
  if (process.geteuid?.() === 0) fchownSync(fd, uid, gid);
}

interface Run {
  /** Number of its first page. */
  readonly first: number;
  readonly length: number;
}

/** Pages that follow each other are written at once, up to a block. */
function runsOf(pages: readonly number[]): Run[] {
  const runs: { first: number; length: number }[] = [];
  for (const page of pages) {
    const last = runs.at(-1);
    if (last !== undefined && last.first + last.length === page && last.length < maxRun)
      last.length += 1;
    else runs.push({ first: page, length: 1 });
  }
  return runs;
}

function copyRun({ live, image, pageSize }: Files, { first, length }: Run): void {
  const at = (first - 1) * pageSize;
  writeAt(live, readAt(image, Buffer.alloc(length * pageSize), at), at);
}

const blockBytes = 1024 * 1024;
const maxRun = 16;

function readPage(fd: number, number: number, bytes: number): Buffer {
  return readAt(fd, Buffer.alloc(bytes), (number - 1) * bytes);
}

function readAt(fd: number, buffer: Buffer, at: number): Buffer {
  let length = 0;
  while (length < buffer.length) {
    const read = readSync(fd, buffer, length, buffer.length - length, at + length);
    if (read === 0) break;
    length += read;
  }
  return buffer.subarray(0, length);
}

/** Answers how many bytes it wrote: all. */
function writeAt(fd: number, bytes: Buffer, at: number): number {
  let length = 0;
  while (length < bytes.length)
    length += writeSync(fd, bytes, length, bytes.length - length, at + length);
  return length;
}

function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const fd = openSync(diskPath(dirname(path)), 'r');
  fsyncSync(fd);
  closeSync(fd);
}
