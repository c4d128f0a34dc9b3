import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import type { ErrorDocument } from '../../../src/core/errors.ts';
import { activated, command, rowsOf } from '../../support/extension.ts';

describe('without a folder', () => {
  it('the views are empty and the status bar says nothing', async () => {
    const services = await activated();
    deepStrictEqual(await rowsOf(services.dataView), []);
    deepStrictEqual(await rowsOf(services.snapshotsView), []);
    deepStrictEqual([services.dataView.message, services.snapshotsView.message], ['', '']);
    strictEqual(services.statusItem.text, undefined);
    strictEqual(services.engine.pid, undefined);
  });

  it('a command says that there is none', async () => {
    await activated();
    for (const id of ['snapshot', 'list', 'undoRestore', 'detect', 'showStatus', 'prune']) {
      const { error } = await command<ErrorDocument>(id);
      deepStrictEqual([error.code, error.message], ['USAGE', 'no folder is open'], id);
    }
  });
});
