import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { commands, type TreeDataProvider } from 'vscode';
import type { SnapshotDocument } from '../../../src/core/documents/documents.ts';
import type { ViewNode } from '../../../src/vscode/views/nodes.ts';
import {
  activated,
  command,
  nodeAt,
  rowsOf,
  savepoint,
  workspaceDir,
  type TestServices,
} from '../../support/extension.ts';
import { sqlite } from '../../support/sqlite.ts';
import { readTree, writeTree } from '../../support/tree.ts';
import { until } from '../../support/until.ts';

async function nodesBelow(
  view: TreeDataProvider<ViewNode>,
  parent: ViewNode | undefined,
): Promise<readonly ViewNode[]> {
  const children = (await view.getChildren(parent)) ?? [];
  const below = await Promise.all(children.map(async (node) => nodesBelow(view, node)));
  return [...children, ...below.flat()];
}

describe('the views', () => {
  let services: TestServices;
  let atFirst: unknown;

  before(async () => {
    atFirst = await readTree(workspaceDir());
    services = await activated();
  });

  it('show the data directory, its database and tables with their rows', async () => {
    const rows = await until('the Data view has rows', async () => {
      const shown = await rowsOf(services.dataView);
      return shown.length > 0 && shown;
    });
    deepStrictEqual(
      rows.map((row) => row.replace(/\d+(\.\d+)? K?B/, 'N B')),
      [
        'data | docsfy · N B · no snapshot',
        '  docsfy.db | N B · rollback',
        '    project_access | 0 rows',
        '    projects | 3 rows',
        '    sessions | 1 row',
        '    users | 2 rows',
        '  projects | 6 files · N B',
        '- Not covered | 1',
        'Store | empty',
      ],
    );
  });

  it('wrote nothing anywhere for that', async () => {
    deepStrictEqual(await readTree(workspaceDir()), atFirst);
    strictEqual(existsSync(process.env['SAVEPOINT_STORE'] ?? ''), false);
  });

  it('say in the status bar that there is no snapshot yet', async () => {
    await until('the item', () => services.statusItem.text === '$(history) No snapshot');
  });

  it('show a snapshot that was taken here', async () => {
    await command('snapshot', { label: 'Before migration' });
    const rows = await until('a row', async () => {
      const shown = await rowsOf(services.snapshotsView);
      return shown.length > 1 && shown;
    });
    strictEqual(rows[0], 'Today');
    match(rows[1] ?? '', /^ {2}- Before migration \| now · first · /);
    await until('the item', () => services.statusItem.text === '$(history) now');
  });

  it('show a snapshot of the command line without being asked', async () => {
    const shown = until(
      'the row',
      async () =>
        (await rowsOf(services.snapshotsView)).some((row) => row.includes('From a terminal')),
      20_000,
    );
    await savepoint('snapshot', '-m', 'From a terminal');
    await shown;
  });

  it('show what a snapshot holds', async () => {
    const node = await nodeAt(services.snapshotsView, 'Today', 'Before migration');
    const rows = await rowsOf(services.snapshotsView, node);
    deepStrictEqual(rows, ['- data']);
    const database = await nodeAt(
      services.snapshotsView,
      'Today',
      'Before migration',
      'data',
      'docsfy.db',
    );
    deepStrictEqual(await rowsOf(services.snapshotsView, database), [
      'Schema',
      'project_access | 0 rows',
      'projects | 3 rows',
      'sessions | 1 row',
      'users | 2 rows',
    ]);
  });

  it('say of a snapshot what it changed, as a comparison with the one before counts it', async () => {
    await writeTree(workspaceDir(), { 'data/projects/_default/alpha/main/gemini/pro/new': '1' });
    sqlite(
      join(workspaceDir(), 'data/docsfy.db'),
      "DELETE FROM projects WHERE name = 'gamma'; UPDATE projects SET status = 'error'",
    );
    const { id } = await command<SnapshotDocument>('snapshot', { label: 'Changed' });
    const diff = await savepoint('diff', 'From a terminal', id).catch(
      (error: unknown) =>
        // It answers 1 where something differs.
        (error as { readonly stdout: string }).stdout,
    );
    const [counts] = (diff.trim().split('\n').at(-1) ?? '').split(', mismatches');
    strictEqual(counts, '-1 ~2 rows, 1 file');
    const rows = await until('the row', async () => {
      const shown = await rowsOf(services.snapshotsView);
      return shown.find((row) => row.includes('Changed'));
    });
    ok(rows.includes(` · ${counts.replace(', ', ' · ')} · `), rows);
    await command('restore', { snapshot: 'From a terminal' });
    await command('delete', { snapshot: id });
  });

  it('speak every row and explain every row', async () => {
    for (const view of [services.dataView, services.snapshotsView]) {
      const nodes = await nodesBelow(view, undefined);
      ok(nodes.length >= 10, `only ${nodes.length} rows`);
      for (const node of nodes) {
        const item = await view.resolveTreeItem(view.getTreeItem(node), node);
        ok((item.accessibilityInformation?.label ?? '').length > 0, node.id);
        ok(item.tooltip !== undefined, node.id);
        ok(item.id?.startsWith(workspaceDir()), node.id);
      }
    }
  });

  it('show only what the filter lets through, and say so', async () => {
    await command('pin', { snapshot: 'Before migration' });
    services.snapshotsView.setFilter({ pinned: true }, 'Pinned');
    deepStrictEqual(
      (await rowsOf(services.snapshotsView)).map((row) => row.split(' | ')[0]),
      ['Today', '  - Before migration'],
    );
    strictEqual(services.snapshotsView.message, 'Showing 1 of 3: Pinned.');
    await commands.executeCommand('savepoint.clearFilter');
    strictEqual((await rowsOf(services.snapshotsView)).length, 4);
    strictEqual(services.snapshotsView.message, '');
    await command('unpin', { snapshot: 'Before migration' });
  });

  it('follow what an application writes while they are shown', async () => {
    await commands.executeCommand('savepoint.data.focus');
    await until('nothing is looked for', () => !services.projects.all[0]?.isLooking);
    let isTold = false;
    const listener = services.dataView.onDidChangeTreeData(() => (isTold = true));
    sqlite(join(workspaceDir(), 'data/docsfy.db'), "INSERT INTO users VALUES (3, 'yuki')");
    await until('the view is told', () => isTold);
    listener.dispose();
    ok((await rowsOf(services.dataView)).includes('    users | 3 rows'));
  });

  it('go on after the engine died', async () => {
    const { pid } = services.engine;
    ok(pid !== undefined);
    process.kill(pid, 'SIGKILL');
    await until('it is gone', () => services.engine.pid !== pid);
    strictEqual((await rowsOf(services.snapshotsView)).length, 4);
    ok(services.engine.pid !== undefined && services.engine.pid !== pid);
  });
});
