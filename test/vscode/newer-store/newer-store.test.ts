import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import type { ErrorDocument } from '../../../src/core/errors.ts';
import { activated, command, rowsOf } from '../../support/extension.ts';
import { until } from '../../support/until.ts';

describe('a store of a newer version', () => {
  it('leaves the Snapshots view to its welcome text, and says in the status bar what is needed', async () => {
    const services = await activated();
    await until('it is noticed', () => services.projects.problem === 'newer');
    deepStrictEqual(await rowsOf(services.snapshotsView), []);
    strictEqual(services.snapshotsView.message, '');
    await until('the item', () => services.statusItem.text === '$(history) Update needed');
  });

  it('shows the data all the same', async () => {
    const services = await activated();
    const [row = ''] = await rowsOf(services.dataView);
    match(row, /^data \| docsfy · /);
  });

  it('is not written to', async () => {
    const { error } = await command<ErrorDocument>('snapshot');
    strictEqual(error.code, 'STORE_NEWER');
  });
});
