import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import type { Browser } from 'playwright-core';
import manifest from '../../package.json' with { type: 'json' };
import { root } from '../../scripts/setup.mjs';
import { hostTarget, limitBytes, targets } from '../../scripts/package-targets.ts';
import { makeSample } from '../../scripts/sample-project.ts';
import { temporaryFolder } from '../../scripts/child-process.ts';
import { packages, type Packages } from '../support/packed-extension.ts';
import { launchBrowser, needsVscode, startHost, type VscodeHost } from '../support/vscode-host.ts';
import { openWorkbench } from '../support/workbench.ts';

describe('the package', function () {
  this.timeout(180_000);
  needsVscode();
  let packed: Packages;
  let host: VscodeHost;
  let browser: Browser;
  let place: Awaited<ReturnType<typeof temporaryFolder>>;

  before(async () => {
    packed = await packages();
    place = await temporaryFolder('package-test');
    const own = packed.all.find((path) =>
      basename(path).startsWith(`savepoint-${hostTarget().name}-`),
    );
    ok(own);
    host = await startHost({
      name: 'package',
      extensions: [own],
      dataDir: join(place.path, 'vscode'),
    });
    browser = await launchBrowser();
  });

  after(async () => {
    await browser?.close();
    await host?.stop();
    await packed?.remove();
    await place?.remove();
  });

  /** Where VS Code unpacked it. */
  function installed(): string {
    const extensions = join(place.path, 'vscode', 'extensions');
    const name = readdirSync(extensions).find((entry) => entry.startsWith('savepoint.savepoint-'));
    return join(extensions, name ?? 'savepoint is not installed');
  }

  it('there is one for each platform, and none is larger than 2 MB', () => {
    const expected = targets.map(({ name }) => `savepoint-${name}-${manifest.version}.vsix`);
    deepStrictEqual(
      packed.all.map((path) => basename(path)),
      expected.toSorted(),
    );
    deepStrictEqual(
      packed.all.filter((path) => statSync(path).size > limitBytes),
      [],
    );
  });

  it('holds only what runs, by a list that is kept by hand', () => {
    const files = readdirSync(installed(), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(installed(), join(entry.parentPath, entry.name)))
      .map((path) =>
        path.replace(/prebuilds.*/, 'prebuilds/<platform>.node').replaceAll('\\', '/'),
      );
    const list = readFileSync(new URL('files.txt', import.meta.url), 'utf8');
    deepStrictEqual(files.toSorted(), list.trim().split('\n').toSorted());
  });

  it('the package for npm holds the command line and the binary of every platform', () => {
    const output = execFileSync('npm', ['pack', '--dry-run', '--json'], {
      cwd: root,
      encoding: 'utf8',
    });
    const [{ files }] = JSON.parse(output) as [{ files: { path: string }[] }];
    const binaries = targets.map(({ prebuild }) => `dist/prebuilds/${prebuild}.node`);
    const rest = ['LICENSE', 'README.md', 'dist/cli.js', 'dist/package.json', 'package.json'];
    deepStrictEqual(
      files.map(({ path }) => path).toSorted(),
      [...rest, ...binaries, 'savepoint.schema.json'].toSorted(),
    );
  });

  it('its command line runs where no project is around it', () => {
    const cli = join(installed(), 'dist', 'cli.js');
    const version = execFileSync(process.execPath, [cli, '--version'], { cwd: place.path });
    strictEqual(version.toString().trim(), manifest.version);
  });

  it('takes a snapshot in the real VS Code', async () => {
    const project = join(place.path, 'project');
    await makeSample(project);
    const workbench = await openWorkbench(browser, host, { workspace: project });
    await workbench.openSavepoint();
    await workbench.row('Data', 'docsfy').waitFor();
    await workbench.runCommand('Savepoint: Take Snapshot');
    await workbench.row('Snapshots', 'Snapshot').waitFor();

    const cli = join(installed(), 'dist', 'cli.js');
    const env = { ...process.env, SAVEPOINT_STORE: host.store };
    const args = [cli, 'list', '--json', '--cwd', project];
    const list = JSON.parse(execFileSync(process.execPath, args, { env, encoding: 'utf8' })) as {
      reason: string;
    }[];
    deepStrictEqual(
      list.map(({ reason }) => reason),
      ['manual'],
    );
  });
});
