import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commands, languages, Uri, window } from 'vscode';
import type { DataDirDocument } from '../../../src/core/documents/documents.ts';
import type { ErrorDocument } from '../../../src/core/errors.ts';
import { activated, command, nodeAt, rowsOf, workspaceDir } from '../../support/extension.ts';
import { until } from '../../support/until.ts';

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

  it('says what is wrong in savepoint.json, there too where it stands', async () => {
    const services = await activated();
    const file = join(workspaceDir(), 'savepoint.json');
    await writeFile(
      file,
      '{\n  "dataDirs": [{ "path": "lib" }],\n  "retention": { "keepLast": "x" }\n}',
    );
    await until('the message', () =>
      services.dataView.message?.startsWith('savepoint.json, line 3: '),
    );
    const [problem] = languages
      .getDiagnostics(Uri.file(file))
      .filter(({ source }) => source === 'Savepoint');
    strictEqual(problem?.range.start.line, 2);
  });

  it('leaves a folder out and takes it back in', async () => {
    const services = await activated();
    await writeFile(join(workspaceDir(), 'savepoint.json'), '{"dataDirs": [{"path": "lib"}]}');
    await until('nothing is wrong', () => services.dataView.message === '');
    const files = await nodeAt(services.dataView, 'lib', 'things');
    await commands.executeCommand('savepoint.item.leaveOut', files);
    const excluded = await until('it is left out', async () =>
      nodeAt(services.dataView, 'Not covered', 'lib/things').catch(() => false as const),
    );
    match(await readFile(join(workspaceDir(), 'savepoint.json'), 'utf8'), /"exclude"/);
    await commands.executeCommand('savepoint.item.include', excluded);
    await until('it is back', async () =>
      nodeAt(services.dataView, 'lib', 'things').catch(() => false as const),
    );
  });
});
