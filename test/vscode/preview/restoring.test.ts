// What a restore out of the preview means for what is open in editors, and for data that is written meanwhile.

import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { join } from 'node:path';
import { commands, Uri, window, workspace } from 'vscode';
import type { RestoreDocument, SnapshotDocument } from '../../../src/core/documents.ts';
import type { ErrorDocument } from '../../../src/core/errors.ts';
import {
  activated,
  command,
  rowsOf,
  until,
  workspaceDir,
  type TestServices,
} from '../../support/extension.ts';
import { rows, sqlite } from '../../support/sqlite.ts';
import { readTree, writeTree } from '../../support/tree.ts';

const plan = 'data/projects/_default/beta/main/gemini/pro/plan.json';

describe('a restore out of the preview', () => {
  let services: TestServices;
  let id: string;
  const database = (): string => join(workspaceDir(), 'data/docsfy.db');

  before(async () => {
    services = await activated();
    await writeTree(workspaceDir(), { [plan]: '"as it was"' });
    ({ id } = await command<SnapshotDocument>('snapshot', { label: 'Before' }));
  });

  it('is what open editors show afterwards, and has its safety snapshot on top', async () => {
    await writeTree(workspaceDir(), { [plan]: '"broken"' });
    const document = await workspace.openTextDocument(Uri.file(join(workspaceDir(), plan)));
    await window.showTextDocument(document);
    await until('the editor shows it', () => document.getText() === '"broken"');
    await commands.executeCommand('savepoint.restore', { snapshot: id });
    await command<RestoreDocument>('preview.apply');
    await until('the editor shows it', () => document.getText() === '"as it was"');
    await until('the row', async () => {
      const [, top = ''] = await rowsOf(services.snapshotsView);
      return top.startsWith('  - Before restore | now · 1 file');
    });
  });

  it('is refused where the data changed in the last moment, and nothing is changed', async () => {
    await writeTree(workspaceDir(), { [plan]: '"broken"' });
    await commands.executeCommand('savepoint.restore', { snapshot: id });
    strictEqual(services.previews.session?.isReady, true);
    sqlite(database(), "INSERT INTO users (username) VALUES ('late')");
    const data = await readTree(join(workspaceDir(), 'data'));
    const refused = await command<ErrorDocument>('preview.apply');
    strictEqual(refused.error.code, 'PLAN_STALE');
    deepStrictEqual(await readTree(join(workspaceDir(), 'data')), data);
    strictEqual(rows(database(), "SELECT 1 FROM users WHERE username = 'late'").length, 1);
    strictEqual(services.previews.session.isStale, true);
    await command('restore', { snapshot: id });
  });
});
