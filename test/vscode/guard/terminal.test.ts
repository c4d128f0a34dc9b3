// The guarded terminal, with the shells that are there: a snapshot before what is typed has any effect.

import { ok, strictEqual } from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands, ConfigurationTarget, window, workspace, type Terminal } from 'vscode';
import type { SnapshotEntry } from '../../../src/core/documents/documents.ts';
import { guardedTerminalOptions, isGuarded } from '../../../src/vscode/guard/guarded-terminal.ts';
import { activated, savepoint, workspaceDir } from '../../support/extension.ts';
import { until } from '../../support/until.ts';

const times = process.env['SAVEPOINT_LONG'] === undefined ? 5 : 50;

const startFiles = {
  bash: ['.bashrc', 'alias wipe="rm -r"\nexport MINE=yes\n'],
  zsh: ['.zshrc', 'alias wipe="rm -r"\nexport MINE=yes\n'],
  fish: ['.config/fish/config.fish', 'alias wipe "rm -r"\nset -gx MINE yes\n'],
} as const;

for (const shell of ['bash', 'zsh', 'fish'] as const) {
  describe(`a guarded terminal with ${shell}`, () => {
    let home: string;
    let terminal: Terminal;

    before(async () => {
      home = mkdtempSync(join(tmpdir(), 'savepoint-home-'));
      const [name, text] = startFiles[shell];
      mkdirSync(join(home, name, '..'), { recursive: true });
      writeFileSync(join(home, name), text);
      const { launcher } = await activated();
      const options = await guardedTerminalOptions(launcher, `/usr/bin/${shell}`);
      strictEqual(options.name, `${shell} (guarded)`);
      terminal = window.createTerminal({ ...options, env: { ...options.env, HOME: home } });
    });

    after(() => {
      terminal.dispose();
      rmSync(home, { recursive: true, force: true, maxRetries: 20 });
    });

    it("runs the user's own start files, and knows the savepoint command", async () => {
      terminal.sendText(`echo "$MINE:$ZDOTDIR:$(savepoint --version)" >'${home}/told'`);
      const told = await until('the answer', () => read(join(home, 'told')), 30_000);
      const [mine, zdotdir, version] = told.trim().split(':');
      strictEqual(mine, 'yes');
      // The editor's own script says where the start files are, as in any of its terminals.
      ok(zdotdir === '' || zdotdir === home, zdotdir);
      ok(/\d+\.\d+\.\d+/.test(version ?? ''), told);
    });

    it('saves before what is typed has its first effect, each time', async function () {
      this.timeout(times * 10_000);
      const project = (await activated()).projects.at(workspaceDir());
      for (let turn = 1; turn <= times; turn += 1) {
        const folder = join(workspaceDir(), 'data/uploads');
        const path = join(folder, `${shell}-${turn}.txt`);
        mkdirSync(folder, { recursive: true });
        writeFileSync(path, `content ${turn}`);
        terminal.sendText(
          turn % 2 === 0 && shell !== 'fish' ? `wipe data/uploads` : `rm -rf ${folder}`,
        );
        await until('the command to run', () => !existsSync(folder), 30_000);
        const effectMs = statSync(join(workspaceDir(), 'data')).mtimeMs;
        const [newest] = JSON.parse(await savepoint('list', '--json')) as SnapshotEntry[];
        ok(newest !== undefined && Date.parse(newest.createdAt) <= effectMs, `turn ${turn}`);
        strictEqual(newest.reason, 'guard');
        const saved = await project.engine.readFile(newest.id, `data/uploads/${shell}-${turn}.txt`);
        strictEqual(saved.toString(), `content ${turn}`);
      }
    });
  });
}

describe('Open Guarded Terminal', () => {
  it('opens the shell of the user with its name', async () => {
    await activated();
    const before = new Set(window.terminals);
    await commands.executeCommand('savepoint.openGuardedTerminal');
    const opened = await until('it', () => window.terminals.find((one) => !before.has(one)));
    ok(/^\w+ \(guarded\)$/.test(opened.name), opened.name);
    opened.dispose();
  });
});

describe('the setting that makes Guarded the default terminal', () => {
  it('sets the default of the editor, and takes back only its own', async () => {
    const { statusItem } = await activated();
    const told = (text: RegExp) => until(String(text), () => text.test(statusItem.tooltip));
    const settings = workspace.getConfiguration();
    await told(/^Guarded: .*explorer; .*terminal not/m);
    const name = 'terminal.integrated.defaultProfile.linux';
    const current = () => workspace.getConfiguration().inspect(name)?.globalValue;
    await settings.update('savepoint.guard.terminalDefault', true, ConfigurationTarget.Global);
    await until('Guarded to be the default', () => current() === 'Guarded');
    await told(/^Guarded: .*explorer, terminal/m);
    const before = new Set(window.terminals);
    await commands.executeCommand('workbench.action.terminal.new');
    const opened = await until('it', () => window.terminals.find((one) => !before.has(one)));
    // A terminal of a profile gets its name a moment after it is there.
    await until('its name', () => /^\w+ \(guarded\)$/.test(opened.name));
    strictEqual(isGuarded(opened), true, JSON.stringify(opened.creationOptions));
    opened.dispose();
    await settings.update('savepoint.guard.terminalDefault', undefined, ConfigurationTarget.Global);
    await until('no default', () => current() === undefined);
  });
});

function read(path: string): string | false {
  return (
    existsSync(path) && readFileSync(path, 'utf8').includes('\n') && readFileSync(path, 'utf8')
  );
}
