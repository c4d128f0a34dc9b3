import { deepStrictEqual } from 'node:assert/strict';
import { branchOfHead, linkedGitDir } from '../../../src/core/guard/git-head.ts';

describe("git's own small files", () => {
  it('name the branch that is checked out, if one is', () => {
    deepStrictEqual(
      ['ref: refs/heads/feature/x\n', 'ref: refs/heads/main\r\n', `${'a'.repeat(40)}\n`, ''].map(
        branchOfHead,
      ),
      ['feature/x', 'main', null, null],
    );
  });

  it('lead from a worktree to its repository', () => {
    deepStrictEqual(
      ['gitdir: /p/.git/worktrees/w\n', 'gitdir: ../.git/modules/m', 'no'].map(linkedGitDir),
      ['/p/.git/worktrees/w', '../.git/modules/m', null],
    );
  });
});
