import { statusText } from '../../core/text/status-text.ts';
import { hookStates } from '../agents/hook-states.ts';
import type { RunCommand } from '../command.ts';
import { userHome } from '../engine-options.ts';

export const runDoctor: RunCommand = async ({ project, withProgress, terminal }) => {
  const opened = await project();
  const status = await withProgress((call) => opened.status(call));
  const home = userHome();
  const hooks = hookStates(opened.path, home);
  return {
    document: { ...status, hooks },
    lines: () => statusText(status, { home, hooks }, terminal.text),
  };
};
