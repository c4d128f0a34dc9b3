import { statusText } from '../../core/text/status-text.ts';
import type { RunCommand } from '../command.ts';
import { userHome } from '../engine-options.ts';

export const runDoctor: RunCommand = async ({ project, withProgress, terminal }) => {
  const opened = await project();
  const document = await withProgress((call) => opened.status(call));
  return { document, lines: () => statusText(document, { home: userHome() }, terminal.text) };
};
