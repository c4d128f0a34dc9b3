import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { snapshotTitle } from '../../../src/core/snapshots/snapshot-words.ts';
import { openProject } from '../../../src/engine/index.ts';
import type { PendingRestore } from '../../../src/core/documents/documents.ts';
import { quietCall, testProject } from '../../support/project.ts';
import { database, sqlite } from '../../support/sqlite.ts';

const oneOfEach =
  '{ "dataDirs": [{ "path": "data" }], "retention": { "keepLast": { "manual": 1, "safety": 0 } } }';

describe('a restore that runs', () => {
  it('is not told as one that was interrupted', async () => {
    const at = await testProject({ 'savepoint.json': oneOfEach, data: { 'a.txt': 'one' } });
    const { id } = await at.project.snapshot({}, quietCall);
    fs.writeFileSync(join(at.dir, 'data/a.txt'), 'two');
    const asked: Promise<PendingRestore | null>[] = [];
    const options = {
      ...at.options,
      faultPoint: () => void asked.push(at.project.pendingRestore()),
    };
    const restoring = await openProject(options, at.dir);
    await restoring.applyRestore({ snapshot: id }, undefined, quietCall);
    const answers = await Promise.all(asked);
    assert.ok(answers.length > 5);
    assert.deepStrictEqual(
      answers.filter((answer) => answer !== null),
      [],
    );
  });
});

describe('retention after a restore', () => {
  it('keeps the snapshot that undo goes to, whatever the rules say, and says why', async () => {
    const at = await testProject({ 'savepoint.json': oneOfEach, data: { 'a.txt': 'one' } });
    const { id } = await at.project.snapshot({}, quietCall);
    fs.writeFileSync(join(at.dir, 'data/a.txt'), 'two');
    const { safetySnapshot } = await at.project.applyRestore(
      { snapshot: id },
      undefined,
      quietCall,
    );
    for (const text of ['three', 'four', 'five', 'six']) {
      fs.writeFileSync(join(at.dir, 'data/a.txt'), text);
      const other = await at.project.snapshot({ reason: 'safety' }, quietCall);
      assert.ok(other.id);
    }
    const { kept } = await at.project.planPrune();
    assert.deepStrictEqual(
      kept.find((one) => one.id === safetySnapshot),
      { id: safetySnapshot, why: 'undo goes to it' },
    );
    const undo = await at.project.undoOptions();
    assert.equal(undo.snapshot, safetySnapshot);
  });
});

describe('what a restore tells', () => {
  it('counts the rows again where an application wrote after the preview', async () => {
    const at = await testProject({
      'savepoint.json': oneOfEach,
      data: { 'n.db': database('CREATE TABLE t (a)') },
    });
    const { id } = await at.project.snapshot({}, quietCall);
    const db = join(at.dir, 'data/n.db');
    sqlite(db, 'INSERT INTO t VALUES (1)');
    const plan = await at.project.planRestore({ snapshot: id }, quietCall);
    sqlite(db, 'INSERT INTO t VALUES (2), (3)');
    const { rows } = await at.project.applyRestore({ snapshot: id }, plan.token, quietCall);
    assert.deepStrictEqual(rows, { added: 0, removed: 3, changed: 0 });
  });
});

describe('a folder that is left out since', () => {
  it('is no difference to the snapshot that has it', async () => {
    const at = await testProject({ data: { 'n.db': database(), kept: { 'a.txt': 'one' } } });
    const { id } = await at.project.snapshot({}, quietCall);
    await at.project.setExcluded('data/kept', true);
    const { files } = await at.project.diff(id, 'live', {}, quietCall);
    assert.deepStrictEqual(files, { added: [], removed: [], modified: [] });
  });
});

describe('an undo', () => {
  it('is told by its own safety snapshot, and a restore by what it was of', async () => {
    const at = await testProject({ 'savepoint.json': oneOfEach, data: { 'a.txt': 'one' } });
    const { id } = await at.project.snapshot({ pin: true }, quietCall);
    fs.writeFileSync(join(at.dir, 'data/a.txt'), 'two');
    await at.project.applyRestore({ snapshot: id }, undefined, quietCall);
    await at.project.applyRestore(await at.project.undoOptions(), undefined, quietCall);
    const titles = async (): Promise<string[]> => (await at.project.list()).map(snapshotTitle);
    const before = `Before restore of ${id.slice(-4)}`;
    assert.deepStrictEqual(await titles(), ['Before undo', before, 'Snapshot']);
    await at.project.rename(id, 'good');
    await at.project.applyRestore({ snapshot: id }, undefined, quietCall);
    assert.equal((await titles())[0], 'Before restore of "good"');
  });
});
