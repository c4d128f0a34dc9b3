// Runs a tool of node_modules, or a TypeScript file of ours, on the project's own Node, after
// installing what is missing: `node scripts/run.mjs mocha …`, `node scripts/run.mjs scripts/test.ts …`.
// Plain JavaScript for Node 20.
import { spawn } from 'node:child_process';
import { root, setUp, toolEnvironment } from './setup.mjs';

const [tool, ...args] = process.argv.slice(2);

const [major] = process.versions.node.split('.').map(Number);
if (major < 20) fail(`this needs Node 20 or newer to start, found ${process.version}`);

let runtime;
try {
  runtime = await setUp();
} catch (error) {
  fail(error.message);
}
const isScript = /\.[cm]?[jt]s$/.test(tool);
const child = spawn(isScript ? runtime : tool, isScript ? [tool, ...args] : args, {
  cwd: root,
  stdio: 'inherit',
  env: toolEnvironment(runtime),
  shell: !isScript && process.platform === 'win32',
});
// A terminal sends Ctrl+C to the child as well: it ends by itself, and we with it.
process.on('SIGINT', () => undefined);
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => fail(`cannot run "${tool}": ${error.message}`));
child.on('exit', (code, signal) => {
  if (signal !== null) process.exitCode = 130;
  else process.exitCode = code;
});

function fail(message) {
  console.error(`error: ${message}`);
  process.exit(2);
}
