// What the hook of a shell costs: at each prompt where nothing is destructive, and at one with a line
// that is longer than anybody types. Lines through a shell with it and without, in a project whose data is
// watched: behind each line the hook looks whether any of it changed.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measure, run, type Command } from './measure.ts';
import { medianOf, type Results } from './results.ts';
import { makeProject } from './sample-data.ts';
import { firstLineOf } from './tools/tool.ts';

const prompts = 400;
const runs = 5;

const shells = [
  {
    row: 'prompt-bash',
    longRow: 'long-bash',
    name: 'bash',
    file: 'rc',
    // As Debian's start file has it: what costs most.
    own: 'HISTCONTROL=ignoreboth\nHISTFILE=/dev/null\n',
    start: (dir: string) => `bash --noprofile --rcfile ${dir}/rc -i`,
  },
  {
    row: 'prompt-zsh',
    longRow: 'long-zsh',
    name: 'zsh',
    file: '.zshrc',
    own: '',
    start: (dir: string) => `ZDOTDIR=${dir} zsh -d -i`,
  },
] as const;

type Shell = (typeof shells)[number];

/** Adds milliseconds a prompt, one sample a run; nothing for a shell that is not installed. */
export function measurePrompts(
  cli: string,
  folder: string,
  column: string,
  results: Results,
): void {
  makeProject(folder, 0.1);
  run({
    argv: [process.execPath, cli, 'snapshot'],
    cwd: folder,
    env: { HOME: folder, SAVEPOINT_STORE: storeOf(folder) },
  });
  const harmless = Array.from(
    { length: prompts },
    (_, at) => `value=${at} as=harmless as=it gets=\n`,
  );
  const lines = fileOf(folder, 'lines', harmless.join(''));
  const long = fileOf(folder, 'long', `echo ${'a '.repeat(50_000)}\n`);
  for (const shell of shells) {
    if (firstLineOf(shell.name, '--version') === null) continue;
    const hook = run({ argv: [process.execPath, cli, 'shell-init', shell.name] });
    const plain = startOf(shell, folder, 'plain', '');
    const hooked = startOf(shell, folder, 'hooked', hook);
    const add = (row: Shell['row'] | Shell['longRow'], typed: string, count: number): void => {
      const base = medianOf(Array.from({ length: runs }, () => measure(plain(typed)).seconds));
      for (let at = 0; at < runs; at += 1)
        results.add(row, column, ((measure(hooked(typed)).seconds - base) * 1000) / count);
    };
    add(shell.row, lines, prompts);
    add(shell.longRow, long, 1);
  }
}

function fileOf(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** How that shell is started with a file as what is typed. */
function startOf(
  { name, file, own, start }: Shell,
  folder: string,
  part: string,
  hook: string,
): (typed: string) => Command {
  const dir = join(folder, `${name}-${part}`);
  mkdirSync(dir, { recursive: true });
  fileOf(dir, file, own + hook);
  return (typed) => ({
    argv: ['sh', '-c', `${start(dir)} <'${typed}' >/dev/null 2>&1`],
    cwd: folder,
    env: { HOME: folder, SAVEPOINT_STORE: storeOf(folder) },
  });
}

/** Beside the folder: its data alone is watched. */
function storeOf(folder: string): string {
  return `${folder}-store`;
}
