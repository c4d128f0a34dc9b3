// Commands that ran unguarded are noticed afterwards, and told as what they are.

import { deepStrictEqual, ok } from 'node:assert/strict';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands, window, type Terminal } from 'vscode';
import { guardedTerminalOptions } from '../../../src/vscode/guard/guarded-terminal.ts';
import { activated, nodeAt, rowsOf, workspaceDir } from '../../support/extension.ts';
import { until } from '../../support/until.ts';

describe('a command in a terminal that is not guarded', () => {
  let terminal: Terminal;

  before(async () => {
    await activated();
    terminal = window.createTerminal({ shellPath: '/usr/bin/bash' });
    terminal.show();
    await until('shell integration', () => terminal.shellIntegration !== undefined, 30_000);
  });

  after(() => {
    terminal.dispose();
    rmSync(join(workspaceDir(), 'told.txt'));
  });

  it('is told in the Data view where it was destructive, until it is dismissed', async () => {
    seed();
    terminal.shellIntegration?.executeCommand('rm -r data/uploads; PASSWORD=hunter22 true');
    await until('the row', async () => (await unguardedRows()).length > 0, 20_000);
    const [row = ''] = await unguardedRows();
    ok(row.startsWith('Ran unguarded: rm -r data/uploads; PASSWORD=*** true | '), row);
    const { dataView } = await activated();
    const node = await nodeAt(dataView, row.slice(0, row.lastIndexOf(' | ')));
    await commands.executeCommand('savepoint.item.dismissNotice', node);
    deepStrictEqual(await unguardedRows(), []);
  });

  it('is not told where it was harmless', async () => {
    seed();
    terminal.shellIntegration?.executeCommand('ls data/uploads >told.txt');
    await until('its effect', () => existsSync(join(workspaceDir(), 'told.txt')));
    // By then the one before was looked at, since they are told in order.
    terminal.shellIntegration?.executeCommand('rm -rf data/uploads');
    await until('the row', async () => (await unguardedRows()).length > 0, 20_000);
    const rows = await unguardedRows();
    ok(
      rows.every((row) => row.startsWith('Ran unguarded: rm -rf')),
      rows.join('\n'),
    );
    await dismissAll();
  });
});

describe('a command in a guarded terminal', () => {
  it('is never told as unguarded', async () => {
    const { launcher } = await activated();
    const options = await guardedTerminalOptions(launcher, '/usr/bin/zsh');
    const terminal = window.createTerminal(options);
    terminal.show();
    await until('shell integration', () => terminal.shellIntegration !== undefined, 30_000);
    seed();
    const ended = new Promise<void>((resolve) => {
      const listener = window.onDidEndTerminalShellExecution(() => {
        listener.dispose();
        resolve();
      });
    });
    terminal.shellIntegration?.executeCommand('rm -r data/uploads');
    await until('its effect', () => !existsSync(join(workspaceDir(), 'data/uploads')), 20_000);
    await ended;
    deepStrictEqual(await unguardedRows(), []);
    terminal.dispose();
  });
});

async function unguardedRows(): Promise<readonly string[]> {
  const { dataView } = await activated();
  return (await rowsOf(dataView)).filter((row) => row.startsWith('Ran unguarded'));
}

async function dismissAll(): Promise<void> {
  const { notices } = await activated();
  for (const notice of notices.of(workspaceDir())) {
    if (notice.kind === 'unguarded') notices.dismiss(workspaceDir(), notice.run.id);
  }
}

function seed(): void {
  mkdirSync(join(workspaceDir(), 'data/uploads'), { recursive: true });
  writeFileSync(join(workspaceDir(), 'data/uploads/one.txt'), 'one');
}
