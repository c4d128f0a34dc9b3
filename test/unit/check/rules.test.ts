// Rules of savepoint.json: what they find, and what bad ones get.

import { deepStrictEqual, match, rejects, strictEqual } from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { countMismatches } from '../../../src/core/check/count.ts';
import type { CheckDocument } from '../../../src/core/documents/documents.ts';
import { openProject } from '../../../src/engine/index.ts';
import { keyText } from '../../../src/core/format/cell-text.ts';
import { asUser, isRoot } from '../../support/as-user.ts';
import { quietCall, testProject } from '../../support/project.ts';
import { database, sqlite } from '../../support/sqlite.ts';
import { symlink, type Tree } from '../../support/tree.ts';

const schema = 'CREATE TABLE uploads(id INTEGER PRIMARY KEY, path, size, hash, state, created);';

function rows(...paths: readonly (string | null)[]): string {
  const values = paths.map((path) => `(${path === null ? 'NULL' : `'${path}'`}, 'done')`);
  return `${schema} INSERT INTO uploads(path, state) VALUES ${values.join()};`;
}

const uploads = { database: 'app.db', table: 'uploads', path: 'files/{path}' };

/** A project whose savepoint.json has these references of its data directory. */
async function project(
  references: readonly object[],
  entries: Tree,
  more: { readonly ignore?: readonly object[]; readonly exclude?: readonly string[] } = {},
) {
  const config = { dataDirs: [{ path: 'data', references, ...more }] };
  return await testProject({ 'savepoint.json': JSON.stringify(config), ...entries });
}

async function checked(...given: Parameters<typeof project>): Promise<CheckDocument> {
  return await (await project(...given)).project.check('live', {}, quietCall);
}

function told({ mismatches }: CheckDocument): readonly string[] {
  return mismatches.map(({ kind, severity, key, path, detail }) => {
    const row = key === null ? '' : ` ${keyText(key, '·')}`;
    return `${severity} ${kind}${row} ${path ?? '-'}: ${detail}`;
  });
}

function problems({ configProblems }: CheckDocument): readonly string[] {
  return configProblems.map(({ message }) => message);
}

describe('rules of savepoint.json', () => {
  it('has columns of the row that a row refers to, however many steps away', async () => {
    const library = `
      CREATE TABLE shelf(id INTEGER PRIMARY KEY, path);
      CREATE TABLE book(id INTEGER PRIMARY KEY, path, shelf);
      CREATE TABLE part(id INTEGER PRIMARY KEY, name, book, path);
      INSERT INTO shelf VALUES (1, 'north'), (2, 'south');
      INSERT INTO book VALUES (1, 'ants', 1), (2, 'bees', 2);
      INSERT INTO part VALUES (1, 'a.txt', 1, 'x'), (2, 'b.txt', 2, 'x'), (3, 'c.txt', 2, 'y'), (4, 'd.txt', 9, 'x');`;
    const part = {
      database: 'app.db',
      table: 'part',
      join: { 'book.id': 'book', 'shelf.id': 'book.shelf' },
      where: "path = 'x'",
      path: '{shelf.path}/{book.path}/{name}',
      covers: '*/*/*',
    };
    const files = {
      'data/app.db': database(library),
      'data/north/ants/a.txt': 'a',
      'data/south/bees/c.txt': 'c',
      'data/south/bees/z.txt': 'z',
    };
    const check = await checked([part], files);
    deepStrictEqual(told(check), [
      'error missing-file 2 data/south/bees/b.txt: no south/bees/b.txt',
      'warning orphan-file data/south/bees/z.txt: no row',
    ]);
    const problemOf = async (join: unknown): Promise<readonly string[]> =>
      problems(await checked([{ ...part, join }], files));
    deepStrictEqual(await problemOf({ 'books.id': 'book' }), ['no table "books" in app.db']);
    deepStrictEqual(await problemOf({ 'book.isbn': 'book' }), [
      'no column "isbn" in table "book" in app.db',
    ]);
    deepStrictEqual(await problemOf({ 'book.id': 'volume' }), [
      'no column "volume" in table "part" in app.db',
    ]);
    deepStrictEqual(await problemOf({ book: 'id' }), [
      'a key of "join" has to be TABLE.COLUMN, not "book"',
      'no column "shelf.path" in table "part" of app.db',
    ]);
  });

  it('finds rows without their file and files without their row', async () => {
    const check = await checked([{ ...uploads, covers: 'files/**' }], {
      'data/app.db': database(rows('a.txt', 'b/c.txt', 'gone.txt', null, '')),
      'data/files/a.txt': 'a',
      'data/files/b/c.txt': 'c',
      'data/files/b/stray.txt': 's',
      'data/files/.DS_Store': 'x',
      'data/files/empty/': {},
    });
    deepStrictEqual(told(check), [
      'error missing-file 3 data/files/gone.txt: no files/gone.txt',
      'warning orphan-file data/files/b/stray.txt: no row',
    ]);
    strictEqual(check.checkedRows, 5);
    strictEqual(check.checkedFiles, 4);
    deepStrictEqual(check.rules[0]?.evidence, {
      fits: 2,
      of: 3,
      examples: ['data/files/a.txt', 'data/files/b/c.txt'],
      misfits: ['data/files/gone.txt'],
    });
  });

  it('asks only the rows that the condition means, and covers what any row has', async () => {
    const check = await checked([{ ...uploads, where: "state = 'done'", covers: 'files/*' }], {
      'data/app.db': database(
        `${rows('a.txt')} INSERT INTO uploads(path, state) VALUES ('later.txt', 'new'), ('part.txt', 'new');`,
      ),
      'data/files/a.txt': 'a',
      'data/files/part.txt': 'p',
    });
    deepStrictEqual(told(check), []);
  });

  it('leaves what lies in a covered folder to that folder, and tombstones alone', async () => {
    const reference = {
      ...uploads,
      path: 'assets/{path}',
      covers: 'assets/*/*',
      tombstones: ['assets/*/*.deleted'],
    };
    const check = await checked([reference], {
      'data/app.db': database(rows('u1/one')),
      'data/assets/u1/one/asset.bin': 'a',
      'data/assets/u1/one/deep/metadata.json': '{}',
      'data/assets/u1/two/asset.bin': 'b',
      'data/assets/u1/three.deleted/asset.bin': 'c',
      'data/assets/u2/': {},
    });
    deepStrictEqual(told(check), ['warning orphan-file data/assets/u1/two: no row']);
  });

  it('takes names for names, whatever they mean in a glob', async () => {
    const reference = { ...uploads, path: 'm/opus[1m]/{path}', covers: String.raw`m/opus\[1m\]/*` };
    const check = await checked([reference], {
      'data/app.db': database(rows('a(1)*.txt', '{b}', '!c')),
      'data/m/opus[1m]/a(1)*.txt': 'a',
      'data/m/opus[1m]/{b}': 'b',
      'data/m/opus[1m]/[x]': 'x',
      'data/m/opus1/y': 'y',
    });
    deepStrictEqual(told(check), [
      'error missing-file 3 data/m/opus[1m]/!c: no m/opus[1m]/!c',
      'warning orphan-file data/m/opus[1m]/[x]: no row',
    ]);
  });

  it('finds a file in any folder, where ** says so', async () => {
    const reference = { ...uploads, path: 'files/**/{path}', covers: 'files/**' };
    const check = await checked([reference], {
      'data/app.db': database(rows('a.txt', 'b.txt', 'c/d.txt', 'gone.txt', 'twice.txt', '../x')),
      'data/files/a.txt': 'a',
      'data/files/2024/01/b.txt': 'b',
      'data/files/2024/c/d.txt': 'd',
      'data/files/2024/twice.txt': '1',
      'data/files/2025/twice.txt': '2',
      'data/files/2025/d.txt': 'x',
      'data/gone.txt': 'not below files',
    });
    deepStrictEqual(told(check), [
      'error missing-file 4 data/files/**/gone.txt: no gone.txt in or below files',
      'warning orphan-file data/files/2025/d.txt: no row',
      'info missing-file 6 -: unaddressable: "files/**/../x" leads out of the data directory',
    ]);
    deepStrictEqual(check.rules[0]?.title, 'uploads.path -> files/');
  });

  it('takes folders from hashes and days, and references from JSON', async () => {
    const schema = 'CREATE TABLE t(id INTEGER PRIMARY KEY, name, at, data);';
    const data = JSON.stringify([{ x: 'store:1/a.bin' }, 'store:2/b.bin', 'other']);
    const entries = {
      'data/app.db': database(
        `${schema} INSERT INTO t VALUES (1, 'Foo.png', '2025-03-04 10:00:00', '${data}'), (2, 'Bar.png', 1741082400, 'no JSON, store:3/c.bin, no more');`,
      ),
      'data/images/f/f8/Foo.png': 'f',
      'data/2025/03/04/Foo.png': 'f',
      'data/2025/03/04/Bar.png': 'f',
      'data/store/1/a.bin': 'a',
      'data/store/2/b.bin': 'b',
    };
    const reference = { database: 'app.db', table: 't' };
    const check = await checked(
      [
        { ...reference, path: 'images/{name:md5:0..1}/{name:md5:0..2}/{name}' },
        { ...reference, path: '{at:%Y/%m/%d}/{name}' },
        { ...reference, path: 'store/{data:after."store:"}' },
      ],
      entries,
    );
    deepStrictEqual(told(check), [
      'error missing-file 2 data/images/e/e1/Bar.png: no images/e/e1/Bar.png',
      'error missing-file 2 data/store/3/c.bin: no store/3/c.bin',
    ]);
    deepStrictEqual(
      check.rules.map(({ evidence }) => `${evidence?.fits} of ${evidence?.of}`),
      ['1 of 2', '2 of 2', '2 of 3'],
    );
  });

  it('reads names that are kept as bytes', async () => {
    const schema = 'CREATE TABLE t(id INTEGER PRIMARY KEY, path BLOB);';
    const hexOf = (text: string): string => Buffer.from(text).toString('hex');
    const check = await checked(
      [{ database: 'app.db', table: 't', path: '{path:from.music}', covers: 'music/**' }],
      {
        'data/app.db': database(
          `${schema} INSERT INTO t(path) VALUES (x'${hexOf('/old/music/é 1.mp3')}'), (x'${hexOf('/old/music/gone.mp3')}'), (x'');`,
        ),
        'data/music/é 1.mp3': '1',
        'data/music/stray.mp3': '2',
      },
    );
    deepStrictEqual(told(check), [
      'error missing-file 2 data/music/gone.mp3: no music/gone.mp3',
      'warning orphan-file data/music/stray.mp3: no row',
    ]);
  });

  it('takes columns apart that SQLite takes apart: only ASCII letters have no case', async () => {
    const schema = 'CREATE TABLE t(id INTEGER PRIMARY KEY, "datei_ä", "DATEI_Ä");';
    const reference = { database: 'app.db', table: 't', path: 'files/{Datei_ä}' };
    const check = await checked([reference], {
      'data/app.db': database(`${schema} INSERT INTO t VALUES (1, 'a', 'other');`),
      'data/files/a': 'a',
    });
    deepStrictEqual(told(check), []);
    strictEqual(check.checkedRows, 1);
  });

  it('compares sizes, hashes and what has to be inside', async () => {
    const md5 = '0cc175b9c0f1b6a831c399e269772661';
    const check = await checked(
      [{ ...uploads, size: 'size', hash: 'hash', where: "state = 'done'" }],
      {
        'data/app.db': database(`${schema} INSERT INTO uploads VALUES
          (1, 'a', 1, '${md5}', 'done', NULL), (2, 'b', 5000, NULL, 'done', NULL),
          (3, 'c', NULL, '${md5}', 'done', NULL), (4, 'd', 4001, 'no hash', 'done', NULL),
          (5, 'e', '7', '${md5}', 'done', NULL);`),
        'data/files/a': 'a',
        'data/files/b': 'b',
        'data/files/c': 'c',
        'data/files/d': 'd'.repeat(4000),
        'data/files/e': 'larger',
      },
    );
    deepStrictEqual(told(check), [
      'warning changed-file 2 data/files/b: 1 B, row says 4.9 KB',
      'warning changed-file 3 data/files/c: MD5 4a8a08f0, row says 0cc175b9',
      'warning changed-file 4 data/files/d: 4,000 bytes, row says 4,001 bytes',
      'warning changed-file 5 data/files/e: 6 B, row says 7 B',
    ]);
    const lacking = await checked([{ ...uploads, holds: ['index.html', 'app.js'] }], {
      'data/app.db': database(rows('one', 'two')),
      'data/files/one/index.html': 'a',
      'data/files/one/app.js': 'a',
      'data/files/two/other': 'a',
    });
    deepStrictEqual(told(lacking), [
      'error missing-file 2 data/files/two/index.html: no two/index.html and 1 more',
    ]);
  });

  it('excuses rows that are young', async () => {
    const ago = (time: string): string => `strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-${time}')`;
    const check = await checked([{ ...uploads, grace: { column: 'created', for: '24h' } }], {
      'data/app.db': database(`${schema} INSERT INTO uploads VALUES
        (1, 'young', NULL, NULL, 'done', ${ago('1 hour')}),
        (2, 'old', NULL, NULL, 'done', ${ago('25 hours')}),
        (3, 'unknown', NULL, NULL, 'done', NULL),
        (4, 'seconds', NULL, NULL, 'done', unixepoch('now', '-1 minute'));`),
      'data/files/x': 'x',
    });
    deepStrictEqual(told(check), [
      'error missing-file 2 data/files/old: no files/old',
      'error missing-file 3 data/files/unknown: no files/unknown',
      'info missing-file 4 data/files/seconds: no files/seconds yet',
      'info missing-file 1 data/files/young: no files/young yet',
    ]);
    strictEqual(countMismatches(check), 2);
  });

  it('is titled by the folder that all rows have in common, wherever it is told', async () => {
    const paths = [
      { path: 'files/{id}' },
      { path: '{name}', covers: 'files/*' },
      { path: '{name}' },
      { path: '{id}/{name}' },
      { path: '{id}/site' },
    ];
    const references = paths.map((path) => ({ database: 'app.db', table: 'uploads', ...path }));
    const { rules } = await checked(references, {
      'data/app.db': database('CREATE TABLE uploads(id PRIMARY KEY, name);'),
    });
    deepStrictEqual(
      rules.map(({ title }) => title),
      [
        'uploads.id -> files/',
        'uploads.name -> files/',
        'uploads.name -> data/',
        'uploads -> data/',
        'uploads -> site',
      ],
    );
  });

  it('finds rows without their row in another database', async () => {
    const reference = {
      database: 'app.db',
      table: 'chunks',
      value: ['{id}'],
      to: 'chroma/chroma.sqlite3:embeddings.embedding_id',
    };
    const check = await checked([reference], {
      'data/app.db': database(
        "CREATE TABLE chunks(id PRIMARY KEY); INSERT INTO chunks VALUES ('x1'), ('x2'), (3);",
      ),
      'data/chroma/chroma.sqlite3': database(
        "CREATE TABLE embeddings(embedding_id); INSERT INTO embeddings VALUES ('x1'), ('3');",
      ),
    });
    deepStrictEqual(told(check), ['error missing-row x2 -: not in chroma.sqlite3']);
    strictEqual(check.rules[0]?.title, 'chunks.id -> embeddings');
  });

  it('says nothing of paths that nobody could have looked at', async () => {
    const check = await checked(
      [{ ...uploads, path: '{path}' }],
      {
        'data/app.db': database(rows('cache/x.png', 'link/y.png', 'files/a')),
        'data/cache/other': 'c',
        'data/files/a': 'a',
        'data/link': symlink('../elsewhere'),
      },
      { exclude: ['cache/'] },
    );
    deepStrictEqual(told(check), []);
  });

  it('never follows what leads out of the data directory', async () => {
    const check = await checked([{ ...uploads, path: '{path}' }], {
      'data/app.db': database(rows('../outside.txt', '/etc/passwd', 'files/ok')),
      'outside.txt': 'o',
      'data/files/ok': 'a',
    });
    deepStrictEqual(told(check), [
      'info missing-file 1 -: unaddressable: "../outside.txt" leads out of the data directory',
      'info missing-file 2 -: unaddressable: "/etc/passwd" leads out of the data directory',
    ]);
    strictEqual(countMismatches(check), 0);
  });

  it('names folders that cannot be read once', async () => {
    const at = await project([uploads], {
      'data/app.db': database(rows('closed/a', 'closed/b', 'open')),
      'data/files/closed/a': 'a',
      'data/files/open': 'o',
    });
    fs.chmodSync(join(at.dir, 'data/files/closed'), 0o000);
    fs.chmodSync(at.dir, 0o755);
    const check = async (): Promise<CheckDocument> => await at.project.check('live', {}, quietCall);
    if (isRoot) fs.chmodSync(at.storeDir, 0o777);
    const found = isRoot ? await asUser(12_345, check) : await check();
    fs.chmodSync(join(at.dir, 'data/files/closed'), 0o755);
    deepStrictEqual(told(found), ['warning unreadable data/files/closed: permission denied']);
  });

  it('counts what is ignored, and does not tell it', async () => {
    const entries: Tree = {
      'data/app.db': database(rows('old/a', 'old/b', 'new')),
      'data/files/stray': 's',
    };
    const byPath = await checked([{ ...uploads, covers: 'files/*' }], entries, {
      ignore: [{ path: 'files/old', why: 'imported by hand' }],
    });
    deepStrictEqual(told(byPath), [
      'error missing-file 3 data/files/new: no files/new',
      'warning orphan-file data/files/stray: no row',
    ]);
    deepStrictEqual(
      [byPath.ignored, byPath.rules[0]?.ignored, byPath.rules[0]?.mismatches],
      [2, 2, 2],
    );
    const byRule = await checked([{ ...uploads, covers: 'files/*' }], entries, {
      ignore: [{ rule: byPath.rules[0]?.id }],
    });
    deepStrictEqual([told(byRule), byRule.ignored], [[], 4]);
  });

  it('tells a rule that names what is not there, with its place; the others run', async () => {
    const { project, dir } = await testProject({
      'data/app.db': database(rows('gone')),
      'data/files/a': 'a',
    });
    const broken = [
      '{ "database": "app.db", "table": "project", "path": "files/{path}" }',
      '{ "database": "other.db", "table": "uploads", "path": "files/{path}" }',
      '{ "database": "app.db", "table": "uploads", "path": "files/{file}" }',
      '{ "database": "app.db", "table": "uploads", "path": "x/{path}", "where": "nosuch = 1" }',
      '{ "database": "app.db", "table": "uploads", "path": "y/{path}", "where": "1; DROP TABLE uploads" }',
      '{ "database": "app.db", "table": "uploads", "path": "z/{path}", "where": "count(*) > 0" }',
      '{ "database": "app.db", "table": "uploads", "path": "q/{path}", "where": "id IN (SELECT 1)" }',
      '{ "database": "app.db", "table": "uploads", "path": "r/{path}", "where": "load_extension(path)" }',
      '{ "database": "app.db", "table": "uploads", "path": "s/{path}", "where": "thumb(path)" }',
      '{ "database": "app.db", "table": "uploads", "path": "t/{path}", "where": "state = = 1" }',
      '{ "database": "app.db", "table": "uploads", "path": "u/{path}", "size": "json_extract(path, \'$.size\')" }',
      '{ "database": "app.db", "table": "uploads", "path": "v/{path}", "grace": { "column": "made", "for": "1h" } }',
      '{ "database": "app.db", "table": "uploads", "value": ["{nosuch}"], "to": "app.db:uploads.id" }',
      '{ "database": "app.db", "table": "uploads", "path": "files/{path}" }',
    ];
    fs.writeFileSync(
      join(dir, 'savepoint.json'),
      `{ "dataDirs": [{ "path": "data", "references": [\n${broken.join(',\n')}\n] }] }`,
    );
    const check = await project.check('live', {}, quietCall);
    deepStrictEqual(
      check.configProblems
        .toSorted((a, b) => a.line - b.line)
        .map(({ file, line, message }) => `${file} ${line} ${message}`),
      [
        'savepoint.json 2 no table "project" in app.db',
        'savepoint.json 3 no database "data/other.db"',
        'savepoint.json 4 no column "file" in table "uploads" of app.db',
        'savepoint.json 5 "where": no column "nosuch" in table "uploads" of app.db',
        'savepoint.json 6 "where" has to be one expression, without a semicolon',
        'savepoint.json 7 "where": count() looks at many rows, a rule sees one',
        'savepoint.json 8 "where" may not hold SELECT: it sees one row only',
        'savepoint.json 9 "where" may not call load_extension()',
        `savepoint.json 10 "where": no function thumb(): SQLite's own are there, not those of the application`,
        'savepoint.json 11 "where": no SQL expression, see "="',
        'savepoint.json 12 "size": malformed JSON',
        'savepoint.json 13 no column "made" in table "uploads" of app.db',
        'savepoint.json 14 no column "nosuch" in table "uploads" of app.db',
      ],
    );
    strictEqual(check.configProblems.find(({ line }) => line === 2)?.column, 34);
    deepStrictEqual(told(check), ['error missing-file 1 data/files/gone: no files/gone']);
    strictEqual(check.rules.filter(({ state }) => state === 'broken').length, 13);
  });

  it('refuses rules that would walk out of the data directory', async () => {
    const { project } = await testProject({
      'savepoint.json': JSON.stringify({
        dataDirs: [
          {
            path: 'data',
            references: [
              { ...uploads, path: '../{path}' },
              { ...uploads, database: '../other.db' },
              { ...uploads, covers: '../**' },
              { ...uploads, holds: ['../x'] },
            ],
          },
        ],
      }),
      'data/app.db': database(rows('a')),
      'other.db': database(rows('a')),
    });
    const all = problems(await project.check('live', {}, quietCall));
    strictEqual(all.filter((message) => /leads out of the data directory/.test(message)).length, 4);
  });

  it('refuses rules that lead through a link, and globs that are none', async () => {
    const given = [
      { ...uploads, path: 'link/{path}' },
      { ...uploads, path: 'files/link/deep/{path}' },
      { ...uploads, covers: 'link/*' },
      { ...uploads, covers: 'files/[' },
      { ...uploads, covers: 'files/**', tombstones: ['*.{tmp,part'] },
      { ...uploads, covers: 'files/link' },
    ];
    const { project: opened, dir } = await project(given, {
      'data/app.db': database(rows('a')),
      'data/files/a': 'a',
      'data/files/link': symlink('../..'),
      'data/link': symlink('../outside'),
      'outside/a': 'a',
    });
    const text = JSON.stringify(
      JSON.parse(fs.readFileSync(join(dir, 'savepoint.json'), 'utf8')),
      null,
      1,
    );
    fs.writeFileSync(join(dir, 'savepoint.json'), text);
    const check = await opened.check('live', {}, quietCall);
    deepStrictEqual(
      check.configProblems.map(({ line, column, message }) => {
        const place = text.split('\n')[line - 1]?.slice(column - 1) ?? '';
        return `${place.replace(/,$/, '')} ${message}`;
      }),
      [
        '"files/[" "covers": "files/[" lacks a ]',
        '[ "tombstones": "*.{tmp,part" lacks a }',
        '"link/{path}" "path": "link/{path}" leads through the link "data/link", which is not followed',
        '"files/link/deep/{path}" "path": "files/link/deep/{path}" leads through the link "data/files/link", which is not followed',
        '"link/*" "covers": "link/*" leads through the link "data/link", which is not followed',
      ],
    );
    deepStrictEqual(told(check), ['warning orphan-file data/files/link: no row']);
  });

  it('ties rows and files of two data directories from the top of the file', async () => {
    const { project } = await testProject({
      'savepoint.json': JSON.stringify({
        dataDirs: [{ path: '.tmp/data.db' }, { path: 'public/uploads' }],
        references: [{ database: '.tmp/data.db', table: 'uploads', path: 'public{path}' }],
      }),
      '.tmp/data.db': database(rows('/uploads/a.png', '/uploads/b.png')),
      'public/uploads/a.png': 'a',
    });
    const check = await project.check('live', {}, quietCall);
    deepStrictEqual(told(check), [
      'error missing-file 2 public/uploads/b.png: no public/uploads/b.png',
    ]);
    await project.snapshot({}, quietCall);
    deepStrictEqual(told(await project.check('latest', {}, quietCall)), told(check));
  });

  it('names a database that nobody can look into', async () => {
    const check = await checked([uploads, { ...uploads, path: 'more/{path}' }], {
      'data/app.db': 'no database at all',
      'data/files/a': 'a',
    });
    deepStrictEqual(told(check), [
      'error unreadable data/app.db: encrypted, or no SQLite database',
    ]);
  });

  it('tells that a database of the newest snapshot is none any more, with and without a rule', async () => {
    const lost = 'data/app.db: no SQLite database any more';
    for (const [count, expected] of [
      [0, [lost]],
      [8, []],
    ] as const) {
      const names = Array.from({ length: count }, (_, i) => `${i}-${(i * 7919).toString(36)}.png`);
      const { project: opened, dir } = await testProject({
        'data/app.db': database(rows('none.png', ...names).replace("'none.png'", 'NULL')),
        ...Object.fromEntries(names.map((name) => [`data/files/${name}`, name])),
        'data/notes.txt': 'n',
      });
      await opened.snapshot({}, quietCall);
      fs.writeFileSync(join(dir, 'data/app.db'), 'overwritten');
      const check = await opened.check('live', {}, quietCall);
      deepStrictEqual(
        check.diagnoses.map(({ detail }) => detail),
        expected,
      );
      deepStrictEqual(
        told(check),
        count === 0 ? [] : ['error unreadable data/app.db: no SQLite database any more'],
      );
      strictEqual(countMismatches(check), 1);
      await opened.close();
    }
  });

  it('opens no live database in an untrusted workspace, and believes no savepoint.json', async () => {
    const at = await project([uploads], { 'data/app.db': database(rows('gone')) });
    await at.project.snapshot({}, quietCall);
    const untrusted = await openProject({ ...at.options, trusted: false }, at.dir);
    await rejects(untrusted.check('live', {}, quietCall), { code: 'UNTRUSTED' });
    const check = await untrusted.check('latest', {}, quietCall);
    deepStrictEqual([told(check), check.rules], [[], []]);
  });

  it('refuses to check a project without data', async () => {
    const { project } = await testProject({ 'README.md': 'x' });
    await rejects(project.check('live', {}, quietCall), { code: 'NO_DATA_DIRECTORY' });
  });
});

describe('a check beside an application', () => {
  it('changes nothing beside the data', async () => {
    const at = await project([uploads], {
      'data/app.db': database(rows('a'), { leftInWal: "INSERT INTO uploads(path) VALUES ('b')" }),
      'data/files/a': 'a',
    });
    const look = (): readonly string[] =>
      fs.readdirSync(join(at.dir, 'data')).map((name) => {
        const { size, mtimeMs, ctimeMs } = fs.statSync(join(at.dir, 'data', name));
        return `${name} ${size} ${mtimeMs} ${ctimeMs}`;
      });
    const before = look();
    const check = await at.project.check('live', {}, quietCall);
    deepStrictEqual(told(check), ['error missing-file 2 data/files/b: no files/b']);
    deepStrictEqual(look(), before);
  });
});

describe('what a snapshot records', () => {
  it('are its mismatches, and which of them are new', async () => {
    const at = await project([{ ...uploads, covers: 'files/*' }], {
      'data/app.db': database(rows('a', 'b')),
      'data/files/a': 'a',
      'data/files/b': 'b',
    });
    const snapshot = async () => {
      const { mismatches, newMismatches } = await at.project.snapshot({}, quietCall);
      return [mismatches, newMismatches];
    };
    deepStrictEqual(await snapshot(), [0, undefined]);
    fs.rmSync(join(at.dir, 'data/files/a'));
    deepStrictEqual(await snapshot(), [1, 1]);
    deepStrictEqual(await snapshot(), [1, 0]);
    fs.writeFileSync(join(at.dir, 'data/files/c'), 'c');
    deepStrictEqual(await snapshot(), [2, 1]);
    const entries = await at.project.list();
    deepStrictEqual(
      entries.map(({ mismatches, newMismatches }) => [mismatches, newMismatches]),
      [
        [2, 1],
        [1, 0],
        [1, 1],
        [0, undefined],
      ],
    );
    const manifest = await at.project.show('latest');
    strictEqual(manifest.mismatchKeys?.length, 2);
    match(manifest.checkedBy ?? '', /^[0-9a-f]{16}$/);
    const live = await at.project.check('live', {}, quietCall);
    deepStrictEqual(
      live.mismatches.map(({ isNew }) => isNew),
      [false, false],
    );
    sqlite(join(at.dir, 'data/app.db'), "INSERT INTO uploads(path) VALUES ('d')");
    const again = await at.project.check('live', {}, quietCall);
    strictEqual(again.mismatches.filter(({ isNew }) => isNew === true).length, 1);
    const before = await at.project.check('latest', {}, quietCall);
    strictEqual(before.mismatches.filter(({ isNew }) => isNew === true).length, 1);
  });

  it('is asked anew where the rules changed, though the data did not', async () => {
    const at = await project([], { 'data/app.db': database(rows('a')), 'data/files/x': 'x' });
    strictEqual((await at.project.snapshot({}, quietCall)).mismatches, null);
    fs.writeFileSync(
      join(at.dir, 'savepoint.json'),
      JSON.stringify({ dataDirs: [{ path: 'data', references: [uploads] }] }),
    );
    const { mismatches, unchanged } = await at.project.snapshot({}, quietCall);
    deepStrictEqual([mismatches, unchanged], [1, true]);
  });

  it('is nothing where the database cannot be read, and the snapshot is taken all the same', async () => {
    const at = await project([uploads], { 'data/app.db': database(rows('a')) });
    const bytes = fs.readFileSync(join(at.dir, 'data/app.db'));
    bytes.fill(0x5a, 4096);
    fs.writeFileSync(join(at.dir, 'data/app.db'), bytes);
    const { mismatches, databases } = await at.project.snapshot({}, quietCall);
    strictEqual(databases[0]?.state, 'damaged');
    strictEqual(mismatches, 1);
  });
});

describe('history', () => {
  it('tells size, rows and mismatches of one data directory, oldest first', async () => {
    const { project, dir } = await testProject({
      'savepoint.json': JSON.stringify({
        dataDirs: [{ path: 'data', references: [uploads] }, { path: 'other' }],
      }),
      'data/app.db': database(rows('a')),
      'data/files/a': 'aaaa',
      'other/x.txt': 'xx',
      'other/more/y.txt': 'y',
    });
    await project.snapshot({ label: 'one' }, quietCall);
    fs.rmSync(join(dir, 'data/files/a'));
    fs.rmSync(join(dir, 'other/x.txt'));
    await project.snapshot({ label: 'two' }, quietCall);
    const { dataDir, points } = await project.history('data', 10);
    strictEqual(dataDir, 'data');
    const bytes = fs.statSync(join(dir, 'data/app.db')).size;
    deepStrictEqual(
      points.map((point) => [
        point.label,
        point.files,
        point.bytes,
        point.mismatches,
        point.tables,
      ]),
      [
        ['one', 1, bytes + 4, 0, { 'data/app.db:uploads': 1 }],
        ['two', 0, bytes, 1, { 'data/app.db:uploads': 1 }],
      ],
    );
    const other = await project.history('other', 1);
    deepStrictEqual(
      other.points.map(({ label, files, bytes, mismatches }) => [label, files, bytes, mismatches]),
      [['two', 1, 1, 0]],
    );
    deepStrictEqual((await project.history('nowhere', 10)).points, []);
  });
});

describe('diff', () => {
  it('tells the mismatches of both sides', async () => {
    const at = await project([uploads], {
      'data/app.db': database(rows('a', 'b')),
      'data/files/a': 'a',
    });
    const diff = async (a: string, b: string) =>
      (await at.project.diff(a, b, {}, quietCall)).mismatches;
    await at.project.snapshot({ label: 'one' }, quietCall);
    deepStrictEqual(await diff('one', 'live'), { before: 1, after: 1 });
    fs.rmSync(join(at.dir, 'data/files/a'));
    deepStrictEqual(await diff('one', 'live'), { before: 1, after: 2 });
    await at.project.snapshot({ label: 'two' }, quietCall);
    deepStrictEqual(await diff('two', 'one'), { before: 2, after: 1 });
  });
});
