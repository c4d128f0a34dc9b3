// What a shell's hook waits for: the line goes on (0) or must not run (3). Says nothing where the line is
// not destructive, or there is nothing to save: nobody asked. After a line, with `--since`, it learns.

import { EngineError } from '../../core/errors.ts';
import { doneLine } from '../../core/text/change-text.ts';
import { exitCode } from '../exit-codes.ts';
import type { CommandContext, Outcome, RunCommand } from '../command.ts';
import { learnAfter } from '../guard/learn-after.ts';
import { saveBefore } from '../guard/save-before.ts';

interface Options {
  readonly line?: string;
  /** The line is over: `since` it began, with `status`. */
  readonly since?: string;
  readonly status?: string;
  /** Where it was typed: the shell may be elsewhere by now. */
  readonly in?: string;
  /** A learned command that is to be taken out. */
  readonly forget?: string;
  readonly shell?: string;
  readonly stop: boolean;
  /** The shell could not see what was typed. */
  readonly unseen?: boolean;
}

/**
 * Prints `saved` where a snapshot stands: the hook asks no more about the same line then, and looks for
 * nothing new behind it; `saved learned` where nothing but what it did before is known of it.
 */
export const runGuard: RunCommand<Options> = async (context, _args, options) => {
  const { line, shell, stop, unseen = false, since, forget } = options;
  if (forget !== undefined) return await forgetLearned(context, forget);
  if (line === undefined) {
    throw new EngineError('USAGE', 'guard needs --line LINE or --forget COMMAND', {
      hint: 'shells run it: savepoint shell-init SHELL',
    });
  }
  const command = {
    command: line,
    shell: shell === 'pwsh' ? 'pwsh' : 'posix',
    variables: variablesOf(process.env['SAVEPOINT_VARIABLES'] ?? ''),
  } as const;
  if (since !== undefined) {
    const { status, in: folder } = options;
    if (folder !== undefined) process.chdir(folder);
    const learned = await learnAfter(
      context,
      { ...command, cwd: process.cwd() },
      { since, status },
    );
    return { document: { learned }, lines: () => [] };
  }
  const { goesOn, isSaved, isRuled } = await saveBefore(context, {
    command: unseen ? null : { ...command, cwd: process.cwd(), beside: 'in projects' },
    isMatched: !unseen,
    shown: line,
    mayStop: stop,
    isQuiet: true,
  });
  return {
    document: null,
    lines: () => (isSaved ? [isRuled ? 'saved' : 'saved learned'] : []),
    exitCode: goesOn ? exitCode.done : exitCode.refused,
  };
};

/** It is not saved before any more, and not learned again. */
async function forgetLearned(
  { project, terminal }: CommandContext,
  command: string,
): Promise<Outcome> {
  const opened = await project();
  const forgotten = await opened.unlearn(command);
  const [one] = forgotten;
  if (one === undefined) {
    throw new EngineError('USAGE', `the guard has learned no command "${command}" here`, {
      hint: 'savepoint doctor names those that it has',
    });
  }
  const did = `${one.command} is not saved before any more`;
  return { document: { forgotten }, lines: () => doneLine(did, terminal.text) };
}

/** `name=value`, one a line. */
function variablesOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text.split('\n').flatMap((line) => {
      const at = line.indexOf('=');
      return at > 0 ? [[line.slice(0, at), line.slice(at + 1)]] : [];
    }),
  );
}
