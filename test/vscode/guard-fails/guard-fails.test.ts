// Where no snapshot can be taken: what can be stopped is stopped, as savepoint.json has it.

import { ok, strictEqual } from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { debug, tasks, Uri, workspace, WorkspaceEdit, type Task } from 'vscode';
import { activated, workspaceDir } from '../../support/extension.ts';
import { until } from '../../support/until.ts';

describe('a guard whose snapshot fails, where savepoint.json says stop', () => {
  before(activated);

  it('keeps the task that depends on it from running', async () => {
    const stepEnded = new Promise<void>((resolve) => {
      const listener = tasks.onDidEndTask(({ execution }) => {
        if (execution.task.name !== 'snapshot') return;
        listener.dispose();
        resolve();
      });
    });
    await tasks.executeTask(await taskNamed('wipe'));
    await stepEnded;
    await until('all to end', () => tasks.taskExecutions.length === 0, 20_000);
    ok(existsSync(path('data/uploads/one.txt')));
  });

  it('does not run the command of the task type', async () => {
    const ended = new Promise<number | undefined>((resolve) => {
      const listener = tasks.onDidEndTaskProcess(({ exitCode }) => {
        listener.dispose();
        resolve(exitCode);
      });
    });
    await tasks.executeTask(await taskNamed('wrapped'));
    strictEqual(await ended, 3);
    ok(existsSync(path('data/uploads/one.txt')));
  });

  it('does not start the debugger', async () => {
    const [folder] = workspace.workspaceFolders ?? [];
    const configuration = { type: 'node', request: 'launch', name: 'Wipe' };
    const launch = { ...configuration, program: path('wipe.mjs'), cwd: workspaceDir() };
    strictEqual(await debug.startDebugging(folder, launch), false);
    ok(existsSync(path('data/uploads/one.txt')));
  });

  it('cannot stop a delete in the explorer, and does not hold it up', async () => {
    const edit = new WorkspaceEdit();
    edit.deleteFile(Uri.file(path('data/uploads')), { recursive: true });
    ok(await workspace.applyEdit(edit));
    ok(!existsSync(path('data/uploads')));
  });
});

async function taskNamed(name: string): Promise<Task> {
  return until('the task', async () => {
    const found = await tasks.fetchTasks();
    return found.find((task) => task.name === name);
  });
}

function path(name: string): string {
  return join(workspaceDir(), name);
}
