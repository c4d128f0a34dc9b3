import type { OptionsOf } from '../../core/documents/command-options.ts';
import { pruneText } from '../../core/text/prune-text.ts';
import type { RunCommand } from '../command.ts';

export const runPrune: RunCommand<OptionsOf<'prune'>> = async (
  context,
  _args,
  { dryRun = false },
) => {
  const project = await context.project();
  const document = dryRun
    ? await project.planPrune()
    : await context.withProgress((call) => project.applyPrune(call));
  const lines = () => pruneText(document, { isPlan: dryRun }, context.terminal.text);
  return { document, lines };
};
