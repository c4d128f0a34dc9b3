// `npm test`: every check and every suite, found by glob, one after the other. Each suite runs in a
// process of its own, so that none can end the others. Closes with `N passed, N failed`.
// `npm test -- unit vscode` runs what is named alone; SAVEPOINT_TEST_GREP picks tests by title. Real
// applications (test/applications) are a suite with SAVEPOINT_LONG=1 alone.
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { root } from './setup.mjs';

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

interface Suite {
  readonly name: string;
  readonly title: string;
  readonly run: () => Promise<Counts>;
}

const linted = ['src', 'test', 'bench', 'scripts', 'esbuild.js'];

const suites: readonly Suite[] = [
  check('types', 'Types', 'tsc'),
  check('lint', 'Lint', 'oxlint', ...linted),
  check('format', 'Format', 'prettier', '--check', '--log-level=warn', '.'),
  check('build', 'Build', 'node', 'esbuild.js', '--tests'),
  mocha('unit', 'Unit tests'),
  mocha('property', 'Property tests'),
  mocha('fault', 'Fault tests: killed and failing operations'),
  mocha('cli', 'Command line tests'),
  { name: 'vscode', title: 'Extension tests in a real VS Code', run: runScenarios },
  mocha('package', 'The package, installed into a real VS Code'),
  mocha('e2e', 'End to end: clicks in the real page'),
  // It installs a gigabyte of them first.
  ...(process.env['SAVEPOINT_LONG'] === '1'
    ? [mocha('applications', 'Real applications with their own data')]
    : []),
];

await main(process.argv.slice(2));

async function main(names: readonly string[]): Promise<void> {
  const unknown = names.find((name) => !suites.some((suite) => suite.name === name));
  if (unknown !== undefined) {
    console.error(`error: no suite "${unknown}": ${suites.map(({ name }) => name).join(', ')}`);
    process.exitCode = 2;
    return;
  }
  const totals = { passed: 0, failed: 0 };
  const failed: string[] = [];
  for (const suite of suites) {
    if (names.length > 0 && !names.includes(suite.name)) continue;
    const started = performance.now();
    console.log(styleText('bold', `\n== ${suite.title}`));
    const counts = await suite.run().catch((error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      return { passed: 0, failed: 1 };
    });
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`-- ${suite.name}: ${summary(counts)} in ${seconds} s`);
    totals.passed += counts.passed;
    totals.failed += counts.failed;
    if (counts.failed > 0) failed.push(suite.name);
  }
  if (failed.length > 0) console.log(`\nFailed: ${failed.join(', ')}`);
  process.exitCode = totals.failed > 0 ? 1 : 0;
  console.log(`\n${summary(totals)}`);
}

function summary({ passed, failed }: Counts): string {
  return `${passed} passed, ${failed} failed`;
}

/** A tool that answers with its exit code; it counts as one test. */
function check(name: string, title: string, command: string, ...args: readonly string[]): Suite {
  return {
    name,
    title,
    run: async () => ((await run(command, args)) === 0 ? one('passed') : one('failed')),
  };
}

function one(outcome: 'passed' | 'failed'): Counts {
  return { passed: 0, failed: 0, [outcome]: 1 };
}

function mocha(name: string, title: string): Suite {
  return {
    name,
    title,
    run: async () => runMocha(testFiles(`test/${name}`)),
  };
}

function testFiles(folder: string): readonly string[] {
  const files = globSync(`${folder}/**/*.test.ts`, { cwd: root });
  if (files.length === 0) throw new Error(`no test files under "${folder}"`);
  return files.toSorted();
}

async function runMocha(files: readonly string[]): Promise<Counts> {
  const place = await mkdtemp(join(tmpdir(), 'savepoint-counts-'));
  const report = join(place, 'counts.json');
  try {
    const reporter = ['--reporter', './test/support/counting-reporter.ts'];
    const pattern = process.env['SAVEPOINT_TEST_GREP'];
    const grep = pattern ? ['--grep', pattern] : [];
    const code = await run('mocha', [...reporter, ...grep, ...files], {
      SAVEPOINT_TEST_COUNTS: report,
    });
    return checked(code, await readCounts(report), pattern !== undefined);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

async function readCounts(path: string): Promise<Counts> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Counts;
  } catch {
    console.error('The suite ended before its report');
    return one('failed');
  }
}

/** No test at all is a failure, and so is an exit code that the counts do not explain. */
function checked(code: number, counts: Counts, filtered: boolean): Counts {
  if (counts.passed + counts.failed === 0 && !filtered) {
    console.error('The suite has no test');
    return one('failed');
  }
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

async function runScenarios(): Promise<Counts> {
  // Loaded here, so that a missing browser library cannot stop the other suites.
  const { runScenario, scenarios } = await import('../test/support/run-scenario.ts');
  const { runExtensionTests } = await import('../test/support/vscode-host.ts');
  const names = scenarios();
  if (names.length === 0) throw new Error('no test files under "test/vscode"');
  const totals = { passed: 0, failed: 0 };
  for (const scenario of names) {
    console.log(`\n${styleText('bold', scenario)}`);
    const filtered = Boolean(process.env['SAVEPOINT_TEST_GREP']);
    const counts = checked(
      0,
      await runScenario(scenario, console.log, runExtensionTests),
      filtered,
    );
    totals.passed += counts.passed;
    totals.failed += counts.failed;
  }
  return totals;
}

/** The exit code; a signal counts as one. */
async function run(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  const child = spawn(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
    shell: process.platform === 'win32',
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}
