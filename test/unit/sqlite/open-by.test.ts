import { deepStrictEqual } from 'node:assert/strict';
import { linkSync } from 'node:fs';
import { join } from 'node:path';
import {
  filesOpenElsewhere,
  processesWithLock,
  processesWithOpen,
} from '../../../src/engine/disk/open-by.ts';
import { startApplication } from '../../support/application.ts';
import { database } from '../../support/sqlite.ts';
import { tree } from '../../support/tree.ts';

describe('processesWithOpen', () => {
  it('names every process that has one of the files open, under whatever name', async () => {
    const root = await tree({ 'app.db': database(), 'other.db': database() });
    linkSync(join(root, 'app.db'), join(root, 'second name.db'));
    const [a, b] = [
      await startApplication(join(root, 'app.db')),
      await startApplication(join(root, 'second name.db')),
    ];
    for (const application of [a, b]) await application.run('SELECT * FROM t');
    const names = [a.pid, b.pid].toSorted((x, y) => x - y).map((pid) => `node (${pid})`);
    deepStrictEqual(await processesWithOpen([join(root, 'missing'), join(root, 'app.db')]), names);
    deepStrictEqual(await processesWithOpen([join(root, 'other.db'), join(root, 'missing')]), []);
    for (const application of [a, b]) await application.close();
    deepStrictEqual(await processesWithOpen([join(root, 'app.db')]), []);
  });

  it('leaves out those of Savepoint, which read it for a moment', async () => {
    const root = await tree({ 'app.db': database() });
    const application = await startApplication(join(root, 'app.db'), 'savepoint serve');
    await application.run('SELECT * FROM t');
    deepStrictEqual(await processesWithOpen([join(root, 'app.db')]), []);
    deepStrictEqual(await filesOpenElsewhere([join(root, 'app.db')]), []);
    await application.close();
  });
});

describe('processesWithLock', () => {
  it('names who holds a write lock', async () => {
    const root = await tree({ 'app.db': database() });
    const application = await startApplication(join(root, 'app.db'));
    await application.run('SELECT * FROM t');
    deepStrictEqual(processesWithLock([join(root, 'app.db')]), []);
    await application.run('BEGIN IMMEDIATE');
    deepStrictEqual(processesWithLock([join(root, 'app.db')]), [`node (${application.pid})`]);
    await application.close();
  });
});
