// `savepoint run`: a snapshot, then this process becomes the command. Only what is about the call itself
// can stop it; a snapshot that fails is for savepoint.json to decide.

import { EngineError } from '../../core/errors.ts';
import type { CommandContext, RunCommand } from '../command.ts';
import { exitCode } from '../exit-codes.ts';
import { becomeCommand } from '../guard/become-command.ts';
import { learnAtEnd } from '../guard/learn-later.ts';
import { findProgram } from '../guard/find-program.ts';
import { shellLine } from '../guard/shell-line.ts';
import { saveBefore } from '../guard/save-before.ts';

interface Options {
  readonly label?: string;
  readonly match?: boolean;
  readonly status?: string;
}

const notFound = 127;
const notExecutable = 126;

export const runRun: RunCommand<Options> = async (
  context,
  words,
  { label, match = false, status },
) => {
  const [name, ...rest] = words;
  if (name === undefined)
    throw new EngineError('USAGE', 'no command to run', { hint: 'savepoint run -- COMMAND' });
  const found = findProgram([name, ...rest], process.env);
  if (found.kind !== 'found') return tellUnrunnable(name, found.kind, context);
  const shown = shellLine(words);
  const { goesOn, isRuled } = await saveBefore(context, {
    label,
    shown,
    command: { command: words, cwd: process.cwd(), beside: 'always' },
    isMatched: match,
    status,
    mayStop: true,
    isQuiet: false,
  });
  if (!goesOn) return ended(exitCode.refused);
  if (!isRuled) {
    const { path: projectDir } = await context.project();
    learnAtEnd({ engine: context.engine, projectDir, cwd: process.cwd() }, words, shown);
  }
  return ended(await becomeCommand(found.words, name));
};

function tellUnrunnable(name: string, kind: 'missing' | 'refused', { terminal }: CommandContext) {
  const why = kind === 'missing' ? 'command not found' : 'cannot be executed';
  terminal.err([`savepoint: "${name}": ${why}; nothing was saved`]);
  return ended(kind === 'missing' ? notFound : notExecutable);
}

/** The outcome of a command that prints nothing of its own. */
function ended(code: number) {
  return { document: null, lines: () => [], exitCode: code };
}
