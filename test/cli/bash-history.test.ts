// The hook of bash where the history does not have the line that was typed: it is seen all the same, and
// never is another line taken for it.

import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startHookedShell, type HookedShell } from '../support/hooked-shell.ts';
import { needs } from '../support/needs.ts';

/** @param settings lines of the user's own start file, above the hook and below it */
async function bash(settings: string, ownBelow = ''): Promise<HookedShell> {
  return await startHookedShell({
    name: 'bash',
    startFile: '.bashrc',
    own: `PS1='[$?]$ '\nHISTFILE=~/history\n${settings}\n`,
    ownBelow,
    command: (home) => `bash --noprofile --rcfile ${home}/.bashrc -i`,
  });
}

/** The number of files that each snapshot has which the lines made. */
async function savedBefore(
  { type, guarded }: HookedShell,
  lines: readonly string[],
): Promise<readonly number[]> {
  for (const line of lines) await type(line);
  return guarded().map(({ files }) => files);
}

const compound = [
  'for name in f0; do rm "data/$name"; done',
  'ls data | grep f12 | sed s,^,data/, | xargs rm',
  'target=f4; { cd data; rm $target; cd ..; }',
  'wipe() { (rm data/f5); }; wipe',
];
const before = [20, 19, 18, 17];

describe('the hook of bash where the history leaves a line out', () => {
  needs('tmux');

  let shell: HookedShell;
  afterEach(() => shell.end());

  const settings = [
    ['HISTCONTROL=ignorespace', ' '],
    ['HISTCONTROL=ignoreboth:erasedups', ' '],
    ['HISTIGNORE="*data*:wipe*"', ''],
    ['HISTSIZE=0', ''],
    ['set +o history', ''],
    ["shopt -u promptvars; PS1='[0]$ '", ''],
    ["shopt -u promptvars cmdhist; PS1='[0]$ ' HISTCONTROL=ignoreboth", ' '],
  ] as const;
  for (const [setting, space] of settings) {
    it(`saves before compound lines: ${setting}`, async () => {
      shell = await bash(setting);
      const lines = compound.map((line) => space + line);
      deepStrictEqual(await savedBefore(shell, lines), before);
    }).timeout(60_000);
  }

  it('saves before each of equal lines, which the history has once', async () => {
    shell = await bash('HISTCONTROL=ignoreboth');
    const line = 'date +%N >data/f1';
    deepStrictEqual(await savedBefore(shell, [line, line, line]), [20, 20, 20]);
  });

  it('saves before a compound line that the history keeps as several', async () => {
    shell = await bash('shopt -u cmdhist');
    shell.terminal.type('for name in f7', 'Enter', 'do rm data/$name', 'Enter', 'done', 'Enter');
    await shell.terminal.until(/done\n[^]*\$ *\n*$/);
    deepStrictEqual(
      shell.guarded().map(({ command }) => command),
      ['for name in f7; do rm data/$name; done'],
    );
  });

  it('takes no other line for the one that was typed', async () => {
    for (const [setting, line] of [
      ['HISTCONTROL=ignoreboth:erasedups', ' du -s data'],
      ['HISTIGNORE="du *"', 'du -s data'],
      ["shopt -u promptvars; PS1='[0]$ ' HISTCONTROL=ignorespace", ' du -s data'],
    ] as const) {
      shell = await bash(setting);
      await shell.type('rm -f data/none');
      await shell.type('touch data/changed');
      const taken = shell.guarded().length;
      match(await shell.type(line), /^\d+ +data\n\[0\]\$$/);
      strictEqual(shell.guarded().length, taken, setting);
      shell.end();
    }
  }).timeout(60_000);

  it('keeps history, status and traps as they are, in functions and subshells too', async () => {
    shell = await bash(`HISTCONTROL=ignoreboth
trap 'echo "$BASH_COMMAND" >>~/traps' DEBUG
PROMPT_COMMAND='echo "$?" >>~/statuses'`);
    await shell.type(' show() { echo inside; }; show; (echo below); false');
    match(await shell.type('set -o | grep functrace'), /^functrace +off/);
    match(await shell.type('echo $-; trap -p DEBUG'), /^[a-zA-Z]*\ntrap -- 'echo "\$BASH_COMMAND"/);
    await shell.type('history -w ~/history');
    const read = (name: string): string => readFileSync(join(shell.home, name), 'utf8');
    const traps = read('traps').split('\n');
    ok(traps.includes('show') && !traps.includes('echo inside') && !traps.includes('echo below'));
    ok(!read('history').includes('show'));
    ok(read('statuses').split('\n').includes('1'));
  });

  it('asks a bounded number of times in a loop', async () => {
    shell = await bash('set +o history');
    await shell.type('for i in {1..30}; do : >"/dev/null"; done');
    strictEqual(shell.guarded().length, 1);
  }).timeout(60_000);

  it('says so once where the traps of the shell belong to another program', async () => {
    shell = await bash("HISTCONTROL=ignoreboth\ntrap 'true' RETURN");
    const said = 'lines that are not in the history are not guarded here';
    ok(shell.terminal.screen().includes(said));
    ok(!(await shell.type(' rm -f data/f1')).includes(said));
    await shell.type('rm data/f2');
    deepStrictEqual(
      shell.guarded().map(({ command }) => command),
      ['rm data/f2'],
    );
  });

  it('stays behind what sets traps at the prompt after it', async () => {
    shell = await bash(
      'HISTCONTROL=ignoreboth',
      `other() { trap 'echo other >>~/others' DEBUG; }\nPROMPT_COMMAND+=(other)\n`,
    );
    await shell.type('true');
    deepStrictEqual(await savedBefore(shell, [' (rm data/f1)', 'true', ' rm data/f2']), [20, 19]);
    strictEqual(await shell.type(' echo told'), 'told\n[0]$');
  });

  it('says so once where PROMPT_COMMAND was taken away', async () => {
    shell = await bash('HISTCONTROL=ignoreboth', 'unset PROMPT_COMMAND\n');
    match(await shell.type('true'), /^savepoint: PROMPT_COMMAND was replaced[^\n]*\n\[0\]\$$/);
    strictEqual(await shell.type('true again'), '[0]$');
    match(await shell.type('rm -v data/f1'), /^savepoint: saved /);
  });
});
