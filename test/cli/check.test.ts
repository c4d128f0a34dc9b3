// `savepoint check` from the outside.

import { deepStrictEqual, doesNotMatch, match, ok, strictEqual } from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckDocument } from '../../src/core/documents/documents.ts';
import { cliProject, type CliProject } from '../support/cli.ts';
import { database } from '../support/sqlite.ts';
import type { Tree } from '../support/tree.ts';

const names = Array.from({ length: 40 }, (_, i) => `photo-${i}-${(i * 7919).toString(36)}.jpg`);

function uploads(extra = ''): Tree {
  const values = names.map((name) => `('2024/${name}')`).join();
  return {
    'data/app.db': database(
      `CREATE TABLE uploads(id INTEGER PRIMARY KEY, path TEXT); INSERT INTO uploads(path) VALUES ${values};${extra}`,
    ),
    ...Object.fromEntries(names.map((name) => [`data/files/2024/${name}`, name])),
  };
}

const config = `{
  // Why these rules: see the wiki.
  "dataDirs": [{
    "path": "data",
    "references": [{ "database": "app.db", "table": "uploads", "path": "files/{path}", "covers": "files/**" }]
  }]
}
`;

async function sample(extra?: string): Promise<CliProject> {
  return await cliProject({ ...uploads(extra), 'savepoint.json': config });
}

describe('savepoint check', () => {
  it('exits with 0 and one line where all matches', async () => {
    const { savepoint } = await sample();
    const { code, stdout, stderr } = savepoint('check');
    strictEqual(code, 0);
    match(stdout, /^✓ No mismatches in 40 rows and 40 files \(\d+\.\d s\)\n$/);
    strictEqual(stderr, '');
  });

  it('exits with 1 where something does not, of live data and of a snapshot', async () => {
    const { savepoint, json, dir } = await sample();
    rmSync(join(dir, 'data/files/2024', names[3] ?? ''));
    writeFileSync(join(dir, 'data/files/stray'), 's');
    const { code, stdout } = savepoint('check');
    strictEqual(code, 1);
    deepStrictEqual(stdout.replace(/\d+\.\d s/, 'T').split('\n'), [
      `✗ uploads 4         no files/2024/${names[3] ?? ''}`,
      '! data/files/stray  no row',
      '1 error, 1 warning in 40 rows and 40 files (T)',
      'Full paths: savepoint check --json',
      '',
    ]);
    match(savepoint('snapshot').stdout, /^! 2 mismatches: savepoint check$/m);
    match(savepoint('list').stdout, / !2 /);
    rmSync(join(dir, 'data/files/stray'));
    match(savepoint('snapshot').stdout, /^! 1 mismatch: savepoint check$/m);
    rmSync(join(dir, 'data/files/2024', names[4] ?? ''));
    match(savepoint('snapshot').stdout, /^! 2 mismatches, 1 new: savepoint check$/m);
    const check = json(1, 'check', 'latest~2') as CheckDocument;
    deepStrictEqual(
      check.mismatches.map(({ kind, path }) => `${kind} ${path ?? ''}`),
      [`missing-file data/files/2024/${names[3] ?? ''}`, 'orphan-file data/files/stray'],
    );
    match(savepoint('diff', 'latest~2', 'latest').stdout, /mismatches 2 -> 2\n$/);
  });

  it('has the keys of the contract', async () => {
    const { json } = await sample("INSERT INTO uploads(path) VALUES ('gone')");
    const check = json(1, 'check') as CheckDocument;
    const { mismatches, diagnoses, rules, checkedRows, checkedFiles } = check;
    deepStrictEqual([diagnoses, checkedRows, checkedFiles], [[], 41, 40]);
    strictEqual(rules.length, 1);
    const [mismatch] = mismatches;
    deepStrictEqual(mismatch, {
      kind: 'missing-file',
      severity: 'error',
      database: 'data/app.db',
      table: 'uploads',
      key: { id: 41 },
      path: 'data/files/gone',
      rule: rules[0]?.id,
      detail: 'no files/gone',
    });
  });

  it('tells a wrong rule in one line with its place, and checks the others', async () => {
    const { savepoint, dir } = await sample();
    const wrong = '{ "database": "app.db", "table": "upload", "path": "files/{path}" }';
    writeFileSync(
      join(dir, 'savepoint.json'),
      config.replace('"references": [', `"references": [\n    ${wrong},\n    `),
    );
    const { code, stdout, stderr } = savepoint('check');
    strictEqual(code, 0);
    match(stdout, /^✓ No mismatches/);
    strictEqual(
      stderr,
      'warning: savepoint.json, line 6, column 38: no table "upload" in app.db\n',
    );
  });

  it('tells of a rule that leads out of the data directory', async () => {
    const { savepoint, dir } = await sample();
    const wrong = '{ "database": "app.db", "table": "uploads", "path": "../x/{path}" }';
    writeFileSync(
      join(dir, 'savepoint.json'),
      config.replace('"references": [', `"references": [\n    ${wrong},\n    `),
    );
    const { code, stderr } = savepoint('check');
    strictEqual(code, 0);
    match(
      stderr,
      /^warning: savepoint\.json, line 6, column 57: "\.\.\/x\/\{path\}" leads out of the data directory\n$/,
    );
  });

  it('finds the rule by itself, and writes it with the comments of the file kept', async () => {
    const { savepoint, json, dir } = await cliProject({
      ...uploads(),
      'savepoint.json': '{\n  // Ours.\n  "secrets": ["KEY"]\n}\n',
    });
    const found = json(0, 'check') as CheckDocument;
    deepStrictEqual(
      found.rules.map(({ origin, state, target }) => [origin, state, target]),
      [['inferred', 'checked', 'files/{path}']],
    );
    const { code, stdout } = savepoint('check', '--write-rules');
    strictEqual(code, 0);
    match(stdout, /^✓ Wrote 1 rule to savepoint\.json\n/);
    const text = readFileSync(join(dir, 'savepoint.json'), 'utf8');
    match(text, /\/\/ Ours\./);
    match(text, /files\/\{path\}/);
    const written = json(0, 'check') as CheckDocument;
    deepStrictEqual(
      written.rules.map(({ origin, state }) => [origin, state]),
      [['config', 'checked']],
    );
    strictEqual(written.rules[0]?.id, found.rules[0]?.id);
    match(savepoint('check', '--write-rules').stdout, /^No rule to write/);
  });

  const shop = async (): Promise<CliProject> => {
    const values = names.map((name) => `('/uploads/${name}')`).join();
    return await cliProject({
      'prisma/dev.db': database(
        `CREATE TABLE products(id INTEGER PRIMARY KEY, image TEXT); INSERT INTO products(image) VALUES ${values};`,
      ),
      ...Object.fromEntries(names.map((name) => [`public/uploads/${name}`, name])),
      '.env': 'UPLOAD_DIR=public/uploads\n',
    });
  };

  for (const [what, lose] of [
    ['deleted', (dir: string) => rmSync(dir, { recursive: true })],
    [
      'emptied',
      (dir: string) => {
        rmSync(dir, { recursive: true });
        mkdirSync(dir);
      },
    ],
  ] as const)
    it(`misses all files of a data directory that was ${what}, until a snapshot by hand`, async () => {
      const { savepoint, dir } = await shop();
      match(savepoint('snapshot').stdout, /40 files/);
      lose(join(dir, 'public/uploads'));
      const word = what === 'deleted' ? 'gone' : 'empty';
      const told = new RegExp(`public/uploads.*${word} since the newest snapshot`);
      match(savepoint('check').stdout, /^40 errors in 40 rows and 0 files/m);
      match(savepoint('detect').stdout, told);
      match(savepoint('doctor').stdout.replace(/\s+/g, ' '), told);
      strictEqual(savepoint('run', '--', 'true').code, 0);
      match(savepoint('check').stdout, /^40 errors/m, 'a snapshot that nobody asked for');
      strictEqual(savepoint('snapshot').code, 0);
      doesNotMatch(savepoint('detect').stdout, told);
      strictEqual(savepoint('restore', 'latest~2', '--yes').code, 0);
      match(savepoint('check').stdout, /^✓ No mismatches in 40 rows and 40 files/);
    });

  it('leads to the restore where all data is gone', async () => {
    const { savepoint, dir } = await sample();
    rmSync(join(dir, 'savepoint.json'));
    strictEqual(savepoint('snapshot').code, 0);
    rmSync(join(dir, 'data'), { recursive: true });
    const { code, stderr } = savepoint('check');
    strictEqual(code, 3);
    match(
      stderr,
      /"data" held some at the newest snapshot: savepoint restore latest brings it back/,
    );
    match(savepoint('doctor').stdout.replace(/\s+/g, ' '), /data \(gone since the newest snapshot/);
    strictEqual(savepoint('restore', 'latest', '--yes').code, 0);
    strictEqual(savepoint('check').code, 0);
  });

  it('tells of the data directories that are named', async () => {
    const { json, savepoint } = await cliProject({
      ...uploads(),
      'other/app.db': database("CREATE TABLE t(p); INSERT INTO t VALUES ('gone')"),
      'savepoint.json': JSON.stringify({
        dataDirs: [
          { path: 'data' },
          { path: 'other', references: [{ database: 'app.db', table: 't', path: '{p}' }] },
        ],
      }),
    });
    const count = (code: number, ...args: string[]): number =>
      (json(code, 'check', ...args) as CheckDocument).mismatches.length;
    deepStrictEqual([count(1), count(0, '--data', 'data'), count(1, '--data', 'other')], [1, 0, 1]);
    strictEqual(savepoint('check', '--data', 'nowhere').code, 2);
  });

  it('says that there is nothing to check', async () => {
    const { savepoint } = await cliProject({ 'data/app.db': database(), 'data/x.txt': 'x' });
    deepStrictEqual(savepoint('check'), {
      code: 0,
      stdout: 'Nothing to check: no rule ties rows to files here\n',
      stderr: '',
    });
  });

  it('refuses a project without data, and a snapshot that is not there, in one line', async () => {
    const { savepoint, dir } = await cliProject({ 'README.md': 'x' });
    const none = savepoint('check');
    strictEqual(none.code, 3);
    match(none.stderr, /^error: no data directory in .*\n$/);
    const unknown = savepoint('check', 'nope');
    strictEqual(unknown.code, 2);
    match(unknown.stderr, /^error: no snapshot "nope".*\n$/);
    ok(!existsSync(join(dir, 'savepoint.json')));
    doesNotMatch(none.stderr, /\n.+/);
  });
});
