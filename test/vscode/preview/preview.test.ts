// The third view in the real host: what it shows, what its boxes decide, and that looking changes nothing.

import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { commands, TabInputTextDiff, window, workspace } from 'vscode';
import type {
  DiffDocument,
  RestoreDocument,
  SnapshotDocument,
} from '../../../src/core/documents/documents.ts';
import type { ErrorDocument } from '../../../src/core/errors.ts';
import { restoreQuestion } from '../../../src/core/views/restore-texts.ts';
import { clockNow } from '../../../src/vscode/host/clock.ts';
import { rowChangesUris } from '../../../src/vscode/documents/document-uri.ts';
import type { ViewNode } from '../../../src/vscode/views/nodes.ts';
import {
  activated,
  command,
  nodeAt,
  savepoint,
  workspaceDir,
  type TestServices,
} from '../../support/extension.ts';
import { rows, sqlite } from '../../support/sqlite.ts';
import { readTree, writeTree } from '../../support/tree.ts';
import { until } from '../../support/until.ts';

const alpha = 'data/projects/_default/alpha/main/gemini/pro';
const delta = 'data/projects/_default/delta/main/gemini/pro';

describe('the restore preview', () => {
  let services: TestServices;
  let id: string;
  let broken: unknown;

  const database = (): string => join(workspaceDir(), 'data/docsfy.db');
  const data = async (): Promise<unknown> => readTree(join(workspaceDir(), 'data'));
  const statuses = (): unknown =>
    rows(database(), 'SELECT name, status FROM projects ORDER BY name');

  before(async () => {
    services = await activated();
    ({ id } = await command<SnapshotDocument>('snapshot', { label: 'Before migration' }));
    await breakData();
    broken = await data();
  });

  beforeEach(async () => {
    await commands.executeCommand('savepoint.preview.close');
    await commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('opens with a click, says what would come back, and changes nothing', async () => {
    const node = await nodeAt(services.snapshotsView, 'Today', 'Before migration');
    await commands.executeCommand('savepoint.item.open', node);
    deepStrictEqual(await shown(), [
      '[x] docsfy.db | +1 ~1 rows',
      '  [x] projects | +1 ~1 rows',
      '[x] projects/_default | 2 to write, 2 to delete',
      '  [x] alpha/main/gemini/pro | 2 to write',
      '    [x] site | 1 to write',
      '      [x] index.html | missing now',
      '    [x] plan.json | 2 B -> 12 B',
      '  [x] delta/main/gemini/pro | 2 to delete, made since',
      '    [x] site | 1 to delete, made since',
      '      [x] index.html | made since',
      '    [x] plan.json | made since',
    ]);
    match(
      services.previews.view.message ?? '',
      /^"Before migration", (just now|\d+ min ago)\. Selected: 2 rows, 4 files \(2 to delete\)\. Nothing has been changed yet\.$/,
    );
    strictEqual(services.previews.view.title, 'Restore Preview');
    strictEqual(window.tabGroups.activeTabGroup.activeTab, undefined);
    deepStrictEqual(await data(), broken);
  });

  it('opens by its command with the text of --dry-run beside it', async () => {
    await open();
    strictEqual(summary(), ageless(await savepoint('restore', id, '--dry-run')));
  });

  it('names every row and every box for a screen reader', async () => {
    await open();
    for (const { node } of await nodes()) {
      const item = services.previews.view.getTreeItem(node);
      ok((item.accessibilityInformation?.label ?? '').length > 0, node.id);
      if (typeof item.checkboxState !== 'object') continue;
      match(item.checkboxState.accessibilityInformation?.label ?? '', /^Restore /);
    }
  });

  it('counts the same in message, summary and question when a table is unticked', async () => {
    await open();
    const table = await row('docsfy.db', 'projects');
    for (const verb of ['untick', 'tick', 'untick', 'tick', 'untick'])
      await commands.executeCommand(`savepoint.item.${verb}`, table);
    deepStrictEqual((await shown()).slice(0, 3), [
      '[ ] docsfy.db | +1 ~1 rows',
      '  [ ] projects | +1 ~1 rows',
      '[x] projects/_default | 2 to write, 2 to delete',
    ]);
    match(services.previews.view.message ?? '', /Selected: 0 of 2 rows, 4 files \(2 to delete\)\./);
    const selected = services.previews.session?.selected;
    ok(selected);
    strictEqual(
      restoreQuestion(selected.plan, [], clockNow()).detail.split('\n')[0],
      '4 files change; 2 of these files are deleted.',
    );
    await until('the summary', () => !summary().includes('docsfy.db'));
    const { before: now, after } = selected.plan.mismatches;
    const { row: mismatches } = await row('Mismatches');
    ok(mismatches.description.startsWith(`${now} now -> ${after} after`), mismatches.description);
    match(summary(), new RegExp(`Mismatches ${now} now, ${after} after`));
  });

  it('remembers ticks of a snapshot until the window closes', async () => {
    await open();
    strictEqual((await shown())[0], '[ ] docsfy.db | +1 ~1 rows');
    await commands.executeCommand('savepoint.item.tick', await row('docsfy.db'));
    strictEqual((await shown())[0], '[x] docsfy.db | +1 ~1 rows');
  });

  it('cannot be applied while nothing is ticked', async () => {
    await open();
    for (const label of ['docsfy.db', 'projects/_default']) {
      await commands.executeCommand('savepoint.item.untick', await row(label));
    }
    match(services.previews.view.message ?? '', /Nothing is selected/);
    strictEqual(services.previews.session?.isReady, false);
    const answer = await command<ErrorDocument>('preview.apply');
    strictEqual(answer.error.code, 'USAGE');
    for (const label of ['docsfy.db', 'projects/_default']) {
      await commands.executeCommand('savepoint.item.tick', await row(label));
    }
    deepStrictEqual(await data(), broken);
  });

  it('shows the rows of a table side by side', async () => {
    await open();
    await commands.executeCommand('savepoint.item.openChanges', await row('docsfy.db', 'projects'));
    const tab = await until('the diff', () => {
      const { activeTab } = window.tabGroups.activeTabGroup;
      return activeTab?.input instanceof TabInputTextDiff && activeTab;
    });
    strictEqual(tab.label, 'projects (now ↔ after restore)');
    const text = async (index: 0 | 1): Promise<string> => {
      const sides = { a: 'live', b: id, mode: 'restore' } as const;
      const uri = rowChangesUris(workspaceDir(), sides, 'data/docsfy.db', 'projects')[index];
      return (await workspace.openTextDocument(uri)).getText();
    };
    const [left, right] = [await text(0), await text(1)];
    match(left, /^\/\/ projects in docsfy\.db: 1 row comes back, 1 changes\n/);
    match(left, /status +"error"/);
    match(right, /status +"ready"/);
    match(left, /\(no row\)/);
    const document = workspace.textDocuments.find((one) => one.getText() === left);
    strictEqual(document?.languageId, 'savepoint-rows');
  });

  it('shows files side by side, and all changes together', async () => {
    await open();
    const file = await row('projects/_default', 'alpha/main/gemini/pro', 'plan.json');
    await commands.executeCommand('savepoint.item.openChanges', file);
    await until('the diff', () => activeLabel() === 'plan.json (now ↔ after restore)');
    await commands.executeCommand('savepoint.preview.showAll');
    await until('the multi-diff', () =>
      /^Restore "Before migration" \(5 files\)$/.test(activeLabel() ?? ''),
    );
    await commands.executeCommand('savepoint.preview.close');
    await until('all tabs are gone', () => window.tabGroups.activeTabGroup.tabs.length === 0);
  });

  it('restores exactly what is ticked, closes, and is taken back', async () => {
    await open();
    await commands.executeCommand('savepoint.item.untick', await row('docsfy.db', 'projects'));
    await commands.executeCommand(
      'savepoint.item.untick',
      await row('projects/_default', 'delta/main/gemini/pro'),
    );
    const rowsBefore = statuses();
    const result = await command<RestoreDocument>('preview.apply');
    deepStrictEqual([result.files.written, result.files.deleted], [2, 0]);
    deepStrictEqual(statuses(), rowsBefore);
    const tree = (await data()) as Record<string, unknown>;
    strictEqual(tree['projects'] === undefined, false);
    deepStrictEqual(await exists(`${delta}/plan.json`), true);
    deepStrictEqual(await exists(`${alpha}/site/index.html`), true);
    strictEqual(services.previews.session, undefined);
    await until('its tabs are gone', () => window.tabGroups.activeTabGroup.tabs.length === 0);
    await command('undoRestore');
    deepStrictEqual(await data(), broken);
  });

  it('follows what is written by itself, names it, keeps its ticks and stays ready', async () => {
    await open();
    await commands.executeCommand('savepoint.item.tick', await row('docsfy.db'));
    await commands.executeCommand('savepoint.item.tick', await row('projects/_default'));
    const plan = ['projects/_default', 'alpha/main/gemini/pro', 'plan.json'] as const;
    await commands.executeCommand('savepoint.item.untick', await row(...plan));
    const { session } = services.previews;
    const wasNotReady = new Set<boolean>();
    const listener = session?.onDidChange(() => wasNotReady.add(session.isReady));
    sqlite(database(), "INSERT INTO projects (name, branch) VALUES ('late', 'main')");
    await until('the row', async () => (await shown())[0] === '[x] docsfy.db | +1 -1 ~1 rows');
    listener?.dispose();
    deepStrictEqual([...wasNotReady], [true]);
    match(
      services.previews.view.message ?? '',
      /Selected: about 3 rows, .*\. docsfy\.db is being written; numbers follow\.$/,
    );
    strictEqual((await row(...plan)).row.description, '2 B -> 12 B');
    ok((await shown()).includes('    [ ] plan.json | 2 B -> 12 B'));
    await commands.executeCommand('savepoint.item.tick', await row(...plan));
  });

  it('does not mind what is written beside what is ticked', async () => {
    await open();
    await commands.executeCommand('savepoint.item.untick', await row('docsfy.db'));
    const { session } = services.previews;
    const token = session?.selected?.plan.token ?? '';
    sqlite(database(), "INSERT INTO projects (name, branch) VALUES ('later', 'main')");
    const engine = services.projects.all[0]?.engine;
    strictEqual(await engine?.isPlanCurrent(token), true);
    sqlite(database(), "DELETE FROM projects WHERE name = 'later'");
    await commands.executeCommand('savepoint.item.tick', await row('docsfy.db'));
  });

  it('of one thing in a snapshot ticks only that', async () => {
    const node = await nodeAt(
      services.snapshotsView,
      'Today',
      'Before migration',
      'data',
      'docsfy.db',
    );
    await commands.executeCommand('savepoint.item.restore', node);
    deepStrictEqual(
      (await shown()).filter((line) => !line.startsWith(' ')),
      ['[x] docsfy.db | +1 -1 ~1 rows', '[ ] projects/_default | 2 to write, 2 to delete'],
    );
  });

  it('of an undo speaks of one where the data changed since', async () => {
    await command('restore', { snapshot: id });
    await writeTree(workspaceDir(), { [`${alpha}/plan.json`]: 'changed since' });
    await commands.executeCommand('savepoint.undoRestore');
    match(services.previews.view.message ?? '', /^Undo: back to how it was at \d\d:\d\d\. /);
    await command('preview.apply');
    strictEqual(rows(database(), 'SELECT name FROM projects').length, 3);
    await command('restore', { snapshot: id });
  });

  it('is not there where nothing differs', async () => {
    await commands.executeCommand('savepoint.restore', { snapshot: id });
    strictEqual(services.previews.session, undefined);
    deepStrictEqual(await shown(), []);
    const none = await command<ErrorDocument>('preview.apply');
    strictEqual(none.error.code, 'USAGE');
  });

  it('cannot be applied where its ticks would break foreign keys, and says which rows', async () => {
    sqlite(join(workspaceDir(), 'data/notes.db'), 'DELETE FROM notes; DELETE FROM authors');
    await open();
    strictEqual((await shown())[0], '[x] notes.db | +5 rows');
    await commands.executeCommand('savepoint.item.untick', await row('notes.db', 'authors'));
    const { row: broken } = await row('Foreign keys');
    strictEqual(broken.description, '3 rows of notes would have no row in authors');
    const refused = await command<ErrorDocument>('preview.apply');
    strictEqual(refused.error.code, 'RESTORE_BLOCKED');
    await commands.executeCommand('savepoint.item.tick', await row('notes.db', 'authors'));
    strictEqual(services.previews.session?.isReady, true);
    await command('restore', { snapshot: id });
  });

  it('brings a database whole or not at all where its schema differs, and says why', async () => {
    const alter =
      "ALTER TABLE notes ADD COLUMN extra TEXT; UPDATE notes SET body = 'x' WHERE id = 1";
    sqlite(join(workspaceDir(), 'data/notes.db'), alter);
    await open();
    deepStrictEqual(await shown(), [
      '[x] notes.db | ~1 row',
      '  schema | -1 column ~1 table',
      '  notes | ~1 row',
    ]);
    const { tooltip } = services.previews.view.getTreeItem(await row('notes.db', 'schema'));
    strictEqual(tooltip, 'The schema differs, so notes.db is restored whole or not at all.');
    const result = await command<RestoreDocument>('preview.apply');
    strictEqual(result.databases[0]?.ok, true);
  });

  it('gives way to a comparison, from wherever it is asked for', async () => {
    await breakData();
    const node = await nodeAt(services.snapshotsView, 'Today', 'Before migration');
    await commands.executeCommand('savepoint.item.compareWithNow', node);
    strictEqual(services.previews.view.title, 'Compare');
    match(
      services.previews.view.message ?? '',
      /^"Before migration" \(\d\d:\d\d\) -> now: -1 ~1 rows, 4 files/,
    );
    const fromRow = await shown();
    deepStrictEqual(fromRow.slice(0, 2), ['docsfy.db | -1 ~1 rows', '  projects | -1 ~1 rows']);
    await until('the multi-diff', () =>
      activeLabel()?.startsWith('Compare "Before migration" with now ('),
    );
    await commands.executeCommand('savepoint.compare', { a: id, b: 'live' });
    deepStrictEqual(await shown(), fromRow);
    await commands.executeCommand('savepoint.preview.restoreCompared');
    strictEqual(services.previews.view.title, 'Restore Preview');
    strictEqual((await shown())[0], '[x] docsfy.db | +1 ~1 rows');
  });

  it('shows two snapshots with the older one left', async () => {
    const later = await command<SnapshotDocument>('snapshot', { label: 'Broken' });
    const two = await Promise.all(
      ['Broken', 'Before migration'].map(async (label) =>
        until(`the row ${label}`, async () =>
          nodeAt(services.snapshotsView, 'Today', label).catch(() => undefined),
        ),
      ),
    );
    await commands.executeCommand('savepoint.item.compareSelected', two[0], two);
    match(services.previews.view.message ?? '', /^"Before migration" .* -> "Broken" /);
    const answer = await commands.executeCommand<DiffDocument>('savepoint.compare', {
      a: id,
      b: later.id,
    });
    strictEqual(answer.databases[0]?.tables[0]?.removed, 1);
  });

  async function breakData(): Promise<void> {
    sqlite(
      database(),
      "UPDATE projects SET status = 'error' WHERE name = 'alpha'; DELETE FROM projects WHERE name = 'beta'",
    );
    await rm(join(workspaceDir(), alpha, 'site'), { recursive: true, force: true });
    await writeTree(workspaceDir(), {
      [`${alpha}/plan.json`]: '{}',
      [`${delta}/plan.json`]: '{}',
      [`${delta}/site/index.html`]: '<h1>New</h1>',
    });
  }

  async function open(): Promise<void> {
    await commands.executeCommand('savepoint.restore', { snapshot: id });
    await until('the summary', () => summary() !== '');
  }

  function summary(): string {
    const document = workspace.textDocuments.find(({ uri }) => uri.path === '/Restore Preview');
    return ageless(document?.getText() ?? '');
  }

  async function exists(path: string): Promise<boolean> {
    const tree = await readTree(workspaceDir());
    let at: unknown = tree;
    for (const name of path.split('/')) at = (at as Record<string, unknown> | undefined)?.[name];
    return at !== undefined;
  }

  async function nodes(): Promise<readonly { node: ViewNode; level: number }[]> {
    const { view } = services.previews;
    const below = (
      parent: ViewNode | undefined,
      level: number,
    ): { node: ViewNode; level: number }[] =>
      view.getChildren(parent).flatMap((node) => [{ node, level }, ...below(node, level + 1)]);
    return below(undefined, 0);
  }

  /** What differs, without the notes below it. */
  async function shown(): Promise<readonly string[]> {
    return (await nodes()).flatMap(({ node, level }) => {
      const { row, payload } = node;
      if (payload.kind !== 'change') return [];
      const { box } = payload.row;
      const sign = box === undefined ? '' : box.isTicked ? '[x] ' : '[ ] ';
      return [`${'  '.repeat(level)}${sign}${row.label} | ${row.description}`];
    });
  }

  async function row(...labels: readonly string[]): Promise<ViewNode> {
    return nodeAt(services.previews.view, ...labels);
  }
});

function activeLabel(): string | undefined {
  return window.tabGroups.activeTabGroup.activeTab?.label;
}

function ageless(text: string): string {
  return text.replace(/taken (just now|\d+ min ago)/, 'taken then');
}
