// Runs one folder of test/vscode in the real VS Code; its bundle is in dist-test.
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../scripts/setup.mjs';
import { runExtensionTests, type Counts } from './vscode-host.ts';
import type { Scenario } from './vscode-scenario.ts';

export async function runScenario(name: string, print: (line: string) => void): Promise<Counts> {
  const module = (await import(`../vscode/${name}/scenario.ts`)) as { scenario: Scenario };
  const { prepare, ...options } = module.scenario;
  const place = await realpath(await mkdtemp(join(tmpdir(), 'savepoint-scenario-')));
  try {
    const dir = join(place, 'workspace');
    const store = join(place, 'store');
    await mkdir(dir);
    const workspace = await prepare({ dir, store });
    return await runExtensionTests({
      ...options,
      name,
      workspace,
      env: { SAVEPOINT_STORE: store, SAVEPOINT_TEST_COLOR: process.stdout.isTTY ? '1' : '0' },
      extensionPath: root,
      testsPath: join(root, 'dist-test', `${name}.js`),
      print,
    });
  } finally {
    await rm(place, { recursive: true, force: true, maxRetries: 5 });
  }
}
