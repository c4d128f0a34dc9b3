// Differences through the engine's door: a store, live data, and a database of many chunks.

import Database from 'better-sqlite3';
import { deepStrictEqual, match, ok, rejects, strictEqual } from 'node:assert/strict';
import { chmodSync, chownSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../../../src/core/errors.ts';
import type { DiffDocument } from '../../../src/core/documents/documents.ts';
import { MAX_COUNTED_BYTES } from '../../../src/engine/diff/count-changes.ts';
import { diffSnapshots } from '../../../src/engine/diff/diff-snapshots.ts';
import { hasDifference } from '../../../src/core/text/diff-text.ts';
import { asUser, cannotActForOthers } from '../../support/as-user.ts';
import { changedCopy, describeRows, image } from '../../support/images.ts';
import { database, file, memoryTrees } from '../../support/memory-trees.ts';
import { quietCall, testProject, type TestProject } from '../../support/project.ts';
import { database as sqliteFile } from '../../support/sqlite.ts';

const rows = 20_000;
const schema = `CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, note TEXT);
  CREATE TABLE tags (tag TEXT PRIMARY KEY, uses INT);
  WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
    INSERT INTO users SELECT i, 'name ' || i, hex(randomblob(60)) FROM n;
  INSERT INTO tags VALUES ('a', 1), ('b', 2);`;

async function projectWithDatabase(mode: 'wal' | 'delete'): Promise<TestProject> {
  const made = await testProject({ '.env': 'DATA_DIR=./data\n', 'data/note.txt': 'one' });
  const db = new Database(join(made.dir, 'data/app.db'));
  db.pragma(`journal_mode = ${mode}`);
  db.exec(schema);
  db.close();
  ok(statSync(join(made.dir, 'data/app.db')).size > 2 * 1024 * 1024);
  return made;
}

function edit({ dir }: TestProject, sql: string): void {
  const db = new Database(join(dir, 'data/app.db'));
  db.exec(sql);
  db.close();
}

function rowsOf({ databases }: DiffDocument): readonly string[] {
  strictEqual(databases[0]?.problem ?? null, null);
  return databases.flatMap(({ tables }) => tables.flatMap((table) => describeRows(table.rows)));
}

describe('diff of a project', () => {
  for (const mode of ['wal', 'delete'] as const)
    it(`tells rows of a large database between snapshots and now, ${mode}`, async () => {
      const made = await projectWithDatabase(mode);
      const { project } = made;
      const first = await project.snapshot({}, quietCall);
      edit(
        made,
        `UPDATE users SET name = 'new' WHERE id = 12345; DELETE FROM users WHERE id = 7; INSERT INTO tags VALUES ('c', 3)`,
      );
      const note = `"note":"`;
      const expected = [
        'add {"tag":"c"} {"tag":"c","uses":3}',
        'remove {"id":7} {"id":7,"name":"name 7",',
        'change {"id":12345} {"id":12345,"name":"name 12345",',
      ];
      const told = (diff: DiffDocument): readonly string[] =>
        rowsOf(diff).map((line) => line.slice(0, line.indexOf(note) >>> 0));
      const live = await project.diff(first.id, 'live', {}, quietCall);
      deepStrictEqual(told(live), expected);
      const second = await project.snapshot({}, quietCall);
      const stored = await project.diff(first.id, second.id, {}, quietCall);
      deepStrictEqual(told(stored), expected);
      const back = await project.diff('live', first.id, { rows: 0 }, quietCall);
      deepStrictEqual(
        back.databases[0]?.tables.map(({ name, added, removed, changed }) => [
          name,
          added,
          removed,
          changed,
        ]),
        [
          ['tags', 0, 1, 0],
          ['users', 1, 0, 1],
        ],
      );
      deepStrictEqual((await project.diff(second.id, 'live', {}, quietCall)).databases, []);
      await project.close();
    });

  it('counts the rows that changed at each snapshot, also of a large database as long as little did', async () => {
    const made = await projectWithDatabase('delete');
    const { project } = made;
    edit(made, 'UPDATE users SET note = hex(randomblob(450))');
    ok(statSync(join(made.dir, 'data/app.db')).size > MAX_COUNTED_BYTES);
    await project.snapshot({}, quietCall);
    edit(made, "UPDATE users SET name = 'new' WHERE id IN (5, 15000); DELETE FROM tags");
    await project.snapshot({}, quietCall);
    edit(made, 'UPDATE users SET note = hex(randomblob(450))');
    await project.snapshot({}, quietCall);
    const changes = (await project.list()).map((entry) => entry.changes);
    deepStrictEqual(changes.slice(0, 2), [
      { files: 0, rows: null, rowsAdded: null, rowsRemoved: null, rowsChanged: null },
      { files: 0, rows: 4, rowsAdded: 0, rowsRemoved: 2, rowsChanged: 2, schema: 0 },
    ]);
    await project.close();
  });

  it('compares files where a database is damaged in the store, and says which version is', async () => {
    const made = await projectWithDatabase('delete');
    const { project, storeDir, dir } = made;
    const first = await project.snapshot({}, quietCall);
    edit(made, "UPDATE users SET name = 'new'; VACUUM");
    writeFileSync(join(dir, 'data/note.txt'), 'two');
    damagePacks(storeDir);
    const { databases, files } = await project.diff(first.id, 'live', {}, quietCall);
    deepStrictEqual(files.modified, ['data/note.txt']);
    match(databases[0]?.problem ?? '', /^its older version is damaged in the store: object \w+ /);
    await project.close();
  });
});

describe('diffSnapshots, of a damaged store', () => {
  it('goes on with the other databases', async () => {
    const old = await image('CREATE TABLE t(a); INSERT INTO t VALUES (1)');
    const now = await changedCopy(old, 'DELETE FROM t');
    const before = {
      id: 'a',
      ...memoryTrees({ 'x.db': database('1'), 'y.db': database('1'), f: file('1') }),
      databaseImage: async () => old,
    };
    const after = {
      id: 'b',
      ...memoryTrees({ 'x.db': database('2'), 'y.db': database('2'), f: file('1') }),
      databaseImage: async (path: string) => {
        if (path === 'x.db') throw new EngineError('STORE_DAMAGED', 'object 3b1f is missing');
        return now;
      },
    };
    const { databases } = await diffSnapshots(before, after, { rows: 1 }, quietCall);
    deepStrictEqual(
      databases.map(({ problem, tables }) => [problem, tables.length]),
      [
        ['its newer version is damaged in the store: object 3b1f is missing', 0],
        [null, 1],
      ],
    );
  });
});

if (cannotActForOthers() === undefined)
  describe('a diff of what cannot be read', () => {
    it('calls nothing gone or new that only one side could read, and says what hides it', async () => {
      const made = await projectOfAnother();
      const { project, dir } = made;
      const [secret, path] = [join(dir, 'data/secret'), join(dir, 'data/app.db')];
      const diffs = await asUser(another, async () => {
        const before = await project.snapshot({}, quietCall);
        chmodSync(secret, 0);
        chmodSync(path, 0);
        const now = await project.diff(before.id, 'live', {}, quietCall);
        const after = await project.snapshot({}, quietCall);
        const same = await project.diff(after.id, 'live', {}, quietCall);
        chmodSync(secret, 0o755);
        chmodSync(path, 0o644);
        return [now, same, await project.diff(after.id, 'live', {}, quietCall)] as const;
      });
      const hidden = { path: 'data/secret', reason: 'permission denied' };
      const told = diffs.map(({ files, databases, skipped }) => [
        [...files.added, ...files.removed, ...files.modified],
        databases.map(({ state, problem, tables }) => [state, problem, tables]),
        skipped,
      ]);
      deepStrictEqual(told, [
        [[], [['changed', 'its newer version was not read: permission denied', []]], [hidden]],
        [[], [], undefined],
        [[], [['changed', 'its older version was not read: permission denied', []]], [hidden]],
      ]);
      deepStrictEqual(diffs.map(hasDifference), [true, false, true]);
    });

    it('calls a data directory that nobody can enter not compared', async () => {
      const { project, dir } = await projectOfAnother();
      const { skipped, databases, files } = await asUser(another, async () => {
        const before = await project.snapshot({}, quietCall);
        chmodSync(join(dir, 'data'), 0);
        return await project.diff(before.id, 'live', {}, quietCall);
      });
      chmodSync(join(dir, 'data'), 0o755);
      deepStrictEqual(skipped, [{ path: 'data', reason: 'permission denied' }]);
      deepStrictEqual([files.removed, databases.map(({ state }) => state)], [[], ['changed']]);
    });
  });

const another = 12_345;

async function projectOfAnother(): Promise<TestProject> {
  const made = await testProject({
    '.env': 'DATA_DIR=data',
    'data/app.db': sqliteFile('CREATE TABLE t(a)'),
    'data/secret/key.txt': 'key',
  });
  for (const path of readdirSync(made.dir, { recursive: true }))
    chownSync(join(made.dir, String(path)), another, another);
  chownSync(made.dir, another, another);
  chownSync(made.storeDir, another, another);
  return made;
}

describe('diffSnapshots, on a full disk', () => {
  it('says so and what to do', async () => {
    const tree = (content: string) => memoryTrees({ 'x.db': database(content) });
    const databaseImage = async (): Promise<string> => {
      throw Object.assign(new Error('write'), { code: 'ENOSPC' });
    };
    const sides = [
      { id: 'a', ...tree('1'), databaseImage },
      { id: 'b', ...tree('2'), databaseImage },
    ] as const;
    await rejects(diffSnapshots(...sides, { rows: 1 }, quietCall), {
      code: 'NO_SPACE',
      hint: /TMPDIR/,
    });
  });
});

/** One byte in each chunk of the large objects. */
function damagePacks(storeDir: string): void {
  const packs = readdirSync(storeDir, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.name.endsWith('.tar'),
  );
  ok(packs.length > 0);
  for (const { parentPath, name } of packs) {
    const path = join(parentPath, name);
    const bytes = readFileSync(path);
    for (let at = 300_000; at < bytes.length - 100_000; at += 10_000) bytes[at] = bytes[at]! ^ 255;
    writeFileSync(path, bytes);
  }
}
