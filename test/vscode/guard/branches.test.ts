// After a checkout the newest snapshot of that branch is offered, where that is wished.

import { deepStrictEqual, ok } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { commands, workspace } from 'vscode';
import { activated, command, nodeAt, rowsOf, workspaceDir } from '../../support/extension.ts';
import { until } from '../../support/until.ts';

describe('a checkout of another branch', () => {
  const settings = workspace.getConfiguration('savepoint');

  before(async () => {
    await activated();
    git('init', '--initial-branch=main');
    git('-c', 'user.name=a', '-c', 'user.email=a@b.c', 'commit', '--allow-empty', '-m', 'first');
    git('checkout', '-b', 'feature/x');
    await command('snapshot', { label: 'Seeded' });
    git('checkout', 'main');
    writeFileSync(join(workspaceDir(), 'data/of-main.txt'), 'main');
    await command('snapshot', { label: 'Of main' });
  });

  after(async () => {
    await settings.update('guard.git', undefined, true);
    rmSync(join(workspaceDir(), '.git'), { recursive: true, maxRetries: 5 });
  });

  it('says nothing by itself', async () => {
    git('checkout', 'feature/x');
    git('checkout', 'main');
    deepStrictEqual(await branchRows(), []);
  });

  it('shows the newest snapshot of it where that is wished, until it is dismissed', async () => {
    await settings.update('guard.git', true, true);
    await rowOfFeature();
    const [row = ''] = await branchRows();
    ok(row.startsWith('Snapshot of feature/x: Seeded | '), row);
    const { dataView, previews } = await activated();
    const node = await nodeAt(dataView, 'Snapshot of feature/x: Seeded');
    await commands.executeCommand('savepoint.item.restoreBranch', node);
    await until('the preview', () => previews.session !== undefined);
    await commands.executeCommand('savepoint.preview.close');
    await commands.executeCommand('savepoint.item.dismissNotice', node);
    deepStrictEqual(await branchRows(), []);
  });

  it('takes the row away with the next one', async () => {
    await rowOfFeature();
    git('checkout', 'main');
    await until('no row', async () => (await branchRows()).length === 0, 15_000);
  });
});

/** Again until it is seen: the watch begins a moment after the setting. */
async function rowOfFeature(): Promise<void> {
  await until(
    'the row',
    async () => {
      git('checkout', 'main');
      await isThere();
      git('checkout', 'feature/x');
      return isThere();
    },
    15_000,
  );
}

/** After a second: the watch gathers what git does, and tells nobody that it saw the other branch. */
async function isThere(): Promise<boolean> {
  await delay(1_000);
  return (await branchRows()).length > 0;
}

async function branchRows(): Promise<readonly string[]> {
  const { dataView } = await activated();
  return (await rowsOf(dataView)).filter((row) => row.startsWith('Snapshot of '));
}

function git(...args: readonly string[]): void {
  execFileSync('git', args, { cwd: workspaceDir(), stdio: 'pipe' });
}
