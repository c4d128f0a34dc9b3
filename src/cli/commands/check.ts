import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { OptionsOf } from '../../core/documents/command-options.ts';
import type { CheckDocument, CheckRule } from '../../core/documents/documents.ts';
import { rulesToWrite } from '../../core/check/rules-to-write.ts';
import { checkText, hasMismatches, writtenRulesText } from '../../core/text/check-text.ts';
import type { Project } from '../../engine/index.ts';
import type { RunCommand } from '../command.ts';
import { warnOfConfig } from '../config-warnings.ts';
import { exitCode } from '../exit-codes.ts';

export const runCheck: RunCommand<OptionsOf<'check'>> = async (
  context,
  [side = 'live'],
  { writeRules },
) => {
  const project = await context.project();
  const { terminal } = context;
  const { data } = context.globals;
  const document = await context.withProgress((call) => project.check(side, { data }, call));
  warnOfConfig(document, terminal);
  if (writeRules === true) {
    const { rules, file } = await write(project, document);
    return {
      document: { ...document, written: rules.map(({ id }) => id) },
      lines: () => writtenRulesText(rules, file, terminal.text),
    };
  }
  return {
    document,
    lines: () => checkText(document, terminal.text),
    exitCode: hasMismatches(document) ? exitCode.somethingToSee : exitCode.done,
  };
};

/** What was found in the data by itself, written into savepoint.json. */
async function write(
  project: Project,
  { rules }: CheckDocument,
): Promise<{ readonly rules: readonly CheckRule[]; readonly file: string }> {
  const found = rulesToWrite(rules);
  if (found.length === 0) return { rules: [], file: '' };
  const edit = await project.editConfig({ kind: 'acceptRules', rules: found.map(({ id }) => id) });
  await writeFile(edit.file, edit.text);
  return { rules: found, file: basename(edit.file) };
}
