import type { OptionsOf } from '../../core/documents/command-options.ts';
import { diffText, hasDifference, type DiffSide } from '../../core/text/diff-text.ts';
import type { Project } from '../../engine/index.ts';
import type { RunCommand } from '../command.ts';
import { exitCode } from '../exit-codes.ts';

/** Rows of a table that a terminal shows unasked; a document has a hundred. */
const rowsInText = 10;
const rowsInDocument = 100;

export const runDiff: RunCommand<OptionsOf<'diff'>> = async (
  context,
  [a = '', b = 'live'],
  options,
) => {
  const project = await context.project();
  const { json, data } = context.globals;
  const rows = options.summary ? 0 : (options.rows ?? (json ? rowsInDocument : rowsInText));
  const sides = { a: await sideOf(project, a), b: await sideOf(project, b) };
  const document = await context.withProgress((call) => project.diff(a, b, { rows, data }, call));
  return {
    document,
    lines: () => diffText(document, sides, context.terminal.text),
    exitCode: hasDifference(document) ? exitCode.somethingToSee : exitCode.done,
  };
};

async function sideOf(project: Project, snapshot: string): Promise<DiffSide> {
  return snapshot === 'live' ? null : await project.resolve(snapshot);
}
