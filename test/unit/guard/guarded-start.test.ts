// How shells are started with the hook; the real ones are started by test/vscode/guard.

import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import { guardedStart, shellName } from '../../../src/core/guard/shells/guarded-start.ts';

const place = {
  folder: "/s/o'neil",
  program: { words: ['/s/bin/savepoint'], isElectron: false },
  isLogin: false,
  zdotdir: '/home/me/.zsh',
  integration: (file: string) => `/editor/${file}`,
};

describe('guardedStart', () => {
  it('knows a shell by its path', () => {
    deepStrictEqual(
      ['/usr/bin/zsh', String.raw`C:\Program Files\PowerShell\7\pwsh.exe`, 'bash'].map(shellName),
      ['zsh', 'pwsh', 'bash'],
    );
  });

  it('has nothing for a shell without a hook', () => {
    strictEqual(guardedStart('/bin/tcsh', place), undefined);
  });

  it("runs the user's own start file before the hook, and the editor's script after it", () => {
    const start = guardedStart('/bin/bash', place);
    deepStrictEqual(start?.args, ['--init-file', "/s/o'neil/init.bash"]);
    const text = start.files['init.bash'] ?? '';
    const places = ['. ~/.bashrc', "'/s/bin/savepoint' guard", 'shellIntegration-bash.sh'];
    const found = places.map((part) => text.indexOf(part));
    ok(
      found.every((at, index) => at > (found[index - 1] ?? -1)),
      String(found),
    );
  });

  it('reads what a login shell reads where terminals start those', () => {
    const text = guardedStart('/bin/bash', { ...place, isLogin: true })?.files['init.bash'] ?? '';
    match(text, /\/etc\/profile[^]*\.bash_profile[^]*\.bash_login[^]*\.profile/);
    deepStrictEqual(guardedStart('/bin/zsh', { ...place, isLogin: true })?.args, ['-l']);
  });

  it("keeps the user's own folder of start files for zsh", () => {
    const start = guardedStart('/bin/zsh', place);
    deepStrictEqual(start?.env, { ZDOTDIR: "/s/o'neil", SAVEPOINT_ZDOTDIR: '/home/me/.zsh' });
    deepStrictEqual(Object.keys(start.files), ['.zshenv', '.zprofile', '.zshrc', '.zlogin']);
  });

  it('starts pwsh and fish with a file of ours, quoted for each', () => {
    deepStrictEqual(guardedStart('pwsh', place)?.args, [
      '-NoExit',
      '-Command',
      ". '/s/o''neil/init.ps1'",
    ]);
    deepStrictEqual(guardedStart('/usr/bin/fish', place)?.args, [
      '--init-command',
      String.raw`source '/s/o'\''neil/init.fish'`,
    ]);
  });
});
