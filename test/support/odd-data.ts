// A data directory with one of everything that a file system and SQLite can hold, and a way to look at
// all of it that two trees only share when they are the same.

import { createHash } from 'node:crypto';
import Database from 'better-sqlite3';
import * as fs from 'node:fs';
import { basename } from 'node:path';
import { nameFromBytes, nameToBytes } from '../../src/core/names.ts';
import { database } from './sqlite.ts';
import { directory, file, hardlink, sparse, symlink, type Tree } from './tree.ts';

const pageSizes = [512, 1024, 4096, 65_536];

/** Every kind of table that a restore and a comparison have to get right. */
const everyKindOfTable = `
  CREATE TABLE plain (id INTEGER PRIMARY KEY, text TEXT, number REAL, bytes BLOB);
  INSERT INTO plain VALUES (1, 'one', 1.5, x'00ff'), (-9223372036854775808, NULL, -0.0, NULL),
    (9223372036854775807, 'emoji 🙂 ''quoted''', 9e999, zeroblob(5000));
  CREATE TABLE without_rowid (a TEXT, b INTEGER, c, PRIMARY KEY (a, b)) WITHOUT ROWID;
  INSERT INTO without_rowid VALUES ('x', 1, 'first'), ('x', 2, NULL), ('', -1, 3);
  CREATE TABLE null_in_key (a TEXT, b TEXT, PRIMARY KEY (a, b));
  INSERT INTO null_in_key VALUES (NULL, 'b'), (NULL, 'b'), ('a', NULL);
  CREATE TABLE no_key (a, b);
  INSERT INTO no_key VALUES (1, 2), (1, 2), (NULL, NULL);
  CREATE TABLE generated (a INTEGER, twice INTEGER AS (a * 2) STORED, thrice INTEGER AS (a * 3));
  INSERT INTO generated (a) VALUES (21);
  CREATE TABLE strict_one (a ANY, b INT) STRICT;
  INSERT INTO strict_one VALUES ('text', 1), (2, 2);
  CREATE VIRTUAL TABLE words USING fts5 (body);
  INSERT INTO words VALUES ('undo for development data'), ('nothing is lost');
  CREATE VIRTUAL TABLE boxes USING rtree (id, x0, x1);
  INSERT INTO boxes VALUES (1, 0.0, 1.0), (2, -5.5, 5.5);
  CREATE TABLE parent (id INTEGER PRIMARY KEY);
  CREATE TABLE child (parent INTEGER REFERENCES parent ON DELETE CASCADE);
  INSERT INTO parent VALUES (1); INSERT INTO child VALUES (1);
  CREATE INDEX plain_by_text ON plain (text COLLATE NOCASE) WHERE text IS NOT NULL;
  CREATE VIEW shown AS SELECT text FROM plain;
  CREATE TABLE log (what TEXT);
  CREATE TRIGGER noted AFTER UPDATE ON plain BEGIN INSERT INTO log VALUES ('changed ' || new.id); END;
  PRAGMA user_version = 7; PRAGMA application_id = 1234;`;

/** 2026-01-02 03:04:05.678. */
const thenMs = 1_767_323_045_678;

export function oddData(): Tree {
  const modes = Object.fromEntries(
    [0o000, 0o400, 0o444, 0o600, 0o644, 0o755].map((mode) => [
      `mode ${mode.toString(8).padStart(3, '0')}`,
      file(`mode ${mode}`, { mode, mtimeMs: thenMs + mode }),
    ]),
  );
  const databases = Object.fromEntries(
    pageSizes.flatMap((pageSize) => [
      [`rollback ${pageSize}.db`, database(everyKindOfTable, { pageSize })],
      [
        `wal ${pageSize}.sqlite`,
        database(everyKindOfTable, {
          pageSize,
          leftInWal: "INSERT INTO no_key VALUES ('in the log', 1)",
        }),
      ],
    ]),
  );
  return {
    modes: directory(modes, { mtimeMs: thenMs }),
    databases,
    'a database with any name': database('CREATE TABLE t (a)'),
    names: {
      'line\nbreak': '1',
      'quotes \' and "': '2',
      'emoji 🙂': '3',
      é: 'composed',
      'e\u0301': 'decomposed',
      'not utf-8 \udcff\udc80': '4',
      [`long ${'x'.repeat(250)}`]: '5',
      ' leading and trailing ': '6',
      '-rf': '7',
      'back\\slash': '8',
      '*?[x]{y}!': '9',
      'x-wal': 'an ordinary file',
    },
    'folder \udcfe': { 'inside.txt': 'x' },
    empty: directory({}, { mode: 0o700, mtimeMs: thenMs }),
    closed: directory({ 'inside.txt': 'x' }, { mode: 0o500, mtimeMs: thenMs }),
    deep: { a: { b: { c: { d: { e: { f: { 'leaf.txt': 'x' } } } } } } },
    'empty file.db': '',
    'holes.bin': sparse(3_000_000),
    'large.bin': createHash('shake256', { outputLength: 2_500_000 }).update('large').digest(),
    'first name': 'shared content',
    'second name': hardlink('first name'),
    links: {
      'to file': symlink('../first name'),
      'to folder': symlink('../deep'),
      dangling: symlink('nowhere at all'),
      loop: symlink('loop'),
      absolute: symlink('/etc/hostname'),
    },
    old: file('from 1970', { mtimeMs: 1500 }),
  };
}

/** One line a path, in byte order: everything that has to come back. Databases by what is in them. */
export function describeData(root: string): string[] {
  const lines: string[] = [];
  const inodes = new Map<bigint, string>();
  const visit = (path: Buffer, name: string): void => {
    const stats = fs.lstatSync(path, { bigint: true });
    const facts = `${name} mode=${(stats.mode & 0o7777n).toString(8)} owner=${stats.uid}:${stats.gid}`;
    // Times to a microsecond: no more can be set.
    const time = `mtime=${stats.mtimeNs / 1000n}`;
    if (stats.isSymbolicLink()) lines.push(`${facts} -> ${fs.readlinkSync(path, 'latin1')}`);
    else if (stats.isDirectory()) {
      lines.push(`${facts} folder ${hasDatabase(path) ? '' : time}`);
      for (const child of fs.readdirSync(path, 'buffer').toSorted((a, b) => Buffer.compare(a, b)))
        visit(Buffer.concat([path, Buffer.from('/'), child]), `${name}/${nameFromBytes(child)}`);
    } else if (isSidecar(name)) return;
    else if (isDatabase(path)) lines.push(`${facts} database ${describeDatabase(path)}`);
    else {
      const first = stats.nlink > 1n ? (inodes.get(stats.ino) ?? name) : '';
      inodes.set(stats.ino, first);
      const hash = createHash('sha256').update(fs.readFileSync(path)).digest('hex').slice(0, 16);
      lines.push(`${facts} ${time} file ${stats.size} ${hash} ${first}`);
    }
  };
  visit(Buffer.from(nameToBytes(root)), '');
  return lines;
}

function isSidecar(name: string): boolean {
  return /\.(db|sqlite)-(wal|shm|journal)$/.test(basename(name));
}

function isDatabase(path: Buffer): boolean {
  const fd = fs.openSync(path, 'r');
  const head = Buffer.alloc(16);
  fs.readSync(fd, head, 0, 16, 0);
  fs.closeSync(fd);
  return head.toString('latin1') === 'SQLite format 3\0';
}

/** SQLite's own files come and go in it, and its time with them. */
function hasDatabase(folder: Buffer): boolean {
  return fs
    .readdirSync(folder, { withFileTypes: true, encoding: 'buffer' })
    .some(
      (entry) =>
        entry.isFile() && isDatabase(Buffer.concat([folder, Buffer.from('/'), entry.name])),
    );
}

/** Of a copy, so that looking leaves no trace. */
function describeDatabase(path: Buffer): string {
  const copy = `${fs.mkdtempSync('/tmp/savepoint-look-')}/copy.db`;
  for (const suffix of ['', '-wal', '-journal']) {
    const from = Buffer.concat([path, Buffer.from(suffix)]);
    if (fs.existsSync(from)) fs.copyFileSync(from, `${copy}${suffix}`);
  }
  const db = new Database(copy);
  try {
    const hash = createHash('sha256');
    const schema = db
      .prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name')
      .raw()
      .all();
    hash.update(JSON.stringify(schema));
    for (const pragma of [
      'user_version',
      'application_id',
      'page_size',
      'journal_mode',
      'integrity_check',
    ])
      hash.update(`${pragma}=${String(db.pragma(pragma, { simple: true }))};`);
    const tables = db
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
      .pluck();
    for (const table of tables.all() as string[]) {
      const rows = db
        .prepare(`SELECT * FROM "${table.replaceAll('"', '""')}"`)
        .safeIntegers()
        .raw();
      const texts = rows.all().map((row) => (row as unknown[]).map(cell).join('|'));
      hash.update(`${table}:${texts.toSorted().join('\n')}`);
    }
    return `${String(db.pragma('journal_mode', { simple: true }))} ${hash.digest('hex').slice(0, 16)}`;
  } finally {
    db.close();
    fs.rmSync(copy.replace('/copy.db', ''), { recursive: true });
  }
}

function cell(value: unknown): string {
  if (Buffer.isBuffer(value)) return `x${value.toString('hex')}`;
  return `${typeof value}:${String(value)}`;
}
