import { deepStrictEqual, equal, match, ok, rejects } from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../../src/core/errors.ts';
import { openProject } from '../../src/engine/index.ts';
import { comparable, flatTree } from '../support/flat-tree.ts';
import { quietCall, realOptions, tempFolder } from '../support/project.ts';
import { noSmallDisk, withSmallDisk } from '../support/small-disk.ts';
import { writeTree } from '../support/tree.ts';

const mib = 1024 * 1024;
const reason = noSmallDisk();

describe('a restore on a full disk', () => {
  if (reason !== undefined) {
    it(`is not tried here: ${reason}`, () => ok(reason));
    return;
  }

  it('is refused before it begins, with the bytes that it needs', async () => {
    await withSmallDisk(16, async (disk) => {
      const { project, before } = await projectOn(disk, () => undefined);
      fill(disk, 5 * mib);
      const refused = project.applyRestore({ snapshot: 'good' }, undefined, quietCall);
      const error = await refused.catch((error: unknown) => error);
      equal(error instanceof EngineError && error.code, 'NO_ROOM');
      match(String(error), /needs 10 MB \(10485765 bytes\), \d.* free; nothing was changed/);
      deepStrictEqual(comparable(flatTree(disk, 'data')), before);
      equal((await project.list()).length, 1);
    });
  });

  it('that fills up while it is prepared changes nothing and leaves nothing', async () => {
    await withSmallDisk(16, async (disk) => {
      const { project, before } = await projectOn(disk, () => fill(disk, 3 * mib));
      await rejects(project.applyRestore({ snapshot: 'good' }, undefined, quietCall), {
        code: 'NO_SPACE',
        message: 'no space left on the disk of the data; nothing was changed',
      });
      deepStrictEqual(comparable(flatTree(disk, 'data')), before);
      deepStrictEqual(fs.readdirSync(disk).toSorted(), ['.env', 'data', 'junk']);
      equal((await project.list()).length, 1);
      equal(await project.pendingRestore(), null);
    });
  });
});

/** A project whose snapshot "good" has 6 MiB more than what is there now. */
async function projectOn(disk: string, whenIntended: () => void) {
  const faultPoint = (name: string): void => {
    if (name === 'restore:intent-written') whenIntended();
  };
  const project = await openProject(realOptions(tempFolder(), { faultPoint }), disk);
  await writeTree(disk, {
    '.env': 'DATA_DIR=data',
    'data/a': Buffer.alloc(3 * mib, 'a'),
    'data/b': Buffer.alloc(3 * mib, 'b'),
    'data/c': 'small',
  });
  await project.snapshot({ label: 'good' }, quietCall);
  fs.rmSync(join(disk, 'data/a'));
  fs.writeFileSync(join(disk, 'data/b'), 'lost');
  fs.writeFileSync(join(disk, 'data/c'), 'changed');
  return { project, before: comparable(flatTree(disk, 'data')) };
}

/** Leaves `bytes` free. */
function fill(disk: string, bytes: number): void {
  const { bavail, bsize } = fs.statfsSync(disk);
  fs.writeFileSync(join(disk, 'junk'), Buffer.alloc(bavail * bsize - bytes, 'j'));
}
