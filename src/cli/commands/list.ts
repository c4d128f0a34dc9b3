import { listText } from '../../core/text/list-text.ts';
import type { RunCommand } from '../command.ts';

export const runList: RunCommand = async ({ project, terminal, globals }) => {
  const opened = await project();
  const document = await opened.list();
  if (globals.json) return { document, lines: () => [] };
  const store = await opened.storeSize();
  const lines = () =>
    listText(document, store, { ...terminal.text, columns: terminal.listColumns() });
  return { document, lines };
};
