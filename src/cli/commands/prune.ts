import { pruneText } from '../../core/text/prune-text.ts';
import type { RunCommand } from '../command.ts';

interface Options {
  readonly dryRun?: boolean;
}

export const runPrune: RunCommand<Options> = async (context, _args, { dryRun = false }) => {
  const project = await context.project();
  const document = dryRun
    ? await project.planPrune()
    : await context.withProgress((call) => project.applyPrune(call));
  const lines = () => pruneText(document, { isPlan: dryRun }, context.terminal.text);
  return { document, lines };
};
