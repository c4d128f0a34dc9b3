// One scenario of test/vscode in the real VS Code: `node scripts/test-scenario.ts single-folder`.
// Needs `node esbuild.js --tests` before.
import { runScenario, scenarios } from '../test/support/run-scenario.ts';
import { runExtensionTests } from '../test/support/vscode-host.ts';

const [name = ''] = process.argv.slice(2);
if (scenarios().includes(name)) {
  const { passed, failed } = await runScenario(name, console.log, runExtensionTests);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed > 0 ? 1 : 0;
} else {
  console.error(`error: no scenario "${name}": ${scenarios().join(', ')}`);
  process.exitCode = 2;
}
