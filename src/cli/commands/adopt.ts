import { resolve } from 'node:path';
import { plural } from '../../core/format/numbers.ts';
import { doneLine } from '../../core/text/change-text.ts';
import type { RunCommand } from '../command.ts';

export const runAdopt: RunCommand = async ({ project, terminal }, [oldPath = '']) => {
  const from = resolve(oldPath);
  const adopted = await (await project()).adopt(from);
  const did = `Took over ${plural(adopted, 'snapshot')} of ${from}`;
  return { document: { adopted, from }, lines: () => doneLine(did, terminal.text) };
};
