import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commands, window } from 'vscode';
import type { DataDirDocument } from '../../../src/core/documents.ts';
import type { ErrorDocument } from '../../../src/core/errors.ts';
import { activated, command, rowsOf, until, workspaceDir } from '../../support/extension.ts';

describe('a folder without data', () => {
  it('has empty views for the welcome texts, and nothing in the status bar', async () => {
    const services = await activated();
    await until('it was looked at', () => services.projects.state === 'none');
    deepStrictEqual(await rowsOf(services.dataView), []);
    deepStrictEqual(await rowsOf(services.snapshotsView), []);
    deepStrictEqual([services.dataView.message, services.snapshotsView.message], ['', '']);
    strictEqual(services.statusItem.text, undefined);
  });

  it('refuses a snapshot in words', async () => {
    const { error } = await command<ErrorDocument>('snapshot');
    strictEqual(error.code, 'NO_DATA_DIRECTORY');
  });

  it('opens a report of what was looked at', async () => {
    await commands.executeCommand('savepoint.showDetection');
    const editor = await until('the report', () => window.activeTextEditor);
    match(
      editor.document.getText(),
      /^What was looked at in .*\n\n\d+ folders? .*: 0 data directories found\.\n/,
    );
  });

  it('fills the view when a folder is chosen, without a reload', async () => {
    const services = await activated();
    const found = await command<readonly DataDirDocument[]>('addDataDir', { path: 'lib/things' });
    deepStrictEqual(
      found.map(({ path }) => path),
      ['lib/things'],
    );
    const [row = ''] = await rowsOf(services.dataView);
    match(row, /^lib\/things \| 1 B · no snapshot$/);
    match(await readFile(join(workspaceDir(), 'savepoint.json'), 'utf8'), /"lib\/things"/);
    await until('the item', () => services.statusItem.text === '$(history) No snapshot');
  });

  it('follows savepoint.json when it is changed by hand', async () => {
    const services = await activated();
    await rm(join(workspaceDir(), 'savepoint.json'));
    await until('nothing is found', () => services.projects.state === 'none');
    await writeFile(join(workspaceDir(), 'savepoint.json'), '{"dataDirs": [{"path": "lib"}]}');
    await until('it is found', async () =>
      (await rowsOf(services.dataView))[0]?.startsWith('lib | '),
    );
  });

  it('says what is wrong in savepoint.json', async () => {
    const services = await activated();
    await writeFile(join(workspaceDir(), 'savepoint.json'), '{\n  "dataDirs": [{"path": 5}]\n}');
    await until(
      'the message',
      () =>
        /savepoint\.json, line 2: /.test(services.dataView.message ?? '') ||
        services.projects.state === 'none',
    );
  });
});
