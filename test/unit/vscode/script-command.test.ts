import { deepStrictEqual } from 'node:assert/strict';
import { join } from 'node:path';
import { missingProgram } from '../../../src/vscode/guard/script-command.ts';
import { file, tree } from '../../support/tree.ts';

const program = process.platform === 'win32' ? 'savepoint.cmd' : 'savepoint';

describe('missingProgram', () => {
  it('is nothing where the script finds the command: on the PATH, beside it or above it', async () => {
    const dir = await tree({
      [`bin/${program}`]: file('', { mode: 0o755 }),
      [`app/node_modules/.bin/${program}`]: file('', { mode: 0o755 }),
      'app/packages/db/package.json': '{}',
      'other/package.json': '{}',
    });
    const inApp = ['app/package.json', 'app/packages/db/package.json'];
    deepStrictEqual(
      [
        ...(await Promise.all(inApp.map((path) => missingProgram(join(dir, path), [])))),
        await missingProgram(join(dir, 'other/package.json'), ['/nowhere', join(dir, 'bin')]),
        await missingProgram(join(dir, 'other/Makefile'), [join(dir, 'bin')]),
      ],
      [null, null, null, null],
    );
  });

  it('is told as the line that brings it, of the package manager that the project uses', async () => {
    const dir = await tree({
      'npm/package.json': '{}',
      'npm/.git/HEAD': '',
      'pnpm/pnpm-lock.yaml': '',
      'pnpm/package.json': '{}',
      [`make/node_modules/.bin/${program}`]: file('', { mode: 0o755 }),
      'make/Makefile': '',
    });
    const paths = ['npm/package.json', 'pnpm/package.json', 'make/Makefile'];
    deepStrictEqual(await Promise.all(paths.map((path) => missingProgram(join(dir, path), []))), [
      'npm install --save-dev savepoint',
      'pnpm add -D savepoint',
      'npm install --global savepoint',
    ]);
  });
});
