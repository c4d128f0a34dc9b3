// Every command with its one JSON argument: nothing is asked, the answer is what `--json` prints.

import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands, window, workspace } from 'vscode';
import type {
  DataDirDocument,
  DiffDocument,
  PruneDocument,
  RestoreDocument,
  RestorePlanDocument,
  SnapshotDocument,
  SnapshotEntry,
  StatusDocument,
  VerifyDocument,
} from '../../../src/core/documents/documents.ts';
import type { ErrorDocument } from '../../../src/core/errors.ts';
import { activated, command, savepoint, workspaceDir } from '../../support/extension.ts';
import { rows, sqlite } from '../../support/sqlite.ts';
import { readTree } from '../../support/tree.ts';

const alpha = 'data/projects/_default/alpha';

describe('commands with a JSON argument', () => {
  let first: SnapshotDocument;

  before(async () => {
    await activated();
    first = await command<SnapshotDocument>('snapshot', { label: 'Sound', pin: true });
  });

  afterEach(async () => {
    await commands.executeCommand('workbench.action.closeAllEditors');
  });

  const data = async (): Promise<unknown> => readTree(join(workspaceDir(), 'data'));

  it('snapshot answers what it took', () => {
    match(first.id, /^\d{8}T\d{6}Z-[0-9a-z]{4,}$/);
    deepStrictEqual(
      [first.label, first.reason, first.files, first.dataDirs, first.databases[0]?.tables],
      ['Sound', 'manual', 6, ['data'], { project_access: 0, projects: 3, sessions: 1, users: 2 }],
    );
  });

  it('snapshotWithLabel takes the label it is given', async () => {
    const taken = await command<SnapshotDocument>('snapshotWithLabel', { label: 'Again' });
    deepStrictEqual([taken.label, taken.unchanged], ['Again', true]);
    await command('delete', { snapshot: taken.id });
  });

  it('list answers the entries, newest first, as the command line does', async () => {
    const entries = await command<readonly SnapshotEntry[]>('list');
    deepStrictEqual(entries, JSON.parse(await savepoint('list', '--json')));
    strictEqual(entries[0]?.id, first.id);
  });

  it('rename, pin and unpin answer the entry', async () => {
    const renamed = await command<SnapshotEntry>('rename', { snapshot: 'Sound', label: 'Base' });
    const pinned = await command<SnapshotEntry>('pin', { snapshot: ['Base'] });
    const unpinned = await command<SnapshotEntry>('unpin', { snapshot: first.id });
    deepStrictEqual(
      [renamed.label, pinned.pinned, unpinned.pinned, unpinned.id],
      ['Base', true, false, first.id],
    );
  });

  it('compare answers what changed since', async () => {
    const same = await command<DiffDocument>('compare', { a: 'Base' });
    deepStrictEqual([same.files, same.databases], [{ added: [], removed: [], modified: [] }, []]);
    await writeFile(join(workspaceDir(), alpha, 'main/gemini/pro/plan.json'), '{}');
    const changed = await command<DiffDocument>('compare', { a: 'Base', b: 'live' });
    deepStrictEqual(changed.files.modified, [`${alpha}/main/gemini/pro/plan.json`]);
  });

  it('restore with dry-run answers the plan and changes nothing', async () => {
    rmSync(join(workspaceDir(), alpha), { recursive: true });
    const before = await data();
    const plan = await command<RestorePlanDocument>('restore', {
      snapshot: 'Base',
      'dry-run': true,
    });
    deepStrictEqual([plan.files.written, plan.files.deleted, plan.empty], [2, 0, false]);
    deepStrictEqual(await data(), before);
  });

  it('restore answers what it did, undo takes it back, and once more is the restore', async () => {
    const broken = await data();
    const restored = await command<RestoreDocument>('restore', { snapshot: 'Base', only: [] });
    deepStrictEqual(
      [restored.restored, restored.files],
      [first.id, { written: 2, deleted: 0, unchanged: 4 }],
    );
    const sound = await data();
    const undone = await command<RestoreDocument>('undoRestore');
    strictEqual(undone.restored, restored.safetySnapshot);
    deepStrictEqual(await data(), broken);
    await command('undoRestore');
    deepStrictEqual(await data(), sound);
  });

  it('restore of one path leaves the rest as it is', async () => {
    const plan = join(workspaceDir(), 'data/projects/_default/beta/main/gemini/pro/plan.json');
    rmSync(join(workspaceDir(), alpha), { recursive: true });
    await writeFile(plan, 'changed');
    await command('restore', { snapshot: 'Base', only: [alpha] });
    strictEqual(await readFile(plan, 'utf8'), 'changed');
    const whole = await command<RestoreDocument>('restore', { snapshot: 'Base' });
    deepStrictEqual('error' in whole ? whole.error : whole.files, {
      written: 1,
      deleted: 0,
      unchanged: 5,
    });
    strictEqual(await readFile(plan, 'utf8'), '{"pages": 2}');
  });

  it('restore leaves out what except and except-table name', async () => {
    const users = async (): Promise<unknown> =>
      rows(join(workspaceDir(), 'data/docsfy.db'), 'SELECT username FROM users ORDER BY username');
    const sound = await users();
    const plan = join(workspaceDir(), alpha, 'main/gemini/pro/plan.json');
    await writeFile(plan, 'changed');
    sqlite(
      join(workspaceDir(), 'data/docsfy.db'),
      "INSERT INTO users (username) VALUES ('late'); DELETE FROM projects",
    );
    const changed = await users();
    const restored = await command<RestoreDocument>('restore', {
      snapshot: 'Base',
      except: alpha,
      'except-table': ['data/docsfy.db:users'],
    });
    deepStrictEqual(restored.files.written, 0);
    strictEqual(await readFile(plan, 'utf8'), 'changed');
    deepStrictEqual(await users(), changed);
    strictEqual(rows(join(workspaceDir(), 'data/docsfy.db'), 'SELECT 1 FROM projects').length, 3);
    await command('restore', { snapshot: 'Base' });
    deepStrictEqual(await users(), sound);
  });

  it('undoRestore with dry-run answers the plan and changes nothing', async () => {
    const before = await data();
    const plan = await command<RestorePlanDocument>('undoRestore', { dryRun: true });
    deepStrictEqual([plan.files.written, plan.empty], [1, false]);
    deepStrictEqual(await data(), before);
  });

  it('restore into another folder touches nothing here', async () => {
    const place = await mkdtemp(join(tmpdir(), 'savepoint-to-'));
    const to = join(place, 'copy');
    const result = await command<RestoreDocument>('restoreTo', { snapshot: 'Base', to });
    strictEqual(result.safetySnapshot, null);
    const copy = (await readTree(to)) as { data: object };
    deepStrictEqual(Object.keys(copy.data), ['docsfy.db', 'projects']);
    await rm(place, { recursive: true });
  });

  it('verify answers what it read back', async () => {
    const one = await command<VerifyDocument>('verify', { snapshot: 'Base' });
    const all = await command<VerifyDocument>('verifyAll', { deep: true });
    deepStrictEqual([one.checked, one.damaged, all.damaged], [1, [], []]);
    strictEqual(all.checked > 1, true);
  });

  it('prune with dry-run answers the plan, and prune what it did', async () => {
    const plan = await command<PruneDocument>('prune', { 'dry-run': true });
    const done = await command<PruneDocument>('prune');
    deepStrictEqual([plan.deleted, done.deleted], [[], []]);
  });

  it('detect and showStatus answer what is there', async () => {
    const found = await command<readonly DataDirDocument[]>('detect');
    const status = await command<StatusDocument>('showStatus');
    deepStrictEqual(
      found.map(({ path, layout }) => [path, layout]),
      [['data', 'docsfy']],
    );
    strictEqual(status.detection.dataDirs.length, 1);
    strictEqual(status.project.path, workspaceDir());
  });

  it('delete answers the entry as it was', async () => {
    const taken = await command<SnapshotDocument>('snapshot', { label: 'To delete' });
    const deleted = await command<SnapshotEntry>('delete', { snapshot: 'To delete' });
    strictEqual(deleted.id, taken.id);
    const entries = await command<readonly SnapshotEntry[]>('list');
    strictEqual(
      entries.some(({ id }) => id === taken.id),
      false,
    );
  });

  it('openConfig makes the file where it is missing, comments and all', async () => {
    const { path } = await command<{ path: string }>('openConfig');
    match(await readFile(path, 'utf8'), /^\/\/ What Savepoint captures/);
    const document = await workspace.openTextDocument(path);
    strictEqual(document.languageId, 'jsonc');
    await rm(path);
  });

  it('answer a failure as the command line prints it', async () => {
    const unknown = await command<ErrorDocument>('restore', { snapshot: 'nope' });
    strictEqual(unknown.error.code, 'SNAPSHOT_NOT_FOUND');
    const printed = await savepoint('restore', 'nope', '--yes', '--json').catch(
      (error: { stdout: string }) => error.stdout,
    );
    deepStrictEqual(unknown, JSON.parse(printed));
    const mistyped = await command<ErrorDocument>('snapshot', { lable: 'x' });
    deepStrictEqual(
      [mistyped.error.code, mistyped.error.message],
      ['USAGE', 'no command takes "lable"'],
    );
    const outside = await command<ErrorDocument>('list', { cwd: '/' });
    strictEqual(outside.error.code, 'USAGE');
  });

  it('leave a folder below the workspace its own project', async () => {
    const entries = await command<readonly SnapshotEntry[]>('list', {
      cwd: join(workspaceDir(), 'data/projects'),
    });
    deepStrictEqual(entries, []);
  });

  it('are registered, all of them', async () => {
    const manifest = (await import('../../../package.json')).default;
    const known = new Set(await commands.getCommands(true));
    const missing = manifest.contributes.commands.filter((one) => !known.has(one.command));
    deepStrictEqual(missing, []);
    ok(window.state !== undefined);
  });
});
