// The hook of `shell-init` in real shells: what is typed is saved before, and nothing else changes.

import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cliFile, cliProject, runCli, type CliProject } from '../support/cli.ts';
import { startHookedShell, type HookedShell, type ShellKind } from '../support/hooked-shell.ts';
import { needs } from '../support/needs.ts';
import { startTmux, type Tmux } from '../support/tmux.ts';

interface Shell extends ShellKind {
  readonly saveHistory: string;
  /** A line that shows what the user runs before each command, and what it shows. */
  readonly showTrap: string;
  readonly trap: RegExp;
}

const shells: readonly Shell[] = [
  {
    name: 'bash',
    startFile: '.bashrc',
    own: `PS1='[$?]$ '
HISTCONTROL=ignoreboth
HISTFILE=~/history
PROMPT_COMMAND='echo prompt >>~/prompts'
trap 'echo trap >>~/traps' DEBUG
alias wipe='rm -rf'
`,
    command: (home) => `bash --noprofile --rcfile ${home}/.bashrc -i`,
    saveHistory: 'history -w ~/history',
    showTrap: 'trap -p DEBUG',
    trap: /^trap -- 'echo trap >>~\/traps' DEBUG$/m,
  },
  {
    name: 'zsh',
    startFile: '.zshrc',
    own: `PS1='[%?]$ '
setopt hist_ignore_space inc_append_history
IFS=,
HISTFILE=~/history SAVEHIST=100
precmd() { echo prompt >>~/prompts }
preexec() { echo trap >>~/traps }
alias wipe='rm -rf'
`,
    command: (home) => `ZDOTDIR=${home} zsh -d -i`,
    saveHistory: 'fc -W ~/history',
    showTrap: 'which preexec',
    trap: /echo trap >>/,
  },
];

for (const shell of shells) {
  describe(`the hook of ${shell.name}`, () => {
    let opened: HookedShell;
    let project: CliProject;
    let terminal: Tmux;
    let home: string;
    let type: HookedShell['type'];
    let linesOf: HookedShell['linesOf'];
    let guarded: HookedShell['guarded'];

    needs('tmux', 'zsh');

    beforeEach(async () => {
      opened = await startHookedShell(shell);
      ({ project, terminal, home, type, linesOf, guarded } = opened);
    });

    afterEach(() => opened.end());

    it('saves before the first effect of a typed command, 20 of 20', async () => {
      for (let index = 0; index < 20; index += 1) await type(`rm data/f${index}`);
      deepStrictEqual(
        guarded().map(({ files, command }) => [files, command]),
        Array.from({ length: 20 }, (_, index) => [20 - index, `rm data/f${index}`]),
      );
      deepStrictEqual(readdirSync(join(project.dir, 'data')), []);
    }).timeout(90_000);

    it('tells it in one line above the command’s own output, and nothing for what is harmless', async () => {
      match(
        await type('rm -v data/f1'),
        /^savepoint: saved \S+, undo: savepoint restore \w+\nremoved 'data\/f1'\n\[0\]\$$/,
      );
      strictEqual(await type('echo rm -rf data'), 'rm -rf data\n[0]$');
      strictEqual(await type('rm -f nothing'), '[0]$');
      strictEqual(await type('ls data | wc -l'), '19\n[0]$');
      strictEqual(guarded().length, 1);
    });

    it('sees what is typed in a subshell, a loop, a pipe, behind an alias or a space', async () => {
      const lines = [
        '(rm data/f1)',
        'for f in data/f2; do rm $f; done',
        'ls data/f3 | xargs rm',
        'wipe data/f4',
        ' rm data/f5',
        'cd data && rm f6; cd ..',
        'sh -c "rm data/f7"',
        ': > data/f8',
      ];
      for (const line of lines) await type(line);
      deepStrictEqual(
        guarded().map(({ files }) => files),
        [20, 19, 18, 17, 16, 15, 14, 13],
      );
    }).timeout(180_000);

    it('knows what a variable of the shell stands for', async () => {
      for (const line of ['place=data/f1', 'rm $place', 'place=elsewhere', 'rm -f ${place}/f2'])
        await type(line);
      deepStrictEqual(
        guarded().map(({ command }) => command),
        ['rm $place'],
      );
    });

    it('leaves the exit status, the history and what the user runs at a prompt as they are', async () => {
      strictEqual(await type('false'), '[1]$');
      strictEqual(await type('rm none 2>/dev/null'), '[1]$');
      terminal.type('clear', 'Enter', '(exit 7)', 'Enter', 'echo "code $?"; rm data/f1', 'Enter');
      await terminal.until(/^code 7$/m);
      await type(' echo hidden; rm data/f2');
      const before = linesOf('traps');
      await type('true');
      deepStrictEqual([linesOf('traps') > before, linesOf('prompts') > 5], [true, true]);
      await type(shell.saveHistory);
      const history = readFileSync(join(home, 'history'), 'utf8');
      ok(history.includes('echo "code $?"; rm data/f1'));
      ok(!history.includes('hidden'));
      match(await type(shell.showTrap), shell.trap);
    });

    it('keeps the line from running where savepoint.json says stop and nothing could be saved', async () => {
      const config = '{ "dataDirs": [{ "path": "data" }], "guard": { "onFailure": "stop" } }';
      writeFileSync(join(project.dir, 'savepoint.json'), config);
      writeFileSync(project.storeDir, 'a file where the store should be');
      match(await type('rm data/f1'), /savepoint: NOT saved: .*was not run\./s);
      strictEqual(readdirSync(join(project.dir, 'data')).length, 20);
    });

    it('asks for what savepoint.json adds', async () => {
      const config = '{ "dataDirs": [{ "path": "data" }], "guard": { "commands": ["touch *"] } }';
      writeFileSync(join(project.dir, 'savepoint.json'), config);
      match(await type('touch data/new'), /^savepoint: saved /);
    });
  });
}

describe('the hook of fish', () => {
  needs('tmux', 'fish');

  it('saves before lines that name the data, by a variable of the shell too', async () => {
    const { type, guarded, end } = await startHookedShell({
      name: 'fish',
      startFile: 'init.fish',
      own: "function fish_prompt; printf '[%s]$ ' $status; end\nset -g fish_greeting\n",
      command: (home) => `fish --no-config --init-command 'source ${home}/init.fish'`,
    });
    try {
      for (const line of [
        'ls data',
        'set place data',
        ' rm $place/f1',
        'for f in data/f2; rm $f; end',
      ])
        await type(line);
      deepStrictEqual(
        guarded().map(({ files, command }) => [files, command?.trim()]),
        [
          [20, 'rm $place/f1'],
          [19, 'for f in data/f2; rm $f; end'],
        ],
      );
    } finally {
      end();
    }
  }).timeout(30_000);
});

describe('savepoint shell-init', () => {
  needs('tmux');

  it('tells in one line that a shell it does not know is not guarded, and prints no hook', () => {
    deepStrictEqual(runCli(['shell-init', '/usr/bin/tcsh']), {
      code: 0,
      stdout: '',
      stderr: 'savepoint: tcsh is not guarded here; use savepoint run -- COMMAND\n',
    });
  });

  it('prints for pwsh a handler of the Enter key that calls the program with the line', () => {
    const { stdout } = runCli(['shell-init', 'pwsh']);
    match(stdout, /Set-PSReadLineKeyHandler -Key Enter/);
    match(stdout, /guard --shell pwsh --line \$line/);
    ok(!/@[A-Z]+@/.test(stdout));
  });

  it('takes a second hook in the same shell for the first', async () => {
    const project = await cliProject({});
    const hook = `eval "$('${process.execPath}' '${cliFile()}' shell-init bash)"\n`;
    const rc = join(project.dir, 'rc');
    writeFileSync(rc, `PS1='$ '\n${hook}${hook}`);
    const terminal = startTmux(`bash --noprofile --rcfile ${rc} -i`, {
      cwd: project.dir,
      env: project.env,
    });
    try {
      await terminal.until(/\$ /);
      terminal.type('clear; echo "$PS0"', 'Enter');
      await terminal.until(/^\$\(_savepoint_before\)\$\{\w+\[[^\]]+\]-\}$/m);
    } finally {
      terminal.end();
      rmSync(rc);
    }
  });
});
