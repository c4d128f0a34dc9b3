// `data`: diff, check and restore of the data directories that are named, and of nothing else.

import { deepStrictEqual, rejects } from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DiffDocument } from '../../../src/core/documents/documents.ts';
import { quietCall, testProject, type TestProject } from '../../support/project.ts';
import { database, sqlite } from '../../support/sqlite.ts';
import { readTree } from '../../support/tree.ts';

const rows = (path: string): string =>
  `CREATE TABLE uploads(path TEXT); INSERT INTO uploads VALUES ('${path}');`;

/** Two data directories with a rule each, both sound. */
async function twoDirs(): Promise<TestProject> {
  const references = [
    { database: 'app.db', table: 'uploads', path: 'files/{path}', covers: 'files/*' },
  ];
  return await testProject({
    'savepoint.json': JSON.stringify({
      dataDirs: ['one', 'two'].map((path) => ({ path, references })),
    }),
    'one/app.db': database(rows('a.txt')),
    'one/files/a.txt': 'a',
    'two/app.db': database(rows('b.txt')),
    'two/files/b.txt': 'b',
  });
}

/** One change of each kind in both. */
function change({ dir }: TestProject): void {
  for (const name of ['one', 'two']) {
    sqlite(join(dir, name, 'app.db'), "INSERT INTO uploads VALUES ('none.txt')");
    writeFileSync(join(dir, name, 'files/new.txt'), 'new');
  }
}

function told({ databases, files, fileChanges }: DiffDocument): unknown {
  return [databases.map(({ path }) => path), files.added, fileChanges.map(({ path }) => path)];
}

const ofOne = [['one/app.db'], ['one/files/new.txt'], ['one/files/new.txt']];

describe('data directories that are named', () => {
  it('are compared alone, with live data and with another snapshot, in either order', async () => {
    const at = await twoDirs();
    const { project } = at;
    const first = await project.snapshot({}, quietCall);
    change(at);
    const data = ['./one/'];
    const live = await project.diff(first.id, 'live', { data }, quietCall);
    deepStrictEqual(told(live), ofOne);
    const second = await project.snapshot({}, quietCall);
    deepStrictEqual(told(await project.diff(first.id, second.id, { data }, quietCall)), ofOne);
    const back = await project.diff('live', first.id, { data }, quietCall);
    deepStrictEqual(back.files.removed, ['one/files/new.txt']);
    deepStrictEqual(told(await project.diff('live', 'live', { data }, quietCall)), [[], [], []]);
  });

  it('have no count of mismatches in a comparison, which is of the whole snapshot', async () => {
    const at = await twoDirs();
    const { id } = await at.project.snapshot({}, quietCall);
    change(at);
    const counts = async (data?: readonly string[]): Promise<unknown> =>
      (await at.project.diff(id, 'live', { data }, quietCall)).mismatches;
    deepStrictEqual(await counts(), { before: 0, after: 4 });
    deepStrictEqual(await counts(['one']), { before: null, after: null });
  });

  it('are compared as well where one is gone, or came after the snapshot', async () => {
    const at = await twoDirs();
    const { project, dir } = at;
    const part = await project.snapshot({ data: ['one'] }, quietCall);
    const whole = await project.snapshot({}, quietCall);
    const came = await project.diff(part.id, whole.id, { data: ['two'] }, quietCall);
    deepStrictEqual(
      [told(came), came.databases[0]?.state],
      [[['two/app.db'], ['two/files/b.txt'], ['two/files/b.txt']], 'added'],
    );
    rmSync(join(dir, 'two'), { recursive: true });
    const gone = await project.diff(whole.id, 'live', { data: ['two'] }, quietCall);
    deepStrictEqual(
      [gone.files.removed, gone.databases[0]?.state],
      [['two/files/b.txt'], 'removed'],
    );
  });

  it('are checked alone, live and in a snapshot', async () => {
    const at = await twoDirs();
    change(at);
    const { id } = await at.project.snapshot({}, quietCall);
    const of = async (side: string, ...data: readonly string[]): Promise<unknown> => {
      const { mismatches, rules } = await at.project.check(side, { data }, quietCall);
      return [mismatches.map(({ path }) => path), rules.map(({ dataDir }) => dataDir)];
    };
    for (const side of ['live', id]) {
      deepStrictEqual(
        await of(side, 'two'),
        [['two/files/none.txt', 'two/files/new.txt'], ['two']],
        side,
      );
      deepStrictEqual(await of(side, 'two', 'one'), await of(side), side);
    }
  });

  it('are checked where they are gone: as the snapshot had them', async () => {
    const { project, dir } = await twoDirs();
    const { id } = await project.snapshot({}, quietCall);
    rmSync(join(dir, 'two'), { recursive: true });
    const data = ['two'];
    deepStrictEqual((await project.check(id, { data }, quietCall)).mismatches, []);
    const { diagnoses } = await project.check('live', { data: ['one'] }, quietCall);
    deepStrictEqual(diagnoses, []);
  });

  it('are told of their own damage alone', async () => {
    const { project, dir } = await twoDirs();
    await project.snapshot({}, quietCall);
    writeFileSync(
      join(dir, 'two/app.db'),
      'no database any more, but a text of some length'.repeat(9),
    );
    const damage = async (name: string): Promise<unknown> => {
      const options = { data: [name] };
      const { mismatches, diagnoses } = await project.check('live', options, quietCall);
      return mismatches.length + diagnoses.length > 0;
    };
    deepStrictEqual([await damage('one'), await damage('two')], [false, true]);
  });

  it('come back alone, beside the paths that are named', async () => {
    const at = await twoDirs();
    const { project } = at;
    const { id } = await project.snapshot({}, quietCall);
    change(at);
    const plan = await project.planRestore({ snapshot: id, data: ['one'] }, quietCall);
    deepStrictEqual(
      plan.databases.map(({ path }) => path),
      ['one/app.db'],
    );
    await project.applyRestore({ snapshot: id, data: ['one'] }, plan.token, quietCall);
    const differs = async (name: string): Promise<unknown> =>
      told(await project.diff(id, 'live', { data: [name] }, quietCall));
    deepStrictEqual(await differs('one'), [[], [], []]);
    deepStrictEqual(await differs('two'), [
      ['two/app.db'],
      ['two/files/new.txt'],
      ['two/files/new.txt'],
    ]);
    const more = { snapshot: id, data: ['one'], only: ['two/files/new.txt'] };
    const { fileChanges } = await project.planRestore(more, quietCall);
    deepStrictEqual(
      fileChanges.map(({ path }) => path),
      ['two/files/new.txt'],
    );
    const undo = await project.undoOptions();
    deepStrictEqual(undo.only, ['one']);
  });

  it('are copied alone into another folder', async () => {
    const { project, dir } = await twoDirs();
    const { id } = await project.snapshot({}, quietCall);
    const to = join(dir, '..', `${id}-copy`);
    try {
      await project.applyRestore({ snapshot: id, data: ['two'], to }, undefined, quietCall);
      deepStrictEqual(Object.keys((await readTree(to)) as object), ['two']);
    } finally {
      rmSync(to, { recursive: true, force: true });
    }
  });

  it('are refused by a name that fits none, with those that there are', async () => {
    const { project } = await twoDirs();
    const { id } = await project.snapshot({ data: ['one'] }, quietCall);
    const refusal = (hint: string): object => ({
      code: 'USAGE',
      message: 'no data directory "nope"',
      hint,
    });
    const data = ['one', 'nope'];
    await rejects(project.check('live', { data }, quietCall), refusal('there is one, two'));
    await rejects(project.check(id, { data }, quietCall), refusal('there is one'));
    await rejects(project.diff(id, 'live', { data }, quietCall), refusal('there is one'));
    await rejects(project.snapshot({ data }, quietCall), refusal('there is one, two'));
    const restore = { snapshot: id, data };
    await rejects(project.planRestore(restore, quietCall), refusal('there is one'));
    await rejects(project.applyRestore(restore, undefined, quietCall), refusal('there is one'));
  });
});
