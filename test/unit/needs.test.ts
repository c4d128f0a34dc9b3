// Every program that a suite starts is asked for in that suite: read from the sources, so that it shows
// on machines that have them all. A program inside a line for a shell is seen where the table of
// support/needs.ts has it; of any other only a machine without it can tell.

import { deepStrictEqual } from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../../scripts/setup.mjs';
import { programs, type ProgramName } from '../support/needs.ts';

/** What CONTRIBUTING.md asks for, and what every Unix has. */
const bare = 'bash chmod git mkfifo mount npm /bin/sh script sh umount'.split(' ');

/** Names that stand in a file without being started there. */
const onlyNamed: Readonly<Record<string, readonly string[]>> = {
  'test/cli/agent-hook.test.ts': ['zsh'],
};

const names = Object.keys(programs) as readonly ProgramName[];

/** Ways to give a command to what starts it: a process, a terminal, the command line. */
const starters = /'node:child_process'|from 'vscode'|support\/(?:agent-hooks|cli|tmux)\.ts'/;

/** What is wrong with a source, a line each. */
function findings(file: string, text: string, asked: readonly string[] = asksOf(text)): string[] {
  const code = text.replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, '');
  const started = [...code.matchAll(startCall)].map(([, first = '']) => first.trim());
  const unnamed = started.filter((first) => first !== 'process.execPath' && !isText(first));
  const unknown = started
    .filter(isText)
    .map((first) => first.slice(1, -1))
    .filter((name) => !bare.includes(name) && !(name in programs));
  const named = starters.test(code) ? names.filter((name) => hasWord(code, name)) : [];
  const unasked = named.filter(
    (name) => !asked.includes(name) && onlyNamed[file]?.includes(name) !== true,
  );
  return [
    ...unnamed.map((first) => `${file} starts ${first}: which program that is cannot be read`),
    ...unknown.map((name) => `${file} starts ${name}, which is not in support/needs.ts`),
    ...unasked.map((name) => `${file} starts ${name} and does not ask for it`),
  ];
}

const startCall =
  /(?<![.\w])(?:spawn|spawnSync|exec|execSync|execFile|execFileSync|fork|promisify\(\w+\))\(\s*([^,)]+)/g;

function isText(argument: string): boolean {
  return /^(['"`])[^$]*\1$/.test(argument);
}

function hasWord(code: string, word: string): boolean {
  return new RegExp(String.raw`(?<![\w-])${word}(?![\w-])`).test(code);
}

function asksOf(text: string): readonly string[] {
  const calls = [...text.matchAll(/\bneeds(?:\(|: \[)([^)\]]*)[)\]]/g)];
  return calls.flatMap(([, list = '']) => [...list.matchAll(/'(\w+)'/g)].map(([, name]) => name!));
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** Those of a test in VS Code are asked for by its scenario, before VS Code starts. */
function asksFor(file: string): readonly string[] {
  const isInVscode = file.startsWith('test/vscode/');
  return asksOf(read(isInVscode ? join(dirname(file), 'scenario.ts') : file));
}

describe('programs that tests start', () => {
  const files = globSync('test/**/*.ts', { cwd: root })
    .filter((file) => !/needs(?:\.test)?\.ts$/.test(file))
    .toSorted();
  const tests = files.filter((file) => !file.startsWith('test/support/'));
  const support = files.filter((file) => file.startsWith('test/support/'));

  it('are asked for in the suite that starts them', () => {
    deepStrictEqual(
      tests.flatMap((file) => findings(file, read(file), asksFor(file))),
      [],
    );
  });

  it('are known where support starts them for a suite, which names them by importing it', () => {
    deepStrictEqual(
      support.flatMap((file) => findings(file, read(file), names)),
      [],
    );
  });

  it('are no longer in the table when nobody asks for them', () => {
    const asked = new Set(tests.flatMap(asksFor));
    deepStrictEqual(
      names.filter((name) => !asked.has(name)),
      [],
    );
  });

  it('are seen in calls, in tables of names and in lines for shells', () => {
    const imports = "import { spawnSync } from 'node:child_process';\n";
    const found = (code: string) => findings('a.test.ts', imports + code);
    const unasked = ['a.test.ts starts zsh and does not ask for it'];
    deepStrictEqual(found(`spawnSync('zsh', ['-f'])`), unasked);
    deepStrictEqual(found(`const shells = { bash: [], zsh: ['-f'] };`), unasked);
    deepStrictEqual(found(`spawnSync('sh', ['-c', 'true; zsh -c exit'])`), unasked);
    deepStrictEqual(found(`// zsh\nneeds('zsh');\nspawnSync('/bin/sh', ['-c', 'zsh'])`), []);
    deepStrictEqual(found(`// not zsh\nspawnSync(process.execPath, ['zshrc'])`), []);
    deepStrictEqual(found(`spawnSync('jq', [])`), [
      'a.test.ts starts jq, which is not in support/needs.ts',
    ]);
    deepStrictEqual(found('spawnSync(\n  shell, [])'), [
      'a.test.ts starts shell: which program that is cannot be read',
    ]);
    deepStrictEqual(findings('a.test.ts', `terminalOf('/usr/bin/zsh')`), []);
  });
});
