// The promise of the guard, with real commands over random trees: what a command destroyed and git does
// not hold is back, byte for byte, after the undo that the guard's line names, or the guard said that it
// is not saved. SAVEPOINT_LONG=1 runs many more.

import fc from 'fast-check';
import { deepStrictEqual } from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import type { NotSaved } from '../../src/core/documents/not-saved.ts';
import { isWithin } from '../../src/core/names.ts';
import { quietCall, tempFolder, testProject } from '../support/project.ts';
import { database, rows } from '../support/sqlite.ts';
import type { Tree } from '../support/tree.ts';

const runs = { numRuns: process.env['SAVEPOINT_LONG'] === undefined ? 25 : 1000 };

const paths = [
  'a.txt',
  'b.log',
  '.hidden',
  'notes/one.txt',
  'notes/two.log',
  'notes/deep/three.txt',
  'notes/deep/ four',
  'lib rary/five.txt',
  "lib rary/it's",
  'lib rary/ü.txt',
  'odd/line\nbreak',
  'odd/[x].txt',
  'data/uploads/six.txt',
  'data/uploads/seven.log',
] as const;

const folders = ['notes', 'notes/deep', 'lib rary', 'odd', 'data/uploads', 'data', '.'] as const;

const file = fc.constantFrom(...paths);
const folder = fc.constantFrom(...folders);
const either = fc.oneof(
  file,
  folder.filter((path) => path !== '.'),
);

/** As a shell reads it. */
function quoted(path: string): string {
  return `'./${path.replaceAll("'", String.raw`'\''`)}'`;
}

/** As Python and JavaScript read it. */
function inCode(path: string): string {
  return JSON.stringify(path).replaceAll("'", String.raw`'\''`);
}

/** Programs that are here, with the lines that destroy by them. */
const kinds: readonly (readonly [string, fc.Arbitrary<string>])[] = [
  ['rm', either.map((path) => `rm -rf ${quoted(path)}`)],
  [
    'rm',
    fc
      .array(either, { minLength: 1, maxLength: 3 })
      .map((all) => `rm -r ${all.map(quoted).join(' ')}`),
  ],
  ['rm', fc.constantFrom('rm *.txt *.log', 'rm -rf notes/*', 'rm -f */*.txt', 'rm -rf * .hidden')],
  ['rm', folder.map((path) => `cd ${quoted(path)} && rm -rf ./*`)],
  ['rm', fc.constant('for f in notes/*; do rm -rf "$f"; done')],
  ['mv', fc.tuple(file, file).map(([from, to]) => `mv ${quoted(from)} ${quoted(to)}`)],
  ['mv', fc.tuple(file, folder).map(([from, to]) => `mv ${quoted(from)} ${quoted(to)}/`)],
  ['cp', fc.tuple(file, file).map(([from, to]) => `cp ${quoted(from)} ${quoted(to)}`)],
  ['cp', fc.tuple(folder, folder).map(([from, to]) => `cp -r ${quoted(from)}/. ${quoted(to)}/`)],
  ['find', folder.map((path) => `find ${quoted(path)} -name '*.txt' -delete`)],
  ['find', folder.map((path) => `find ${quoted(path)} -mindepth 1 -not -name '*.txt' -delete`)],
  ['find', folder.map((path) => `find ${quoted(path)} -type f -exec rm {} +`)],
  ['find', folder.map((path) => `find ${quoted(path)} -type f -print0 | xargs -0 rm -f`)],
  ['xargs', fc.constant("printf 'a.txt\\nnotes/one.txt\\n' | xargs rm -f")],
  ['truncate', file.map((path) => `truncate -s 0 ${quoted(path)}`)],
  ['echo', file.map((path) => `echo new > ${quoted(path)}`)],
  ['tee', file.map((path) => `echo new | tee ${quoted(path)}`)],
  ['dd', file.map((path) => `dd if=/dev/null of=${quoted(path)} status=none`)],
  ['sed', file.map((path) => `sed -i 's/./y/g' ${quoted(path)}`)],
  [
    'rsync',
    fc.tuple(folder, folder).map(([a, b]) => `rsync -a --delete ${quoted(a)}/ ${quoted(b)}/`),
  ],
  [
    'git',
    fc.constantFrom(
      'git clean -fdxq',
      'git clean -fdq',
      'git checkout -q .',
      'git reset -q --hard',
    ),
  ],
  ['python3', folder.map((path) => `python3 -c 'import shutil; shutil.rmtree(${inCode(path)})'`)],
  ['python3', file.map((path) => `python3 -c 'open(${inCode(path)}, "w").write("x")'`)],
  [
    'node',
    either.map((path) => `node -e 'require("fs").rmSync(${inCode(path)}, {recursive: true})'`),
  ],
  ['sqlite3', fc.constantFrom("sqlite3 data/app.db 'delete from t'", 'rm -f data/app.db')],
];

const here = kinds.filter(
  ([program]) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0,
);

const line = fc
  .array(fc.oneof(...here.map(([, lines]) => lines)), { minLength: 1, maxLength: 2 })
  .map((all) => all.map((one) => `(${one})`).join('; '));

const scene = fc.record({
  there: fc.subarray([...paths], { minLength: 4 }),
  tracked: fc.subarray([...paths]),
  changed: fc.subarray([...paths]),
  line,
});

describe('what a command destroyed', function () {
  this.timeout(1_200_000);

  it('is back after the undo that the guard named, or the guard said that it is not saved', async () => {
    await fc.assert(
      fc.asyncProperty(scene, async ({ there, tracked, changed, line: typed }) => {
        const contents = new Map<string, string>(
          there.map((path) => [path, `content of ${path}\n`]),
        );
        const { project, dir } = await testProject({
          ...treeOf(contents),
          'data/app.db': database('CREATE TABLE t(a); INSERT INTO t VALUES (1), (2)'),
        });
        const kept = there.filter((path) => tracked.includes(path));
        git(dir, 'init', '-q');
        if (kept.length > 0) git(dir, 'add', '-f', '--', ...kept);
        git(dir, 'commit', '-q', '--allow-empty', '-m', 'x');
        for (const path of there.filter((one) => changed.includes(one))) {
          const content = `changed ${path}\n`;
          fs.writeFileSync(join(dir, path), content);
          contents.set(path, content);
        }
        const held = new Set<string>(kept.filter((path) => !changed.includes(path)));

        const match = await project.matchCommand({ command: typed, beside: 'in projects' });
        const saved = match.destructive
          ? await project.guard({ command: typed, match }, quietCall)
          : null;
        run(typed, dir);
        const left = new Set(readAll(dir).values());
        const destroyed = [...contents].filter(([, content]) => !left.has(content));
        const rowsLeft = rowsOf(dir);
        if (saved !== null) {
          const options = { snapshot: saved.id };
          const plan = await project.planRestore(options, quietCall);
          if (!plan.empty) await project.applyRestore(options, plan.token, quietCall);
        }

        const now = readAll(dir);
        const isTold = (path: string): boolean =>
          (saved?.notSaved ?? []).some((one) => tells(one, path));
        const lost = destroyed
          .filter(
            ([path, content]) => now.get(path) !== content && !held.has(path) && !isTold(path),
          )
          .map(([path]) => path);
        deepStrictEqual({ lost, rows: rowsOf(dir) }, { lost: [], rows: 2 }, `${typed} ${rowsLeft}`);
        await project.close();
      }),
      runs,
    );
  });
});

function tells({ path: told }: NotSaved, path: string): boolean {
  return told === null || isWithin(path, told);
}

function treeOf(contents: ReadonlyMap<string, string>): Tree {
  return Object.fromEntries(contents);
}

const home = tempFolder();

/** Nothing of the machine is within reach of what a command names by its home. */
function run(typed: string, dir: string): void {
  const env = { PATH: process.env['PATH'], HOME: home, XDG_DATA_HOME: home, LC_ALL: 'C.UTF-8' };
  spawnSync('bash', ['-c', typed], { cwd: dir, env, input: '' });
}

function git(dir: string, ...args: readonly string[]): void {
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@b.c', '-c', 'core.autocrlf=false'];
  execFileSync('git', [...who, ...args], { cwd: dir, stdio: 'ignore' });
}

/** Every file beside git's own, by path. */
function readAll(dir: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const visit = (folder: string): void => {
    for (const entry of fs.readdirSync(join(dir, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.name === '.git') continue;
      if (entry.isDirectory()) visit(path);
      else found.set(path, fs.readFileSync(join(dir, path), 'utf8'));
    }
  };
  visit('');
  return found;
}

function rowsOf(dir: string): number {
  const path = join(dir, 'data/app.db');
  if (!fs.existsSync(path)) return 0;
  return rows(path, 'SELECT * FROM t').length;
}
