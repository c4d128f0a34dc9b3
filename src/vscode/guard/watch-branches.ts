// Opt-in: after a checkout of another branch its newest snapshot stands in the Data view, once and
// quietly. Only HEAD is read; nothing of git is written or run.

import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { RelativePattern, Uri, workspace, type Disposable } from 'vscode';
import { branchOfHead, linkedGitDir } from '../../core/guard/git-head.ts';
import { DisposableStore, MutableDisposable, toDisposable } from '../host/disposables.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import { runGuarded } from '../host/run-guarded.ts';
import type { Services } from '../services.ts';
import { readSettings } from '../host/settings.ts';

/** A rebase checks out many commits one after the other. */
const settledMs = 300;

type Watching = Pick<Services, 'log' | 'notices' | 'projects'>;

export function registerBranchWatch(services: Watching): Disposable {
  const owned = new DisposableStore();
  const watching = owned.add(new MutableDisposable<DisposableStore>());
  const start = (): void => {
    const isWanted = workspace.isTrusted && readSettings().guard.git;
    const watches = isWanted ? new DisposableStore() : undefined;
    watching.set(watches);
    if (!watches) return;
    for (const project of services.projects.all) {
      void runGuarded(services.log, 'branch', () => watchHead(services, project, watches));
    }
  };
  owned.add(workspace.onDidChangeWorkspaceFolders(start));
  owned.add(workspace.onDidGrantWorkspaceTrust(start));
  owned.add(
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('savepoint.guard.git')) start();
    }),
  );
  start();
  return owned;
}

async function watchHead(
  services: Watching,
  project: ProjectModel,
  watches: DisposableStore,
): Promise<void> {
  const gitDir = await findGitDir(project.cwd);
  if (gitDir === undefined) return;
  let branch = await readBranch(gitDir);
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    const now = await readBranch(gitDir);
    if (now === branch) return;
    branch = now;
    await tell(services, project, now);
  };
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void runGuarded(services.log, 'branch', look), settledMs);
  };
  const watcher = watches.add(
    workspace.createFileSystemWatcher(new RelativePattern(Uri.file(gitDir), 'HEAD')),
  );
  watches.add(watcher.onDidChange(soon));
  watches.add(watcher.onDidCreate(soon));
  watches.add(toDisposable(() => clearTimeout(timer)));
}

/** Nothing where the newest snapshot of all is that branch's already, or it has none. */
async function tell(
  { notices, projects }: Watching,
  project: ProjectModel,
  branch: string | null,
): Promise<void> {
  if (!projects.all.includes(project)) return;
  const [newest] = await project.engine.list({ limit: 1 });
  const [entry] = branch === null ? [] : await project.engine.list({ branch, limit: 1 });
  const found =
    branch !== null && entry !== undefined && entry.id !== newest?.id
      ? { id: randomUUID(), branch, entry, atMs: Date.now() }
      : undefined;
  notices.replace(project.cwd, 'branchSnapshot', found && { kind: 'branchSnapshot', found });
}

async function findGitDir(folder: string): Promise<string | undefined> {
  const path = join(folder, '.git');
  const text = await readText(path);
  const linked = text === undefined ? null : linkedGitDir(text);
  if (linked !== null) return resolve(folder, linked);
  if ((await readText(join(path, 'HEAD'))) !== undefined) return path;
  const above = dirname(folder);
  return above === folder ? undefined : findGitDir(above);
}

async function readBranch(gitDir: string): Promise<string | null> {
  return branchOfHead((await readText(join(gitDir, 'HEAD'))) ?? '');
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    // No repository here, or one that is being made.
    return undefined;
  }
}
