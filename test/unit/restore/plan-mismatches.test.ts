import { deepStrictEqual, equal } from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { quietCall, testProject, type TestProject } from '../../support/project.ts';
import { database, sqlite } from '../../support/sqlite.ts';
import { writeTree } from '../../support/tree.ts';
import type { RestoreOptions } from '../../../src/core/documents/options.ts';

const config = {
  dataDirs: [
    {
      path: 'data',
      references: [
        { database: 'app.db', table: 'uploads', path: 'files/{path}', covers: 'files/*' },
        { database: 'app.db', table: 'users', where: 'avatar NOT NULL', path: 'avatars/{avatar}' },
      ],
    },
  ],
};
const schema = `CREATE TABLE uploads(id INTEGER PRIMARY KEY, path); CREATE TABLE users(id INTEGER PRIMARY KEY, avatar);
  INSERT INTO uploads VALUES (1, 'a'), (2, 'b'); INSERT INTO users VALUES (1, NULL), (3, 'me.png')`;

describe('the mismatches of a plan', () => {
  it('counts those of now and those that the ticks would leave, as check does of each state', async () => {
    const { project } = await mismatched();
    deepStrictEqual(await counts(project, {}), [2, 0, []]);
    equal((await project.check('live', {}, quietCall)).mismatches.length, 2);
  });

  it('names those that a part brings: rows without their files, and files without their rows', async () => {
    const { project } = await mismatched();
    const first = await project.planRestore({ snapshot: 'good' }, quietCall);
    const basedOn = first.token;
    const asked: [RestoreOptions, unknown][] = [
      [{ snapshot: 'good', basedOn, only: ['data/app.db'] }, [2, 3, ['avatars/me.png', 'files/b']]],
      [{ snapshot: 'good', basedOn, table: ['data/app.db:users'] }, [2, 3, ['avatars/me.png']]],
      [{ snapshot: 'good', basedOn, except: ['data/app.db'] }, [2, 2, ['files/b']]],
      [{ snapshot: 'good', basedOn, except: ['data/avatars'] }, [2, 1, ['avatars/me.png']]],
      [{ snapshot: 'good', basedOn, exceptTable: ['data/app.db:uploads'] }, [2, 2, ['files/b']]],
      [{ snapshot: 'good', basedOn }, [2, 0, []]],
    ];
    for (const [options, expected] of asked) {
      deepStrictEqual(await counts(project, options), expected, JSON.stringify(options));
    }
  });

  it('are what check then finds, whether a plan was shown or not', async () => {
    for (const isShown of [true, false]) {
      const { project } = await mismatched();
      const options = { snapshot: 'good', only: ['data/app.db'] };
      const plan = await project.planRestore(options, quietCall);
      const done = await project.applyRestore(options, isShown ? plan.token : undefined, quietCall);
      equal(done.mismatches, plan.mismatches.after);
      equal((await project.check('live', {}, quietCall)).mismatches.length, plan.mismatches.after);
    }
  });

  it('are not counted where there is no rule', async () => {
    const { project, dir } = await testProject({ '.env': 'DATA_DIR=data', 'data/a': '1' });
    await project.snapshot({ label: 'good' }, quietCall);
    fs.writeFileSync(join(dir, 'data/a'), '2');
    deepStrictEqual(await counts(project, {}), [null, null, []]);
  });
});

/** Now: upload "c" without its file, and file "d" without its row. */
async function mismatched(): Promise<TestProject> {
  const test = await testProject({
    '.env': 'DATA_DIR=data',
    'savepoint.json': JSON.stringify(config),
    'data/app.db': database(schema),
    'data/files/a': 'a',
    'data/files/b': 'b',
    'data/avatars/me.png': 'me',
  });
  await test.project.snapshot({ label: 'good' }, quietCall);
  const path = join(test.dir, 'data/app.db');
  sqlite(path, `UPDATE uploads SET path = 'c' WHERE id = 2; DELETE FROM users WHERE id = 3`);
  for (const name of ['files/b', 'avatars/me.png']) fs.rmSync(join(test.dir, 'data', name));
  await writeTree(test.dir, { 'data/files/d': 'd' });
  return test;
}

async function counts(
  project: TestProject['project'],
  options: Partial<RestoreOptions>,
): Promise<unknown> {
  const plan = await project.planRestore({ snapshot: 'good', ...options }, quietCall);
  const paths = plan.newMismatches
    .map(({ path }) => (path ?? '').replace(/^data\//, ''))
    .toSorted();
  return [plan.mismatches.before, plan.mismatches.after, paths];
}
