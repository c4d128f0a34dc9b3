// Problems in savepoint.json, where they are in the file.

import {
  Diagnostic,
  DiagnosticSeverity,
  languages,
  Position,
  Range,
  Uri,
  type Disposable,
} from 'vscode';
import { resolve } from 'node:path';
import { DisposableStore } from '../host/disposables.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import type { Projects } from '../projects/projects.ts';

export function registerConfigDiagnostics(projects: Projects): Disposable {
  const owned = new DisposableStore();
  const collection = owned.add(languages.createDiagnosticCollection('savepoint'));
  owned.add(
    projects.onDidChange((project) => {
      if (project === undefined) collection.clear();
      else collection.set(configUri(project), diagnosticsOf(project));
    }),
  );
  return owned;
}

function configUri(project: ProjectModel): Uri {
  return Uri.file(resolve(project.cwd, 'savepoint.json'));
}

function diagnosticsOf({ status, check }: ProjectModel): Diagnostic[] {
  const problems = [
    ...(status?.detection.configProblems ?? []),
    ...(check.document?.configProblems ?? []),
  ];
  // Both may tell of one problem.
  const told = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return [...told.values()].map(({ line, column, message }) => {
    const start = new Position(line - 1, column - 1);
    // To the end of the line: how long the wrong part is nobody told.
    const range = new Range(start, start.with({ character: Number.MAX_SAFE_INTEGER }));
    const diagnostic = new Diagnostic(range, message, DiagnosticSeverity.Warning);
    diagnostic.source = 'Savepoint';
    return diagnostic;
  });
}
