import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { describeData, oddData } from '../../support/odd-data.ts';
import { quietCall, testProject, type TestProject } from '../../support/project.ts';
import { sqlite } from '../../support/sqlite.ts';
import { writeTree } from '../../support/tree.ts';

async function oddProject(): Promise<{ at: TestProject; id: string; before: string[] }> {
  const at = await testProject({
    'savepoint.json': '{ "dataDirs": [{ "path": "data" }] }',
    data: oddData(),
    'beside.txt': 'not data',
  });
  const { id, consistent } = await at.project.snapshot({}, quietCall);
  assert.equal(consistent, true);
  return { at, id, before: describeData(join(at.dir, 'data')) };
}

/** Another state: things gone, changed, of another kind, and new. */
async function damage(at: TestProject): Promise<void> {
  const data = join(at.dir, 'data');
  fs.rmSync(join(data, 'modes'), { recursive: true });
  fs.rmSync(join(data, 'names'), { recursive: true });
  fs.rmSync(join(data, 'deep/a/b'), { recursive: true });
  fs.rmSync(join(data, 'first name'));
  fs.writeFileSync(join(data, 'second name'), 'changed');
  fs.chmodSync(join(data, 'empty'), 0o755);
  fs.writeFileSync(join(data, 'empty/no more'), 'x');
  fs.rmSync(join(data, 'links/loop'));
  fs.rmSync(join(data, 'large.bin'));
  await writeTree(data, {
    new: { 'file.txt': 'made since' },
    'large.bin': { 'now a folder': 'x' },
  });
  for (const name of fs.readdirSync(join(data, 'databases')))
    if (/\.(db|sqlite)$/.test(name))
      sqlite(
        join(data, 'databases', name),
        'DELETE FROM plain; DROP TABLE no_key; CREATE TABLE extra (a)',
      );
}

describe('a data directory with one of everything', function () {
  // Eight databases, each restored by a process of its own, three times.
  this.timeout(90_000);

  it('comes back exactly by restore, and the damage comes back exactly by undo', async () => {
    const { at, id, before } = await oddProject();
    await damage(at);
    const damaged = describeData(join(at.dir, 'data'));
    await at.project.applyRestore({ snapshot: id }, undefined, quietCall);
    assert.deepStrictEqual(describeData(join(at.dir, 'data')), before);
    await at.project.applyRestore(await at.project.undoOptions(), undefined, quietCall);
    assert.deepStrictEqual(describeData(join(at.dir, 'data')), damaged);
    await at.project.applyRestore(await at.project.undoOptions(), undefined, quietCall);
    assert.deepStrictEqual(describeData(join(at.dir, 'data')), before);
  });

  it('comes back when it was deleted as a whole, and nothing beside it is touched', async () => {
    const { at, id, before } = await oddProject();
    fs.rmSync(join(at.dir, 'data'), { recursive: true });
    await at.project.applyRestore({ snapshot: id }, undefined, quietCall);
    assert.deepStrictEqual(describeData(join(at.dir, 'data')), before);
    assert.deepStrictEqual(fs.readdirSync(at.dir).toSorted(), [
      'beside.txt',
      'data',
      'savepoint.json',
    ]);
  });

  it('is not touched by a restore of what it already is', async () => {
    const { at, id, before } = await oddProject();
    const { files } = await at.project.applyRestore({ snapshot: id }, undefined, quietCall);
    assert.deepStrictEqual([files.written, files.deleted], [0, 0]);
    assert.deepStrictEqual(describeData(join(at.dir, 'data')), before);
  });

  it('is unchanged for the next snapshot, also after it was restored', async () => {
    const { at, id } = await oddProject();
    assert.equal((await at.project.snapshot({}, quietCall)).unchanged, true);
    fs.rmSync(join(at.dir, 'data'), { recursive: true });
    await at.project.applyRestore({ snapshot: id }, undefined, quietCall);
    const { fileChanges, databases } = await at.project.diff(id, 'live', {}, quietCall);
    assert.deepStrictEqual([fileChanges, databases], [[], []]);
  });
});
