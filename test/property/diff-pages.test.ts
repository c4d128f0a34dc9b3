// Comparing by the pages that differ must tell what comparing all rows tells, whatever the layout of
// the files: page sizes, rows longer than a page, rows that went, trees that were built anew.

import Database from 'better-sqlite3';
import fc from 'fast-check';
import { deepStrictEqual, notStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { copyFileSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { diffByPages, type StoredDatabase } from '../../src/engine/diff/diff-by-pages.ts';
import { chunkBytes, hashOf } from '../../src/engine/store/object-encoding.ts';
import { diff } from '../support/images.ts';
import { databaseNode } from '../support/memory-trees.ts';
import { tree } from '../support/tree.ts';

const { signal } = new AbortController();

/** The file's chunks as a store would have them, and which of them were read. */
function stored(path: string, isImage = false): StoredDatabase & { readonly read: Set<string> } {
  const bytes = readFileSync(path);
  const chunks = new Map<string, Buffer>();
  const hashes: string[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const chunk = bytes.subarray(at, at + chunkBytes);
    hashes.push(hashOf(chunk));
    chunks.set(hashOf(chunk), chunk);
  }
  const read = new Set<string>();
  return {
    node: databaseNode('app.db', bytes.length),
    image: isImage ? path : null,
    read,
    reader: {
      chunksOf: () => hashes,
      readObject(hash) {
        const chunk = chunks.get(hash);
        if (chunk === undefined) throw new Error(`no chunk ${hash}`);
        read.add(hash);
        return chunk;
      },
    },
  };
}

const schema = `
  CREATE TABLE numbered (id INTEGER PRIMARY KEY, size INT, body, n INT, tail TEXT);
  CREATE TABLE named (name TEXT PRIMARY KEY COLLATE NOCASE, body, n INT);
  CREATE TABLE loose (body, n INT);
  CREATE TABLE sorted (a TEXT, n INT, body, tail, PRIMARY KEY (a, n)) WITHOUT ROWID;
  CREATE INDEX numbered_by_body ON numbered (body);
  CREATE INDEX named_by_n ON named (n);`;

/** Text of random length, at times far longer than a page. */
const body = `substr(hex(randomblob(40)) || printf('%.*c', abs(random() % 20) * abs(random() % 20) * 6, 'x') || hex(randomblob(4)), 1 + abs(random() % 60))`;

const series = (count: number): string =>
  `(WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < ${count}) SELECT i FROM c)`;

const fill = (count: number): string => `
  INSERT OR IGNORE INTO numbered (id, size, body, n, tail) SELECT random() % 3000, 1, ${body}, i, 'tail' || i FROM ${series(count)};
  INSERT OR IGNORE INTO named SELECT hex(randomblob(3)), ${body}, i FROM ${series(count)};
  INSERT INTO loose SELECT ${body}, i % 7 FROM ${series(count)};
  INSERT OR IGNORE INTO sorted SELECT hex(randomblob(2)), i % 5, ${body}, 'tail' FROM ${series(count >> 2)};`;

const some = 'rowid IN (SELECT rowid FROM';
const edits = {
  none: '',
  tail: `UPDATE numbered SET tail = upper(tail) WHERE ${some} numbered ORDER BY random() LIMIT 3)`,
  middle: `UPDATE numbered SET body = upper(body) || substr(body, 1, 0) WHERE ${some} numbered ORDER BY length(body) DESC LIMIT 2)`,
  longer: `UPDATE named SET body = body || ${body} WHERE ${some} named ORDER BY random() LIMIT 4)`,
  shorter: `UPDATE loose SET body = substr(body, 9) WHERE ${some} loose ORDER BY length(body) DESC LIMIT 4)`,
  one: `UPDATE named SET n = n + 1 WHERE ${some} named ORDER BY random() LIMIT 1)`,
  last: 'UPDATE numbered SET n = -1 WHERE id = (SELECT max(id) FROM numbered)',
  insert: fill(40),
  grow: fill(400),
  extremes: `INSERT OR REPLACE INTO numbered (id, body) VALUES (9223372036854775807, 'max'), (-9223372036854775808, 'min')`,
  delete: `DELETE FROM numbered WHERE id BETWEEN -200 AND 200; DELETE FROM named WHERE n % 9 = 3`,
  clear: 'DELETE FROM loose',
  move: 'UPDATE numbered SET id = id + 100000 WHERE id % 31 = 1; UPDATE loose SET rowid = rowid + 50000 WHERE rowid % 17 = 2',
  rename: `UPDATE named SET name = lower(name) WHERE ${some} named ORDER BY random() LIMIT 5)`,
  sorted: `UPDATE sorted SET body = 'changed' WHERE n = 3`,
  sortedTail: `UPDATE sorted SET tail = 'TAIL' WHERE length(body) = (SELECT max(length(body)) FROM sorted)`,
  vacuum: 'VACUUM',
  shrink: 'PRAGMA incremental_vacuum(20)',
  index:
    'DROP INDEX IF EXISTS numbered_by_body; CREATE INDEX IF NOT EXISTS loose_by_n ON loose (n)',
  column: 'ALTER TABLE named ADD COLUMN added DEFAULT 7; UPDATE named SET added = 8 WHERE n < 20',
  table: `CREATE TABLE IF NOT EXISTS other (id INTEGER PRIMARY KEY, body); INSERT INTO other(body) SELECT ${body} FROM ${series(60)}`,
  drop: 'DROP TABLE loose; CREATE TABLE loose (body, n INT)',
  analyze: 'ANALYZE',
} as const;

type Edit = keyof typeof edits;
const anyEdit = fc.constantFrom(...(Object.keys(edits) as Edit[]));

interface Layout {
  readonly pageSize: number;
  readonly autoVacuum: string;
  readonly rows: number;
}

const anyLayout: fc.Arbitrary<Layout> = fc.record({
  pageSize: fc.constantFrom(512, 1024, 4096, 65536),
  autoVacuum: fc.constantFrom('NONE', 'FULL', 'INCREMENTAL'),
  rows: fc.constantFrom(30, 300, 1000),
});

function edit(path: string, steps: readonly Edit[]): void {
  const db = new Database(path);
  try {
    db.pragma('synchronous = OFF');
    db.pragma('journal_mode = MEMORY');
    for (const step of steps) db.exec(edits[step]);
  } catch (error) {
    // A table that an earlier step made otherwise: no edit.
    if (!(error instanceof Database.SqliteError)) throw error;
  } finally {
    db.close();
  }
}

function makeDatabase(path: string, { pageSize, autoVacuum, rows }: Layout): void {
  rmSync(path, { force: true });
  const db = new Database(path);
  db.exec(`PRAGMA page_size = ${pageSize}; PRAGMA auto_vacuum = ${autoVacuum};
    PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; ${schema} ${fill(rows)}`);
  db.close();
}

describe('diffByPages, whatever the pages', function () {
  const isLong = process.env['SAVEPOINT_LONG'] === '1';
  this.timeout(isLong ? 1_200_000 : 60_000);
  let root = '';
  before(async () => {
    root = await tree();
  });

  const check = async (layout: Layout, first: readonly Edit[], further: readonly Edit[]) => {
    const [old, now] = [join(root, 'old.db'), join(root, 'now.db')];
    makeDatabase(old, layout);
    edit(old, first);
    copyFileSync(old, now);
    edit(now, further);
    const options = { path: 'app.db', rows: 50, signal };
    const whole = await diff(old, now, options);
    const sides = [stored(old), stored(now)] as const;
    deepStrictEqual(await diffByPages(...sides, root, options), whole);
    deepStrictEqual(await diffByPages(stored(old), stored(now, true), root, options), whole);
    const equal = new Set(sides[0].reader.chunksOf(sides[0].node));
    const isEqual = sides[1].reader.chunksOf(sides[1].node).every((hash) => equal.has(hash));
    if (isEqual && further.length === 0) deepStrictEqual([whole.schema, whole.tables], [[], []]);
  };

  it('tells what comparing all rows tells', () =>
    fc.assert(
      fc.asyncProperty(
        anyLayout,
        fc.array(anyEdit, { maxLength: 4 }),
        fc.array(anyEdit, { maxLength: 3 }),
        check,
      ),
      { numRuns: isLong ? 1500 : 40 },
    ));

  for (const step of Object.keys(edits) as Edit[])
    it(`tells what comparing all rows tells after: ${step}`, async () => {
      for (const pageSize of [512, 4096])
        await check({ pageSize, autoVacuum: 'FULL', rows: 700 }, ['delete', 'shrink'], [step]);
    });

  it('reads little where little changed, and leaves nothing behind', async () => {
    const [old, now] = [join(root, 'large.db'), join(root, 'later.db')];
    makeDatabase(old, { pageSize: 4096, autoVacuum: 'NONE', rows: 4000 });
    copyFileSync(old, now);
    edit(now, ['last']);
    const [before, after] = [stored(old), stored(now)];
    const found = await diffByPages(before, after, root, { path: 'app.db', rows: 5, signal });
    deepStrictEqual(
      found?.tables.map(({ name, added, removed, changed }) => ({ name, added, removed, changed })),
      [{ name: 'numbered', added: 0, removed: 0, changed: 1 }],
    );
    const chunks = before.reader.chunksOf(before.node).length;
    ok(chunks > 40, `${chunks} chunks`);
    // The table WITHOUT ROWID is read whole.
    ok(before.read.size < chunks / 2, `${before.read.size} of ${chunks} chunks`);
    deepStrictEqual(
      readdirSync(root).filter((name) => name.startsWith('pages-')),
      [],
    );
  });

  it('reads little where the live one is a copy whose header says nothing of its write-ahead log', async () => {
    const [old, now] = [join(root, 'logged.db'), join(root, 'live.db')];
    makeDatabase(old, { pageSize: 4096, autoVacuum: 'NONE', rows: 4000 });
    const db = new Database(old);
    db.pragma('journal_mode = WAL');
    db.close();
    copyFileSync(old, now);
    edit(now, ['last']);
    const [before, after] = [stored(old), stored(now, true)];
    const found = await diffByPages(before, after, root, { path: 'app.db', rows: 5, signal });
    deepStrictEqual(
      found?.tables.map(({ name }) => name),
      ['numbered'],
    );
    const chunks = before.reader.chunksOf(before.node).length;
    ok(before.read.size < chunks / 2, `${before.read.size} of ${chunks} chunks`);
  });

  it('leaves what it does not understand to the comparison of whole images', async () => {
    const [old, now] = [join(root, 'sound.db'), join(root, 'broken.db')];
    makeDatabase(old, { pageSize: 1024, autoVacuum: 'NONE', rows: 400 });
    copyFileSync(old, now);
    edit(now, ['tail']);
    const options = { path: 'app.db', rows: 5, signal };
    notStrictEqual(await diffByPages(stored(old), stored(now), root, options), undefined);
    const virtual = join(root, 'virtual.db');
    copyFileSync(old, virtual);
    const db = new Database(virtual);
    db.exec('CREATE VIRTUAL TABLE found USING fts5(body)');
    db.close();
    strictEqual(await diffByPages(stored(old), stored(virtual), root, options), undefined);
    const other = join(root, 'utf16.db');
    rmSync(other, { force: true });
    const utf16 = new Database(other);
    utf16.exec(`PRAGMA encoding = 'UTF-16le'; PRAGMA page_size = 1024; ${schema}`);
    utf16.close();
    strictEqual(await diffByPages(stored(old), stored(other), root, options), undefined);
  });
});
