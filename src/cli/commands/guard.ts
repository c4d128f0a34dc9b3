// What a shell's hook waits for: the line goes on (0) or must not run (3). Says nothing where the line is
// not destructive, or there is nothing to save: nobody asked.

import { exitCode } from '../exit-codes.ts';
import type { RunCommand } from '../command.ts';
import { saveBefore } from '../guard/save-before.ts';

interface Options {
  readonly line: string;
  readonly shell?: string;
  readonly stop: boolean;
}

export const runGuard: RunCommand<Options> = async (context, _args, { line, shell, stop }) => {
  const command = { command: line, shell: shell === 'pwsh' ? 'pwsh' : 'posix' } as const;
  const goesOn = await saveBefore(context, {
    matched: { ...command, cwd: process.cwd() },
    shown: line,
    mayStop: stop,
    isQuiet: true,
  });
  return { document: null, lines: () => [], exitCode: goesOn ? exitCode.done : exitCode.refused };
};
