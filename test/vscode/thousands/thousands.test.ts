import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { commands } from 'vscode';
import type { SnapshotDocument } from '../../../src/core/documents/documents.ts';
import { activated, command, nodeAt, rowsOf, type TestServices } from '../../support/extension.ts';
import { until } from '../../support/until.ts';

describe('5,000 snapshots', () => {
  let services: TestServices;

  before(async () => {
    services = await activated();
    await services.projects.loadAll();
  });

  it('open with days, then months that are closed', async () => {
    const rows = await rowsOf(services.snapshotsView);
    const headings = rows.filter((row) => !row.startsWith(' '));
    strictEqual(headings[0], 'Today');
    ok(headings[1]?.startsWith('Yesterday | '));
    const months = headings.filter((row) => /^- \w+ \d{4} \| [\d,]+ snapshots$/.test(row));
    ok(months.length >= 6, headings.join('\n'));
    ok(headings.length < 30, headings.join('\n'));
  });

  it('load a hundred at once, and more when asked', async () => {
    const groups = (await services.snapshotsView.getChildren()) ?? [];
    const month = groups.find(
      (node) => /^\w+ \d{4}$/.test(node.row.label) && /^[5-7]\d\d /.test(node.row.description),
    );
    ok(month);
    const first = (await services.snapshotsView.getChildren(month)) ?? [];
    strictEqual(first.length, 101);
    const more = first.at(-1);
    strictEqual(more?.row.label, 'Show 100 more');
    await commands.executeCommand('savepoint.item.showMore', more);
    const second = (await services.snapshotsView.getChildren(month)) ?? [];
    strictEqual(second.length, 201);
    deepStrictEqual(
      second.slice(0, 100).map(({ id }) => id),
      first.slice(0, 100).map(({ id }) => id),
    );
  });

  it('get a new one on top', async () => {
    await command<SnapshotDocument>('snapshot', { label: 'On top' });
    await until('the row', async () =>
      nodeAt(services.snapshotsView, 'Today', 'On top').catch(() => false as const),
    );
  });

  it('can be filtered, and the view says how many', async () => {
    services.snapshotsView.setFilter({ reasons: ['safety'] }, 'Before restore');
    deepStrictEqual(await rowsOf(services.snapshotsView), []);
    await until(
      'the message',
      () => services.snapshotsView.message === 'Showing 0 of 5,001: Before restore.',
    );
    await commands.executeCommand('savepoint.clearFilter');
  });
});
