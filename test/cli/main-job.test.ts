// The main job from the outside: find, save, break, look, bring back, take that back.

import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  DataDirDocument,
  DiffDocument,
  PruneDocument,
  RestoreDocument,
  RestorePlanDocument,
  SnapshotDocument,
  SnapshotEntry,
  SnapshotManifest,
  StatusDocument,
  VerifyDocument,
} from '../../src/core/documents/documents.ts';
import { cliProject, runCli, type CliProject } from '../support/cli.ts';
import { database, rows, sqlite } from '../support/sqlite.ts';
import { readTree, tree } from '../support/tree.ts';

const people = `CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT);
  INSERT INTO people (name) VALUES ('Ada'), ('Grace'), ('Edsger')`;

async function sample(): Promise<CliProject> {
  return cliProject({
    'src/main.js': 'run()',
    data: { 'app.db': database(people), 'notes.txt': 'one', site: { 'index.html': '<p>' } },
  });
}

const idPattern = /^\d{8}T\d{6}Z-[0-9a-z]{4,}$/;

describe('the main job', () => {
  it('goes from detect to undo', async () => {
    const { dir, savepoint, json } = await sample();
    const [found] = json(0, 'detect') as DataDirDocument[];
    deepStrictEqual(
      [found?.path, found?.files, found?.databases.map(({ path }) => path)],
      ['data', 2, ['data/app.db']],
    );
    const taken = json(0, 'snapshot', '-m', 'Before migration') as SnapshotDocument;
    match(taken.id, idPattern);
    deepStrictEqual([taken.consistent, taken.unchanged, taken.mismatches], [true, false, null]);
    deepStrictEqual(taken.databases[0]?.tables, { people: 3 });
    const before = await readTree(join(dir, 'data'));

    sqlite(
      join(dir, 'data/app.db'),
      "DELETE FROM people WHERE id > 1; UPDATE people SET name = 'Eve'",
    );
    rmSync(join(dir, 'data/site'), { recursive: true });
    writeFileSync(join(dir, 'data/notes.txt'), 'changed');
    writeFileSync(join(dir, 'data/new.txt'), 'new');
    const broken = await readTree(join(dir, 'data'));

    const diff = json(1, 'diff', 'latest') as DiffDocument;
    deepStrictEqual(diff.files, {
      added: ['data/new.txt'],
      removed: ['data/site/index.html'],
      modified: ['data/notes.txt'],
    });
    const [table] = diff.databases[0]?.tables ?? [];
    deepStrictEqual([table?.added, table?.removed, table?.changed], [0, 2, 1]);
    deepStrictEqual(table?.rows[0], {
      op: 'change',
      key: { id: 1 },
      before: { id: 1, name: 'Ada' },
      after: { id: 1, name: 'Eve' },
    });

    const plan = json(0, 'restore', 'Before migration', '--dry-run') as RestorePlanDocument;
    deepStrictEqual([plan.files.written, plan.files.deleted], [2, 1]);
    deepStrictEqual(await readTree(join(dir, 'data')), broken);

    const refused = savepoint('restore', 'latest');
    deepStrictEqual(refused, {
      code: 3,
      stdout: '',
      stderr: 'error: restore needs --yes without a terminal\n',
    });

    const restored = json(0, 'restore', taken.id.slice(-4), '--yes') as RestoreDocument;
    strictEqual(restored.restored, taken.id);
    match(restored.safetySnapshot ?? '', idPattern);
    deepStrictEqual(
      restored.databases.map(({ path, ok: isOk }) => [path, isOk]),
      [['data/app.db', true]],
    );
    deepStrictEqual(withoutDatabase(await readTree(join(dir, 'data'))), withoutDatabase(before));
    strictEqual(rows(join(dir, 'data/app.db'), 'SELECT * FROM people').length, 3);
    strictEqual(savepoint('diff', 'latest').code, 0);

    const undone = json(0, 'undo', '--yes') as RestoreDocument;
    strictEqual(undone.restored, restored.safetySnapshot);
    deepStrictEqual(withoutDatabase(await readTree(join(dir, 'data'))), withoutDatabase(broken));
    strictEqual(rows(join(dir, 'data/app.db'), 'SELECT * FROM people').length, 1);
    json(0, 'undo', '--yes');
    deepStrictEqual(withoutDatabase(await readTree(join(dir, 'data'))), withoutDatabase(before));
    const reasons = (json(0, 'list') as SnapshotEntry[]).map(({ reason }) => reason);
    deepStrictEqual(reasons, ['safety', 'safety', 'safety', 'manual']);
  });

  it('brings back a data directory that is gone as a whole', async () => {
    const { dir, savepoint, json } = await sample();
    json(0, 'snapshot');
    const before = await readTree(join(dir, 'data'));
    rmSync(join(dir, 'data'), { recursive: true });
    deepStrictEqual(json(0, 'detect'), []);
    strictEqual(savepoint('restore', 'latest', '--yes').code, 0);
    deepStrictEqual(withoutDatabase(await readTree(join(dir, 'data'))), withoutDatabase(before));
  });

  it('restores parts, keeps new files, and makes copies elsewhere', async () => {
    const { dir, savepoint, json } = await sample();
    json(0, 'snapshot', '-m', 'First');
    writeFileSync(join(dir, 'data/notes.txt'), 'two');
    writeFileSync(join(dir, 'data/new.txt'), 'new');
    rmSync(join(dir, 'data/site/index.html'));
    savepoint('restore', 'First', '--only', 'data/site', '--yes');
    const kept = (await readTree(join(dir, 'data'))) as Record<string, unknown>;
    deepStrictEqual([kept['notes.txt'], kept['new.txt']], ['two', 'new']);
    ok(existsSync(join(dir, 'data/site/index.html')));

    strictEqual(savepoint('restore', 'First', '--keep-new', '--yes').code, 0);
    ok(existsSync(join(dir, 'data/new.txt')));

    const copy = join(await tree(), 'copy');
    const made = json(0, 'restore', 'First', '--to', copy, '--yes') as RestoreDocument;
    strictEqual(made.safetySnapshot, null);
    deepStrictEqual((await readTree(copy)) && Object.keys(await readTree(copy)), ['data']);
    const again = savepoint('restore', 'First', '--to', copy, '--yes');
    strictEqual(again.code, 3);
    const nowhere = savepoint('restore', 'First', '--only', 'data/nothing', '--yes');
    strictEqual(nowhere.code, 2);
  });
});

describe('keeping snapshots', () => {
  it('lists, shows, names, pins and deletes them', async () => {
    const { savepoint, json } = await sample();
    const first = json(0, 'snapshot', '--label', 'First', '--pin') as SnapshotDocument;
    const second = json(0, 'snapshot') as SnapshotDocument;
    strictEqual(second.unchanged, true);
    const list = json(0, 'list') as SnapshotEntry[];
    deepStrictEqual(
      list.map(({ id, label, pinned, reason }) => [id, label, pinned, reason]),
      [
        [second.id, null, false, 'manual'],
        [first.id, 'First', true, 'manual'],
      ],
    );
    const shown = json(0, 'show', 'latest~1') as SnapshotManifest;
    deepStrictEqual([shown.id, shown.dataDirs[0]?.path], [first.id, 'data']);
    const renamed = json(0, 'rename', 'latest', '  Second  ') as SnapshotEntry;
    strictEqual(renamed.label, 'Second');
    strictEqual((json(0, 'show', 'Second') as SnapshotEntry).id, second.id);
    strictEqual((json(0, 'rename', 'Second', '') as SnapshotEntry).label, null);
    strictEqual((json(0, 'pin', 'latest') as SnapshotEntry).pinned, true);
    const both = json(0, 'unpin', 'First', second.id) as SnapshotEntry[];
    deepStrictEqual(
      both.map(({ pinned }) => pinned),
      [false, false],
    );
    const wrong = savepoint('delete', 'First', 'nothing');
    deepStrictEqual([wrong.code, (json(0, 'list') as unknown[]).length], [2, 2]);
    strictEqual((json(0, 'delete', 'First') as SnapshotEntry).id, first.id);
    strictEqual((json(0, 'list') as unknown[]).length, 1);
    strictEqual(savepoint('snapshot', '-m', 'latest').code, 2);
  });

  it('applies the retention rules, and tells them', async () => {
    const { dir, savepoint, json } = await sample();
    for (const label of ['1', '2', '3', '4']) json(0, 'snapshot', '-m', `Number ${label}`);
    writeFileSync(join(dir, 'savepoint.json'), '{ "retention": { "keepLast": 2 } }');
    const plan = json(0, 'prune', '--dry-run') as PruneDocument;
    deepStrictEqual([plan.deleted.length, plan.kept.length], [2, 2]);
    strictEqual((json(0, 'list') as unknown[]).length, 4);
    match(savepoint('prune').stdout, /^Deleted 2 of 4, freed /);
    match(savepoint('prune').stdout, /^Nothing to delete\n/);
    strictEqual((json(0, 'list') as unknown[]).length, 2);
  });

  it('verifies what it has, and forgets all of it', async () => {
    const { json, savepoint } = await sample();
    json(0, 'snapshot');
    const verified = json(0, 'verify', '--deep') as VerifyDocument;
    deepStrictEqual([verified.checked, verified.damaged], [1, []]);
    const status = json(0, 'doctor') as StatusDocument;
    ok(status.store.verifiedAt !== null);
    deepStrictEqual(json(0, 'forget'), { deleted: 1 });
    strictEqual(savepoint('list').stdout, 'No snapshot yet: savepoint snapshot\n');
  });

  it('refuses without a data directory, and says what to do', async () => {
    const { savepoint, json } = await cliProject({ 'src/main.js': 'run()' });
    const { code, stdout, stderr } = savepoint('snapshot');
    deepStrictEqual([code, stdout], [3, '']);
    match(stderr, /^error: [^\n]+\n$/);
    deepStrictEqual([json(0, 'detect'), json(0, 'list')], [[], []]);
    match(savepoint('detect').stdout, /^No data directory found\.\n/);
    strictEqual(savepoint('undo', '--yes').code, 3);
  });

  it('takes over the snapshots of a project that was copied away and removed', async () => {
    const { dir, storeDir, json, env } = await sample();
    json(0, 'snapshot', '-m', 'First');
    const other = await tree({ data: { 'app.db': database(people) } });
    rmSync(dir, { recursive: true });
    const ran = runCli(['adopt', dir, '--json', '--store', storeDir], { cwd: other, env });
    deepStrictEqual([ran.code, JSON.parse(ran.stdout)], [0, { adopted: 1, from: dir }]);
    const list = runCli(['list', '--json'], { cwd: other, env });
    strictEqual((JSON.parse(list.stdout) as SnapshotEntry[])[0]?.label, 'First');
  });

  it('uses a data directory outside of the project once it is allowed', async () => {
    const outside = await tree({ 'app.db': database(people) });
    const { json, savepoint } = await cliProject({ '.env': `DATA_DIR=${outside}\n` });
    deepStrictEqual(json(0, 'detect'), []);
    match(savepoint('detect').stdout, /savepoint allow/);
    deepStrictEqual(json(0, 'allow', outside), { allowed: outside });
    strictEqual((json(0, 'detect') as DataDirDocument[])[0]?.path, outside);
  });
});

function withoutDatabase(entries: Awaited<ReturnType<typeof readTree>>): unknown {
  const { 'app.db': _database, ...rest } = entries;
  return rest;
}
