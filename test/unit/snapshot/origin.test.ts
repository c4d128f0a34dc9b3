import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { readOrigin } from '../../../src/engine/snapshot/origin.ts';
import { tree } from '../../support/tree.ts';

function git(cwd: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.org'];
  return execFileSync('git', [...identity, '-c', 'init.defaultBranch=main', ...args], {
    cwd,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: cwd },
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
}

async function repository(): Promise<{ root: string; commit: string }> {
  const root = await tree({ 'main/a.txt': 'x' });
  const main = join(root, 'main');
  git(main, 'init');
  git(main, 'add', '.');
  git(main, 'commit', '-m', 'one');
  return { root: main, commit: git(main, 'rev-parse', 'HEAD') };
}

const nobody = { command: null, actor: null };

const here = { env: {}, trusted: true };

describe('readOrigin', () => {
  it('knows branch and commit of a repository, also from a folder in it', async () => {
    const { root, commit } = await repository();
    git(root, 'switch', '-c', 'feature/x');
    deepStrictEqual(readOrigin(root, here), { ...nobody, branch: 'feature/x', commit });
    deepStrictEqual(readOrigin(join(root, 'sub'), here), {
      ...nobody,
      branch: 'feature/x',
      commit,
    });
  });

  it('finds a commit that git packed away', async () => {
    const { root, commit } = await repository();
    git(root, 'pack-refs', '--all');
    deepStrictEqual(readOrigin(root, here), { ...nobody, branch: 'main', commit });
  });

  it('has no branch where the head is detached', async () => {
    const { root, commit } = await repository();
    git(root, 'checkout', '--detach');
    deepStrictEqual(readOrigin(root, here), { ...nobody, branch: null, commit });
  });

  it('has no commit where there is none yet', async () => {
    const root = await tree();
    git(root, 'init');
    deepStrictEqual(readOrigin(root, here), { ...nobody, branch: 'main', commit: null });
  });

  it('follows a linked work tree to its own branch', async () => {
    const { root, commit } = await repository();
    git(root, 'worktree', 'add', '-b', 'other', '../linked');
    deepStrictEqual(readOrigin(join(root, '../linked'), here), {
      ...nobody,
      branch: 'other',
      commit,
    });
  });

  const broken = {
    'no repository': {},
    'a .git file that names nothing': { '.git': 'gitdir: nowhere\n' },
    'a .git file that is something else': { '.git': 'x' },
    'a head that leads out of the repository': {
      '.git/HEAD': 'ref: refs/heads/../../secret\n',
      '.git/secret': 'a'.repeat(40),
    },
    'a repository of another format': { '.git/HEAD': 'ref: refs/heads/.invalid\n' },
  };
  for (const [what, files] of Object.entries(broken)) {
    it(`knows nothing of ${what}`, async () => {
      const root = await tree(files);
      deepStrictEqual(readOrigin(root, here), { ...nobody, branch: null, commit: null });
    });
  }

  const actors: [Record<string, string>, string | null][] = [
    [{}, null],
    [{ HOME: '/root', TERM_PROGRAM: 'vscode' }, null],
    [{ CLAUDECODE: '1' }, 'Claude Code'],
    [{ CLAUDE_CODE_ENTRYPOINT: 'cli' }, 'Claude Code'],
    [{ CLAUDE_CODE_SSE_PORT: '4711' }, null],
    [{ CURSOR_AGENT: '1' }, 'Cursor'],
    [{ CODEX_SANDBOX: 'seatbelt' }, 'Codex'],
    [{ GEMINI_CLI: '1' }, 'Gemini CLI'],
    [{ COPILOT_AGENT: '1' }, 'Copilot'],
    [{ COPILOT_AGENT: '' }, null],
    [{ GEMINI_CLI: '0' }, null],
  ];
  for (const [env, actor] of actors) {
    it(`says ${actor ?? 'a person'} where the environment has ${JSON.stringify(env)}`, async () => {
      strictEqual(readOrigin(await tree(), { env, trusted: true }).actor, actor);
    });
  }
});
