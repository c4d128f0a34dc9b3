// `npm run test:desktop`: the extension suites in desktop VS Code, the lowest supported and the
// stable one. It downloads both; without a screen on Linux run it under `xvfb-run -a`.
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import manifest from '../package.json' with { type: 'json' };
import { runScenario, scenarios } from '../test/support/run-scenario.ts';
import { listenForReport, type Counts, type ExtensionTests } from '../test/support/test-report.ts';
import { cacheDir } from './cache-dir.ts';
import { root } from './setup.mjs';

const lowest = manifest.engines.vscode.replace(/^[^\d]*/, '');

await main();

async function main(): Promise<void> {
  if (spawnSync('node', ['esbuild.js', '--tests'], { cwd: root, stdio: 'inherit' }).status !== 0) {
    process.exitCode = 1;
    return;
  }
  const totals = { passed: 0, failed: 0 };
  for (const version of [lowest, 'stable']) {
    const executable = await download(version);
    if (executable === undefined) {
      process.exitCode = 1;
      return;
    }
    for (const scenario of scenarios()) {
      console.log(`\n== VS Code ${version}: ${scenario}`);
      const counts = await runScenario(scenario, console.log, (tests) => run(executable, tests));
      totals.passed += counts.passed;
      totals.failed += counts.failed;
    }
  }
  process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : 0;
  console.log(`\n${totals.passed} passed, ${totals.failed} failed`);
}

async function download(version: string): Promise<string | undefined> {
  try {
    return await downloadAndUnzipVSCode({ version, cachePath: join(cacheDir(), 'desktop') });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.error(
      `error: VS Code ${version} cannot be downloaded here (${reason}): npm test runs the same suites`,
    );
    return undefined;
  }
}

async function run(vscodeExecutablePath: string, tests: ExtensionTests): Promise<Counts> {
  const report = await listenForReport(tests.print);
  const userDir = await mkdtemp(join(tmpdir(), 'savepoint-desktop-'));
  const settings = join(userDir, 'User', 'settings.json');
  const trust = tests.trusted === false ? [] : ['--disable-workspace-trust'];
  try {
    await mkdir(join(userDir, 'User'), { recursive: true });
    await writeFile(
      settings,
      JSON.stringify({ 'security.workspace.trust.startupPrompt': 'never', ...tests.settings }),
    );
    const ended = runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: tests.extensionPath,
      extensionTestsPath: tests.testsPath,
      extensionTestsEnv: { ...tests.env, ...report.env },
      launchArgs: [
        ...(tests.workspace === null ? [] : [tests.workspace]),
        `--user-data-dir=${userDir}`,
        '--disable-extensions',
        '--skip-welcome',
        ...trust,
      ],
    });
    // A failed test is in the counts already; the exit code says no more.
    await ended.catch(() => undefined);
    return await report.afterwards();
  } catch (error) {
    tests.print(error instanceof Error ? error.message : String(error));
    return { passed: 0, failed: 1 };
  } finally {
    await report.close();
    await rm(userDir, { recursive: true, force: true, maxRetries: 5 });
  }
}
