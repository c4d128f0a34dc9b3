// Scripts of package.json and targets of Makefiles: behind a snapshot once, or for good.

import { delimiter, dirname, join } from 'node:path';
import { env, Uri, window, workspace, type TextDocument } from 'vscode';
import { EngineError } from '../../core/errors.ts';
import { missingProgramText } from '../../core/views/guard-texts.ts';
import { applyText } from './apply-text.ts';
import { projectOf } from '../projects/project-of.ts';
import { missingProgram, scriptCommand } from '../guard/script-command.ts';
import { guardScript, scriptFileKind, type Script } from '../guard/script-edits.ts';
import { destructiveScripts } from '../guard/script-lenses.ts';
import { runCommandTask } from '../guard/tasks.ts';
import type { Invocation } from './invocation.ts';
import type { Projects } from '../projects/projects.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import { runGuarded } from '../host/run-guarded.ts';
import type { Services } from '../services.ts';
import { oneProject } from './targets.ts';
import type { Handler } from './handler.ts';

interface Chosen {
  readonly project: ProjectModel;
  readonly document: TextDocument;
  readonly script: Script;
}

/** With `path` the file and with `command` the script's name. */
export const guardScriptCommand: Handler = async (services, call) => {
  const chosen = await choose(services.projects, call);
  if (!chosen) return undefined;
  const { document, script } = chosen;
  await applyText(document, guardScript(document.getText(), script));
  if (!call.isSilent) void tellMissingProgram(services, document.uri.fsPath, script.name);
  return undefined;
};

/** The script would end with "savepoint: not found" outside of the editor's terminals. */
async function tellMissingProgram(
  { launcher, log }: Pick<Services, 'launcher' | 'log'>,
  path: string,
  name: string,
): Promise<void> {
  await runGuarded(log, 'missing program', async () => {
    const folders = (process.env['PATH'] ?? '').split(delimiter);
    const others = folders.filter((folder) => folder !== '' && folder !== launcher.folder);
    const install = await missingProgram(path, others);
    if (install === null) return;
    const chosen = await window.showInformationMessage(
      missingProgramText(name, install),
      'Copy Command',
    );
    if (chosen !== undefined) await env.clipboard.writeText(install);
  });
}

export const runScriptWithSnapshot: Handler = async (services, call) => {
  const chosen = await choose(services.projects, call);
  if (!chosen) return undefined;
  const { project, document, script } = chosen;
  const path = document.uri.fsPath;
  const command = await scriptCommand(path, script.name);
  await runCommandTask(services, project, command, dirname(path));
  return undefined;
};

async function choose(projects: Projects, call: Invocation): Promise<Chosen | undefined> {
  const document = await documentOf(projects, call);
  if (!document) return undefined;
  const path = document.uri.fsPath;
  const project = projectOf(projects.all, path);
  const scripts = project ? await destructiveScripts(project, document) : [];
  const wanted = call.json?.command;
  const named = wanted === undefined ? scripts : scripts.filter(({ name }) => name === wanted);
  if (!project || named.length === 0) {
    const hint = 'open the package.json or Makefile that has it';
    throw new EngineError('USAGE', `"${path}" has no script to guard`, { path, hint });
  }
  const items = named.map((script) => ({
    label: script.name,
    description: script.commands.join('; '),
    script,
  }));
  const chosen =
    wanted === undefined
      ? await window.showQuickPick(items, { placeHolder: 'Which script?' })
      : items[0];
  return chosen && { project, document, script: chosen.script };
}

/** Named, else what is open, else the project's own package.json or Makefile. */
async function documentOf(projects: Projects, call: Invocation): Promise<TextDocument | undefined> {
  const path = call.json?.path;
  if (path !== undefined) return openFile(path);
  const open = window.activeTextEditor?.document;
  if (open && scriptFileKind(open.fileName) !== undefined) return open;
  const project = await oneProject(projects, call);
  if (!project) return undefined;
  return openFile(join(project.cwd, 'package.json')).catch(async () =>
    openFile(join(project.cwd, 'Makefile')),
  );
}

async function openFile(path: string): Promise<TextDocument> {
  try {
    return await workspace.openTextDocument(Uri.file(path));
  } catch (error) {
    const hint = 'open the package.json or Makefile that has the script';
    throw new EngineError('USAGE', `"${path}" cannot be read`, { path, hint, cause: error });
  }
}
