// `savepoint run` in a real terminal: job control, full-screen programs, the question before a command
// that nothing was saved for.

import { match, ok, strictEqual } from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cliFile, cliProject, type CliProject } from '../support/cli.ts';
import { needs } from '../support/needs.ts';
import { startTmux, type Tmux } from '../support/tmux.ts';

describe('savepoint run in a terminal', () => {
  let project: CliProject;
  let terminal: Tmux;

  needs('less', 'tmux', 'vim');

  beforeEach(async () => {
    const poem = Array.from({ length: 500 }, (_, line) => `line ${line + 1}`).join('\n');
    project = await cliProject({ data: { 'a.txt': 'a' }, 'poem.txt': poem, bin: {} });
    writeFileSync(join(project.dir, 'savepoint.json'), '{ "dataDirs": [{ "path": "data" }] }');
    const program = `#!/bin/sh\nexec '${process.execPath}' '${cliFile()}' "$@"\n`;
    writeFileSync(join(project.dir, 'bin/savepoint'), program, { mode: 0o755 });
    const path = `${join(project.dir, 'bin')}:${process.env['PATH'] ?? ''}`;
    terminal = startTmux(`PATH='${path}' PS1='$ ' bash --norc --noprofile -i`, {
      cwd: project.dir,
      env: project.env,
    });
    await terminal.until(/^\$/m);
  });

  afterEach(() => terminal.end());

  it('is stopped, continued and interrupted as the command itself', async () => {
    terminal.type('savepoint run -- sh -c "echo begun; exec sleep 1000"', 'Enter');
    await terminal.until(/^begun/m);
    terminal.type('C-z');
    await terminal.until(/Stopped +savepoint run/);
    terminal.type('clear; fg', 'Enter');
    await terminal.until(/^savepoint run/m);
    terminal.type('C-c');
    await terminal.until(/\^C\n\$ *\n*$/);
    terminal.type('echo "code $?"', 'Enter');
    await terminal.until(/^code 130$/m);
  });

  it('goes on in the background, and waits for input there, as the command does', async () => {
    terminal.type('savepoint run -- cat &', 'Enter');
    await terminal.until(/savepoint: saved/);
    terminal.type('Enter');
    await terminal.until(/Stopped +savepoint run -- cat/);
    terminal.type('fg', 'Enter', 'hello', 'Enter');
    await terminal.until(/^hello\nhello$/m);
    terminal.type('C-d');
    await terminal.until(/^hello\n\$ *\n*$/m);
  });

  it('leaves the whole screen to less, also when the window changes', async () => {
    terminal.type('savepoint run -- less poem.txt', 'Enter');
    await terminal.until(/^line 29$/m);
    terminal.type('G');
    await terminal.until(/^line 500$/m);
    terminal.resize(60, 12);
    terminal.type('g');
    const shown = await terminal.until(/^line 11\n(?!line 12)/m);
    ok(shown.startsWith('line 1\n'));
    terminal.type('q', 'echo "code $?"', 'Enter');
    await terminal.until(/^code 0$/m);
  });

  it('leaves the whole screen and the keyboard to vim', async () => {
    terminal.type('savepoint run -- vim -u NONE -N note.txt', 'Enter');
    await terminal.until(/^~/m);
    terminal.type('ihello', 'C-v', 'Escape', 'Escape', ':wq', 'Enter');
    await terminal.until(/^savepoint: saved.*\n(?:.*\n)*\$ *$/m);
    strictEqual(readFileSync(join(project.dir, 'note.txt'), 'utf8'), 'hello\u001b\n');
  });

  it('asks on the terminal where nothing could be saved, whatever stdin is', async () => {
    writeFileSync(project.storeDir, 'a file where the store should be');
    terminal.type(
      'clear; echo piped | savepoint run -- sh -c "cat > ran"; echo "code $?"',
      'Enter',
    );
    const shown = await terminal.until(/\[y\/N\] $/m);
    match(shown, /^savepoint: NOT saved: /m);
    strictEqual(existsSync(join(project.dir, 'ran')), false);
    terminal.type('n', 'Enter');
    await terminal.until(/^code 3$/m);
    strictEqual(existsSync(join(project.dir, 'ran')), false);

    terminal.type(
      'clear; echo piped | savepoint run -- sh -c "cat > ran"; echo "code $?"',
      'Enter',
    );
    await terminal.until(/\[y\/N\] $/m);
    terminal.type('y', 'Enter');
    await terminal.until(/^code 0$/m);
    strictEqual(readFileSync(join(project.dir, 'ran'), 'utf8'), 'piped\n');
  });

  it('runs nothing where the question is answered with Ctrl+C', async () => {
    writeFileSync(project.storeDir, 'a file where the store should be');
    terminal.type('savepoint run -- touch ran; echo "code $?"', 'Enter');
    await terminal.until(/\[y\/N\] $/m);
    terminal.type('C-c');
    await terminal.until(/Cancelled, nothing was changed\n/);
    strictEqual(existsSync(join(project.dir, 'ran')), false);
  });
});
