// `savepoint run`: a snapshot, then this process becomes the command. Only what is about the call itself
// can stop it; a snapshot that fails is for savepoint.json to decide.

import { EngineError, isCancellation } from '../../core/errors.ts';
import { guardLine, nothingToSaveLine, notSavedLine } from '../../core/text/guard-text.ts';
import type { Project } from '../../engine/index.ts';
import type { CommandContext, RunCommand } from '../command.ts';
import { exitCode } from '../exit-codes.ts';
import { askOnTerminal } from '../guard/ask-on-terminal.ts';
import { becomeCommand } from '../guard/become-command.ts';
import { findProgram } from '../guard/find-program.ts';

interface Options {
  readonly label?: string;
  readonly match?: boolean;
}

const notFound = 127;
const notExecutable = 126;

export const runRun: RunCommand<Options> = async (context, words, { label, match = false }) => {
  const [name, ...rest] = words;
  if (name === undefined)
    throw new EngineError('USAGE', 'no command to run', { hint: 'savepoint run -- COMMAND' });
  const found = findProgram([name, ...rest], process.env);
  if (found.kind !== 'found') return tellUnrunnable(name, found.kind, context);
  const goesOn = await saved(context, words, { match, ...(label !== undefined && { label }) });
  if (!goesOn) return ended(exitCode.refused);
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

/** False where the command must not run. */
async function saved(
  context: CommandContext,
  words: readonly string[],
  { label, match }: Options,
): Promise<boolean> {
  const { terminal, globals } = context;
  const project = await context.project();
  const command = words.map(shellWord).join(' ');
  const { data } = globals;
  try {
    if (match === true) {
      const { destructive } = await project.matchCommand({ command: words, cwd: process.cwd() });
      if (!destructive) return true;
    }
    const document = await context.withProgress((call) =>
      project.guard({ label, command, ...(data.length > 0 && { data }) }, call),
    );
    const style = terminal.errorStyle;
    terminal.err([guardLine(document, { clock: terminal.text.clock, style })]);
    return true;
  } catch (error) {
    return await afterFailure(error, { context, project, command });
  } finally {
    await project.close();
  }
}

interface Failed {
  readonly context: CommandContext;
  readonly project: Project;
  readonly command: string;
}

async function afterFailure(
  error: unknown,
  { context, project, command }: Failed,
): Promise<boolean> {
  const { terminal, signal } = context;
  const style = terminal.errorStyle;
  if (isCancellation(error)) throw error;
  if (error instanceof EngineError && isAboutCall(error)) throw error;
  if (error instanceof EngineError && error.code === 'NO_DATA_DIRECTORY') {
    terminal.err([nothingToSaveLine(project.path, style)]);
    return true;
  }
  const problem = error instanceof Error ? error : new Error(String(error));
  const wish = await project.guardFailure();
  if (wish === 'ask') {
    const answer = await askOnTerminal(notSavedLine(problem, command, 'ask', style), signal);
    if (answer !== undefined) return answer;
  }
  const then = wish === 'stop' ? 'stop' : 'run';
  terminal.err([notSavedLine(problem, command, then, style)]);
  return then === 'run';
}

function isAboutCall({ code }: EngineError): boolean {
  return code === 'USAGE' || code === 'LABEL_INVALID';
}

/** As a person would have typed it. */
function shellWord(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
