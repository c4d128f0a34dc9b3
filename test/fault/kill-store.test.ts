import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { faultPoints, type FaultPoint } from '../../src/engine/options.ts';
import { killedAt } from '../support/killed-at.ts';
import { quietCall, testProject, type TestProject } from '../support/project.ts';
import { database, sqlite } from '../support/sqlite.ts';

const noise = (seed: number): Buffer =>
  createHash('shake256', { outputLength: 100_000 }).update(String(seed)).digest();

/** A project with two snapshots and a change that is in neither. */
async function prepared(): Promise<{ at: TestProject; ids: string[] }> {
  const at = await testProject({
    'savepoint.json': '{ "dataDirs": [{ "path": "data" }] }',
    data: { 'a.bin': noise(1), 'n.db': database() },
  });
  const first = await at.project.snapshot({ label: 'first' }, quietCall);
  fs.writeFileSync(join(at.dir, 'data/a.bin'), noise(2));
  const second = await at.project.snapshot({ label: 'second' }, quietCall);
  fs.writeFileSync(join(at.dir, 'data/a.bin'), noise(3));
  sqlite(join(at.dir, 'data/n.db'), 'INSERT INTO t VALUES (2)');
  return { at, ids: [first.id, second.id] };
}

/** Everything that is listed can be read, and the next write clears what the kill left. */
async function assertWhole(at: TestProject, expected: readonly string[]): Promise<void> {
  assert.deepStrictEqual(
    (await at.project.list()).map(({ id }) => id),
    expected,
  );
  assert.deepStrictEqual((await at.project.verify([], { deep: true }, quietCall)).damaged, []);
  const next = await at.project.snapshot({ label: 'after the kill' }, quietCall);
  assert.deepStrictEqual(await at.project.readFile(next.id, 'data/a.bin'), noise(3));
  assert.deepStrictEqual((await at.project.rows(next.id, 'data/n.db', 't', 10)).rows, [
    { a: 1 },
    { a: 2 },
  ]);
  const left = fs
    .readdirSync(join(at.project.storePath, 'packs'))
    .filter((name) => name.endsWith('.part'));
  assert.deepStrictEqual([...left, ...fs.readdirSync(join(at.project.storePath, 'tmp'))], []);
}

const points = (prefix: RegExp): FaultPoint[] => faultPoints.filter((point) => prefix.test(point));

describe('a snapshot that is killed', () => {
  for (const point of points(/^(snapshot|pack):/))
    it(`at ${point} is whole or absent, and no other is harmed`, async () => {
      const { at, ids } = await prepared();
      const [first = '', second = ''] = ids;
      const { dir, storeDir } = at;
      const killed = await killedAt({
        dir,
        storeDir,
        point,
        method: 'snapshot',
        arguments: [{ label: 'third' }],
      });
      assert.equal(killed, true);
      const [newest] = await at.project.list();
      const isThere = point === 'pack:after-commit';
      assert.equal(newest?.label, isThere ? 'third' : 'second');
      await assertWhole(at, isThere ? [newest?.id ?? '', second, first] : [second, first]);
    });
});

describe('a deletion that is killed', () => {
  for (const point of points(/^(prune|log):/))
    it(`at ${point} took the snapshot or did not, and no other is harmed`, async () => {
      const { at, ids } = await prepared();
      const [first = '', second = ''] = ids;
      const { dir, storeDir } = at;
      const killed = await killedAt({
        dir,
        storeDir,
        point,
        method: 'delete',
        arguments: [[first]],
      });
      assert.equal(killed, true);
      const isGone = point === 'prune:before-unlink';
      await assertWhole(at, isGone ? [second] : [second, first]);
    });
});

describe('a name that is changed while the process is killed', () => {
  it('is the old one or the new one, and the log stays readable', async () => {
    const { at, ids } = await prepared();
    const [first = '', second = ''] = ids;
    const { dir, storeDir } = at;
    const operation = { dir, storeDir, point: 'log:half-written', method: 'rename' } as const;
    assert.equal(await killedAt({ ...operation, arguments: [first, 'other'] }), true);
    assert.equal((await at.project.resolve(first)).label, 'first');
    await at.project.rename(second, 'named after the kill');
    fs.rmSync(join(at.project.storePath, 'catalog.db'));
    await at.project.verify([], {}, quietCall);
    assert.equal((await at.project.resolve(second)).label, 'named after the kill');
  });
});
