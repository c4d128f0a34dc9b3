import { deepStrictEqual, strictEqual, throws } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import type { RowDocument } from '../../../src/core/documents/documents.ts';
import { firstRows, listTables, schemaText } from '../../../src/engine/browse/browse-database.ts';
import { image } from '../../support/images.ts';

const sql = `CREATE TABLE zoo(k TEXT PRIMARY KEY, n INT) ; CREATE TABLE Alpha(a, b); CREATE INDEX i ON zoo(n);
  CREATE VIEW v AS SELECT a FROM Alpha; CREATE VIRTUAL TABLE docs USING fts5(title);
  CREATE TRIGGER r AFTER INSERT ON zoo BEGIN SELECT 1; END; CREATE TABLE auto(id INTEGER PRIMARY KEY AUTOINCREMENT);
  INSERT INTO zoo VALUES ('b', 1), ('a', 2), ('c', 3); INSERT INTO docs VALUES ('x'), ('y')`;

describe('listTables', () => {
  it('tells the tables that a user made, with exact counts and the columns of the key', async () => {
    deepStrictEqual(listTables(await image(sql)), [
      {
        name: 'Alpha',
        rows: 0,
        columns: [
          { name: 'a', type: '', key: false },
          { name: 'b', type: '', key: false },
        ],
      },
      { name: 'auto', rows: 0, columns: [{ name: 'id', type: 'INTEGER', key: true }] },
      { name: 'docs', rows: 2, columns: [{ name: 'title', type: '', key: false }] },
      {
        name: 'zoo',
        rows: 3,
        columns: [
          { name: 'k', type: 'TEXT', key: true },
          { name: 'n', type: 'INT', key: false },
        ],
      },
    ]);
  });

  it('refuses what is no database in words', async () => {
    const path = await image();
    writeFileSync(path, 'x'.repeat(5000));
    throws(() => listTables(path), { code: 'IO', message: /^the database cannot be read: / });
  });
});

describe('schemaText', () => {
  it('is sorted by type and name, one statement a block', async () => {
    strictEqual(
      schemaText(await image(sql)),
      [
        'CREATE TABLE Alpha(a, b);',
        'CREATE TABLE auto(id INTEGER PRIMARY KEY AUTOINCREMENT);',
        'CREATE VIRTUAL TABLE docs USING fts5(title);',
        'CREATE TABLE zoo(k TEXT PRIMARY KEY, n INT);',
        'CREATE INDEX i ON zoo(n);',
        'CREATE VIEW v AS SELECT a FROM Alpha;',
        'CREATE TRIGGER r AFTER INSERT ON zoo BEGIN SELECT 1; END;\n',
      ].join('\n\n'),
    );
  });

  it('is empty for an empty database', async () => {
    strictEqual(schemaText(await image()), '');
  });
});

describe('firstRows', () => {
  it('answers rows in the order of the key, and how many there are', async () => {
    const path = await image(sql);
    const rows = [
      { k: 'a', n: 2 },
      { k: 'b', n: 1 },
    ];
    deepStrictEqual(firstRows(path, 'zoo', 2), { rows, total: 3 });
    deepStrictEqual(firstRows(path, 'ZOO', 0), { rows: [], total: 3 });
    deepStrictEqual(firstRows(path, 'docs', 9), {
      rows: [{ title: 'x' }, { title: 'y' }],
      total: 2,
    });
  });

  it('answers only the row of a key, whatever its type is', async () => {
    const path = await image(`CREATE TABLE keys(a, b COLLATE NOCASE, PRIMARY KEY (a, b));
      INSERT INTO keys VALUES (1, 'x'), (1, 'y'), (NULL, 'x'), (9223372036854775807, 'x'), (0.5, 'x'), (x'00', 'z');
      CREATE TABLE bare(v); INSERT INTO bare VALUES ('one'), ('two')`);
    const found = (table: string, key: RowDocument): readonly RowDocument[] =>
      firstRows(path, table, 9, key).rows;
    for (const row of firstRows(path, 'keys', 9).rows) {
      deepStrictEqual(found('keys', row), [row]);
    }
    deepStrictEqual(found('keys', { a: 1, b: 'X' }), []);
    deepStrictEqual(firstRows(path, 'bare', 9, { rowid: 2 }), {
      rows: [{ v: 'two' }],
      total: 1,
    });
  });

  it('refuses a table that is not there, and what is behind a virtual one', async () => {
    const path = await image(sql);
    for (const table of ['nope', 'docs_data', 'sqlite_sequence', 'v']) {
      throws(() => firstRows(path, table, 1), { code: 'PATH_NOT_IN_SNAPSHOT' });
    }
  });
});
