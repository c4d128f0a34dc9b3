// What a shell's hook waits for: the line goes on (0) or must not run (3). Says nothing where the line is
// not destructive, or there is nothing to save: nobody asked.

import { exitCode } from '../exit-codes.ts';
import type { RunCommand } from '../command.ts';
import { saveBefore } from '../guard/save-before.ts';

interface Options {
  readonly line: string;
  readonly shell?: string;
  readonly stop: boolean;
  /** The shell could not see what was typed. */
  readonly unseen?: boolean;
}

/** Prints `saved` where a snapshot stands: the hook asks no more about the same line then. */
export const runGuard: RunCommand<Options> = async (context, _args, options) => {
  const { line, shell, stop, unseen = false } = options;
  const command = {
    command: line,
    shell: shell === 'pwsh' ? 'pwsh' : 'posix',
    variables: variablesOf(process.env['SAVEPOINT_VARIABLES'] ?? ''),
  } as const;
  const { goesOn, isSaved } = await saveBefore(context, {
    matched: unseen ? null : { ...command, cwd: process.cwd() },
    shown: line,
    mayStop: stop,
    isQuiet: true,
  });
  return {
    document: null,
    lines: () => (isSaved ? ['saved'] : []),
    exitCode: goesOn ? exitCode.done : exitCode.refused,
  };
};

/** `name=value`, one a line. */
function variablesOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text.split('\n').flatMap((line) => {
      const at = line.indexOf('=');
      return at > 0 ? [[line.slice(0, at), line.slice(at + 1)]] : [];
    }),
  );
}
