// Works on captured copies in our own temporary folder, synchronously: makes one sound single file
// of a raw copy, and checks such a file. Runs in a worker thread where the file is large.

import { closeSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs';
import { sidecarsOf } from '../../../core/names.ts';
import { quoteName } from '../../../core/sqlite-names.ts';
import { openDatabase, sqliteCode, type Database } from '../../sqlite/sqlite-driver.ts';
import { parseSqliteHeader } from '../../sqlite/sqlite-file.ts';
import { readHead } from '../../disk/disk-path.ts';
import type { ImageCheck } from '../source.ts';

export interface ImageJob {
  /** The copy of the database file; its -wal and -journal lie beside it. */
  readonly imagePath: string;
  /** True where the copies beside it have to be worked in first. */
  readonly recover: boolean;
  /** `quick_check`, `integrity_check`, or neither: then no rows are counted and the state is `unchecked`. */
  readonly check: 'quick' | 'deep' | 'none';
}

/** SQLite cannot work on the copy: what lies there then may be changed and is of no use. */
export interface ImageFailure {
  /** SQLite's primary result code. */
  readonly failure: string;
  readonly detail: string;
}

/** Makes the copy one file that opens without sidecars, and checks it. */
export function workOnImage(job: ImageJob): ImageCheck | ImageFailure {
  try {
    if (job.recover) workInSidecars(job);
    const bytes = statSync(job.imagePath).size;
    if (bytes === 0) {
      return { state: 'empty', detail: null, tables: {}, pageSize: 0, writeVersion: 1, bytes };
    }
    const writeVersion = useRollbackHeader(job.imagePath);
    if (writeVersion === undefined) return notADatabase;
    return { ...examine(job), writeVersion, bytes };
  } catch (error) {
    const failure = sqliteCode(error);
    if (failure === undefined || !(error instanceof Error)) throw error;
    return { failure, detail: oneLine(error.message) };
  }
}

/**
 * Sets bytes 18 and 19 to 1, so that the file opens without a -wal and -shm of its own. Answers what
 * stood there; undefined where it is no database that this SQLite may write.
 */
function useRollbackHeader(imagePath: string): 1 | 2 | undefined {
  const head = readHead(imagePath, 100) ?? Buffer.alloc(0);
  const header = parseSqliteHeader(head);
  const isKnown = head[18] === head[19] && (head[18] === 1 || head[18] === 2);
  if (header === undefined || !isKnown) return undefined;
  if (header.writeVersion === 2) writeHeaderVersion(imagePath, 1);
  return header.writeVersion;
}

/** Writes `version` to bytes 18 and 19 of a file of ours. */
export function writeHeaderVersion(imagePath: string, version: 1 | 2): void {
  const fd = openSync(imagePath, 'r+');
  try {
    writeSync(fd, Buffer.from([version, version]), 0, 2, 18);
  } finally {
    closeSync(fd);
  }
}

/**
 * What the beginning of a file looks like that SQLite cannot open: random bytes mean encryption,
 * anything else damage.
 */
export function looksEncrypted(path: string): boolean {
  const sample = Buffer.alloc(sampleBytes);
  const fd = openSync(path, 'r');
  try {
    // An encrypted database may keep the plain header in its first 100 bytes.
    const read = readSync(fd, sample, 0, sampleBytes, 100);
    // 1,000 random bytes hold 251 different values; tables, text and zeroes far fewer.
    return read === sampleBytes && new Set(sample).size > 200;
  } finally {
    closeSync(fd);
  }
}

const notADatabase: ImageFailure = {
  failure: 'SQLITE_NOTADB',
  detail: 'file is not a database',
};

const sampleBytes = 1000;
/** Reading through a map is twice as fast; it counts as memory of the process, so it has a limit. */
const mappedBytes = 64 * 1024 * 1024;
/** What rows say, not how they are stored: such a database is as sound as the user's is. */
const complaintsAboutValues =
  /^(NULL value in|NUMERIC value in|TEXT value in|non-[A-Z]+ value in|CHECK constraint failed|non-unique entry)/;

/** SQLite recovers it as if the application had been killed; durability of a copy does not matter. */
function workInSidecars({ imagePath }: ImageJob): void {
  const db = openDatabase(imagePath);
  try {
    // Without other connections no -shm is needed.
    db.pragma('locking_mode = EXCLUSIVE');
    db.pragma('synchronous = OFF');
    db.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    db.close();
  }
  for (const path of sidecarsOf(imagePath)) rmSync(path, { force: true });
}

function examine(job: ImageJob): Pick<ImageCheck, 'state' | 'detail' | 'tables' | 'pageSize'> {
  const db = openDatabase(job.imagePath, { readonly: true });
  try {
    db.pragma('trusted_schema = OFF');
    db.pragma('ignore_check_constraints = ON');
    db.pragma(`mmap_size = ${mappedBytes}`);
    const pageSize = Number(db.pragma('page_size'));
    if (job.check === 'none') return { state: 'unchecked', detail: null, tables: {}, pageSize };
    const { state, detail } = checkPages(db, job.check);
    return { ...countRows(db, state, detail), pageSize };
  } finally {
    db.close();
  }
}

interface Finding {
  readonly state: 'ok' | 'unchecked' | 'damaged';
  readonly detail: string | null;
}

/** An unknown collation, tokenizer or module throws: that says nothing about the pages. */
function checkPages(db: Database, check: 'quick' | 'deep'): Finding {
  try {
    // The trees come first, so where the first complaint is about values they are sound. To go on
    // after a complaint about them may take for ever: pages that name each other have no end.
    const first = complaints(db, check, 1)[0];
    if (first === undefined) return { state: 'ok', detail: null };
    const foreign = foreignIndexes(db);
    const isHarmless = (line: string): boolean =>
      complaintsAboutValues.test(line) || foreign.has(complaintAboutIndex.exec(line)?.[1] ?? '');
    const problem = isHarmless(first)
      ? complaints(db, check, manyComplaints).find((line) => !isHarmless(line))
      : first;
    if (problem !== undefined) return { state: 'damaged', detail: oneLine(problem) };
    const [index] = foreign;
    if (index === undefined) return { state: 'ok', detail: null };
    return { state: 'unchecked', detail: `only its application can check the index ${index}` };
  } catch (error) {
    return findingOf(error);
  }
}

const complaintAboutIndex = /(?:wrong # of entries in index |missing from index )(.*)$/;

/** Indexes of another SQLite (libSQL's of vectors, on a function that is not here): it keeps their entries elsewhere. */
function foreignIndexes(db: Database): ReadonlySet<string> {
  const names = db
    .prepare<string>("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql NOT NULL")
    .pluck()
    .all();
  return new Set(names.filter((name) => !isKnownIndex(db, name)));
}

function isKnownIndex(db: Database, name: string): boolean {
  try {
    db.prepare(`REINDEX ${quoteName(name)}`);
    return true;
  } catch (error) {
    if (sqliteCode(error) !== 'SQLITE_ERROR') throw error;
    return false;
  }
}

const manyComplaints = 10_000;

function complaints(db: Database, check: 'quick' | 'deep', limit: number): string[] {
  const name = check === 'deep' ? 'integrity_check' : 'quick_check';
  const lines = db.prepare<string>(`PRAGMA ${name}(${limit})`).pluck().all();
  return lines.filter((line) => line !== 'ok');
}

/** Of a damaged database only the tables that are sound by themselves are counted. */
function countRows(
  db: Database,
  state: Finding['state'],
  detail: string | null,
): Pick<ImageCheck, 'state' | 'detail' | 'tables'> {
  const counts: [string, number][] = [];
  let finding: Finding = { state, detail };
  try {
    for (const name of ordinaryTables(db)) {
      if (state === 'damaged' && !isSoundTable(db, name)) continue;
      const count = db
        // An index that is not whole here would answer with fewer.
        .prepare(
          `SELECT count(*) FROM ${quoteName(name)}${state === 'unchecked' ? ' NOT INDEXED' : ''}`,
        )
        .pluck()
        .get();
      counts.push([name, Number(count)]);
    }
  } catch (error) {
    if (finding.state === 'ok') finding = findingOf(error);
  }
  return { ...finding, tables: Object.fromEntries(counts) };
}

function isSoundTable(db: Database, name: string): boolean {
  const first =
    db
      .prepare<string>(`PRAGMA quick_check(${quoteName(name)})`)
      .pluck()
      .get() ?? '';
  return first === 'ok' || complaintsAboutValues.test(first);
}

function ordinaryTables(db: Database): string[] {
  return db
    .prepare<string>(
      `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'
       AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`,
    )
    .pluck()
    .all();
}

const damageCodes = new Set(['SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_IOERR']);

function findingOf(error: unknown): Finding {
  const code = sqliteCode(error);
  if (code === undefined || !(error instanceof Error)) throw error;
  return { state: damageCodes.has(code) ? 'damaged' : 'unchecked', detail: oneLine(error.message) };
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/gu, ' ').trim();
}
