import { resolve } from 'node:path';
import { doneLine } from '../../core/text/change-text.ts';
import type { RunCommand } from '../command.ts';

export const runAllow: RunCommand = async ({ project, terminal }, [path = '']) => {
  const allowed = resolve(path);
  await (await project()).allow(allowed);
  return { document: { allowed }, lines: () => doneLine(`Allowed ${allowed}`, terminal.text) };
};
