import { window, type InputBoxOptions } from 'vscode';
import { EngineError } from '../../core/errors.ts';
import { checkLabel } from '../../core/snapshots/resolve-snapshot.ts';

/** A valid label, empty for none; undefined where the user turned away. */
export async function inputLabel(options: InputBoxOptions): Promise<string | undefined> {
  const text = await window.showInputBox({ ...options, validateInput: problemOf });
  return text === undefined ? undefined : (checkLabel(text) ?? '');
}

function problemOf(text: string): string | undefined {
  try {
    checkLabel(text);
    return undefined;
  } catch (error) {
    if (error instanceof EngineError) return `This ${error.message}.`;
    throw error;
  }
}
