// Commands of the guard.

import { join } from 'node:path';
import { Uri, window, workspace } from 'vscode';
import { EngineError } from '../../core/errors.ts';
import { applyText } from './apply-text.ts';
import { openGuardedTerminal } from '../guard/guarded-terminal.ts';
import { guardTask, unguardedTasks } from '../guard/task-edits.ts';
import { runCommandTask } from '../guard/tasks.ts';
import { oneProject } from './targets.ts';
import type { Handler } from './handler.ts';

export const openGuardedTerminalCommand: Handler = async (services, call) => {
  const project = await oneProject(services.projects, call);
  if (!project) return undefined;
  await openGuardedTerminal(services.launcher, project.cwd);
  return undefined;
};

export const runWithSnapshot: Handler = async (services, call) => {
  const project = await oneProject(services.projects, call);
  if (!project) return undefined;
  const asked = call.json?.command ?? (await askCommand());
  const command = asked?.trim() ?? '';
  if (command === '') return undefined;
  await runCommandTask(services, project, command, call.json?.path ?? project.cwd);
  return undefined;
};

async function askCommand(): Promise<string | undefined> {
  return window.showInputBox({
    prompt: 'Command to run after a snapshot',
    placeHolder: 'for example: npm run db:reset',
  });
}

/** With `command`, the label of the task. */
export const guardTaskCommand: Handler = async (services, call) => {
  const project = await oneProject(services.projects, call);
  if (!project) return undefined;
  const path = join(project.cwd, '.vscode', 'tasks.json');
  const document = await openFile(path);
  const found = unguardedTasks(document.getText());
  const label = call.json?.command;
  const named = label === undefined ? found : found.filter((task) => task.label === label);
  if (named.length === 0) {
    const hint = 'add one, or run a command with a snapshot';
    throw new EngineError('USAGE', `"${path}" has no task to guard`, { path, hint });
  }
  const items = named.map((task) => ({ ...task, description: task.detail, detail: '' }));
  const chosen =
    label === undefined
      ? await window.showQuickPick(items, { placeHolder: 'Guard which task?' })
      : items[0];
  if (chosen) await applyText(document, guardTask(document.getText(), chosen.index));
  return undefined;
};

async function openFile(path: string) {
  try {
    return await workspace.openTextDocument(Uri.file(path));
  } catch (error) {
    const hint = 'tasks of the workspace are there';
    throw new EngineError('USAGE', `"${path}" cannot be read`, { path, hint, cause: error });
  }
}
