import { deepStrictEqual } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openGitIndex } from '../../../src/engine/detect/git-index.ts';
import { tree } from '../../support/tree.ts';

const kept = ['a.txt', 'src/deep/er/b.ts', 'src/deep/c.ts', 'uploads/.gitkeep', 'ümlaut/ß.txt'];
const others = ['uploads/pic.png', 'src/deep/er/new.ts', 'a.tx', 'deep', 'c.ts'];

describe('openGitIndex', () => {
  for (const version of [2, 3, 4]) {
    it(`knows what git keeps by an index of version ${version}`, async () => {
      const root = await work(version);
      const index = openGitIndex(join(root, 'src'), true);
      const told = [...kept, 'src', 'src/deep', 'uploads', ...others].map((path) => [
        path,
        index.keeps(join(root, path)),
      ]);
      deepStrictEqual(told, [
        ...[...kept, 'src', 'src/deep', 'uploads'].map((path) => [path, true]),
        ...others.map((path) => [path, false]),
      ]);
    });
  }

  it('may keep anything where the index is cut short', async () => {
    const root = await work(2);
    writeFileSync(join(root, '.git/index'), 'DIRC\0\0\0\x02\0\0\0\x09short');
    deepStrictEqual(openGitIndex(root, true).keeps(join(root, 'uploads/pic.png')), true);
  });

  it('keeps nothing where there is no work tree, or nothing was added', async () => {
    const root = await tree({ 'a.txt': 'x' });
    deepStrictEqual(openGitIndex(root, true).keeps(join(root, 'a.txt')), false);
    git(root, 'init', '-q');
    deepStrictEqual(openGitIndex(root, true).keeps(join(root, 'a.txt')), false);
  });
});

async function work(version: number): Promise<string> {
  const root = await tree(Object.fromEntries([...kept, ...others].map((path) => [path, 'x'])));
  git(root, 'init', '-q');
  git(root, 'config', 'index.version', String(version));
  git(root, 'add', '--', ...kept);
  if (version === 3) {
    // Only what is about to be added makes extended entries.
    git(root, 'add', '-N', 'src/deep/er/new.ts');
    git(root, 'rm', '-q', '--cached', 'src/deep/er/new.ts');
    git(root, 'update-index', '--skip-worktree', 'a.txt');
  }
  return root;
}

function git(cwd: string, ...args: readonly string[]): void {
  execFileSync('git', ['-c', 'core.quotePath=false', ...args], { cwd, stdio: 'ignore' });
}
