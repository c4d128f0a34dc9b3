// What a command destroys beside the data: saved with the same snapshot, and brought back by restoring it.

import { deepStrictEqual, equal, ok } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import type { GuardDocument } from '../../../src/core/documents/guard.ts';
import type { RestorePlanDocument } from '../../../src/core/documents/documents.ts';
import { quietCall, testProject, type TestProject } from '../../support/project.ts';
import { database, rows, sqlite } from '../../support/sqlite.ts';
import { readTree, symlink, writeTree } from '../../support/tree.ts';

const data = { 'data/app.db': database('CREATE TABLE t(a); INSERT INTO t VALUES (1)') };

async function saved(
  { project }: TestProject,
  command: string,
): Promise<{ readonly beside: readonly string[]; readonly document: GuardDocument }> {
  const match = await project.matchCommand({ command, beside: 'in projects' });
  return {
    beside: match.beside,
    document: await project.guard({ command, match }, quietCall),
  };
}

/** What the matcher says is taken, and what is told as not saved. */
async function seen({ project }: TestProject, command: string) {
  const match = await project.matchCommand({ command, beside: 'in projects' });
  const notSaved = match.notSaved.map(({ what, reason }) => `${what}: ${reason}`);
  return { beside: match.beside, notSaved, destructive: match.destructive };
}

async function restore({ project }: TestProject, snapshot: string): Promise<RestorePlanDocument> {
  const plan = await project.planRestore({ snapshot }, quietCall);
  await project.applyRestore({ snapshot }, plan.token, quietCall);
  return plan;
}

function git(dir: string, ...args: readonly string[]): void {
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@b.c', '-c', 'core.autocrlf=false'];
  execFileSync('git', [...who, ...args], { cwd: dir, stdio: 'ignore' });
}

describe('what a command destroys beside the data', () => {
  it('comes back with the undo of the same snapshot, and what was made since stays', async () => {
    const one = await testProject({
      ...data,
      'notes/plan.txt': 'plan',
      'notes/old/b.txt': 'b',
      'notes/link': symlink('plan.txt'),
    });
    const { document } = await saved(one, 'rm -rf notes');
    const before = await readTree(join(one.dir, 'notes'));
    fs.rmSync(join(one.dir, 'notes'), { recursive: true });
    await writeTree(one.dir, { 'notes/new.txt': 'new', 'other/x.txt': 'x' });

    const plan = await restore(one, document.id);
    equal(plan.files.deleted, 0);
    deepStrictEqual(await readTree(join(one.dir, 'notes')), { ...before, 'new.txt': 'new' });
    ok(fs.existsSync(join(one.dir, 'other/x.txt')));
  });

  it('is no data: later snapshots, comparisons and checks do not know it', async () => {
    const one = await testProject({ ...data, 'notes/a.txt': 'a' });
    await one.project.snapshot({ label: 'first' }, quietCall);
    const { document } = await saved(one, 'rm -rf notes');
    const [entry] = await one.project.list();
    deepStrictEqual(entry?.changes?.files, 0);
    const last = await one.project.snapshot({ label: 'last' }, quietCall);
    equal(last.files, 0);
    equal(last.unchanged, true);
    const diff = await one.project.diff('first', document.id, {}, quietCall);
    deepStrictEqual(diff.files, { added: [], removed: [], modified: [] });
    const detected = await one.project.detect(quietCall);
    deepStrictEqual(
      detected.dataDirs.map(({ path }) => path),
      ['data'],
    );
  });

  it('is used again while it is the same, and the data alone is reused from it', async () => {
    const one = await testProject({ ...data, 'notes/a.txt': 'a' });
    const { document } = await saved(one, 'rm -rf notes');
    equal((await saved(one, 'rm -rf notes')).document.id, document.id);
    equal((await saved(one, 'rm -rf data')).document.id, document.id);
    fs.writeFileSync(join(one.dir, 'notes/a.txt'), 'other');
    ok((await saved(one, 'rm -rf notes')).document.id !== document.id);
  });

  it('is left to git where git has it as it is', async () => {
    const one = await testProject({
      ...data,
      'src/kept.ts': 'kept',
      'src/changed.ts': 'old',
      'src/new.ts': 'new',
    });
    git(one.dir, 'init', '-q');
    git(one.dir, 'add', 'src/kept.ts', 'src/changed.ts');
    fs.writeFileSync(join(one.dir, 'src/changed.ts'), 'mine');
    deepStrictEqual((await seen(one, 'rm -rf src')).beside, ['src/changed.ts', 'src/new.ts']);
    deepStrictEqual((await seen(one, 'git checkout .')).beside, ['src/changed.ts']);
    deepStrictEqual((await seen(one, 'git reset --hard')).beside, ['src/changed.ts']);
    deepStrictEqual((await seen(one, 'git clean -fdx')).beside, ['src/new.ts']);
    deepStrictEqual((await seen(one, 'git stash')).beside, []);
    equal((await seen(one, 'rm src/kept.ts')).destructive, false);
  });

  it('costs and says nothing of what tools make again', async () => {
    const one = await testProject({
      ...data,
      'package.json': '{}',
      '.gitignore': 'dist/\n/coverage\n',
      'node_modules/a/index.js': 'a',
      'dist/a.js': 'a',
      'coverage/lcov.info': 'x',
      'sub/__pycache__/a.pyc': 'x',
      '.venv/pyvenv.cfg': 'x',
      'out/letter.txt': 'mine',
    });
    git(one.dir, 'init', '-q');
    const nothing = { beside: [], notSaved: [], destructive: false };
    deepStrictEqual(await seen(one, 'rm -rf node_modules dist coverage sub .venv'), nothing);
    // Nobody said that this is made by a tool.
    deepStrictEqual((await seen(one, 'rm -rf out')).beside, ['out']);
    deepStrictEqual((await seen(one, 'git clean -fd')).beside, [
      '.gitignore',
      'out',
      'package.json',
    ]);
  });

  it('is told where it cannot be saved, with the reason', async () => {
    const one = await testProject({
      ...data,
      'notes/.env': 'TOKEN=x',
      'notes/a.txt': 'a',
      'big/film.mkv': '',
    });
    git(one.dir, 'init', '-q');
    fs.truncateSync(join(one.dir, 'big/film.mkv'), 3 * 1024 ** 3);
    deepStrictEqual(await seen(one, 'rm -rf notes big .git /etc/passwd'), {
      destructive: true,
      beside: ['notes/a.txt'],
      notSaved: [
        'notes/.env: it may hold secrets, which are not copied',
        ".git: git's own, which is never touched",
        '/etc/passwd: outside the project folder',
        'big (1 file, 3 GB): over the limit',
      ],
    });
    const [untold] = (await seen(one, 'rm -rf "$(node where.js)"')).notSaved;
    ok(untold?.includes('only running it tells which files'), untold);
  });

  it('is meant by patterns, redirections, copies, code and odd names, too', async () => {
    const one = await testProject({
      ...data,
      'a.log': 'a',
      'b.log': 'b',
      'c.txt': 'c',
      'line\nbreak': 'x',
      'sub/d.log': 'd',
      'sub/keep.txt': 'k',
    });
    const besideOf = async (line: string): Promise<readonly string[]> =>
      (await seen(one, line)).beside;
    deepStrictEqual(await besideOf('rm *.log'), ['a.log', 'b.log']);
    deepStrictEqual(await besideOf("find . -name '*.log' -delete"), [
      'a.log',
      'b.log',
      'sub/d.log',
    ]);
    deepStrictEqual(await besideOf('echo x > c.txt'), ['c.txt']);
    deepStrictEqual(await besideOf('echo x >> c.txt'), []);
    deepStrictEqual(await besideOf('mv a.log c.txt'), ['c.txt']);
    deepStrictEqual(await besideOf('mv a.log new.txt'), []);
    deepStrictEqual(await besideOf('cp a.log sub/d.log'), ['sub/d.log']);
    deepStrictEqual(await besideOf("sed -i s/a/b/ 'c.txt'"), ['c.txt']);
    deepStrictEqual(await besideOf("rm 'line\nbreak'"), ['line\nbreak']);
    deepStrictEqual(await besideOf('cd sub && rm -rf .'), ['sub']);
    deepStrictEqual(await besideOf(`python3 -c "import shutil; shutil.rmtree('sub')"`), ['sub']);
    deepStrictEqual(await besideOf('rm -f sub'), []);
    deepStrictEqual(await besideOf('rm missing.txt'), []);
  });

  it('is a database with its log, also where only the log is named', async () => {
    const one = await testProject({ ...data, 'tmp/cache.db': database('CREATE TABLE c(a)') });
    deepStrictEqual((await seen(one, 'rm tmp/cache.db tmp/cache.db-wal')).beside, ['tmp/cache.db']);
    fs.writeFileSync(join(one.dir, 'tmp/cache.db-wal'), '');
    deepStrictEqual((await seen(one, 'rm -f tmp/cache.db-wal')).beside, ['tmp/cache.db']);
    fs.rmSync(join(one.dir, 'tmp/cache.db-wal'));
    const { document } = await saved(one, 'rm tmp/cache.db');
    sqlite(join(one.dir, 'tmp/cache.db'), 'INSERT INTO c VALUES (1)');
    await restore(one, document.id);
    deepStrictEqual(rows(join(one.dir, 'tmp/cache.db'), 'SELECT count(*) AS n FROM c'), [{ n: 0 }]);
  });

  it('is saved by itself where there is no data, if somebody asks for it', async () => {
    const one = await testProject({ 'notes/a.txt': 'a' });
    equal((await seen(one, 'rm -rf notes')).destructive, false);
    const command = 'rm -rf notes';
    const match = await one.project.matchCommand({ command, beside: 'always' });
    const { id } = await one.project.guard({ command, match }, quietCall);
    fs.rmSync(join(one.dir, 'notes'), { recursive: true });
    await restore(one, id);
    equal(fs.readFileSync(join(one.dir, 'notes/a.txt'), 'utf8'), 'a');
  });

  it('takes nothing that lies in the data a second time, and nothing behind a link', async () => {
    const one = await testProject({
      ...data,
      'data/uploads/a.txt': 'a',
      real: { 'x.txt': 'x' },
      link: symlink('real'),
    });
    deepStrictEqual((await seen(one, 'rm -rf . data link')).beside, ['link', 'real']);
    deepStrictEqual((await seen(one, 'rm -rf link')).beside, ['link']);
    deepStrictEqual((await seen(one, 'rm link/x.txt')).beside, ['real/x.txt']);
  });
});
