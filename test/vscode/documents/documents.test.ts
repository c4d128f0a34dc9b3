import {
  deepStrictEqual,
  match,
  notStrictEqual,
  ok,
  rejects,
  strictEqual,
} from 'node:assert/strict';
import { appendFile, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { commands, FilePermission, FileType, Uri, window, workspace } from 'vscode';
import type { SnapshotDocument } from '../../../src/core/documents/documents.ts';
import {
  documentUri,
  rowChangesUris,
  tableRowsUri,
  rowUri,
  schemaUri,
} from '../../../src/vscode/documents/document-uri.ts';
import { saveEntry } from '../../../src/vscode/commands/change-nodes.ts';
import { activated, command, nodeAt, rowsOf, workspaceDir } from '../../support/extension.ts';
import { rows, sqlite } from '../../support/sqlite.ts';
import { readTree, writeTree } from '../../support/tree.ts';
import { until } from '../../support/until.ts';

const page = 'data/projects/_default/beta/main/gemini/pro/site/index.html';

describe('documents of a snapshot', () => {
  let id: string;

  before(async () => {
    await activated();
    ({ id } = await command<SnapshotDocument>('snapshot', { label: 'Documents' }));
  });

  afterEach(async () => {
    await commands.executeCommand('workbench.action.closeAllEditors');
  });

  const text = async (uri: Uri): Promise<string> =>
    (await workspace.openTextDocument(uri)).getText();

  it('are the files as they were', async () => {
    strictEqual(await text(documentUri(workspaceDir(), id, page)), '<h1>Hello</h1>');
    const bytes = await workspace.fs.readFile(documentUri(workspaceDir(), 'live', page));
    strictEqual(Buffer.from(bytes).toString(), '<h1>Hello</h1>');
  });

  it('are folders, where a database is a folder with its schema and tables', async () => {
    const uri = (path: string): Uri => documentUri(workspaceDir(), id, path);
    deepStrictEqual(await workspace.fs.readDirectory(uri('data')), [
      ['docsfy.db', FileType.Directory],
      ['projects', FileType.Directory],
    ]);
    deepStrictEqual(
      (await workspace.fs.readDirectory(uri('data/docsfy.db'))).map(([name]) => name),
      ['schema.sql', 'project_access.jsonl', 'projects.jsonl', 'sessions.jsonl', 'users.jsonl'],
    );
  });

  it('show a schema and the rows of a table as text', async () => {
    const schema = await text(schemaUri(workspaceDir(), id, 'data/docsfy.db'));
    strictEqual(/^CREATE TABLE users/m.test(schema), true);
    const rows = await text(tableRowsUri(workspaceDir(), id, 'data/docsfy.db', 'users'));
    strictEqual(rows, '{"id":1,"username":"mira"}\n{"id":2,"username":"tomas"}\n');
  });

  it('cannot be written, and say when they are not there', async () => {
    const uri = documentUri(workspaceDir(), id, page);
    strictEqual((await workspace.fs.stat(uri)).permissions, FilePermission.Readonly);
    await rejects(async () => workspace.fs.writeFile(uri, new Uint8Array()));
    await rejects(async () => workspace.fs.delete(uri));
    const missing = documentUri(workspaceDir(), id, 'data/nothing');
    await rejects(async () => workspace.fs.stat(missing), { code: 'FileNotFound' });
    const gone = documentUri(workspaceDir(), '20200101T000000Z-zzzz', page);
    await rejects(async () => workspace.fs.stat(gone), { code: 'FileNotFound' });
  });

  it('open from the view beside the focus', async () => {
    const { snapshotsView } = await activated();
    const table = await nodeAt(snapshotsView, 'Today', 'Documents', 'data', 'docsfy.db', 'users');
    await commands.executeCommand('savepoint.item.openDocument', table);
    await until('the tab', () =>
      window.activeTextEditor?.document.uri.path.endsWith('/users.jsonl'),
    );
    // Another snapshot has the same path.
    strictEqual(window.tabGroups.activeTabGroup.activeTab?.label, 'users (Documents)');
    const schema = await nodeAt(snapshotsView, 'Today', 'Documents', 'data', 'docsfy.db', 'Schema');
    await commands.executeCommand('savepoint.item.openDocument', schema);
    await until('the tab', () => window.activeTextEditor?.document.languageId === 'sql');
    const label = (): string | undefined => window.tabGroups.activeTabGroup.activeTab?.label;
    await until('its title', () => label() === 'schema of docsfy.db (Documents)');
  });

  it('have any name that a file can have', async () => {
    const names = [
      'a#b?.txt',
      '100%25.txt',
      'größe 😀.txt',
      'new\nline',
      'back\\slash',
      '\udcff\udcfe.bin',
      'q\'uo"te',
    ];
    const files = Object.fromEntries(names.map((name) => [`data/projects/odd/${name}`, name]));
    await writeTree(workspaceDir(), files);
    const taken = await command<SnapshotDocument>('snapshot', { label: 'Odd names' });
    deepStrictEqual([taken.skipped, taken.files], [[], 6 + names.length]);
    const { snapshotsView } = await activated();
    for (const name of names) {
      const uri = documentUri(workspaceDir(), taken.id, `data/projects/odd/${name}`);
      // Through its text, as a tab keeps it.
      const bytes = await workspace.fs.readFile(Uri.parse(uri.toString()));
      strictEqual(Buffer.from(bytes).toString(), Buffer.from(name).toString());
    }
    const folder = await nodeAt(snapshotsView, 'Today', 'Odd names', 'data', 'projects', 'odd');
    const shown = (await rowsOf(snapshotsView, folder)).map((row) => row.split(' | ')[0]);
    ok(
      shown.includes(String.raw`new\nline`) && shown.includes(String.raw`\xff\xfe.bin`),
      shown.join(),
    );
    await rm(join(workspaceDir(), 'data/projects/odd'), { recursive: true });
  });

  it('are saved elsewhere as they were: a file, a folder, a database', async () => {
    const { projects } = await activated();
    const project = projects.at(workspaceDir());
    const place = await mkdtemp(join(tmpdir(), 'savepoint-save-test-'));
    for (const path of [page, 'data/projects/_default', 'data/docsfy.db']) {
      await saveEntry(project, id, path, Uri.file(join(place, basename(path))));
    }
    const saved = await readTree(place);
    deepStrictEqual(Object.keys(saved), ['_default', 'docsfy.db', 'index.html']);
    strictEqual(saved['index.html'], '<h1>Hello</h1>');
    const users = rows(join(place, 'docsfy.db'), 'SELECT username FROM users ORDER BY id');
    deepStrictEqual(users, [{ username: 'mira' }, { username: 'tomas' }]);
    await rm(place, { recursive: true });
  });

  it('compare with now in one diff for all', async () => {
    const { snapshotsView } = await activated();
    const file = Uri.joinPath(Uri.file(workspaceDir()), page);
    await workspace.fs.writeFile(file, Buffer.from('<h1>Changed</h1>'));
    const node = await nodeAt(snapshotsView, 'Today', 'Documents');
    await commands.executeCommand('savepoint.item.compareWithNow', node);
    await until('the tab', () =>
      window.tabGroups.activeTabGroup.activeTab?.label.startsWith('Compare "Documents" with now'),
    );
    await command('restore', { snapshot: id });
  });

  it('of very large files are a line that tells two versions apart', async () => {
    const path = 'data/projects/large.bin';
    const file = join(workspaceDir(), path);
    await writeFile(file, '');
    await truncate(file, 51 * 1024 * 1024);
    const taken = await command<SnapshotDocument>('snapshot', { label: 'Large' });
    await appendFile(file, '!');
    await truncate(file, 51 * 1024 * 1024);
    const [then, now] = [
      await text(documentUri(workspaceDir(), taken.id, path)),
      await text(documentUri(workspaceDir(), 'live', path)),
    ];
    match(then, /^large\.bin has 51 MB \(53,477,376 bytes\), written \S+Z: over the 50 MB /);
    notStrictEqual(then, now);
    await rm(file);
  });

  it('of what differs in a long table are cut, and say how many rows more', async () => {
    const many = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10001)
      INSERT INTO users (username) SELECT 'user ' || i FROM n`;
    sqlite(join(workspaceDir(), 'data/docsfy.db'), many);
    const sides = { a: id, b: 'live', mode: 'compare' } as const;
    const uris = rowChangesUris(workspaceDir(), sides, 'data/docsfy.db', 'users');
    for (const uri of uris) {
      const lines = (await text(uri)).trimEnd().split('\n');
      match(lines[0] ?? '', /users in docsfy\.db: 10,001 rows added$/);
      strictEqual(lines.at(-1), '// 9,001 more rows differ.');
    }
    // A row behind those that a document shows has one of its own.
    const row = rowUri(workspaceDir(), 'live', 'data/docsfy.db', 'users', { id: 10_003 });
    strictEqual(await text(row), '{"id":10003,"username":"user 10001"}\n');
    await command('restore', { snapshot: id });
  });
});
