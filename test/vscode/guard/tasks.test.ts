// Tasks of tasks.json: guarded by an edit, and the snapshot before their first effect.

import { ok, strictEqual } from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands, tasks, window, workspace, type Task } from 'vscode';
import type { SnapshotEntry } from '../../../src/core/documents/documents.ts';
import { activated, savepoint, workspaceDir } from '../../support/extension.ts';
import { until } from '../../support/until.ts';

describe('Guard This Task', () => {
  it('adds the step to tasks.json, keeps its comments, and undo takes it back', async () => {
    await activated();
    const before = readFileSync(tasksFile(), 'utf8');
    await commands.executeCommand('savepoint.guardTask', { command: 'wipe' });
    const after = readFileSync(tasksFile(), 'utf8');
    ok(after.startsWith('// Ours.') && after.includes('// Deletes the uploads.'), after);
    ok(/"dependsOn": \{\s*"type": "savepoint",\s*"task": "snapshot"\s*\}/.test(after), after);
    const editor = window.activeTextEditor;
    ok(editor !== undefined);
    ok(editor.document.getText(editor.selection).includes('dependsOn'));
    await commands.executeCommand('undo');
    strictEqual(editor.document.getText(), before);
    await commands.executeCommand('redo');
    await editor.document.save();
  });
});

describe('a task that depends on a snapshot', () => {
  it('has it before its first effect', async () => {
    await seed('before wipe');
    await until('the edited task', () => JSON.stringify(configuredTasks()).includes('dependsOn'));
    const task = await taskNamed('wipe');
    await run(task);
    await savedBeforeEffect('before wipe');
  });
});

describe('a command of the task type savepoint', () => {
  it('has its snapshot before its first effect, and ends as the command does', async () => {
    await seed('before guarded');
    const code = await run(await taskNamed('guarded'));
    strictEqual(code, 7);
    await savedBeforeEffect('before guarded');
  });
});

describe('Run Command with Snapshot', () => {
  it('runs what it is given behind a snapshot', async () => {
    await seed('before typed');
    const ended = processEnd();
    await commands.executeCommand('savepoint.runWithSnapshot', { command: 'rm -r data/uploads' });
    strictEqual(await ended, 0);
    await savedBeforeEffect('before typed');
  });
});

describe('the task provider', () => {
  it('offers the step', async () => {
    await activated();
    const offered = await tasks.fetchTasks({ type: 'savepoint' });
    ok(offered.some(({ name, source }) => `${source}: ${name}` === 'savepoint: snapshot'));
  });
});

/** As the editor knows them: it reads tasks.json again some time after it was saved. */
function configuredTasks(): unknown {
  return workspace.getConfiguration('tasks').get('tasks') ?? [];
}

function tasksFile(): string {
  return join(workspaceDir(), '.vscode/tasks.json');
}

async function taskNamed(name: string): Promise<Task> {
  return until('the task', async () => {
    const found = await tasks.fetchTasks();
    return found.find((task) => task.name === name);
  });
}

async function seed(content: string): Promise<void> {
  await activated();
  mkdirSync(uploads(), { recursive: true });
  writeFileSync(join(uploads(), 'one.txt'), content);
}

function uploads(): string {
  return join(workspaceDir(), 'data/uploads');
}

async function run(task: Task): Promise<number | undefined> {
  const ended = processEnd();
  await tasks.executeTask(task);
  return ended;
}

async function processEnd(): Promise<number | undefined> {
  return new Promise((resolve) => {
    const listener = tasks.onDidEndTaskProcess(({ exitCode, execution }) => {
      if (execution.task.name === 'snapshot') return;
      listener.dispose();
      resolve(exitCode);
    });
  });
}

async function savedBeforeEffect(content: string): Promise<void> {
  ok(!existsSync(uploads()));
  const effectMs = statSync(join(workspaceDir(), 'data')).mtimeMs;
  const [newest] = JSON.parse(await savepoint('list', '--json')) as SnapshotEntry[];
  ok(newest !== undefined && newest.reason === 'guard');
  ok(Date.parse(newest.createdAt) <= effectMs, 'the snapshot came too late');
  const project = (await activated()).projects.at(workspaceDir());
  const saved = await project.engine.readFile(newest.id, 'data/uploads/one.txt');
  strictEqual(saved.toString(), content);
}
