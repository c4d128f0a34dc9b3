// What is not covered, in the real host: a row above the data, and one click that covers it.

import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { join } from 'node:path';
import { commands, Uri, window } from 'vscode';
import type { SnapshotDocument } from '../../../src/core/documents/documents.ts';
import {
  activated,
  command,
  nodeAt,
  rowsOf,
  workspaceDir,
  type TestServices,
} from '../../support/extension.ts';
import { until } from '../../support/until.ts';

describe('a folder that rows name and no snapshot has', () => {
  let services: TestServices;
  const first = async (): Promise<string> => (await rowsOf(services.dataView))[0] ?? '';
  const node = async (...labels: string[]) => nodeAt(services.dataView, ...labels);

  before(async () => {
    services = await activated();
    await services.projects.loadAll();
  });

  it('is the first row of the Data view, with what names it', async () => {
    strictEqual(await first(), 'media | not covered · 40 of 40 animal.photo');
    strictEqual((await node('media')).row.icon, 'warning');
    match((await node('media')).row.spoken, /^media, not covered, /);
  });

  it('is told by the status item and by what was looked at in the same words', async () => {
    await until('the item', () => services.statusItem.tooltip.includes('Not covered: media'));
    await commands.executeCommand('savepoint.showDetection');
    const editor = await until('the report', () => window.activeTextEditor);
    match(
      editor.document.getText(),
      /\nNot covered:\n {2}media: not covered, .*: 40 of 40 animal\.photo \(40 files, .*\): savepoint cover media\n/,
    );
  });

  it('is covered with one click, and every snapshot has it', async () => {
    await commands.executeCommand('savepoint.item.cover', await node('media'));
    match(await first(), /^media \| 40|^media \| .*no snapshot$/);
    strictEqual(services.statusItem.tooltip.includes('Not covered'), false);
    const { dataDirs, files } = await command<SnapshotDocument>('snapshot');
    deepStrictEqual([dataDirs.toSorted(), files], [['media', 'site.sqlite3'], 40]);
  });

  it('is taken out again, and back in from the explorer', async () => {
    await commands.executeCommand('savepoint.item.uncover', await node('media'));
    match(await first(), /^media \| not covered · /);
    const folder = Uri.file(join(workspaceDir(), 'media'));
    await commands.executeCommand('savepoint.item.coverFolder', folder);
    strictEqual((await first()).includes('not covered'), false);
  });
});
