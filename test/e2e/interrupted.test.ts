// What a user sees of a restore that was killed in the middle: one message, and two ways out of it.
import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { temporaryFolder } from '../../scripts/child-process.ts';
import { interruptedRestore } from '../support/interrupted-restore.ts';
import { packages, type Packages } from '../support/packed-extension.ts';
import { launchBrowser, needsVscode, startHost, type VscodeHost } from '../support/vscode-host.ts';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

const interrupted = /A restore of "Sound" was interrupted at \d\d:\d\d, \d of \d files written\./;

describe('an interrupted restore in the page', function () {
  this.timeout(120_000);
  needsVscode();
  let packed: Packages;
  let place: Awaited<ReturnType<typeof temporaryFolder>>;
  let host: VscodeHost;
  let browser: Browser;
  let workbench: Workbench;

  before(async () => {
    packed = await packages('--host');
    place = await temporaryFolder('e2e');
    host = await startHost({ name: 'e2e-interrupted', extensions: packed.all });
    browser = await launchBrowser();
  });

  after(async () => {
    await browser?.close();
    await host?.stop();
    await packed?.remove();
    await place?.remove();
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench?.screenshot('failed');
    await workbench?.page.close();
  });

  async function open(name: string): Promise<string> {
    const project = join(place.path, name);
    await interruptedRestore(project, host.store);
    workbench = await openWorkbench(browser, host, { workspace: project });
    await workbench.statusItem().filter({ hasText: 'Restore interrupted' }).waitFor();
    await workbench.toast(interrupted).waitFor();
    await workbench.openSavepoint();
    await workbench.view('Snapshots').getByText(interrupted).waitFor();
    strictEqual(await workbench.toast(/./).count(), 1);
    return join(project, 'data/projects');
  }

  it('is finished by its first button', async () => {
    const projects = await open('finish');
    await workbench.toast(interrupted).getByRole('button', { name: 'Finish Restore' }).click();
    await workbench.toast(/Restored "Sound"/).waitFor();
    deepStrictEqual(readdirSync(join(projects, '_default')), ['alpha', 'beta', 'gamma']);
    await workbench.statusItem().filter({ hasText: 'now' }).waitFor();
  });

  it('is taken back by the other one, which shows first what that means', async () => {
    const projects = await open('undo');
    await workbench.toast(interrupted).getByRole('button', { name: 'Undo' }).click();
    await workbench
      .view('Restore Preview')
      .getByText(/^Undo: back to how it was at/)
      .waitFor();
    await workbench.editorAction('Restore...').click();
    await workbench.dialog.getByText(/^Undo the last restore, back to how it was at/).waitFor();
    await workbench.dialog.getByRole('button', { name: 'Undo Restore' }).click();
    await workbench.toast(/Undone: the data is as it was at/).waitFor();
    deepStrictEqual(readdirSync(projects), []);
    await workbench.statusItem().filter({ hasText: 'now' }).waitFor();
  });
});
