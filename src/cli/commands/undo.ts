import type { OptionsOf } from '../../core/documents/command-options.ts';
import type { RunCommand } from '../command.ts';
import { restoreAndTell } from '../restore-and-tell.ts';

export const runUndo: RunCommand<OptionsOf<'undo'>> = async (context, _args, options) => {
  const restore = await (await context.project()).undoOptions();
  return await restoreAndTell(context, restore, options, 'undo');
};
