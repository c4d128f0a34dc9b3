// What an untrusted workspace has of a project: every method of the table, none left out.

import { deepStrictEqual, rejects } from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { projectMethods, type ProjectMethod } from '../../../src/core/protocol.ts';
import { openProject, type Project } from '../../../src/engine/index.ts';
import { quietCall, tempFolder, testProject } from '../../support/project.ts';
import { database } from '../../support/sqlite.ts';

type Call = (project: Project) => Promise<unknown>;

/** What each method is called with in a workspace that nobody trusts; `refused`: it must not be carried out. */
function calls(
  id: string,
  copy: string,
): Record<ProjectMethod, 'refused' | 'takes a snapshot' | Call> {
  return {
    detect: (project) => project.detect(quietCall),
    snapshot: 'refused',
    guard: 'takes a snapshot',
    matchCommand: (project) => project.matchCommand({ command: 'rm -rf data' }),
    guardFailure: (project) => project.guardFailure(),
    list: (project) => project.list(),
    countByDay: (project) => project.countByDay(),
    resolve: (project) => project.resolve(id),
    show: (project) => project.show(id),
    diff: (project) => project.diff(id, id, {}, quietCall),
    check: (project) => project.check(id, {}, quietCall),
    history: (project) => project.history('data', 10),
    planRestore: (project) => project.planRestore({ snapshot: id, to: copy }, quietCall),
    isPlanCurrent: (project) => project.isPlanCurrent('none'),
    closePlan: (project) => project.closePlan('none'),
    undoOptions: (project) => rejects(project.undoOptions(), { code: 'NOTHING_TO_UNDO' }),
    isUntouchedSinceRestore: (project) => project.isUntouchedSinceRestore(quietCall),
    pendingRestore: (project) => project.pendingRestore(),
    verify: 'refused',
    planPrune: (project) => project.planPrune(),
    status: (project) => project.status(quietCall),
    storeSize: (project) => project.storeSize(),
    browse: (project) => project.browse(id, ''),
    readFile: (project) => project.readFile(id, 'data/a.txt'),
    tables: (project) => project.tables(id, 'data/app.db'),
    schema: (project) => project.schema(id, 'data/app.db'),
    rows: (project) => project.rows(id, 'data/app.db', 't', 10),
    learn: 'refused',
    unlearn: 'refused',
    editConfig: 'refused',
    dismissRule: 'refused',
    applyRestore: 'refused',
    applyPrune: 'refused',
    delete: 'refused',
    pin: 'refused',
    rename: 'refused',
    addDataDir: 'refused',
    setExcluded: 'refused',
    createConfig: 'refused',
    allow: 'refused',
    cover: 'refused',
    uncover: 'refused',
    adopt: 'refused',
    forget: 'refused',
  };
}

const methods = Object.keys(projectMethods) as ProjectMethod[];

describe('a project in an untrusted workspace', () => {
  it('refuses what changes something, and writes nothing for anything else', async () => {
    const { dir, storeDir, id, project } = await untrusted();
    const before = [contentsOf(dir), contentsOf(storeDir)];
    const table = calls(id, join(tempFolder(), 'copy'));
    for (const method of methods) {
      const call = table[method];
      if (call === 'takes a snapshot') continue;
      if (call === 'refused') {
        const refused = project[method] as (...args: unknown[]) => Promise<unknown>;
        await rejects(refused({}, quietCall), { code: 'UNTRUSTED' }, method);
      } else await call(project);
      deepStrictEqual([contentsOf(dir), contentsOf(storeDir)], before, method);
    }
  });

  it('has a snapshot before something is deleted, and does not follow where the repository leads', async () => {
    const { dir, project } = await untrusted();
    const before = contentsOf(dir);
    const { id } = await project.guard({ command: 'Delete data', label: 'Delete data' }, quietCall);
    const { branch, commit } = await project.show(id);
    deepStrictEqual([branch, commit], [null, null]);
    deepStrictEqual(contentsOf(dir), before);
  });
});

/** A project with a snapshot, opened without trust; its `.git` is a file that names a folder elsewhere. */
async function untrusted() {
  const elsewhere = await testProject({
    HEAD: 'ref: refs/heads/elsewhere\n',
    'refs/heads/elsewhere': `${'a'.repeat(40)}\n`,
  });
  const made = await testProject({
    'data/app.db': database('CREATE TABLE t(a); INSERT INTO t VALUES (1);'),
    'data/a.txt': 'a',
    '.git': `gitdir: ${elsewhere.dir}\n`,
    'savepoint.json': '{}',
  });
  const { id } = await made.project.snapshot({}, quietCall);
  const options = { ...made.options, trusted: false };
  return { ...made, id, project: await openProject(options, made.dir) };
}

/** Paths, contents and times; SQLite's own files of readers come and go. */
function contentsOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/-(?:shm|wal)$/.test(entry.name))
    .map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return `${path} ${statSync(path).mtimeMs} ${readFileSync(path).toString('base64')}`;
    })
    .toSorted();
}
