// What the hook of a shell costs at each prompt where nothing is destructive: lines through a shell with
// it and without.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { measure, run, type Command } from './measure.ts';
import { medianOf, type Results } from './results.ts';
import { firstLineOf } from './tools/tool.ts';

const prompts = 400;
const runs = 5;

const shells = [
  {
    row: 'prompt-bash',
    name: 'bash',
    file: 'rc',
    start: (dir: string) => `bash --noprofile --rcfile ${dir}/rc -i`,
  },
  {
    row: 'prompt-zsh',
    name: 'zsh',
    file: '.zshrc',
    start: (dir: string) => `ZDOTDIR=${dir} zsh -d -i`,
  },
] as const;

/** Adds milliseconds a prompt, one sample a run; nothing for a shell that is not installed. */
export function measurePrompts(
  cli: string,
  folder: string,
  column: string,
  results: Results,
): void {
  const lines = join(folder, 'lines');
  mkdirSync(folder, { recursive: true });
  const typed = Array.from({ length: prompts }, (_, at) => `value=${at} as=harmless as=it gets=\n`);
  writeFileSync(lines, typed.join(''));
  for (const { row, name, file, start } of shells) {
    if (firstLineOf(name, '--version') === null) continue;
    const hook = run({ argv: [process.execPath, cli, 'shell-init', name] });
    // As Debian's start file has it: what costs most.
    const own = name === 'bash' ? 'HISTCONTROL=ignoreboth\nHISTFILE=/dev/null\n' : '';
    const command = (text: string, part: string): Command => {
      const dir = join(folder, `${name}-${part}`);
      mkdirSync(dir, { recursive: true });
      writeFileSync(join(dir, file), own + text);
      return {
        argv: ['sh', '-c', `${start(dir)} <'${lines}' >/dev/null 2>&1`],
        cwd: folder,
        env: { HOME: folder },
      };
    };
    const plain = command('', 'plain');
    const hooked = command(hook, 'hooked');
    const base = medianOf(Array.from({ length: runs }, () => measure(plain).seconds));
    for (let at = 0; at < runs; at += 1)
      results.add(row, column, ((measure(hooked).seconds - base) * 1000) / prompts);
  }
}
