// Changes a file of the user through the editor: Ctrl+Z takes it back, and what changed is selected.

import { Range, Selection, WorkspaceEdit, window, workspace, type TextDocument } from 'vscode';
import { EngineError } from '../../core/errors.ts';
import { textChange } from '../../core/views/text-change.ts';

/**
 * Saved where the user had no changes of their own in it.
 * @throws EngineError CONFIG_INVALID the editor refused the change
 */
export async function applyText(document: TextDocument, text: string): Promise<void> {
  const wasDirty = document.isDirty;
  const { start, end, text: added } = textChange(document.getText(), text);
  const edit = new WorkspaceEdit();
  edit.replace(
    document.uri,
    new Range(document.positionAt(start), document.positionAt(end)),
    added,
  );
  if (!(await workspace.applyEdit(edit))) {
    const path = document.uri.fsPath;
    throw new EngineError('CONFIG_INVALID', `"${path}" could not be changed`, { path });
  }
  const editor = await window.showTextDocument(document);
  const last = document.positionAt(start + added.length);
  editor.selection = new Selection(last, document.positionAt(start));
  editor.revealRange(editor.selection);
  if (!wasDirty) await document.save();
}
