import { statusText } from '../../core/text/status-text.ts';
import { hookStates } from '../agents/hook-states.ts';
import type { RunCommand } from '../command.ts';
import { userHome } from '../engine-options.ts';

export const runDoctor: RunCommand = async ({ project, withProgress, terminal, engine }) => {
  const opened = await project();
  const home = userHome();
  const status = {
    ...(await withProgress((call) => opened.status(call))),
    hooks: hookStates({ projectDir: opened.path, home, engine }),
  };
  return { document: status, lines: () => statusText(status, { home }, terminal.text) };
};
