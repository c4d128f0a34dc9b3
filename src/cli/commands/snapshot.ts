import type { OptionsOf } from '../../core/documents/command-options.ts';
import { snapshotText } from '../../core/text/snapshot-text.ts';
import type { RunCommand } from '../command.ts';

export const runSnapshot: RunCommand<OptionsOf<'snapshot'>> = async (
  context,
  _args,
  { label, pin },
) => {
  const project = await context.project();
  const { data } = context.globals;
  const options = { label, pin, ...(data.length > 0 && { data }) };
  const document = await context.withProgress((call) => project.snapshot(options, call));
  return { document, lines: () => snapshotText(document, context.terminal.text) };
};
