// A restore and its undo, clicked in the page while an application writes its database all the time.
import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { temporaryFolder } from '../../scripts/child-process.ts';
import { startWriter } from '../support/application.ts';
import { bankState, makeBank, soundBank } from '../support/live-databases.ts';
import { packages, type Packages } from '../support/packed-extension.ts';
import { writeTree } from '../support/tree.ts';
import { until } from '../support/until.ts';
import { launchBrowser, needsVscode, startHost, type VscodeHost } from '../support/vscode-host.ts';
import { openWorkbench, type Workbench } from '../support/workbench.ts';

const notes = 'data/notes/today.txt';

describe('a restore under a running application, in the page', function () {
  this.timeout(180_000);
  needsVscode();
  let packed: Packages;
  let place: Awaited<ReturnType<typeof temporaryFolder>>;
  let host: VscodeHost;
  let browser: Browser;
  let workbench: Workbench;
  let project: string;
  let bank: string;

  before(async () => {
    packed = await packages('--host');
    place = await temporaryFolder('e2e-writes');
    project = join(place.path, 'shop');
    await mkdir(project);
    await writeTree(project, { '.env': 'DATA_DIR=data', [notes]: 'as it was' });
    bank = join(project, 'data/bank.db');
    makeBank(bank, 'wal', 0.2);
    host = await startHost({ name: 'e2e-writes', extensions: packed.all });
    browser = await launchBrowser();
    workbench = await openWorkbench(browser, host, { workspace: project });
    await workbench.statusItem().waitFor();
    await workbench.openSavepoint();
    await workbench.runCommand('Savepoint: Take Snapshot with Label...');
    await workbench.answer('Before the sale');
    await workbench.row('Snapshots', 'Before the sale').waitFor();
  });

  after(async () => {
    await browser?.close();
    await host?.stop();
    await packed?.remove();
    await place?.remove();
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await workbench?.screenshot('failed-under-writes');
  });

  const says = (text: RegExp): Promise<void> =>
    workbench.view('Restore Preview').getByText(text).waitFor();
  const written = (): number => statSync(`${bank}-wal`).mtimeMs;
  const holds = async (text: string): Promise<void> =>
    void (await until(text, () => readFileSync(join(project, notes), 'utf8') === text));

  for (const everyMs of [100, 5000]) {
    it(`goes through and is undone with a commit every ${everyMs} ms`, async () => {
      await workbench.runCommand('Notifications: Clear All Notifications');
      const writer = await startWriter(bank, 'wal', everyMs, everyMs);
      await writeTree(project, { [notes]: 'broken' });
      await workbench.row('Snapshots', /^Before the sale/).click();
      await workbench.row('Restore Preview', 'bank.db').waitFor();
      await says(/bank\.db is being written; numbers follow/);
      await workbench.screenshot(`11-under-writes-${everyMs}`);

      await workbench.runCommand('Savepoint: Restore Selected Changes...');
      await workbench.dialog.getByText('A safety snapshot is taken first').waitFor();
      await workbench.screenshot(`12-under-writes-question-${everyMs}`);
      await workbench.dialog.getByRole('button', { name: 'Restore', exact: true }).click();
      const restored = workbench.toast(/Restored "Before the sale".*all proven/);
      await restored.waitFor();
      await holds('as it was');
      // Untouched data would be undone without a question.
      const left = written();
      await until('the next commit', () => written() !== left);

      await restored.getByRole('button', { name: 'Undo Restore' }).click();
      await says(/^Undo: back to how it was/);
      await says(/bank\.db is being written; numbers follow/);
      await workbench.editorAction('Restore...').click();
      await workbench.dialog.getByText('A safety snapshot is taken first').waitFor();
      await workbench.dialog.getByRole('button', { name: 'Undo Restore' }).click();
      await workbench.toast(/Undone: the data is as it was at/).waitFor();
      await holds('broken');

      const { errors } = await writer.stop();
      deepStrictEqual(errors, []);
      deepStrictEqual(bankState(bank), soundBank);
      strictEqual(await workbench.toast(/changed|failed/i).count(), 0);
    });
  }
});
