// Over a script that destroys data: run it behind a snapshot, or write the snapshot into it.

import { dirname } from 'node:path';
import {
  CodeAction,
  CodeActionKind,
  CodeLens,
  EventEmitter,
  languages,
  Range,
  workspace,
  type Disposable,
  type DocumentSelector,
  type TextDocument,
} from 'vscode';
import { maybePattern } from '../../core/guard/maybe-pattern.ts';
import { DisposableStore } from '../host/disposables.ts';
import type { Projects } from '../projects/projects.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import { runGuarded } from '../host/run-guarded.ts';
import type { Services } from '../services.ts';
import { readSettings } from '../host/settings.ts';
import { projectOf } from '../projects/project-of.ts';
import { scriptFileKind, unguardedScripts, type Script } from './script-edits.ts';

const selector: DocumentSelector = [
  { scheme: 'file', pattern: '**/package.json' },
  { scheme: 'file', pattern: '**/{GNUmakefile,makefile,Makefile,*.mk}' },
];
/** So many at most are asked about in one file. */
const maxScripts = 200;

/** Scripts of the document that destroy data of the project, and take no snapshot yet. */
export async function destructiveScripts(
  project: ProjectModel,
  document: TextDocument,
): Promise<readonly Script[]> {
  const kind = scriptFileKind(document.fileName);
  if (kind === undefined) return [];
  const maybe = new RegExp(maybePattern(), 'i');
  const cwd = dirname(document.uri.fsPath);
  const asked = unguardedScripts(document.getText(), kind)
    .filter(({ commands }) => commands.some((command) => maybe.test(command)))
    .slice(0, maxScripts);
  const found: Script[] = [];
  for (const script of asked) {
    const command = script.commands.join('\n');
    const { destructive, certain } = await project.engine.matchCommand({ command, cwd });
    // What nobody can read to the end would put a lens over nearly every script.
    if (destructive && certain) found.push(script);
  }
  return found;
}

export function registerScriptLenses({
  log,
  projects,
}: Pick<Services, 'log' | 'projects'>): Disposable {
  const owned = new DisposableStore();
  const changed = owned.add(new EventEmitter<void>());
  owned.add(
    workspace.onDidChangeConfiguration(
      (event) => event.affectsConfiguration('savepoint.guard.codeLens') && changed.fire(),
    ),
  );
  // What is destructive depends on what is data.
  let before = '';
  owned.add(
    projects.onDidChange(() => {
      const now = dataOf(projects.all);
      if (now !== before) changed.fire();
      before = now;
    }),
  );
  const scriptsOf = async (document: TextDocument): Promise<readonly Script[]> =>
    (await runGuarded(log, 'script lenses', () => shownScripts(projects, document))) ?? [];
  owned.add(
    languages.registerCodeLensProvider(selector, {
      onDidChangeCodeLenses: changed.event,
      provideCodeLenses: async (document) =>
        (await scriptsOf(document)).flatMap((script) => lensesOf(document, script)),
    }),
  );
  owned.add(
    languages.registerCodeActionsProvider(
      selector,
      {
        provideCodeActions: async (document, range) =>
          (await scriptsOf(document))
            .filter((script) => rangeOf(document, script).intersection(range))
            .map((script) => actionOf(document, script)),
      },
      { providedCodeActionKinds: [CodeActionKind.RefactorRewrite] },
    ),
  );
  return owned;
}

async function shownScripts(
  projects: Projects,
  document: TextDocument,
): Promise<readonly Script[]> {
  const project = projectOf(projects.all, document.uri.fsPath);
  if (!workspace.isTrusted || !readSettings().guard.codeLens || !project) return [];
  await project.load();
  const dirs = project.status?.detection.dataDirs ?? [];
  return dirs.length === 0 ? [] : destructiveScripts(project, document);
}

function dataOf(projects: readonly ProjectModel[]): string {
  const dirs = projects.flatMap(({ status }) => status?.detection.dataDirs ?? []);
  return dirs.map(({ path }) => path).join('\n');
}

function lensesOf(document: TextDocument, script: Script): CodeLens[] {
  const range = rangeOf(document, script);
  const run = { title: 'Run with snapshot', command: 'savepoint.runScriptWithSnapshot' };
  const guard = { title: 'Guard this script', command: 'savepoint.guardScript' };
  return [run, guard].map((command) => {
    return new CodeLens(range, { ...command, arguments: argumentsOf(document, script) });
  });
}

function actionOf(document: TextDocument, script: Script): CodeAction {
  const title = `Guard "${script.name}" with Savepoint`;
  const action = new CodeAction(title, CodeActionKind.RefactorRewrite);
  const given = argumentsOf(document, script);
  action.command = { title, command: 'savepoint.guardScript', arguments: given };
  return action;
}

function argumentsOf({ uri }: TextDocument, { name }: Script) {
  return [{ path: uri.fsPath, command: name }];
}

function rangeOf(document: TextDocument, { start, end }: Script): Range {
  return new Range(document.positionAt(start), document.positionAt(end));
}
