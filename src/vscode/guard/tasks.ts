// The task type `savepoint`: a snapshot as a step that others depend on, and a command behind one.

import {
  CustomExecution,
  EventEmitter,
  ShellExecution,
  Task,
  tasks,
  TaskScope,
  workspace,
  type Disposable,
  type Pseudoterminal,
  type TaskDefinition,
  type WorkspaceFolder,
} from 'vscode';
import { guardLine } from '../../core/text/guard-text.ts';
import { plainStyle } from '../../core/format/style.ts';
import { guardedLine, notSavedText } from '../../core/views/guard-texts.ts';
import { clockNow } from '../host/clock.ts';
import type { Launcher } from '../process/launcher.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import type { Services } from '../services.ts';
import { readSettings } from '../host/settings.ts';
import { goesOnUnsaved, saveBefore, type Saving } from './save-before.ts';

type TaskServices = Saving & Pick<Services, 'launcher' | 'projects'>;

const taskType = 'savepoint';
const snapshotTask = 'snapshot';
/** What the editor calls the step. */
const stepName = 'savepoint: snapshot';

export function registerTasks(services: TaskServices): Disposable {
  return tasks.registerTaskProvider(taskType, {
    provideTasks: () => {
      if (!workspace.isTrusted || !readSettings().guard.tasks) return [];
      return openFolders().flatMap((folder) => {
        const definition = { type: taskType, task: snapshotTask };
        return createTask(services, definition, folder) ?? [];
      });
    },
    resolveTask: ({ definition, scope }) =>
      createTask(services, definition, isFolder(scope) ? scope : openFolders()[0]),
  });
}

/** A command behind a snapshot, in a terminal of the editor; answers when it has started. */
export async function runCommandTask(
  services: TaskServices,
  project: ProjectModel,
  command: string,
  cwd: string,
): Promise<void> {
  const definition = { type: taskType, command, cwd };
  const folder = openFolders().find(({ uri }) => uri.fsPath === project.cwd);
  const task = createTask(services, definition, folder);
  await services.launcher.ready();
  if (task) await tasks.executeTask(task);
}

function createTask(
  services: TaskServices,
  definition: TaskDefinition,
  folder: WorkspaceFolder | undefined,
): Task | undefined {
  const scope = folder ?? TaskScope.Workspace;
  const { command, task, cwd }: Record<string, unknown> = { ...definition };
  if (typeof command === 'string' && command.trim() !== '') {
    const options = typeof cwd === 'string' ? { cwd } : {};
    const line = guardedLine(command, { program: programOf(services.launcher), nothing: 'true' });
    return new Task(definition, scope, command, taskType, new ShellExecution(line, options));
  }
  if (task !== snapshotTask) return undefined;
  const execution = new CustomExecution(async () => snapshotTerminal(services, folder));
  const step = new Task(definition, scope, snapshotTask, taskType, execution);
  step.detail = 'Take a snapshot of the data before another task';
  // The line is for whoever looks; a failure opens the terminal by itself.
  step.presentationOptions = { ...step.presentationOptions, echo: false, showReuseMessage: false };
  return step;
}

/** Ends with 1 where what depends on it must not run. */
function snapshotTerminal(
  services: TaskServices,
  folder: WorkspaceFolder | undefined,
): Pseudoterminal {
  const written = new EventEmitter<string>();
  const closed = new EventEmitter<number>();
  const run = async (): Promise<void> => {
    try {
      const project = folder && services.projects.at(folder.uri.fsPath);
      const { line, code } = project
        ? await takeStep(services, project)
        : { line: 'savepoint: no folder is open', code: 1 };
      written.fire(`${line}\r\n`);
      closed.fire(code);
    } catch (error) {
      // Ended by the user.
      services.log.debug(`${stepName}: ${String(error)}`);
      closed.fire(1);
    }
  };
  return {
    onDidWrite: written.event,
    onDidClose: closed.event,
    open: () => void run(),
    close: () => {
      written.dispose();
      closed.dispose();
    },
  };
}

async function takeStep(
  saving: Saving,
  project: ProjectModel,
): Promise<{ readonly line: string; readonly code: number }> {
  const saved = await saveBefore(saving, project, { command: stepName });
  if (saved.kind === 'saved') {
    const how = { clock: clockNow(), style: plainStyle };
    return { line: guardLine(saved.document, how), code: 0 };
  }
  if (saved.kind === 'nothing') {
    return { line: 'savepoint: nothing to save: no data directory', code: 0 };
  }
  const goesOn = await goesOnUnsaved(saving, project, stepName, saved.error);
  return { line: notSavedText(saved.error, stepName, goesOn), code: goesOn ? 0 : 1 };
}

/** The launcher, as the shell that runs tasks reads it. */
function programOf({ path }: Launcher): string {
  if (/^[\w@%+:,./\\-]+$/.test(path)) return path;
  // By its name where the shells of the system disagree about quotes: it is in their PATH.
  if (process.platform === 'win32') return 'savepoint';
  return `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

function openFolders(): readonly WorkspaceFolder[] {
  return (workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
}

function isFolder(scope: WorkspaceFolder | TaskScope | undefined): scope is WorkspaceFolder {
  return typeof scope === 'object';
}
