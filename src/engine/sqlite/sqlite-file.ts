// What can be told of a SQLite database from outside, without SQLite and without a trace: its
// header, its sidecars, and one comparable string for the state of all of them.

import { lstatSync, type BigIntStats } from 'node:fs';
import { ownerOfSidecar } from '../../core/names.ts';
import { diskPath, readHead } from '../disk/disk-path.ts';

/** True for the first bytes of a SQLite database (16 are enough). */
export function isSqliteHeader(head: Uint8Array): boolean {
  return sqliteMagic.equals(head.subarray(0, sqliteMagic.length));
}

/** True where the file at `path` begins like a SQLite database; false where it cannot be read. */
export function hasSqliteHeader(path: string): boolean {
  return isSqliteHeader(readHead(path, sqliteMagic.length) ?? Buffer.alloc(0));
}

/** What stands in the 100 bytes that every SQLite database begins with. */
export interface SqliteHeader {
  /** Byte 18: 2 for a write-ahead log, 1 for a rollback journal. */
  readonly writeVersion: 1 | 2;
  /** 512 to 65536 bytes. */
  readonly pageSize: number;
}

/** Undefined where `head` (100 bytes) is no SQLite header. */
export function parseSqliteHeader(head: Uint8Array): SqliteHeader | undefined {
  if (head.length < headerBytes || !isSqliteHeader(head)) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const rawPageSize = view.getUint16(16);
  return {
    writeVersion: head[18] === 2 ? 2 : 1,
    pageSize: rawPageSize === 1 ? 65536 : rawPageSize,
  };
}

/**
 * Offsets of the first byte and behind the last one: journal mode, transactions, schema changes, and
 * which SQLite wrote last. https://sqlite.org/fileformat2.html#the_database_header
 */
const counters = [
  [18, 20],
  [24, 28],
  [40, 44],
  [92, 100],
] as const;

/**
 * Zeroes what SQLite changes by itself in the beginning of a database, and with 8 reserved bytes a
 * page what may be the first page's checksum over it: content is the rest.
 */
export function maskCounters(head: Buffer): void {
  const pageSize = head[20] === 8 ? parseSqliteHeader(head)?.pageSize : undefined;
  if (pageSize !== undefined && pageSize <= head.length) head.fill(0, pageSize - 8, pageSize);
  for (const [start, end] of counters)
    head.fill(0, Math.min(start, head.length), Math.min(end, head.length));
}

/** What is known of one file by `lstat`, in ns; undefined where there is none. */
export interface FileState {
  readonly stats: BigIntStats;
  /** Bytes at its beginning that tell whether it is the same content. */
  readonly head: Buffer;
}

/** The files of one database, as they were looked at within one moment. */
export interface DatabaseFiles {
  readonly main: FileState | undefined;
  readonly wal: FileState | undefined;
  readonly journal: FileState | undefined;
}

/** Looks at the database at `path` and its sidecars. Symbolic links and other kinds count as absent. */
export function lookAtDatabase(path: string): DatabaseFiles {
  return {
    main: lookAtFile(path, headerBytes),
    wal: lookAtFile(`${path}-wal`, walHeaderBytes),
    journal: lookAtFile(`${path}-journal`, journalHeaderBytes),
  };
}

/**
 * One string that differs where the database at `path` may differ: size, time and inode of the file,
 * its -wal and its -journal, and the change time of the file. The change time of sidecars is left
 * out (as root every open changes it), and the -shm too. Takes no lock, opens nothing. No white space.
 */
export function databaseSignature(path: string): string {
  return signatureOf({
    main: statsOf(path),
    wal: statsOf(`${path}-wal`),
    journal: statsOf(`${path}-journal`),
  });
}

/**
 * True where two signatures tell of the same database, the second of one that is locked by whoever
 * asks: then the journal is of its own making, and the file and its log say everything.
 */
export function isSameUnderLock(known: string, now: string): boolean {
  const [main, wal] = known.split('+');
  const [mainNow, walNow] = now.split('+');
  return !known.endsWith('~') && main === mainNow && wal === walNow;
}

/** The same of files that were looked at before. */
export function signatureOfFiles(files: DatabaseFiles): string {
  return signatureOf({
    main: files.main?.stats,
    wal: files.wal?.stats,
    journal: files.journal?.stats,
  });
}

/** The newest time stamp, in ns since the Unix epoch, that a further change might leave as it is. */
export function newestChangeNs(files: DatabaseFiles): bigint {
  const times = [
    files.main?.stats.mtimeNs,
    files.main?.stats.ctimeNs,
    files.wal?.stats.mtimeNs,
    files.journal?.stats.mtimeNs,
  ];
  return times.reduce<bigint>((newest, at) => (at !== undefined && at > newest ? at : newest), 0n);
}

/** True where a rollback journal holds content that has to be rolled back (or is being written). */
export function isHotJournal(journal: FileState | undefined): boolean {
  return (
    journal !== undefined && journalMagic.equals(journal.head.subarray(0, journalMagic.length))
  );
}

/**
 * True where SQLite has nothing to open: the files there are kept as they are. A hot journal may
 * still make a database of it, because a first transaction writes the header last.
 */
export function isForeign(path: string): boolean {
  const { main, journal } = lookAtDatabase(path);
  return main !== undefined && !isSqliteHeader(main.head) && !isHotJournal(journal);
}

/** True for a file that begins like a write-ahead log or a rollback journal of SQLite. */
export function isSqliteSidecar(path: string): boolean {
  const head = readHead(path, 8) ?? Buffer.alloc(0);
  return journalMagic.equals(head) || walMagics.includes(head.toString('hex', 0, 4));
}

const sqliteMagic = Buffer.from('SQLite format 3\0', 'latin1');
/** https://sqlite.org/fileformat2.html#the_rollback_journal */
const journalMagic = Buffer.from('d9d505f920a163d7', 'hex');
/** https://sqlite.org/fileformat2.html#the_write_ahead_log */
const walMagics = ['377f0682', '377f0683'];
const headerBytes = 100;
const walHeaderBytes = 32;
const journalHeaderBytes = 28;

function lookAtFile(path: string, bytes: number): FileState | undefined {
  const stats = statsOf(path);
  if (stats === undefined) return undefined;
  return { stats, head: readHead(path, bytes) ?? Buffer.alloc(0) };
}

function statsOf(path: string): BigIntStats | undefined {
  try {
    const stats = lstatSync(diskPath(path), { bigint: true, throwIfNoEntry: false });
    return stats?.isFile() === true ? stats : undefined;
  } catch {
    // A folder that may not be searched; whoever reads the file gets the error.
    return undefined;
  }
}

function signatureOf(files: Record<'main' | 'wal' | 'journal', BigIntStats | undefined>): string {
  const { main, wal, journal } = files;
  const whole =
    main === undefined ? '-' : `${main.size}.${main.mtimeNs}.${main.ino}.${main.ctimeNs}`;
  return `${whole}+${sidecarSignature(wal)}+${sidecarSignature(journal)}`;
}

/** An empty sidecar holds as much as none: they come and go with every connection. */
function sidecarSignature(stats: BigIntStats | undefined): string {
  return stats === undefined || stats.size === 0n
    ? '-'
    : `${stats.size}.${stats.mtimeNs}.${stats.ino}`;
}

/** True for a file that is a SQLite database by its name. */
export function isNamedLikeDatabase(name: string): boolean {
  return /\.(?:db|db3|s3db|sl3|sdb|sqlite|sqlite2|sqlite3|sqlitedb|sqlite-db)$/i.test(name);
}

/** True for the `-wal`, `-shm` or `-journal` of a database. */
export function isNamedLikeSidecar(name: string): boolean {
  return (ownerOfSidecar(name) ?? '') !== '';
}
