import { strictEqual } from 'node:assert/strict';
import { join } from 'node:path';
import { ownCommand, type ProgramPlace } from '../../../src/cli/agents/own-command.ts';
import { isOwnCommand } from '../../../src/core/agents/hook-agents.ts';
import { file, tree } from '../../support/tree.ts';

const place: ProgramPlace = {
  env: { PATH: '/nowhere' },
  platform: 'linux',
  execPath: '/usr/bin/node',
  programFile: '/opt/savepoint/dist/cli.js',
  isElectron: false,
};

function check(changes: Partial<ProgramPlace>, expected: string): void {
  const command = ownCommand({ ...place, ...changes });
  strictEqual(command, expected);
  strictEqual(isOwnCommand(`${command} agent-hook cursor`), true);
}

describe('ownCommand', () => {
  it('is the name where the PATH leads to it', async () => {
    const bin = await tree({ savepoint: file('#!/bin/sh\n', { mode: 0o755 }) });
    check({ env: { PATH: `/nowhere:${bin}` } }, 'savepoint');
  });

  it('is no folder or file of that name that cannot be run', async () => {
    const bin = await tree({ 'a/savepoint/x': '', 'b/savepoint': file('', { mode: 0o644 }) });
    const PATH = `${join(bin, 'a')}:${join(bin, 'b')}`;
    check({ env: { PATH } }, '/usr/bin/node /opt/savepoint/dist/cli.js');
  });

  it('is this very program elsewhere, quoted, and as Node where it is an editor', () => {
    check({ programFile: "/opt/it's/cli.js" }, String.raw`/usr/bin/node '/opt/it'\''s/cli.js'`);
    const isElectron = true;
    check({ isElectron }, 'ELECTRON_RUN_AS_NODE=1 /usr/bin/node /opt/savepoint/dist/cli.js');
    const windows = {
      platform: 'win32',
      isElectron,
      execPath: String.raw`C:\Program Files\Code.exe`,
      programFile: String.raw`C:\x y\cli.js`,
    } as const;
    check(
      windows,
      String.raw`set "ELECTRON_RUN_AS_NODE=1" && "C:\Program Files\Code.exe" "C:\x y\cli.js"`,
    );
  });
});

describe('isOwnCommand', () => {
  it('knows other programs with a hook of that name', () => {
    strictEqual(isOwnCommand('other agent-hook claude-code'), false);
    strictEqual(isOwnCommand('echo savepoint'), false);
  });
});
