import { showText } from '../../core/text/show-text.ts';
import type { RunCommand } from '../command.ts';

export const runShow: RunCommand = async ({ project, terminal }, [snapshot = '']) => {
  const document = await (await project()).show(snapshot);
  return { document, lines: () => showText(document, terminal.text) };
};
