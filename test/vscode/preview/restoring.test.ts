// What a restore out of the preview means for what is open in editors, and for data that is written meanwhile.

import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { chmodSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { commands, TabInputTextDiff, Uri, window, workspace } from 'vscode';
import type { RestoreDocument, SnapshotDocument } from '../../../src/core/documents/documents.ts';
import type { ErrorDocument } from '../../../src/core/errors.ts';
import {
  activated,
  command,
  nodeAt,
  rowsOf,
  savepoint,
  workspaceDir,
  type TestServices,
} from '../../support/extension.ts';
import { rows, sqlite } from '../../support/sqlite.ts';
import { readTree, writeTree } from '../../support/tree.ts';
import { until } from '../../support/until.ts';

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
      return top.startsWith('  - Before restore | now · of "Before" · 1 file');
    });
  });

  it('leaves out what it left out at first, whatever is unticked', async () => {
    const users = join(workspaceDir(), 'data/docsfy.db');
    await writeTree(workspaceDir(), { [plan]: '"kept"', 'data/other.txt': 'made since' });
    sqlite(users, "INSERT INTO users (username) VALUES ('since')");
    await commands.executeCommand('savepoint.restore', { snapshot: id, except: plan });
    const node = await nodeAt(services.previews.view, 'other.txt');
    await commands.executeCommand('savepoint.item.untick', node);
    await command<RestoreDocument>('preview.apply');
    const kept = [plan, 'data/other.txt'].map((path) =>
      readFileSync(join(workspaceDir(), path), 'utf8'),
    );
    deepStrictEqual(kept, ['"kept"', 'made since']);
    deepStrictEqual(rows(users, "SELECT 1 FROM users WHERE username = 'since'"), []);
    rmSync(join(workspaceDir(), 'data/other.txt'));
    await command('restore', { snapshot: id });
  });

  it('shows links by where they lead, and modes by their bits', async () => {
    const link = join(workspaceDir(), 'data/link');
    const file = join(workspaceDir(), plan);
    chmodSync(file, 0o644);
    symlinkSync('nowhere', link);
    const taken = await command<SnapshotDocument>('snapshot', { label: 'With a link' });
    rmSync(link);
    symlinkSync('projects', link);
    chmodSync(file, 0o600);
    await commands.executeCommand('savepoint.restore', { snapshot: taken.id });
    const node = await nodeAt(services.previews.view, 'link');
    await commands.executeCommand('savepoint.item.openChanges', node);
    const { original, modified } = await until('the diff', () => {
      const input = window.tabGroups.activeTabGroup.activeTab?.input;
      return input instanceof TabInputTextDiff && input;
    });
    const texts = [original, modified].map(async (uri) => workspace.fs.readFile(uri));
    deepStrictEqual((await Promise.all(texts)).map(String), ['projects', 'nowhere']);
    const summary = await savepoint('restore', taken.id, '--dry-run');
    match(summary, /plan\.json +mode 600 -> 644\n/);
    await command('preview.apply');
    rmSync(link);
  });

  it('is refused where the data changed in the last moment, and nothing is changed', async () => {
    await writeTree(workspaceDir(), { [plan]: '"broken"' });
    await commands.executeCommand('savepoint.restore', { snapshot: id });
    strictEqual(services.previews.session?.isReady, true);
    // So that it is the last moment, which the preview does not see.
    const held = services.previews.session.hold();
    sqlite(database(), "INSERT INTO users (username) VALUES ('late')");
    const data = await readTree(join(workspaceDir(), 'data'));
    const refused = await command<ErrorDocument>('preview.apply');
    strictEqual(refused.error.code, 'PLAN_STALE');
    deepStrictEqual(await readTree(join(workspaceDir(), 'data')), data);
    strictEqual(rows(database(), "SELECT 1 FROM users WHERE username = 'late'").length, 1);
    strictEqual(services.previews.session.isStale, true);
    held.dispose();
    await command('restore', { snapshot: id });
  });
});
