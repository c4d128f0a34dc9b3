import { deepStrictEqual, equal, match } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startAppender } from '../../support/application.ts';
import { quietCall, testProject } from '../../support/project.ts';
import { database } from '../../support/sqlite.ts';
import { writeTree } from '../../support/tree.ts';

const env = { '.env': 'DATA_DIR=data' };

describe('a file that a running program has open', () => {
  it('is told before and after a restore, with the program, where it is replaced or deleted', async () => {
    const { project, dir } = await testProject({
      ...env,
      'data/app.db': database('CREATE TABLE t(a)'),
      'data/store/CURRENT': 'MANIFEST-000001\n',
      'data/store/000003.log': 'first\n',
    });
    await project.snapshot({ label: 'good' }, quietCall);
    await writeTree(dir, { 'data/store/000004.log': 'made since\n' });
    const store = await startAppender(join(dir, 'data/store/000003.log'));
    const reader = await startAppender(join(dir, 'data/store/000004.log'));
    await store.append('second');
    const expected = [
      { path: 'data/store/000003.log', openIn: [`node (${store.pid})`] },
      { path: 'data/store/000004.log', openIn: [`node (${reader.pid})`] },
    ];

    const plan = await project.planRestore({ snapshot: 'good' }, quietCall);
    deepStrictEqual(plan.openFiles, expected);
    const done = await project.applyRestore({ snapshot: 'good' }, plan.token, quietCall);
    deepStrictEqual(done.openFiles, expected);
    deepStrictEqual(done.warnings, plan.warnings);
    match(
      done.warnings.join('\n'),
      new RegExp(
        `node \\(${store.pid}\\) has data/store/000003.log open: it goes on in the old file until it is restarted`,
      ),
    );
    await store.append('lost');
    equal(readFileSync(join(dir, 'data/store/000003.log'), 'utf8'), 'first\n');
  });

  it('is not told where the restore leaves it as it is', async () => {
    const { project, dir } = await testProject({
      ...env,
      'data/app.db': database('CREATE TABLE t(a)'),
      'data/cache.mdb': 'as it was',
      'data/note.txt': 'one',
    });
    await project.snapshot({ label: 'good' }, quietCall);
    await startAppender(join(dir, 'data/cache.mdb'));
    await writeTree(dir, { 'data/note.txt': 'two' });

    const plan = await project.planRestore({ snapshot: 'good' }, quietCall);
    const done = await project.applyRestore({ snapshot: 'good' }, plan.token, quietCall);
    deepStrictEqual([plan.openFiles, plan.warnings], [[], []]);
    deepStrictEqual([done.openFiles, done.warnings], [[], []]);
  });
});
