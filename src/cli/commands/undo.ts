import type { RunCommand } from '../command.ts';
import { restoreAndTell, type ConfirmOptions } from '../restore-and-tell.ts';

export const runUndo: RunCommand<ConfirmOptions> = async (context, _args, options) => {
  const restore = await (await context.project()).undoOptions();
  return await restoreAndTell(context, restore, options, 'undo');
};
