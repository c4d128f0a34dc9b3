import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { workspace } from 'vscode';
import type { RestoreDocument, SnapshotDocument } from '../../../src/core/documents/documents.ts';
import { activated, command, type TestServices } from '../../support/extension.ts';
import { until } from '../../support/until.ts';

describe('interrupted restores', () => {
  let services: TestServices;
  const folder = (name: string): string =>
    workspace.workspaceFolders?.find((one) => one.name === name)?.uri.fsPath ?? '';
  const projects = (name: string): string[] =>
    readdirSync(join(folder(name), 'data/projects')).flatMap((owner) =>
      readdirSync(join(folder(name), 'data/projects', owner)),
    );

  before(async () => {
    services = await activated();
    await services.projects.loadAll();
  });

  it('are said in the status bar and above the snapshots', async () => {
    await until('the item', () => services.statusItem.text === '$(history) Restore interrupted');
    match(
      services.snapshotsView.message ?? '',
      /^A restore of "Sound" was interrupted at \d\d:\d\d, \d of \d files written\.$/,
    );
  });

  it('stand first in the tooltip, with both ways out', () => {
    const [, line = ''] = services.statusItem.tooltip.split(/\n+/).filter((text) => text !== '');
    match(line, /^A restore of "Sound" was interrupted at .*\[Finish Restore\].* · \[Undo\]/);
  });

  it('do not keep one from taking a snapshot', async () => {
    const taken = await command<SnapshotDocument>('snapshot', {
      cwd: folder('undo'),
      label: 'Now',
    });
    strictEqual(taken.label, 'Now');
  });

  it('are finished by one command', async () => {
    const done = await command<RestoreDocument>('finishRestore', { cwd: folder('finish') });
    strictEqual(done.files.unchanged + done.files.written, 6);
    deepStrictEqual(projects('finish'), ['alpha', 'beta', 'gamma']);
  });

  it('are taken back by undo, to how it was before them', async () => {
    await command<RestoreDocument>('undoRestore', { cwd: folder('undo') });
    deepStrictEqual(projects('undo'), []);
    await until('nothing needs somebody', () => services.statusItem.text === '$(history) now');
    strictEqual(services.snapshotsView.message, '');
  });
});
