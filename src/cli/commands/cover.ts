import { resolve } from 'node:path';
import { coverageLines } from '../../core/text/coverage-text.ts';
import type { RunCommand } from '../command.ts';

export const runCover: RunCommand = async ({ project, terminal }, [path = '']) => {
  const entry = await (await project()).cover(resolve(path));
  return { document: entry, lines: () => coverageLines([entry], terminal.text) };
};
