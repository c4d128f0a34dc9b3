// Detection walks through the project, which takes long in a large one: how often each call does.

import { deepStrictEqual } from 'node:assert/strict';
import { rmSync, writeFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from '../../../src/engine/index.ts';
import { projectOf } from '../../../src/engine/open-project.ts';
import { createProjectContext } from '../../../src/engine/project/project-context.ts';
import { quietCall, realOptions, tempFolder } from '../../support/project.ts';
import { database, sqlite } from '../../support/sqlite.ts';
import { tree } from '../../support/tree.ts';

interface CountedProject {
  readonly project: Project;
  readonly dir: string;
  /** How often `work` detected. */
  readonly detections: (work: () => Promise<unknown>) => Promise<number>;
}

async function countedProject(config: object = {}): Promise<CountedProject> {
  const dir = await tree({
    'savepoint.json': JSON.stringify(config),
    'data/app.db': database('CREATE TABLE uploads(path TEXT)'),
    'data/files/a.txt': 'a',
  });
  // What was written a moment ago may have files that came since: those are searched for once more.
  utimesSync(join(dir, 'data/app.db'), 0, 0);
  const context = createProjectContext(realOptions(tempFolder()), dir);
  let count = 0;
  const find: typeof context.find = () => {
    count += 1;
    return context.find();
  };
  const detections = async (work: () => Promise<unknown>): Promise<number> => {
    const before = count;
    await work();
    return count - before;
  };
  return { project: projectOf({ ...context, find }), dir, detections };
}

/** Something to tell in the database, in files and by a rule. */
function change(dir: string): void {
  sqlite(join(dir, 'data/app.db'), "INSERT INTO uploads VALUES ('a.txt')");
  writeFileSync(join(dir, 'data/files/b.txt'), 'b');
}

describe('detection', () => {
  it('runs once in a snapshot, in what a guard asks, and in what it saves', async () => {
    const { project, detections } = await countedProject();
    const command = 'rm -rf data';
    deepStrictEqual(
      [
        await detections(async () => await project.snapshot({}, quietCall)),
        await detections(async () => await project.matchCommand({ command })),
        await detections(async () => await project.guard({ command }, quietCall)),
        await detections(async () => await project.guardFailure()),
      ],
      [1, 1, 1, 0],
    );
  });

  it('runs once where a guard saves the databases alone', async () => {
    const { project, dir, detections } = await countedProject({ retention: { maxBytes: '1MB' } });
    writeFileSync(join(dir, 'data/files/large.bin'), Buffer.alloc(2_000_000));
    const guarded = async (): Promise<void> => {
      const { databasesOnly } = await project.guard({ command: 'rm -rf data' }, quietCall);
      deepStrictEqual(databasesOnly === null, false);
    };
    deepStrictEqual(await detections(guarded), 1);
  });

  it('runs once in each plan on another look, and once in the restore that was shown', async () => {
    const { project, dir, detections } = await countedProject();
    const { id: snapshot } = await project.snapshot({}, quietCall);
    change(dir);
    let token = '';
    const plan = async (): Promise<void> => {
      ({ token } = await project.planRestore({ snapshot, basedOn: token }, quietCall));
    };
    deepStrictEqual(
      [
        await detections(plan),
        await detections(plan),
        await detections(async () => await project.isPlanCurrent(token)),
        await detections(async () => await project.applyRestore({ snapshot }, token, quietCall)),
      ],
      [1, 0, 0, 1],
    );
  });

  it('runs once in a restore that was not shown, and not at all in one into another folder', async () => {
    const { project, dir, detections } = await countedProject();
    const { id: snapshot } = await project.snapshot({}, quietCall);
    change(dir);
    const to = join(tempFolder(), 'copy');
    const restore = async (options: object): Promise<number> =>
      await detections(
        async () => await project.applyRestore({ snapshot, ...options }, undefined, quietCall),
      );
    deepStrictEqual([await restore({ to }), await restore({})], [0, 1]);
  });

  it('runs twice in an undo: when it asks whether something was written since, and when it restores', async () => {
    const { project, dir, detections } = await countedProject();
    const { id: snapshot } = await project.snapshot({}, quietCall);
    change(dir);
    await project.applyRestore({ snapshot }, undefined, quietCall);
    const undo = async (): Promise<void> => {
      const options = await project.undoOptions();
      deepStrictEqual(await project.isUntouchedSinceRestore(quietCall), true);
      await project.applyRestore(options, undefined, quietCall);
    };
    deepStrictEqual(await detections(undo), 2);
  });

  it('runs once in a comparison with live data, and in none of two snapshots', async () => {
    const { project, dir, detections } = await countedProject();
    const first = await project.snapshot({}, quietCall);
    change(dir);
    const second = await project.snapshot({}, quietCall);
    rmSync(join(dir, 'data/files/a.txt'));
    const diff = async (a: string, b: string): Promise<number> =>
      await detections(async () => await project.diff(a, b, {}, quietCall));
    deepStrictEqual(
      [
        await diff(first.id, 'live'),
        await diff('live', second.id),
        await diff('live', 'live'),
        await diff(first.id, second.id),
      ],
      [1, 1, 1, 0],
    );
  });

  it('runs once in a check, a status and a detection', async () => {
    const { project, detections } = await countedProject();
    await project.snapshot({}, quietCall);
    deepStrictEqual(
      [
        await detections(async () => await project.check('live', {}, quietCall)),
        await detections(async () => await project.check('latest', {}, quietCall)),
        await detections(async () => await project.status(quietCall)),
        await detections(async () => await project.detect(quietCall)),
      ],
      [1, 1, 1, 1],
    );
  });

  it('does not run where snapshots are listed, looked into, kept and removed', async () => {
    const { project, detections } = await countedProject({
      retention: { keepLast: { manual: 2 } },
    });
    const { id } = await project.snapshot({}, quietCall);
    const calls: readonly (() => Promise<unknown>)[] = [
      async () => await project.list(),
      async () => await project.countByDay(),
      async () => await project.resolve('latest'),
      async () => await project.show(id),
      async () => await project.storeSize(),
      async () => await project.browse('live', 'data'),
      async () => await project.readFile(id, 'data/files/a.txt'),
      async () => await project.tables('live', 'data/app.db'),
      async () => await project.history('data', 5),
      async () => await project.pin([id], true),
      async () => await project.rename(id, 'good'),
      async () => await project.planPrune(),
      async () => await project.applyPrune(quietCall),
      async () => await project.verify([], {}, quietCall),
      async () => await project.pendingRestore(),
      async () => await project.delete([id]),
    ];
    const counts: number[] = [];
    for (const call of calls) counts.push(await detections(call));
    deepStrictEqual(
      counts,
      counts.map(() => 0),
    );
  });
});
