import type { OptionsOf } from '../../core/documents/command-options.ts';
import { verifyText } from '../../core/text/verify-text.ts';
import type { RunCommand } from '../command.ts';
import { exitCode } from '../exit-codes.ts';

export const runVerify: RunCommand<OptionsOf<'verify'>> = async (context, snapshots, { deep }) => {
  const project = await context.project();
  const document = await context.withProgress((call) => project.verify(snapshots, { deep }, call));
  return {
    document,
    lines: () => verifyText(document, context.terminal.text),
    exitCode: document.damaged.length > 0 ? exitCode.somethingToSee : exitCode.done,
  };
};
