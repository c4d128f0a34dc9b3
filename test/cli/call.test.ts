// How the program is called: help, options, wrong calls, the one JSON document.

import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };
import { cliProject, runCli, type Ran } from '../support/cli.ts';
import { database } from '../support/sqlite.ts';
import { tree } from '../support/tree.ts';

const usage = (message: string, hint = 'savepoint help'): Ran => ({
  code: 2,
  stdout: '',
  stderr: `error: ${message}: ${hint}\n`,
});

describe('savepoint', () => {
  it('prints a short help with three examples when it is called bare', () => {
    const { code, stdout, stderr } = runCli([]);
    deepStrictEqual([code, stderr], [0, '']);
    strictEqual(stdout.match(/^ {2}savepoint \w+ .+$/gm)?.length, 3);
    ok(stdout.split('\n').every((line) => line.length <= 80));
    ok(!/^ {2}serve\b/m.test(stdout));
  });

  it('prints its version and the help of a command', () => {
    deepStrictEqual(runCli(['--version']), {
      code: 0,
      stdout: `${manifest.version}\n`,
      stderr: '',
    });
    match(runCli(['restore', '--help']).stdout, /--keep-new .*\n/);
    match(runCli(['help', 'restore']).stdout, /SNAPSHOT is an id/);
  });

  it('tells in the help of a command its global options, and live only where that is taken', () => {
    const helps = ['diff', 'check', 'restore'].map((name) => runCli(['help', name]).stdout);
    ok(helps.every((help) => help.includes('--data <NAME-OR-PATH>')));
    deepStrictEqual(
      helps.map((help) => /or live: the data as it is now/.test(help)),
      [true, true, false],
    );
    match(runCli(['help', 'run']).stdout, /^Usage: savepoint run \[options\] -- COMMAND/);
  });

  it('answers a wrong call with one line and exit code 2', () => {
    const cases: readonly (readonly [readonly string[], Ran])[] = [
      [['snapshto'], usage('unknown command "snapshto"', 'did you mean snapshot? savepoint help')],
      [['list', '--jsn'], usage('unknown option "--jsn"', 'did you mean --json? savepoint help')],
      [['--quiet'], usage('no command given')],
      [['frobnicate'], usage('unknown command "frobnicate"')],
      [['help', 'frobnicate'], usage('unknown command "frobnicate"')],
      [['restore'], usage('missing required argument "SNAPSHOT"')],
      [
        ['restore', 'a', 'b'],
        usage('too many arguments for "restore". Expected 1 argument but got 2'),
      ],
      [['restore', '--only'], usage('option "--only <PATH>" argument missing')],
      [
        ['diff', 'a', '--rows', 'many'],
        usage('option "--rows <N>" argument "many" is invalid. It must be a whole number'),
      ],
    ];
    deepStrictEqual(
      cases.map(([args]) => runCli(args)),
      cases.map(([, ran]) => ran),
    );
  });

  it('prints a wrong call as a document, too, with --json', async () => {
    const { savepoint } = await cliProject({});
    for (const args of [['snapshto'], ['list', '--jsn'], ['restore', 'nothing', '--yes']]) {
      const { code, stdout, stderr } = savepoint(...args, '--json');
      const { error } = JSON.parse(stdout) as { error: Record<string, unknown> };
      deepStrictEqual(Object.keys(error), ['code', 'message', 'path', 'hint']);
      strictEqual(code, 2);
      strictEqual(stderr.trimEnd().split('\n').length, 1);
    }
  });

  it('takes options before and after the arguments', async () => {
    const { savepoint } = await cliProject({ 'data/app.db': database() });
    savepoint('snapshot', '-m', 'First');
    const expected = savepoint('show', 'latest', '--json');
    strictEqual(expected.code, 0);
    deepStrictEqual(savepoint('--json', 'show', 'latest'), expected);
    deepStrictEqual(savepoint('show', '--json', '--', 'latest'), expected);
    strictEqual(savepoint('diff', '--rows', '1', 'latest', 'live').code, 0);
    strictEqual(savepoint('diff', 'latest', 'live', '--rows', '1').code, 0);
  });

  it('looks for the project upwards, and takes --cwd as it is', async () => {
    const { dir, savepoint, env } = await cliProject({
      'data/app.db': database(),
      'deep/er': {},
      'other/data/b.db': database(),
    });
    savepoint('snapshot');
    const below = runCli(['list', '--json'], { cwd: join(dir, 'deep/er'), env });
    strictEqual((JSON.parse(below.stdout) as unknown[]).length, 1);
    const other = runCli(['list', '--json', '--cwd', join(dir, 'other')], { env });
    deepStrictEqual(JSON.parse(other.stdout), []);
    const missing = runCli(['list', '--cwd', join(dir, 'gone')], { env });
    strictEqual(missing.code, 2);
    match(missing.stderr, /^error: no such folder: ".*gone": check --cwd\n$/);
  });

  it('keeps snapshots where --store says, before SAVEPOINT_STORE', async () => {
    const { savepoint, dir } = await cliProject({ 'data/app.db': database() });
    const store = join(await tree(), 'store');
    savepoint('snapshot', '--store', store);
    strictEqual((JSON.parse(savepoint('list', '--json').stdout) as unknown[]).length, 0);
    const listed = savepoint('list', '--json', '--store', store);
    strictEqual((JSON.parse(listed.stdout) as unknown[]).length, 1);
    strictEqual(savepoint('doctor', '--cwd', dir).code, 0);
  });

  it('refuses an old Node in one line', async () => {
    const folder = await tree();
    const preload = join(folder, 'old-node.cjs');
    writeFileSync(
      preload,
      `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.11.0' } });
       Object.defineProperty(process, 'version', { value: 'v20.11.0' });`,
    );
    const { code, stderr, stdout } = runCli(['list', '--json'], {
      nodeArgs: ['--require', preload],
    });
    strictEqual(code, 3);
    match(stderr, /^error: savepoint needs Node 22\.19 or newer, this is v20\.11\.0: [^\n]+\n$/);
    strictEqual((JSON.parse(stdout) as { error: { code: string } }).error.code, 'NODE_TOO_OLD');
  });

  it('says that savepoint.json has a mistake, and where, and goes on', async () => {
    const { savepoint } = await cliProject({
      'data/app.db': database(),
      'savepoint.json': '{\n  "retention": { "keepLast": "many" }\n}\n',
    });
    const { code, stderr } = savepoint('detect');
    strictEqual(code, 0);
    match(stderr, /^warning: savepoint\.json, line 2, column 30: [^\n]+\n$/);
  });
});
