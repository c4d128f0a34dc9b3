// What the editor itself is about to do: delete files, start a debugger.

import { ok, strictEqual } from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { debug, Uri, workspace, WorkspaceEdit } from 'vscode';
import type { SnapshotEntry } from '../../../src/core/documents/documents.ts';
import { activated, savepoint, workspaceDir } from '../../support/extension.ts';
import { until } from '../../support/until.ts';

describe('a delete in the explorer', () => {
  it('has a snapshot before it, named after what is deleted', async () => {
    await seed('before delete');
    await deleteFiles('data/uploads');
    ok(!existsSync(path('data/uploads')));
    const newest = await newestSnapshot();
    strictEqual(newest.label, 'Delete uploads');
    strictEqual(newest.reason, 'guard');
    ok(Date.parse(newest.createdAt) <= statSync(path('data')).mtimeMs, 'it came too late');
    strictEqual(await savedIn(newest), 'before delete');
  });

  it('of what is no data takes none', async () => {
    await seed('again');
    writeFileSync(path('notes.txt'), 'mine');
    const before = await newestSnapshot();
    await deleteFiles('notes.txt');
    ok(!existsSync(path('notes.txt')));
    strictEqual((await newestSnapshot()).id, before.id);
  });

  it('takes none where the setting is off', async () => {
    await seed('without');
    const before = await newestSnapshot();
    const settings = workspace.getConfiguration('savepoint');
    await settings.update('guard.explorerDelete', false, true);
    await deleteFiles('data/uploads');
    await settings.update('guard.explorerDelete', undefined, true);
    strictEqual((await newestSnapshot()).id, before.id);
  });
});

describe('the start of a debugger', function () {
  // The editor's debugger is slow to start on a busy machine.
  this.timeout(60_000);

  const program = () => path('wipe.mjs');

  before(async () => {
    const text = "import { rmSync } from 'node:fs'; rmSync('data/uploads', { recursive: true });\n";
    writeFileSync(program(), text);
    await activated();
  });

  after(() => rmSync(program()));

  it('takes no snapshot by itself', async () => {
    await seed('not debugged');
    const before = await newestSnapshot();
    await start('plain');
    strictEqual((await newestSnapshot()).id, before.id);
  });

  it('has one before it where the setting asks for it, once', async () => {
    await seed('before debug');
    const settings = workspace.getConfiguration('savepoint');
    await settings.update('guard.debug', true, true);
    await start('Wipe');
    await settings.update('guard.debug', undefined, true);
    const [newest, older] = JSON.parse(await savepoint('list', '--json')) as SnapshotEntry[];
    ok(newest !== undefined && newest.command === 'Debug Wipe', newest?.command ?? 'none');
    ok(older?.command !== 'Debug Wipe');
    ok(Date.parse(newest.createdAt) <= statSync(path('data')).mtimeMs, 'it came too late');
    strictEqual(await savedIn(newest), 'before debug');
  });
});

async function start(name: string): Promise<void> {
  const [folder] = workspace.workspaceFolders ?? [];
  const configuration = { type: 'node', request: 'launch', name, program: path('wipe.mjs') };
  const launch = { ...configuration, cwd: workspaceDir(), console: 'internalConsole' };
  strictEqual(await debug.startDebugging(folder, launch), true);
  await until('its effect', () => !existsSync(path('data/uploads')), 20_000);
  await until('its end', () => debug.activeDebugSession === undefined, 20_000);
}

async function deleteFiles(...names: readonly string[]): Promise<void> {
  const edit = new WorkspaceEdit();
  for (const name of names) edit.deleteFile(Uri.file(path(name)), { recursive: true });
  ok(await workspace.applyEdit(edit));
}

async function newestSnapshot(): Promise<SnapshotEntry> {
  const [newest] = JSON.parse(await savepoint('list', '--json')) as SnapshotEntry[];
  if (!newest) throw new Error('no snapshot');
  return newest;
}

async function savedIn({ id }: SnapshotEntry): Promise<string> {
  const project = (await activated()).projects.at(workspaceDir());
  return (await project.engine.readFile(id, 'data/uploads/one.txt')).toString();
}

async function seed(content: string): Promise<void> {
  await activated();
  mkdirSync(path('data/uploads'), { recursive: true });
  writeFileSync(path('data/uploads/one.txt'), content);
  strictEqual(readFileSync(path('data/uploads/one.txt'), 'utf8'), content);
}

function path(name: string): string {
  return join(workspaceDir(), name);
}
