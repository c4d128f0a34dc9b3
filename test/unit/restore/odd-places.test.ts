import { deepStrictEqual, equal, ok, rejects } from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import type { EngineError } from '../../../src/core/errors.ts';
import { asUser, cannotActForOthers } from '../../support/as-user.ts';
import { quietCall, testProject } from '../../support/project.ts';
import { database } from '../../support/sqlite.ts';

const data = { '.env': 'DATA_DIR=data', 'data/app.db': database(), 'data/f/a.txt': 'a' };

describe('a restore in odd places', () => {
  it('puts a folder in the place of a link, leaves alone where the link leads, and undo the link back', async () => {
    const { project, dir } = await testProject(data);
    await project.snapshot({ label: 'good' }, quietCall);
    fs.renameSync(join(dir, 'data'), join(dir, 'elsewhere'));
    fs.symlinkSync('elsewhere', join(dir, 'data'));
    fs.writeFileSync(join(dir, 'elsewhere/f/a.txt'), 'changed');
    const plan = await project.planRestore({ snapshot: 'good' }, quietCall);
    await project.applyRestore({ snapshot: 'good' }, plan.token, quietCall);
    equal(fs.lstatSync(join(dir, 'data')).isDirectory(), true);
    equal(fs.readFileSync(join(dir, 'data/f/a.txt'), 'utf8'), 'a');
    equal(fs.readFileSync(join(dir, 'elsewhere/f/a.txt'), 'utf8'), 'changed');
    await project.applyRestore(await project.undoOptions(), undefined, quietCall);
    equal(fs.readlinkSync(join(dir, 'data')), 'elsewhere');
  });

  const reason = cannotActForOthers();
  if (reason !== undefined) {
    it(`is not tried among users here: ${reason}`, () => ok(reason));
  } else {
    it('names the folder that lets nobody in', async () => {
      const { project, dir, storeDir } = await testProject(data);
      for (const folder of [dir, storeDir]) giveAway(folder);
      await asUser(owner, async () => {
        await project.snapshot({ label: 'good' }, quietCall);
        for (const closed of ['data', 'data/f']) {
          fs.chmodSync(join(dir, closed), 0);
          for (const call of [
            project.planRestore({ snapshot: 'good' }, quietCall),
            project.applyRestore({ snapshot: 'good' }, undefined, quietCall),
          ]) {
            await rejects(call, (error: EngineError) => {
              equal(error.code, 'RESTORE_BLOCKED');
              equal(error.message, `"${closed}" cannot be entered: permission denied`);
              return true;
            });
          }
          fs.chmodSync(join(dir, closed), 0o755);
        }
        deepStrictEqual((await project.list()).length, 1);
      });
    });

    it('names the file that the system does not let go, and has changed nothing', async () => {
      const { project, dir, storeDir } = await testProject({ ...data, 'data/f/b.txt': 'b' });
      const [a, b] = ['a', 'b'].map((name) => join(dir, `data/f/${name}.txt`)) as [string, string];
      for (const folder of [dir, storeDir]) giveAway(folder);
      // In a folder with this mode nobody renames what belongs to somebody else.
      fs.chmodSync(join(dir, 'data/f'), 0o1777);
      fs.chownSync(join(dir, 'data/f'), 0, 0);
      await asUser(owner, async () => await project.snapshot({ label: 'good' }, quietCall));
      for (const path of [a, b]) fs.writeFileSync(path, 'changed');
      fs.chownSync(b, 0, 0);
      await asUser(owner, async () => {
        await rejects(project.applyRestore({ snapshot: 'good' }, undefined, quietCall), {
          code: 'RESTORE_FAILED',
          message:
            'restore failed, the data is as it was: "data/f/b.txt" cannot be changed: the system does not allow it',
          hint: 'make it and its folder writable, then try again',
        });
      });
      deepStrictEqual(
        [a, b].map((path) => fs.readFileSync(path, 'utf8')),
        ['changed', 'changed'],
      );
    });

    it('speaks of owners that it cannot set only where they are not as they were', async () => {
      const { project, dir, storeDir } = await testProject(data);
      for (const folder of [dir, storeDir]) giveAway(folder);
      const path = join(dir, 'data/f/a.txt');
      fs.chownSync(path, owner, 0);
      await asUser(owner, async () => {
        await project.snapshot({ label: 'good' }, quietCall);
        const warnings = async (): Promise<readonly string[]> =>
          (await project.planRestore({ snapshot: 'good' }, quietCall)).warnings;
        deepStrictEqual(await warnings(), []);
        fs.writeFileSync(path, 'changed');
        deepStrictEqual(await warnings(), []);
        await project.applyRestore({ snapshot: 'good' }, undefined, quietCall);
        deepStrictEqual([fs.readFileSync(path, 'utf8'), fs.statSync(path).gid], ['a', 0]);
        fs.rmSync(path);
        deepStrictEqual(await warnings(), [
          'the owner of 1 file or folder can be set by root only',
        ]);
      });
    });
  }
});

const owner = 1234;

function giveAway(path: string): void {
  fs.chownSync(path, owner, owner);
  if (!fs.lstatSync(path).isDirectory()) return;
  for (const name of fs.readdirSync(path)) giveAway(join(path, name));
}
