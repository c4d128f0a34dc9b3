// Random schemas, random rows, random changes to both: what `diff` tells, done to the one database,
// is the other.

import Database from 'better-sqlite3';
import fc from 'fast-check';
import { deepStrictEqual, ok } from 'node:assert/strict';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type {
  CellDocument,
  DatabaseDiff,
  RowDocument,
} from '../../src/core/documents/documents.ts';
import { firstRows, listTables } from '../../src/engine/browse/browse-database.ts';
import { diff } from '../support/images.ts';
import { tree } from '../support/tree.ts';

const anyName = fc.constantFrom('t0', 'odd "Name"', '\u{1F600}');
const anyColumn = fc.constantFrom('c0', 'C 1', '__proto__');
const anyType = fc.constantFrom('INTEGER', 'TEXT', 'REAL', 'BLOB', '', 'NUMERIC', 'VARCHAR(9)');
const anyCell = fc.oneof(
  fc.constantFrom<unknown>(null, 0, 1, 2.5, 'a', 'A', '1', '', Buffer.from('a'), 2n ** 60n),
  fc.string({ maxLength: 3 }),
  fc.integer(),
);

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const anyTable = fc
  .record({
    name: anyName,
    columns: fc.uniqueArray(fc.tuple(anyColumn, anyType), {
      selector: ([name]) => name.toLowerCase(),
      minLength: 2,
      maxLength: 3,
    }),
    key: fc.constantFrom('none', 'integer', 'first', 'two', 'nocase'),
    generated: fc.constantFrom('', 'VIRTUAL', 'STORED'),
    withoutRowid: fc.boolean(),
  })
  .map(({ name, columns, key, generated, withoutRowid }) => {
    const names = columns.map(([column]) => quote(column));
    const keys = {
      none: '',
      integer: '',
      first: `, PRIMARY KEY (${names[0]})`,
      two: `, PRIMARY KEY (${[names[1] ?? names[0], names[0]].slice(0, names.length).join(', ')})`,
      nocase: `, PRIMARY KEY (${names[0]} COLLATE NOCASE DESC)`,
    };
    const parts = columns.map(([column, type]) => `${quote(column)} ${type}`);
    if (key === 'integer') parts.unshift('id INTEGER PRIMARY KEY');
    if (generated !== '') parts.push(`g AS (${names[0]} || 'x') ${generated}`);
    const end = withoutRowid && keys[key] !== '' ? ' WITHOUT ROWID' : '';
    return `CREATE TABLE ${quote(name)} (${parts.join(', ')}${keys[key]})${end}`;
  });

/** SQL and values; what the schema refuses is no step. */
type Step = readonly [sql: string, ...values: unknown[]];

const anySchemaStep: fc.Arbitrary<Step> = fc.oneof(
  anyTable.map((sql): Step => [sql]),
  anyName.map((name): Step => [`DROP TABLE ${quote(name)}`]),
  fc
    .tuple(anyName, anyColumn, anyType)
    .map(([name, column, type]): Step => [
      `ALTER TABLE ${quote(name)} ADD COLUMN ${quote(column)} ${type} DEFAULT 'd'`,
    ]),
  fc
    .tuple(anyName, anyColumn)
    .map(([name, column]): Step => [`ALTER TABLE ${quote(name)} DROP COLUMN ${quote(column)}`]),
  fc
    .tuple(anyName, anyColumn, anyColumn)
    .map(([name, from, to]): Step => [
      `ALTER TABLE ${quote(name)} RENAME COLUMN ${quote(from)} TO ${quote(to)}`,
    ]),
  fc
    .tuple(anyName, anyName)
    .map(([from, to]): Step => [`ALTER TABLE ${quote(from)} RENAME TO ${quote(to)}`]),
  fc
    .tuple(anyName, anyColumn)
    .map(([name, column]): Step => [
      `CREATE INDEX ${quote(`i ${column}`)} ON ${quote(name)} (${quote(column)})`,
    ]),
  anyColumn.map((column): Step => [`DROP INDEX ${quote(`i ${column}`)}`]),
  anyName.map((name): Step => [`CREATE VIEW v AS SELECT * FROM ${quote(name)}`]),
  anyName.map((name): Step => [
    `CREATE TRIGGER tr AFTER INSERT ON ${quote(name)} BEGIN SELECT 1; END`,
  ]),
  fc.constantFrom<Step>(['DROP VIEW v'], ['DROP TRIGGER tr'], ['VACUUM']),
  fc.nat(3).map((version): Step => [`PRAGMA user_version = ${version}`]),
);

const anyRowStep: fc.Arbitrary<Step> = fc.oneof(
  fc
    .tuple(anyName, anyColumn, anyColumn, anyCell, anyCell)
    .map(([name, a, b, x, y]): Step => [
      `INSERT INTO ${quote(name)} (${quote(a)}, ${quote(b)}) VALUES (?, ?)`,
      x,
      y,
    ]),
  fc
    .tuple(anyName, anyColumn, anyCell)
    .map(([name, a, x]): Step => [`INSERT INTO ${quote(name)} (${quote(a)}) VALUES (?)`, x]),
  fc
    .tuple(anyName, anyColumn, anyCell, fc.nat(5))
    .map(([name, a, x, nth]): Step => [
      `UPDATE ${quote(name)} SET ${quote(a)} = ? WHERE ${quote(a)} IS (SELECT ${quote(a)} FROM ${quote(name)} LIMIT 1 OFFSET ${nth})`,
      x,
    ]),
  fc
    .tuple(anyName, anyColumn, anyCell)
    .map(([name, a, x]): Step => [`DELETE FROM ${quote(name)} WHERE ${quote(a)} IS ?`, x]),
);

function run(path: string, steps: readonly Step[]): void {
  const db = new Database(path);
  try {
    db.pragma('synchronous = OFF');
    for (const [sql, ...values] of steps) {
      try {
        db.prepare(sql).run(...values);
      } catch (error) {
        if (!(error instanceof Database.SqliteError) && !(error instanceof TypeError)) throw error;
      }
    }
  } finally {
    db.close();
  }
}

/** What was created, by type and name, and the settings that a schema diff tells. */
function objectsOf(path: string): Map<string, string> {
  const db = new Database(path, { readonly: true });
  try {
    const rows = db
      .prepare<[], [string, string, string]>(
        "SELECT type, name, sql FROM sqlite_schema WHERE sql NOT NULL AND name NOT LIKE 'sqlite@_%' ESCAPE '@'",
      )
      .raw()
      .all();
    return new Map([
      ['pragma user_version', String(db.pragma('user_version', { simple: true }))],
      ...rows.map(([type, name, sql]): [string, string] => [`${type} ${name.toLowerCase()}`, sql]),
    ]);
  } finally {
    db.close();
  }
}

function applySchema({ schema }: DatabaseDiff, to: Map<string, string>): Map<string, string> {
  const objects = new Map(to);
  for (const { op, type, name, before, after } of schema) {
    if (type === 'column') continue;
    const key = `${type} ${name.toLowerCase()}`;
    deepStrictEqual(objects.get(key) ?? null, before);
    if (op === 'remove') objects.delete(key);
    else objects.set(key, after ?? '');
  }
  return objects;
}

/** Names of the columns of each table, but computed ones. */
function tablesOf(path: string): ReadonlyMap<string, readonly string[]> {
  return new Map(
    listTables(path).map(({ name, columns }) => [
      name.toLowerCase(),
      columns.map((column) => column.name).filter((column) => column !== 'g'),
    ]),
  );
}

/** The row on these columns, as one text; integers and reals of one value are one, as in JSON. */
function project(row: RowDocument, columns: readonly string[]): string {
  const cells = new Map(Object.entries(row).map(([name, cell]) => [name.toLowerCase(), cell]));
  const plain = (cell: CellDocument | undefined): unknown => {
    const isReal = cell !== null && typeof cell === 'object' && 'real' in cell;
    return isReal ? Number(cell.real) : (cell ?? null);
  };
  return JSON.stringify(columns.map((name) => plain(cells.get(name))));
}

function checkRows({ tables }: DatabaseDiff, old: string, now: string): void {
  const [before, after] = [tablesOf(old), tablesOf(now)];
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const other = new Set((after.get(name) ?? before.get(name))?.map((one) => one.toLowerCase()));
    const common = (before.get(name) ?? after.get(name) ?? [])
      .map((column) => column.toLowerCase())
      .filter((column) => other.has(column));
    const rows = (path: string, sides: typeof before): string[] =>
      sides.has(name) ? firstRows(path, name, 1000).rows.map((row) => project(row, common)) : [];
    const told = tables.find((table) => table.name.toLowerCase() === name)?.rows ?? [];
    const left = rows(old, before);
    for (const { before: gone } of told) {
      if (gone === null) continue;
      const at = left.indexOf(project(gone, common));
      ok(at >= 0, `not there: ${project(gone, common)}`);
      left.splice(at, 1);
    }
    for (const { after: come } of told) if (come !== null) left.push(project(come, common));
    deepStrictEqual(left.toSorted(), rows(now, after).toSorted());
  }
}

describe('diffDatabases, whatever the schemas', function () {
  const isLong = process.env['SAVEPOINT_LONG'] === '1';
  this.timeout(isLong ? 600_000 : 60_000);
  let root = '';
  before(async () => {
    root = await tree();
  });

  it('turns the one schema and its rows into the other, and tells nothing of a database against itself', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(anyTable, { minLength: 1, maxLength: 3 }),
        fc.array(anyRowStep, { maxLength: 25, size: 'max' }),
        fc.array(fc.oneof({ weight: 2, arbitrary: anyRowStep }, anySchemaStep), {
          maxLength: 10,
          size: 'max',
        }),
        async (tables, rows, further) => {
          const [old, now] = [join(root, 'old.db'), join(root, 'now.db')];
          for (const path of [old, now]) rmSync(path, { force: true });
          run(old, [...tables.map((sql): Step => [sql]), ...rows]);
          copyFileSync(old, now);
          run(now, further);
          const found = await diff(old, now, { rows: 1000 });
          deepStrictEqual(found.problem, null);
          deepStrictEqual(applySchema(found, objectsOf(old)), objectsOf(now));
          checkRows(found, old, now);
          for (const path of [old, now]) {
            const { schema, tables: none, problem } = await diff(path, path, { rows: 1000 });
            deepStrictEqual({ schema, none, problem }, { schema: [], none: [], problem: null });
          }
        },
      ),
      { numRuns: isLong ? 5000 : 120 },
    ));
});
