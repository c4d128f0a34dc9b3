// A reviewed restore without a mouse: palette, arrows, Tab, Space, Enter, Escape.
import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { temporaryFolder } from '../../scripts/child-process.ts';
import { makeSample } from '../../scripts/sample-project.ts';
import { fingerprint, migrate, removeSites } from '../../scripts/sample-state.ts';
import { root } from '../../scripts/setup.mjs';
import { packages, type Packages } from '../support/packed-extension.ts';
import { launchBrowser, needsVscode, startHost, type VscodeHost } from '../support/vscode-host.ts';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

/** Runs in the page: the name that a screen reader says of what has the keyboard. */
const focused = `(() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  const id = element?.getAttribute('aria-activedescendant');
  const named = (id && document.getElementById(id)) || element;
  return named?.getAttribute('aria-label') || named?.innerText || '';
})()`;

describe('a restore by keyboard', function () {
  this.timeout(120_000);
  this.bail(true);
  needsVscode();
  let packed: Packages;
  let place: Awaited<ReturnType<typeof temporaryFolder>>;
  let host: VscodeHost;
  let browser: Browser;
  let workbench: Workbench;
  let project: string;
  let broken: string;

  before(async () => {
    packed = await packages('--host');
    place = await temporaryFolder('e2e');
    project = join(place.path, 'docs-hub');
    await makeSample(project);
    for (const args of [
      ['init', '--quiet'],
      ['add', 'README.md'],
    ]) {
      execFileSync('git', args, { cwd: project });
    }
    host = await startHost({ name: 'e2e-keyboard', extensions: packed.all });
    cli('snapshot', '-m', 'Before migration');
    migrate(project);
    removeSites(project);
    broken = fingerprint(project);
    browser = await launchBrowser();
    workbench = await openWorkbench(browser, host, { workspace: project });
    await workbench.statusItem().waitFor();
  });

  after(async () => {
    await browser?.close();
    await host?.stop();
    await packed?.remove();
    await place?.remove();
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench?.screenshot('failed');
  });

  function cli(...args: readonly string[]): string {
    const env = { ...process.env, SAVEPOINT_STORE: host.store };
    const command = [join(root, 'dist', 'cli.js'), ...args, '--cwd', project];
    return execFileSync(process.execPath, command, { env, encoding: 'utf8' });
  }

  async function press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await workbench.page.keyboard.press(key);
  }

  /** Until the screen reader would say this: what has just opened may not hear the first presses. */
  async function pressUntil(key: string, name: RegExp): Promise<void> {
    const heard: string[] = [];
    for (let presses = 0; presses < 40; presses += 1) {
      const said = String(await workbench.page.evaluate(focused));
      if (name.test(said)) return;
      heard.push(said);
      await press(key);
      const isOther = `${focused} !== ${JSON.stringify(said)}`;
      await workbench.page.waitForFunction(isOther, undefined, { timeout: 300 }).catch(() => {});
    }
    throw new Error(`no ${name.source} with ${key}: ${heard.join(' | ')}`);
  }

  async function goToRow(name: RegExp): Promise<void> {
    await press('Home');
    await pressUntil('ArrowDown', name);
  }

  it('begins in the palette, and the keyboard is in the tree', async () => {
    await workbench.runCommand('Savepoint: Restore...');
    await workbench.quickInput.getByRole('option', { name: /Before migration/ }).waitFor();
    await press('Enter');
    await workbench.row('Restore Preview', 'docsfy.db').waitFor();
    await goToRow(/^table projects: 18 rows come back, 9 go, 3 change/);
  });

  it('Tab leads to the box, which has a name, and Space unticks it', async () => {
    await goToRow(/^table users: 3 rows come back/);
    await pressUntil('Tab', /^Restore table users: 3 rows come back/);
    await press('Space');
    await selected('30 of 33 rows');
  });

  it('the terminal says the same of the same ticks', async () => {
    const args = ['--dry-run', '--except-table', 'data/docsfy.db:users'];
    const dryRun = cli('restore', 'Before migration', ...args)
      .trim()
      .split('\n');
    await workbench.page.locator('.view-line', { hasText: '1 of 2 tables' }).waitFor();
    const preview = await workbench.editorLines();
    // The first line tells the snapshot's age, which goes on.
    deepStrictEqual(preview.slice(1, dryRun.length), dryRun.slice(1));
  });

  it('the context menu opens by keyboard, with what may be done here', async () => {
    // VS Code draws the row anew and gives the keyboard back to it.
    for (const [choice, rows] of [
      ['Include', '33 rows'],
      ['Leave Out', '30 of 33 rows'],
    ] as const) {
      await goToRow(/^table users/);
      await press('Shift+F10');
      await workbench.page.locator('.monaco-menu').waitFor();
      await pressUntil('ArrowDown', new RegExp(`^${choice}`));
      await press('Enter');
      await selected(rows);
    }
  });

  it('Enter opens a difference, and the keyboard stays where it was', async () => {
    await goToRow(/^table projects/);
    await press('Enter');
    await workbench.page.getByRole('tab', { name: /projects \(now/ }).waitFor();
    await pressUntil('ArrowDown', /^table users/);
  });

  it('the same editor of git has no button to restore', async () => {
    await workbench.editorAction('Restore...').waitFor();
    await workbench.runCommand('Git: Open Staged Changes');
    await workbench.page.getByRole('tab', { name: /Staged Changes/ }).waitFor();
    // What opens late takes the keyboard from the palette.
    await workbench.page.locator('.view-line', { hasText: '# docs-hub' }).first().waitFor();
    await workbench.editorAction('Restore...').waitFor({ state: 'hidden' });
  });

  it('Escape answers the question with no, and nothing has changed', async () => {
    await workbench.runCommand('Savepoint: Restore Selected Changes...');
    await workbench.dialog.waitFor();
    const text = await workbench.dialog.locator('.dialog-message-detail').innerText();
    match(text, /^30 rows in 1 table and 372 files change\./);
    ok(text.split('\n').filter((line) => line !== '').length <= 6, text);
    await press('Escape');
    await workbench.dialog.waitFor({ state: 'hidden' });
    strictEqual(fingerprint(project), broken);
    await selected('30 of 33 rows');
  });

  it('Enter answers it with yes, and the tabs go with the preview', async () => {
    await workbench.runCommand('Savepoint: Restore Selected Changes...');
    await workbench.dialog.waitFor();
    await press('Enter');
    await workbench.toast(/Restored "Before migration": 30 rows and 372 files/).waitFor();
    notStrictEqual(fingerprint(project), broken);
    await workbench.page.getByRole('tab', { name: /now ↔ after|Restore Preview/ }).waitFor({
      state: 'hidden',
    });
    await workbench.row('Snapshots', 'Before restore').waitFor();
  });

  /** What the message above the tree says is ticked. */
  async function selected(rows: string): Promise<void> {
    await workbench.view('Restore Preview').getByText(`Selected: ${rows}, `).waitFor();
  }
});
