import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { openProject } from '../../src/engine/index.ts';
import { quietCall, realOptions } from '../support/project.ts';
import { noSmallDisk, withSmallDisk } from '../support/small-disk.ts';
import { tree } from '../support/tree.ts';

const megabyte = 1024 * 1024;
const reason = noSmallDisk();

describe('a full disk', () => {
  if (reason !== undefined) {
    it(`is not tried here: ${reason}`, () => assert.ok(reason));
    return;
  }

  it('under the store fails the snapshot, leaves nothing half-written and every earlier one whole', async () => {
    await withSmallDisk(24, async (disk) => {
      const dir = await tree({
        'savepoint.json': '{ "dataDirs": [{ "path": "data" }] }',
        data: { 'a.bin': randomBytes(6 * megabyte) },
      });
      const project = await openProject(realOptions(join(disk, 'store')), dir);
      const first = await project.snapshot({}, quietCall);
      const before = fs.readdirSync(join(project.storePath, 'packs'));
      fs.writeFileSync(join(disk, 'filler'), randomBytes(14 * megabyte));
      fs.writeFileSync(join(dir, 'data/a.bin'), randomBytes(6 * megabyte));
      await assert.rejects(project.snapshot({}, quietCall), { code: 'NO_SPACE' });
      assert.deepStrictEqual(fs.readdirSync(join(project.storePath, 'packs')), before);
      assert.deepStrictEqual(
        (await project.list()).map(({ id }) => id),
        [first.id],
      );
      fs.rmSync(join(disk, 'filler'));
      assert.deepStrictEqual((await project.verify([], {}, quietCall)).damaged, []);
      assert.equal((await project.snapshot({}, quietCall)).unchanged, false);
    });
  });

  it('that would be filled is refused before anything is read, with what takes the most', async () => {
    await withSmallDisk(8, async (disk) => {
      const dir = await tree({
        'savepoint.json': '{ "dataDirs": [{ "path": "data" }] }',
        data: { videos: { 'a.bin': randomBytes(9 * megabyte) }, 'b.txt': 'x' },
      });
      const project = await openProject(realOptions(join(disk, 'store')), dir);
      await assert.rejects(project.snapshot({}, quietCall), {
        code: 'NO_ROOM',
        message: /data\/videos \(9 MB\)/,
      });
      assert.deepStrictEqual(await project.list(), []);
    });
  });
});
