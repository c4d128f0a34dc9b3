import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands, Uri, window, workspace, WorkspaceEdit } from 'vscode';
import type { SnapshotEntry } from '../../../src/core/documents/documents.ts';
import type { ErrorDocument } from '../../../src/core/errors.ts';
import { documentUri, tableRowsUri } from '../../../src/vscode/documents/document-uri.ts';
import {
  activated,
  command,
  nodeAt,
  rowsOf,
  workspaceDir,
  type TestServices,
} from '../../support/extension.ts';
import { readTree } from '../../support/tree.ts';
import { until } from '../../support/until.ts';

const page = 'data/projects/_default/beta/main/gemini/pro/site/index.html';

describe('Restricted Mode', () => {
  let services: TestServices;

  before(async () => {
    services = await activated();
    await services.projects.loadAll();
  });

  it('lists and browses what was taken earlier, and says what it does not do', async () => {
    strictEqual(workspace.isTrusted, false);
    strictEqual(services.projects.state, 'untrusted');
    deepStrictEqual(await rowsOf(services.dataView), []);
    const rows = await rowsOf(services.snapshotsView);
    match(rows[1] ?? '', /^ {2}- Earlier \| /);
    strictEqual(services.snapshotsView.message, 'Restricted Mode: look, but not take or restore.');
    const [entry] = await command<readonly SnapshotEntry[]>('list');
    const bytes = await workspace.fs.readFile(documentUri(workspaceDir(), entry?.id ?? '', page));
    strictEqual(Buffer.from(bytes).toString(), '<h1>Hello</h1>');
    const rowsOfUsers = tableRowsUri(workspaceDir(), entry?.id ?? '', 'data/docsfy.db', 'users');
    match((await workspace.openTextDocument(rowsOfUsers)).getText(), /"mira"/);
    await until('the item', () => services.statusItem.text === '$(history) Restricted');
  });

  it('refuses whatever would open the databases here or change something', async () => {
    const before = await readTree(workspaceDir());
    const calls: [string, object][] = [
      ['snapshot', {}],
      ['restore', { snapshot: 'Earlier' }],
      ['undoRestore', {}],
      ['compare', { a: 'Earlier' }],
      ['check', {}],
      ['addDataDir', { path: 'data' }],
    ];
    for (const [id, argument] of calls) {
      const { error } = await command<ErrorDocument>(id, argument);
      strictEqual(error.code, 'UNTRUSTED', id);
    }
    deepStrictEqual(await readTree(workspaceDir()), before);
  });

  it('takes a snapshot all the same before the explorer deletes something of the data', async () => {
    const path = join(workspaceDir(), page);
    const text = readFileSync(path, 'utf8');
    const edit = new WorkspaceEdit();
    edit.deleteFile(Uri.file(path));
    ok(await workspace.applyEdit(edit));
    ok(!existsSync(path));
    const [newest] = await command<readonly SnapshotEntry[]>('list');
    strictEqual(newest?.reason, 'guard');
    const bytes = await workspace.fs.readFile(documentUri(workspaceDir(), newest.id, page));
    strictEqual(Buffer.from(bytes).toString(), text);
  });

  it('shows what a snapshot holds when it is clicked', async () => {
    const node = await nodeAt(services.snapshotsView, 'Today', 'Earlier');
    await commands.executeCommand('savepoint.item.open', node);
    const editor = await until('the document', () => window.activeTextEditor);
    match(editor.document.getText(), /Earlier/);
  });
});
