// Changes savepoint.json through the editor, so that Ctrl+Z takes it back, shows what was added, and
// checks again.

import { setTimeout as delay } from 'node:timers/promises';
import { Range, Selection, Uri, WorkspaceEdit, window, workspace, type TextDocument } from 'vscode';
import { EngineError } from '../../core/errors.ts';
import { textChange } from '../../core/views/text-change.ts';
import type { ConfigChange } from '../../engine/index.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import { quietCall } from '../host/with-progress.ts';

const saveAgainMs = 100;
const saveLimitMs = 5_000;

/**
 * @param isSilent the file is changed all the same, but not shown.
 * @throws EngineError CONFIG_INVALID the file has changes that cannot be saved
 */
export async function changeConfig(
  project: ProjectModel,
  change: ConfigChange,
  isSilent = false,
): Promise<void> {
  // What cannot be done leaves no new file behind.
  await project.engine.editConfig(change);
  const path = await project.engine.createConfig();
  const document = await workspace.openTextDocument(Uri.file(path));
  // The change is made to what is on disk.
  if (document.isDirty) await save(document);
  const { text, line } = await project.engine.editConfig(change);
  const { start, end, text: added } = textChange(document.getText(), text);
  const edit = new WorkspaceEdit();
  const range = new Range(document.positionAt(start), document.positionAt(end));
  edit.replace(document.uri, range, added);
  if (!(await workspace.applyEdit(edit))) throw notSaved(path);
  if (!isSilent) await showAdded(document, line - 1);
  await save(document);
  await project.check.run(quietCall());
}

/** Selects what begins on `line`: an entry on it alone, or down to the bracket that closes it. */
async function showAdded(document: TextDocument, line: number): Promise<void> {
  const first = document.lineAt(Math.min(line, document.lineCount - 1));
  const indent = first.firstNonWhitespaceCharacterIndex;
  let last = first;
  if (first.text.trimEnd().endsWith('{')) {
    do last = document.lineAt(last.lineNumber + 1);
    while (
      last.firstNonWhitespaceCharacterIndex !== indent &&
      last.lineNumber + 1 < document.lineCount
    );
  }
  const editor = await window.showTextDocument(document);
  editor.selection = new Selection(last.range.end, first.range.start.translate(0, indent));
  editor.revealRange(editor.selection);
}

/**
 * Again where it failed: the editor refuses to save a file of which it has not heard yet that the
 * engine just made it.
 */
async function save(document: TextDocument): Promise<void> {
  const endMs = Date.now() + saveLimitMs;
  while (!(await document.save()) && document.isDirty) {
    if (Date.now() > endMs) throw notSaved(document.uri.fsPath);
    await delay(saveAgainMs);
  }
}

function notSaved(path: string): EngineError {
  return new EngineError('CONFIG_INVALID', `"${path}" has changes that could not be saved`, {
    path,
    hint: 'save it, then try again',
  });
}
