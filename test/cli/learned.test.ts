// The guard learns in real shells: a command that no rule knows changes data, and is saved before from
// then on, until a person takes it out.

import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startHookedShell, type HookedShell, type ShellKind } from '../support/hooked-shell.ts';
import { needs } from '../support/needs.ts';
import { until } from '../support/until.ts';

interface Learned {
  readonly command: string;
  readonly changed: string;
  readonly lastAt: string;
  readonly times: number;
}

const shells: readonly ShellKind[] = [
  {
    name: 'bash',
    startFile: '.bashrc',
    own: "PS1='[$?]$ '\nHISTCONTROL=ignoreboth\nHISTFILE=~/history\nPATH=~/bin:$PATH\n",
    command: (home) => `bash --noprofile --rcfile ${home}/.bashrc -i`,
  },
  {
    name: 'zsh',
    startFile: '.zshrc',
    own: "PS1='[%?]$ '\nsetopt hist_ignore_space\nHISTFILE=~/history SAVEHIST=100\nPATH=~/bin:$PATH\n",
    command: (home) => `ZDOTDIR=${home} zsh -d -i`,
  },
  {
    name: 'fish',
    startFile: 'init.fish',
    own: "function fish_prompt; printf '[%s]$ ' $status; end\nset -g fish_greeting\nset -gx PATH ~/bin $PATH\n",
    command: (home) => `fish --no-config --init-command 'source ${home}/init.fish'`,
  },
];

const learnedOf = ({ project }: HookedShell): readonly Learned[] =>
  (project.json(0, 'doctor') as { readonly learned: readonly Learned[] }).learned;

/** Test runners, which every rule thinks harmless: two that change data, one that only reads. */
function addRunners({ home }: HookedShell): void {
  const programs = {
    vitest: '#!/bin/sh\ndate >data/made-by-tests\n',
    pytest: '#!/bin/sh\ndate >data/made-by-pytest\n',
    // As one who reads a database in WAL mode.
    jest: '#!/bin/sh\n: >data/app.db-shm\ncat data/f2 >/dev/null\nrm data/app.db-shm\ndate >here\n',
  };
  mkdirSync(join(home, 'bin'));
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(home, 'bin', name), text);
    chmodSync(join(home, 'bin', name), 0o755);
  }
}

for (const kind of shells) {
  describe(`what ${kind.name} sees of commands that change data`, () => {
    needs('tmux', kind.name === 'bash' ? 'tmux' : kind.name);

    let shell: HookedShell;
    beforeEach(async () => {
      shell = await startHookedShell(kind);
      addRunners(shell);
      shell.project.savepoint('snapshot');
    });
    afterEach(() => shell.end());

    it('is learned, saved before, and taken out again', async () => {
      const { project, type, guarded } = shell;
      await type('jest');
      strictEqual(await type('vitest run a.spec.ts'), '[0]$');
      await until('it is learned', () => learnedOf(shell).length > 0);
      deepStrictEqual(
        learnedOf(shell).map(({ command, changed }) => [command, changed]),
        [['vitest', 'made-by-tests']],
      );
      match(await type('vitest b.spec.ts'), /^savepoint: saved /);
      strictEqual(guarded().at(-1)?.command, 'vitest b.spec.ts');
      match(project.savepoint('doctor').stdout, /^✓ learned +vitest changed /m);
      strictEqual(project.savepoint('guard', '--forget', 'vitest run').code, 0);
      strictEqual(await type('vitest c.spec.ts'), '[0]$');
      deepStrictEqual(learnedOf(shell), []);
      const unknown = project.savepoint('guard', '--forget', 'jest');
      deepStrictEqual([unknown.code, unknown.stdout], [2, '']);
    }).timeout(90_000);

    it('is never learned nor saved before where savepoint.json takes it out', async () => {
      const { project, type, guarded } = shell;
      const config = '{ "dataDirs": [{ "path": "data" }], "guard": { "commands": ["!vitest *"] } }';
      writeFileSync(join(project.dir, 'savepoint.json'), config);
      const saved = guarded().length;
      await type('vitest');
      // What is learned after it: so it was looked at, and left alone.
      await type('pytest');
      await until('it is learned', () => learnedOf(shell).length > 0);
      deepStrictEqual(
        learnedOf(shell).map(({ command }) => command),
        ['pytest'],
      );
      strictEqual(await type('vitest'), '[0]$');
      strictEqual(guarded().length, saved);
    }).timeout(60_000);
  });
}
