// What the first bytes of a file tell of a database, without SQLite.

import type { DatabaseState, JournalMode } from '../../../core/documents/documents.ts';
import {
  isSqliteHeader,
  parseSqliteHeader,
  type SqliteHeader,
  isNamedLikeDatabase,
} from '../../sqlite/sqlite-file.ts';
import { readHead } from '../../disk/disk-path.ts';
import type { DescribedDatabase, FileToDescribe } from '../source.ts';

/**
 * What can be told of a file that may be a database: `ok` means that its header is sound, for its
 * content is only checked at a snapshot. Undefined where it is an ordinary file.
 */
export function describeFile({
  path,
  sizeBytes,
  sidecars,
  mayOpen,
}: FileToDescribe): DescribedDatabase | undefined {
  const isNamed = isNamedLikeDatabase(path);
  const hasLog = sidecars.includes('-wal') || sidecars.includes('-shm');
  const guessed: JournalMode = hasLog ? 'wal' : 'rollback';
  const byName = (state: DatabaseState) => (isNamed ? described(guessed, state) : undefined);
  if (!mayOpen) return byName('unchecked');
  if (sizeBytes === 0) return byName('empty');
  // Whole pages of at least 512 bytes, unless damaged: hardly any other file has to be opened.
  const isWhole = sizeBytes % 512 === 0;
  if (!isWhole && sidecars.length === 0 && !isNamed) return undefined;
  const head = readHead(path, headBytes);
  if (head === undefined) return byName('unreadable');
  if (isSqliteHeader(head)) return fromHeader(parseSqliteHeader(head), isWhole, sizeBytes, guessed);
  const state = isNamed || sidecars.length > 0 ? withoutHeader(head, isWhole) : undefined;
  if (state === 'encrypted') return described(guessed, state);
  return sidecars.length > 0 || /\.sqlite3?$/i.test(path) ? byName('damaged') : undefined;
}

/** A file of this size in the place of a database. */
export function lostDatabase(sizeBytes: number): DescribedDatabase {
  return described('rollback', sizeBytes === 0 ? 'empty' : 'damaged');
}

/** What a file may be that has the name or the sidecars of a database, but not the header. */
function withoutHeader(head: Uint8Array, isWhole: boolean): DatabaseState {
  return isWhole && looksRandom(head) ? 'encrypted' : 'damaged';
}

/** @param header undefined where the file ends within it */
function fromHeader(
  header: SqliteHeader | undefined,
  isWhole: boolean,
  sizeBytes: number,
  guessed: JournalMode,
): DescribedDatabase {
  if (header === undefined) return described(guessed, 'damaged');
  const isSound = isWhole && sizeBytes >= header.pageSize;
  return described(header.writeVersion === 2 ? 'wal' : 'rollback', isSound ? 'ok' : 'damaged');
}

function described(journalMode: JournalMode, state: DatabaseState): DescribedDatabase {
  return { engine: 'sqlite', journalMode, state };
}

const headBytes = 1024;

/** Encrypted pages have nearly every byte value; those of other formats have runs of zeros or text. */
function looksRandom(head: Uint8Array): boolean {
  return head.length >= 512 && new Set(head).size > 200;
}
