// Restores of random parts: what the preview named becomes as it was in the snapshot, and every other
// row and byte stays.

import Database from 'better-sqlite3';
import fc from 'fast-check';
import { deepStrictEqual, equal, rejects } from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import type { RestorePlanDocument } from '../../src/core/documents/documents.ts';
import {
  coversSelection,
  joinSelections,
  pathFilter,
  tableChoice,
  isChosen,
  type RestoreSelection,
} from '../../src/core/restore/selection.ts';
import { flatTree } from '../support/flat-tree.ts';
import { quietCall, testProject, type TestProject } from '../support/project.ts';
import { database } from '../support/sqlite.ts';
import type { RestoreOptions } from '../../src/core/documents/options.ts';

const runs = { numRuns: process.env['SAVEPOINT_LONG'] === undefined ? 8 : 300 };

const schema = `
  CREATE TABLE plain(a, b);
  CREATE TABLE users(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE COLLATE NOCASE);
  CREATE TABLE notes(id INTEGER PRIMARY KEY, user REFERENCES users, body, size AS (length(body)) STORED);
  CREATE TABLE tags(note, tag TEXT COLLATE NOCASE, PRIMARY KEY (tag, note)) WITHOUT ROWID;
  CREATE TABLE log(what);
  CREATE TRIGGER noted AFTER INSERT ON notes BEGIN INSERT INTO log VALUES ('+' || new.id); END;
  CREATE TRIGGER gone AFTER DELETE ON notes BEGIN INSERT INTO log VALUES ('-' || old.id); END;
  CREATE VIRTUAL TABLE found USING fts5(body);
  CREATE INDEX "by body" ON notes(body) WHERE body NOT NULL;`;
const tables = ['plain', 'users', 'notes', 'tags', 'log', 'found'];
const databases = ['data/a.db', 'data/deep/b.db'];
const files = ['data/files/x', 'data/files/y', 'data/deep/z'];

const value = fc.constantFrom(null, 0, 1, 1.5, '', '1', 'a', 'A', Buffer.from('a'), 2n ** 60n);
const step = fc.oneof(
  fc.tuple(fc.constant('INSERT INTO plain VALUES (?, ?)'), fc.tuple(value, value)),
  fc.tuple(fc.constant('UPDATE plain SET a = ? WHERE b IS ?'), fc.tuple(value, value)),
  fc.tuple(fc.constant('DELETE FROM plain WHERE rowid % 3 = ?'), fc.tuple(fc.nat(2))),
  fc.tuple(
    fc.constant('INSERT OR REPLACE INTO users(id, name) VALUES (?, ?)'),
    fc.tuple(fc.option(fc.nat(4)), value),
  ),
  fc.tuple(fc.constant('DELETE FROM users WHERE id = ?'), fc.tuple(fc.nat(4))),
  fc.tuple(
    fc.constant('INSERT OR REPLACE INTO notes(id, user, body) VALUES (?, ?, ?)'),
    fc.tuple(fc.nat(4), fc.option(fc.nat(4)), value),
  ),
  fc.tuple(fc.constant('DELETE FROM notes WHERE id = ?'), fc.tuple(fc.nat(4))),
  fc.tuple(
    fc.constant('INSERT OR REPLACE INTO tags VALUES (?, ?)'),
    fc.tuple(fc.nat(3), fc.constantFrom('a', 'A', 'b')),
  ),
  fc.tuple(fc.constant('DELETE FROM tags WHERE note = ?'), fc.tuple(fc.nat(3))),
  fc.tuple(fc.constant('INSERT INTO found VALUES (?)'), fc.tuple(fc.constantFrom('red', 'green'))),
  fc.tuple(fc.constant('DELETE FROM found WHERE rowid % 2 = ?'), fc.tuple(fc.nat(1))),
);
type Step = readonly [string, readonly unknown[]];
const steps = fc.array(step, { maxLength: 12 });
const change = fc.record({
  rows: fc.tuple(steps, steps),
  files: fc.array(
    fc.tuple(fc.constantFrom(...files, 'data/files/new'), fc.option(fc.constantFrom('1', '22'))),
  ),
});

const somePaths = fc.subarray([...databases, ...files, 'data/files', 'data/deep'], {
  maxLength: 3,
});
const someTables = fc.subarray(
  databases.flatMap((path) => tables.map((table) => `${path}:${table}`)),
  { maxLength: 3 },
);
const selection: fc.Arbitrary<RestoreSelection> = fc.record({
  only: fc.oneof(fc.constant([]), somePaths),
  except: fc.oneof(fc.constant([]), somePaths),
  table: fc.oneof(fc.constant([]), someTables),
  exceptTable: fc.oneof(fc.constant([]), someTables),
});

describe('a restore of a part', function () {
  this.timeout(600_000);

  it('changes exactly what its preview said, and undo brings exactly that back', async () => {
    await fc.assert(
      fc.asyncProperty(
        change,
        change,
        selection,
        fc.boolean(),
        async (first, then, part, keepNew) => {
          const test = await testProject({
            '.env': 'DATA_DIR=data',
            'data/files/x': 'x',
            'data/deep/z': 'z',
            ...Object.fromEntries(databases.map((path) => [path, database(schema)])),
          });
          const { project, dir } = test;
          apply(dir, first);
          await project.snapshot({ label: 'good' }, quietCall);
          const good = stateOf(dir);
          apply(dir, then);
          const live = stateOf(dir);
          const options: RestoreOptions = { snapshot: 'good', keepNew, ...part };
          if (!isThere(part, good, live)) {
            await rejects(project.planRestore(options, quietCall), {
              code: 'PATH_NOT_IN_SNAPSHOT',
            });
            return;
          }
          const plan = await project.planRestore(options, quietCall);
          if (plan.blocked !== null) {
            equal(plan.foreignKeys.length > 0, true, plan.blocked);
            await rejects(project.applyRestore(options, plan.token, quietCall));
            deepStrictEqual(stateOf(dir), live);
            return;
          }
          await project.applyRestore(options, plan.token, quietCall);
          const restored = stateOf(dir);
          deepStrictEqual(restored, expected(live, good, plan, part));
          await takeBack(test);
          deepStrictEqual(stateOf(dir), live);
          await project.close();
        },
      ),
      runs,
    );
  });
});

describe('selections of a restore', () => {
  const paths = [...databases, ...files];
  const has = (one: RestoreSelection, path: string, table: string): boolean => {
    const choice = tableChoice(one, path);
    return pathFilter(one)(path) && (choice === 'all' || isChosen(choice, table));
  };

  it('joined have everything that one of them has', () => {
    fc.assert(
      fc.property(selection, selection, (a, b) => {
        const both = joinSelections(a, b);
        for (const path of paths) {
          for (const table of databases.includes(path) ? tables : ['']) {
            if (has(a, path, table) || has(b, path, table)) equal(has(both, path, table), true);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('cover only what they have', () => {
    fc.assert(
      fc.property(selection, selection, (a, b) => {
        if (!coversSelection(a, b)) return;
        for (const path of paths) {
          for (const table of databases.includes(path) ? tables : ['']) {
            if (has(b, path, table)) equal(has(a, path, table), true);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});

interface Change {
  readonly rows: readonly [readonly Step[], readonly Step[]];
  readonly files: readonly (readonly [string, string | null])[];
}

function apply(dir: string, { rows, files: changed }: Change): void {
  for (const [i, path] of databases.entries()) {
    const db = new Database(join(dir, path));
    db.pragma('foreign_keys = ON');
    for (const [sql, values] of rows[i] ?? []) {
      try {
        db.prepare(sql).run(...values);
      } catch (error) {
        if (!/constraint/i.test(String(error))) throw error;
      }
    }
    db.close();
  }
  for (const [path, content] of changed) {
    if (content === null) fs.rmSync(join(dir, path), { force: true });
    else fs.writeFileSync(join(dir, path), content);
  }
}

interface State {
  /** By path, without the databases. */
  readonly files: Readonly<Record<string, unknown>>;
  /** By `DATABASE:TABLE`. */
  readonly tables: Readonly<Record<string, unknown>>;
  readonly schemas: unknown;
}

function stateOf(dir: string): State {
  const dumps: Record<string, unknown> = {};
  const schemas = databases.map((path) => {
    const db = new Database(join(dir, path), { readonly: true });
    for (const table of tables) {
      const rowid = table === 'tags' ? '' : 'rowid AS "#",';
      const all = db.prepare(`SELECT ${rowid} * FROM ${table} ORDER BY 1, 2`).safeIntegers().all();
      const seq = table === 'users' ? db.prepare('SELECT seq FROM sqlite_sequence').all() : [];
      const types = table === 'plain' ? db.prepare('SELECT typeof(a) FROM plain').all() : [];
      const words = table === 'found' ? db.prepare(`SELECT rowid FROM found('red')`).all() : [];
      dumps[`${path}:${table}`] = [all, seq, types, words];
    }
    const check = db.pragma('integrity_check');
    const objects = db.prepare('SELECT type, name, sql FROM sqlite_schema').all();
    db.close();
    return [check, objects.map((row) => JSON.stringify(row)).toSorted()];
  });
  const plain = flatTree(dir, 'data').entries.filter(({ path }) => !isOfDatabase(path));
  const kept = plain
    .filter(({ kind }) => kind === 'file')
    .map(({ path, mtimeNs, mode, content }) => [path, [mode, content, mtimeNs / 1000n]]);
  return { files: Object.fromEntries(kept), tables: dumps, schemas };
}

function isOfDatabase(path: string): boolean {
  return databases.some((database) => path.startsWith(database));
}

/** The state before with what the plan names taken from the snapshot's. */
function expected(
  live: State,
  good: State,
  plan: RestorePlanDocument,
  part: RestoreSelection,
): State {
  const changedFiles: Record<string, unknown> = { ...live.files };
  // A time alone is set back without being listed.
  for (const [path, now] of Object.entries(live.files)) {
    const then = good.files[path];
    const isSame = String(now).replace(/,\d+$/, '') === String(then).replace(/,\d+$/, '');
    if (isSame && pathFilter(part)(path)) changedFiles[path] = then;
  }
  for (const { path, op } of plan.fileChanges) {
    if (op === 'remove') delete changedFiles[path];
    else changedFiles[path] = good.files[path];
  }
  const changedTables: Record<string, unknown> = { ...live.tables };
  for (const { path, diff, tables: chosen } of plan.databases) {
    const named = [...(diff?.tables ?? []).map(({ name }) => name), ...(chosen ?? [])];
    // A database as a whole has its counters back as well.
    const all = chosen === null ? tables : named;
    for (const table of all) {
      const key = `${path}:${table}`;
      if (key in changedTables) changedTables[key] = good.tables[key];
    }
  }
  return { ...live, files: changedFiles, tables: changedTables };
}

function isThere(part: RestoreSelection, good: State, live: State): boolean {
  const there = [...databases, ...Object.keys(good.files), ...Object.keys(live.files)];
  return [...part.only, ...part.except].every((path) =>
    path === 'data/deep' || path === 'data/files' ? true : there.includes(path),
  );
}

async function takeBack({ project }: TestProject): Promise<void> {
  await project.applyRestore(await project.undoOptions(), undefined, quietCall);
}
