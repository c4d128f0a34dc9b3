// What does not match, from the first check to the rule that is accepted and the mismatch that is ignored.

import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { commands, languages, Uri, window, workspace, WorkspaceEdit } from 'vscode';
import type {
  CheckDocument,
  DiffDocument,
  RestorePlanDocument,
  SnapshotDocument,
  SnapshotEntry,
} from '../../../src/core/documents/documents.ts';
import type { ErrorDocument } from '../../../src/core/errors.ts';
import {
  activated,
  command,
  nodeAt,
  rowsOf,
  workspaceDir,
  type TestServices,
} from '../../support/extension.ts';
import { sqlite } from '../../support/sqlite.ts';
import { readTree } from '../../support/tree.ts';
import { until } from '../../support/until.ts';

const site = 'data/projects/_default/alpha/main/gemini/pro/site';

describe('mismatches', () => {
  let services: TestServices;
  const config = (): string => join(workspaceDir(), 'savepoint.json');
  const found = async (): Promise<readonly string[]> => {
    const rows = await rowsOf(services.dataView);
    const first = rows.findIndex((row) => row.startsWith('Mismatches'));
    if (first < 0) return [];
    const length = rows.slice(first + 1).findIndex((row) => !row.startsWith(' '));
    return rows.slice(first, length < 0 ? undefined : first + 1 + length);
  };
  const checked = async (): Promise<CheckDocument> => command<CheckDocument>('check');

  before(async () => {
    services = await activated();
    await commands.executeCommand('savepoint.data.focus');
  });

  it('are looked for as soon as the view is shown', async () => {
    const [project] = services.projects.all;
    await until('the first check', () => project?.check.document);
  });

  it('are not there where all matches, and the status item says so', async () => {
    await commands.executeCommand('savepoint.check');
    await until('the words', () => services.statusItem.text === '$(check) No mismatches');
    deepStrictEqual(await found(), []);
    strictEqual(services.dataView.badge, undefined);
  });

  it('and rows are found by themselves when another program changes the data, however deep', async () => {
    const [folder, away] = [site, 'away'].map((path) => join(workspaceDir(), path));
    await rename(folder ?? '', away ?? '');
    await until('the rows', async () => (await found())[0]?.startsWith('Mismatches | 1 error'));
    await rename(away ?? '', folder ?? '');
    await until('they are gone', async () => (await found()).length === 0);
    const users = async (): Promise<string> =>
      (await nodeAt(services.dataView, 'data', 'docsfy.db', 'users')).row.description;
    const before = await users();
    sqlite(join(workspaceDir(), 'data/docsfy.db'), "INSERT INTO users (username) VALUES ('late')");
    await until('the count', async () => (await users()) !== before);
    sqlite(join(workspaceDir(), 'data/docsfy.db'), "DELETE FROM users WHERE username = 'late'");
    await until('the count before', async () => (await users()) === before);
  });

  it('are shown by their rule, with a badge for what the newest snapshot does not have', async () => {
    const sound = await command<SnapshotDocument>('snapshot', { label: 'Sound' });
    strictEqual(sound.mismatches, 0);
    const deletion = new WorkspaceEdit();
    deletion.deleteFile(Uri.file(join(workspaceDir(), site)), { recursive: true });
    ok(await workspace.applyEdit(deletion));
    // Nobody asked: a deletion in the explorer is reason enough to check.
    await until('the rows', async () => (await found()).length > 0);
    deepStrictEqual(await found(), [
      'Mismatches | 1 error',
      '  projects -> site | 1 · data',
      '    alpha · main · gemini · pro | no site/ · new',
    ]);
    deepStrictEqual(services.dataView.badge, { value: 1, tooltip: '1 new mismatch' });
  });

  it('are answered for the data directories that are named, and so is what differs', async () => {
    const wrong = async (...data: readonly string[]): Promise<unknown> =>
      (await command<CheckDocument>('check', { data })).mismatches.map(({ path }) => path);
    deepStrictEqual(
      [await wrong('storage'), await wrong('data'), await wrong('storage', 'data')],
      [[], [site], [site]],
    );
    const gone = async (...data: readonly string[]): Promise<unknown> =>
      (await command<DiffDocument>('compare', { a: 'Sound', data })).files.removed;
    deepStrictEqual(await gone('storage'), []);
    deepStrictEqual(await gone('data'), await gone());
    const written = async (...data: readonly string[]): Promise<unknown> =>
      (await command<RestorePlanDocument>('restore', { snapshot: 'Sound', data, 'dry-run': true }))
        .files.written;
    deepStrictEqual([await written('storage'), await written('data')], [0, 1]);
    const unknown = await command<ErrorDocument>('check', { data: 'nowhere' });
    strictEqual(unknown.error.message, 'no data directory "nowhere"');
    strictEqual((await found()).length, 3);
  });

  it('are compared for the data directories that are named', async () => {
    await commands.executeCommand('savepoint.compare', { a: 'Sound', data: 'data' });
    deepStrictEqual(services.previews.comparison?.diff.files.removed, [`${site}/index.html`]);
  });

  it('are compared once more for the same ones', async () => {
    await commands.executeCommand('savepoint.preview.refresh');
    deepStrictEqual(services.previews.comparison?.data, ['data']);
  });

  it('are restored for those that were compared', async () => {
    await commands.executeCommand('savepoint.preview.restoreCompared');
    deepStrictEqual(services.previews.session?.base.data, ['data']);
    await commands.executeCommand('savepoint.preview.close');
  });

  it('are never an entry among the problems of the code', async () => {
    const problems = languages.getDiagnostics().flatMap(([, found]) => found);
    deepStrictEqual(problems, []);
  });

  it('open their row, and the nearest folder of their path', async () => {
    const [rule = ''] = (await found()).slice(1).map((row) => row.trim().split(' | ')[0]);
    const node = await nodeAt(services.dataView, 'Mismatches', rule, 'alpha · main · gemini · pro');
    await commands.executeCommand('savepoint.item.openRow', node);
    const editor = window.activeTextEditor;
    match(editor?.document.uri.path ?? '', /data\/docsfy\.db\/projects\.jsonl$/);
    match(editor?.document.getText(editor.selection) ?? '', /^\{"name":"alpha"/);
    await commands.executeCommand('savepoint.item.revealPath', node);
  });

  it('lead to the last snapshot without them, and to a restore of only what is missing', async () => {
    const node = await nodeAt(
      services.dataView,
      'Mismatches',
      'projects -> site',
      'alpha · main · gemini · pro',
    );
    const good = await commands.executeCommand<SnapshotEntry>('savepoint.item.findLastGood', node);
    strictEqual(good.label, 'Sound');
    await commands.executeCommand('savepoint.item.restoreMismatch', node);
    const plan = services.previews.session?.selected?.plan;
    const files = plan?.fileChanges.filter(({ kind }) => kind === 'file');
    deepStrictEqual(
      [plan?.snapshot.label, files?.map(({ path }) => path)],
      ['Sound', [`${site}/index.html`]],
    );
    await commands.executeCommand('savepoint.preview.close');
  });

  it('are new no more after the next snapshot, which has their number', async () => {
    const broken = await command<SnapshotDocument>('snapshot', { label: 'Broken' });
    deepStrictEqual([broken.mismatches, broken.newMismatches], [1, 1]);
    await until('no badge', () => services.dataView.badge === undefined);
    const node = await until('the row', async () => {
      const [today] = await services.snapshotsView.getChildren();
      const rows = (today && (await services.snapshotsView.getChildren(today))) ?? [];
      return rows.find(({ row }) => row.label === 'Broken');
    });
    strictEqual(services.snapshotsView.getTreeItem(node).resourceUri?.query, '1');
    const below = await rowsOf(services.snapshotsView, node);
    ok(below.includes('- 1 mismatch | 1 new'), below.join('\n'));
    const mismatches = (await services.snapshotsView.getChildren(node)).find(
      ({ row }) => row.label === '1 mismatch',
    );
    deepStrictEqual(await rowsOf(services.snapshotsView, mismatches), [
      'projects -> site | 1 · data',
      '  alpha · main · gemini · pro | no site/ · new',
    ]);
  });

  it('of a rule that is suggested come with its acceptance, which Ctrl+Z takes back', async () => {
    const suggested = await nodeAt(services.dataView, 'Suggested rules');
    const [node] = await services.dataView.getChildren(suggested);
    ok(node);
    strictEqual(node.row.description, '28 of 30 fit · storage');
    await commands.executeCommand('savepoint.item.openEvidence', node);
    match(
      window.activeTextEditor?.document.getText() ?? '',
      /Not there:\n {2}storage\/files\/photo-/,
    );
    await commands.executeCommand('savepoint.item.acceptRule', node);
    const editor = await until('the file', () =>
      window.activeTextEditor?.document.uri.fsPath === config()
        ? window.activeTextEditor
        : undefined,
    );
    match(
      editor.document.getText(editor.selection),
      /^\{\s+"dataDir": "storage",[^]*"uploads"[^]*\}$/,
    );
    strictEqual(editor.document.isDirty, false);
    match(readFileSync(config(), 'utf8'), /^\/\/ What Savepoint captures[^]*"uploads"/);
    strictEqual((await found())[0], 'Mismatches | 3 errors');
    // Ctrl+Z goes to what has the keyboard.
    await commands.executeCommand('workbench.action.focusActiveEditorGroup');
    await commands.executeCommand('undo');
    await until('it is taken back', () => editor.document.isDirty);
    await editor.document.save();
    ok(!readFileSync(config(), 'utf8').includes('"uploads"'));
    await until('the rule is forgotten', async () =>
      (await found())[0]?.startsWith('Mismatches | 1 error'),
    );
  });

  it('of rules that are found come with writeRules, which shows no file', async () => {
    await commands.executeCommand('workbench.action.closeAllEditors');
    const { rules, written } = await command<CheckDocument & { written: readonly string[] }>(
      'check',
      { writeRules: true },
    );
    deepStrictEqual(
      written,
      rules.filter(({ state }) => state === 'suggested').map(({ id }) => id),
    );
    strictEqual(written.length, 1);
    strictEqual(window.activeTextEditor, undefined);
    match(readFileSync(config(), 'utf8'), /"uploads"/);
    strictEqual((await found())[0], 'Mismatches | 3 errors');
    deepStrictEqual(
      (await command<{ written: unknown }>('check', { 'write-rules': true })).written,
      [],
    );
    const document = await workspace.openTextDocument(config());
    const isTaken = (): boolean => !document.getText().includes('"uploads"');
    await window.showTextDocument(document);
    await commands.executeCommand('undo');
    await until('it is taken back', isTaken);
    await document.save();
    await until('the rule is forgotten', async () =>
      (await found())[0]?.startsWith('Mismatches | 1 error'),
    );
  });

  it('of a rule that was dismissed are never suggested again', async () => {
    const [node] = await services.dataView.getChildren(
      await nodeAt(services.dataView, 'Suggested rules'),
    );
    await commands.executeCommand('savepoint.item.dismissRule', node);
    const { rules } = await checked();
    deepStrictEqual(
      rules.filter(({ state }) => state === 'suggested'),
      [],
    );
    ok(!(await rowsOf(services.dataView)).some((row) => row.includes('Suggested rules')));
  });

  it('that are ignored are counted as such, and why stands in savepoint.json', async () => {
    const node = await nodeAt(
      services.dataView,
      'Mismatches',
      'projects -> site',
      'alpha · main · gemini · pro',
    );
    let isDone = false;
    const ignored = commands.executeCommand('savepoint.item.ignore', node);
    void ignored.then(() => (isDone = true));
    await until('both questions are answered', async () => {
      await commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return isDone;
    });
    match(readFileSync(config(), 'utf8'), /"projects\/_default\/alpha\/main\/gemini\/pro\/site"/);
    deepStrictEqual(await found(), []);
    strictEqual((await checked()).ignored, 1);
  });

  it('of a rule that names no such table are a line in the view and one in the file', async () => {
    const text = `{
  "dataDirs": [
    { "path": "data", "references": [{ "database": "docsfy.db", "table": "project", "path": "projects/{name}" }] }
  ]
}
`;
    writeFileSync(config(), text);
    await checked();
    match(
      services.dataView.message ?? '',
      /^savepoint\.json, line 3: .*[^.]\. Its other rules still apply\.$/,
    );
    const [problem] = languages.getDiagnostics(Uri.file(config()));
    strictEqual(problem?.range.start.line, 2);
    strictEqual(problem.source, 'Savepoint');
  });

  it('never made a file go', async () => {
    rmSync(config());
    const tree = await readTree(join(workspaceDir(), 'storage'));
    strictEqual(Object.keys(tree).length > 0, true);
    strictEqual(existsSync(join(workspaceDir(), site)), false);
    strictEqual(
      workspace.textDocuments.some(({ isDirty }) => isDirty),
      false,
    );
  });
});

describe('the history of a data directory', () => {
  it('is a document with a chart and a table', async () => {
    const history = await command<{ points: readonly unknown[] }>('showHistory', { data: 'data' });
    strictEqual(history.points.length, 2);
    await commands.executeCommand('savepoint.showHistory', { data: 'data' });
    const document = await until('the document', () =>
      workspace.textDocuments.find(({ uri }) => uri.path === '/History.md'),
    );
    match(document.getText(), /!\[Size over the last 2 snapshots/);
    match(document.getText(), /\| Broken \|/);
  });
});
