import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from '../../../scripts/with-lock.mjs';
import { tree } from '../../support/tree.ts';

describe('withLock', () => {
  let path: string;
  beforeEach(async () => {
    path = join(await tree(), 'some', 'lock');
  });

  it('answers what the action answers and leaves no lock', async () => {
    strictEqual(await withLock(path, 'testing', async () => existsSync(path)), true);
    strictEqual(existsSync(path), false);
  });

  it('lets one action run at a time', async () => {
    const events: string[] = [];
    const action = (name: string) => async (): Promise<void> => {
      events.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      events.push(`${name} ends`);
    };
    const first = withLock(path, 'testing', action('one'));
    await Promise.all([first, withLock(path, 'testing', action('two'))]);
    deepStrictEqual(
      events.map((event) => event.split(' ')[1]),
      ['begins', 'ends', 'begins', 'ends'],
    );
  });

  it('leaves no lock when the action fails', async () => {
    const failing = withLock(path, 'testing', () => Promise.reject(new Error('no')));
    strictEqual(await failing.catch((error: Error) => error.message), 'no');
    strictEqual(existsSync(path), false);
  });

  it('takes the lock of a dead process over', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    await withLock(path, 'testing', async () => undefined);
    await writeFile(path, `${pid}\n`);
    strictEqual(await withLock(path, 'testing', async () => 'mine'), 'mine');
  });

  it('takes the lock of a process over that died before it wrote its id', async () => {
    await withLock(path, 'testing', async () => undefined);
    await writeFile(path, '');
    await utimes(path, new Date(0), new Date(0));
    strictEqual(await withLock(path, 'testing', async () => 'mine'), 'mine');
  });
});
