// Runs one folder of test/vscode in a real VS Code; its bundle is in dist-test.
import { globSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { temporaryFolder } from '../../scripts/child-process.ts';
import { root } from '../../scripts/setup.mjs';
import { provide } from './needs.ts';
import type { Counts, ExtensionTests } from './test-report.ts';
import type { Scenario } from './vscode-scenario.ts';

/** Every folder of test/vscode that has a test, in name order. */
export function scenarios(): readonly string[] {
  const files = globSync('*/**/*.test.ts', { cwd: join(root, 'test', 'vscode') });
  return [...new Set(files.map((file) => file.split(sep)[0] ?? file))].toSorted();
}

export async function runScenario(
  name: string,
  print: (line: string) => void,
  run: (tests: ExtensionTests) => Promise<Counts>,
): Promise<Counts> {
  const module = (await import(`../vscode/${name}/scenario.ts`)) as { scenario: Scenario };
  const { needs = [], prepare, ...options } = module.scenario;
  await provide(needs);
  const place = await temporaryFolder('scenario');
  try {
    const dir = join(place.path, 'workspace');
    const store = join(place.path, 'store');
    await mkdir(dir);
    const workspace = await prepare({ dir, store });
    return await run({
      ...options,
      name,
      workspace,
      env: { SAVEPOINT_STORE: store, SAVEPOINT_TEST_COLOR: process.stdout.isTTY ? '1' : '0' },
      extensionPath: root,
      testsPath: join(root, 'dist-test', `${name}.js`),
      print,
    });
  } finally {
    await place.remove();
  }
}
