// Lenses and code actions over scripts that destroy data.

import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  commands,
  Range,
  tasks,
  Uri,
  window,
  workspace,
  type CodeAction,
  type CodeLens,
  type TextDocument,
} from 'vscode';
import type { SnapshotEntry } from '../../../src/core/documents/documents.ts';
import { activated, savepoint, workspaceDir } from '../../support/extension.ts';
import { until } from '../../support/until.ts';

describe('the lens over a script', () => {
  it('is on those that destroy data, and on no other', async () => {
    const lenses = await ourLenses(await open('package.json'), 4);
    deepStrictEqual(lenses.map(titleOf), [
      '4: Run with snapshot',
      '4: Guard this script',
      '5: Run with snapshot',
      '5: Guard this script',
    ]);
    const makeLenses = await ourLenses(await open('Makefile'), 2);
    deepStrictEqual(makeLenses.map(titleOf), ['5: Run with snapshot', '5: Guard this script']);
  });

  it('runs it behind a snapshot', async () => {
    await seed('before lens');
    const [lens] = await ourLenses(await open('package.json'), 4);
    const ended = new Promise<number | undefined>((resolve) => {
      const listener = tasks.onDidEndTaskProcess(({ exitCode }) => {
        listener.dispose();
        resolve(exitCode);
      });
    });
    await click(lens);
    strictEqual(await ended, 0);
    ok(!existsSync(uploads()));
    const effectMs = statSync(join(workspaceDir(), 'data')).mtimeMs;
    const [newest] = JSON.parse(await savepoint('list', '--json')) as SnapshotEntry[];
    ok(newest !== undefined && Date.parse(newest.createdAt) <= effectMs);
    strictEqual(newest.command, 'npm run db:reset');
    const project = (await activated()).projects.at(workspaceDir());
    const saved = await project.engine.readFile(newest.id, 'data/uploads/one.txt');
    strictEqual(saved.toString(), 'before lens');
  });

  it('is gone when the script is guarded, and comes back with undo', async () => {
    const document = await open('package.json');
    const [, lens] = await ourLenses(document, 4);
    await click(lens);
    ok(read('package.json').includes('"db:reset": "savepoint run -- rm -r data/uploads"'));
    deepStrictEqual((await ourLenses(document, 0)).map(titleOf), []);
    await commands.executeCommand('undo');
    ok(document.getText().includes('"db:reset": "rm -r data/uploads"'));
    await document.save();
    await ourLenses(document, 4);
  });

  it('is off with its setting', async () => {
    const document = await open('package.json');
    const settings = workspace.getConfiguration('savepoint');
    await settings.update('guard.codeLens', false, true);
    await ourLenses(document, 0);
    await settings.update('guard.codeLens', undefined, true);
    await ourLenses(document, 4);
  });
});

describe('the code action on a target', () => {
  it('guards it', async () => {
    const document = await open('Makefile');
    const found = await commands.executeCommand<CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      new Range(5, 0, 5, 0),
    );
    const action = found.find(({ title }) => title === 'Guard "wipe" with Savepoint');
    ok(action?.command, found.map(({ title }) => title).join(', '));
    await commands.executeCommand(action.command.command, ...(action.command.arguments ?? []));
    ok(read('Makefile').includes('\t@savepoint run -- rm -rf $(UPLOADS)\n'), read('Makefile'));
    await commands.executeCommand('undo');
    await document.save();
  });
});

async function open(name: string): Promise<TextDocument> {
  await activated();
  const document = await workspace.openTextDocument(Uri.file(join(workspaceDir(), name)));
  await window.showTextDocument(document);
  return document;
}

async function ourLenses(document: TextDocument, count: number): Promise<readonly CodeLens[]> {
  return until(`${count} lenses`, async () => {
    const all = await commands.executeCommand<CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
      100,
    );
    const ours = all.filter(({ command }) => command?.command.startsWith('savepoint.'));
    return ours.length === count && ours;
  });
}

function titleOf({ range, command }: CodeLens): string {
  return `${range.start.line}: ${command?.title ?? ''}`;
}

async function click(lens: CodeLens | undefined): Promise<void> {
  ok(lens?.command);
  await commands.executeCommand(lens.command.command, ...(lens.command.arguments ?? []));
}

async function seed(content: string): Promise<void> {
  await activated();
  mkdirSync(uploads(), { recursive: true });
  writeFileSync(join(uploads(), 'one.txt'), content);
}

function uploads(): string {
  return join(workspaceDir(), 'data/uploads');
}

function read(name: string): string {
  return readFileSync(join(workspaceDir(), name), 'utf8');
}
